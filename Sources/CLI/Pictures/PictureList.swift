import Foundation
import Martlet
import MartletPictures

/// The pictures that a command was given: files as they are named, folders by what they hold.
struct PictureList {
  let paths: [String]

  /// - Throws: `MartletError` of kind `.file` when a folder cannot be read or holds no picture.
  init(_ arguments: [String]) throws {
    var paths: [String] = []
    for argument in arguments {
      guard isFolder(argument) else {
        paths.append(argument)
        continue
      }
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: argument)
      } catch {
        throw MartletError(.file, "could not open '\(argument)': \(reason(error))")
      }
      let found = names.filter { PictureFormat(path: $0) != nil && !$0.hasPrefix(".") }.sorted()
      guard !found.isEmpty else {
        throw MartletError(
          .file, "there is no picture in '\(argument)': no name ends in .jpg, .png or .webp")
      }
      let folder = argument.hasSuffix("/") ? argument : argument + "/"
      paths += found.map { folder + $0 }
    }
    self.paths = paths
  }
}

/// Whether a path, or what its link leads to, is a folder.
func isFolder(_ path: String) -> Bool {
  let place = URL(filePath: path).resolvingSymlinksInPath()
  return (try? place.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
}
