#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Folders of the file system.
package enum Folder {
  /// Whether a path, or what its link leads to, is a folder.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether there is anything of that path, of whatever kind.
  package static func somethingExists(at path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// The names in a folder, sorted.
  ///
  /// - Throws: `FileError` when it cannot be read.
  package static func names(in path: String) throws(FileError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw FileError(path, "open") }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a folder, and those that it lies in, where they are missing.
  ///
  /// - Throws: `FileError` when one cannot be made.
  package static func make(_ path: String) throws(FileError) {
    if exists(path) { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try make(String(path[..<slash]))
    }
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST && exists(path) || path.hasSuffix("/")
    else { throw FileError(path, "make the folder") }
  }
}
