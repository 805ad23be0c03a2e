import MartletKernels

extension Canvas {
  /// Writes the picture as a PNG file, all of it or nothing; missing folders are made.
  ///
  /// - Throws: `PictureError` that names the path and the system's reason.
  public func writePNG(to path: String) throws(PictureError) {
    let bytes = try png()
    do throws(FileError) {
      if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
        try Folder.make(String(path[..<slash]))
      }
      var file = try AtomicFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw PictureError("could not write '\(path)': \(error.reason)")
    }
  }
}
