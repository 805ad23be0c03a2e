#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Canvas {
  /// Writes the picture as a PNG file, all of it or nothing; missing folders are made.
  ///
  /// - Throws: `PictureError` that names the path and the system's reason.
  public func writePNG(to path: String) throws(PictureError) {
    let bytes = try png()
    let file = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw PictureError("could not write '\(path)': \(systemReason(error))")
    }
  }
}
