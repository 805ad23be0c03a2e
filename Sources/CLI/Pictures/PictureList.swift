import Martlet
import MartletKernels
import MartletPictures

/// The pictures that a command was given: files as they are named, folders by what they hold.
struct PictureList {
  let paths: [String]

  /// - Throws: `MartletError` of kind `.file` when a folder cannot be read or holds no picture.
  init(_ arguments: [String]) throws {
    var paths: [String] = []
    for argument in arguments {
      guard Folder.exists(argument) else {
        paths.append(argument)
        continue
      }
      let names = try FileError.translated { try Folder.names(in: argument) }
      let found = names.filter { PictureFormat(path: $0) != nil && !$0.hasPrefix(".") }
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
