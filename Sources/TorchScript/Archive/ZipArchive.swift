import MartletKernels
import MartletTensor

/// A zip archive, mapped into memory and checked whole when it is opened.
///
/// Entries have names below the archive's root folder, which PyTorch takes from the first entry:
/// `data.pkl` for `resnet18/data.pkl`. Stored bytes are used in place; pages that are written
/// become the process's own and never reach the file. The file must not be shortened in place
/// meanwhile.
package final class ZipArchive: Sendable {
  package let path: String
  /// The folder that every name here lies in, without its slash.
  package let root: String
  /// Names below the root, in the order of the archive's directory.
  package let names: [String]

  private let file: MappedFile
  private let entries: [String: ZipEntry]
  private let beside = Locked<ChecksBeside?>(nil)

  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where.
  package convenience init(path: String) throws {
    do {
      try self.init(MappedFile(path: path, access: .copyOnWrite))
    } catch let error as FileError {
      throw MartletError(.file, error.description)
    }
  }

  init(_ file: MappedFile) throws {
    self.file = file
    path = file.path
    let directory = try ZipDirectory(file)
    guard let first = directory.entries.first else {
      throw MartletError(.file, "'\(file.path)': the archive is empty")
    }
    guard let slash = first.fullName.firstIndex(of: "/") else {
      throw MartletError(
        .file,
        "'\(file.path)': entry '\(first.fullName)' lies in no folder; is this an archive of "
          + "PyTorch's?")
    }
    root = String(first.fullName[..<slash])
    let prefix = root + "/"
    var names: [String] = []
    var entries: [String: ZipEntry] = [:]
    for entry in directory.entries where entry.fullName.hasPrefix(prefix) {
      let name = String(entry.fullName.dropFirst(prefix.count))
      names.append(name)
      entries[name] = entry
    }
    self.names = names
    self.entries = entries
  }

  package func contains(_ name: String) -> Bool { entries[name] != nil }

  /// The unpacked size of an entry, or nil when there is none.
  package func byteCount(of name: String) -> Int? { entries[name]?.byteCount }

  /// The unpacked bytes of an entry, its checksum checked.
  ///
  /// - Throws: `MartletError` of kind `.file` when there is no such entry or it is broken.
  package func bytes(_ name: String) throws -> [UInt8] {
    let entry = try entry(name)
    if !entry.isDeflated {
      try check(entry)
      return file.copy(entry.range)
    }
    var result = [UInt8](repeating: 0, count: entry.byteCount)
    var target = result.mutableSpan
    try inflate(entry, into: &target)
    return result
  }

  /// An entry that is text.
  ///
  /// - Throws: `MartletError` of kind `.file` as `bytes` does, and for bytes that are no UTF-8.
  package func text(_ name: String) throws -> String {
    guard let text = String(validating: try bytes(name), as: UTF8.self) else {
      throw wrong("is no UTF-8 text", entry: name)
    }
    return text
  }

  /// Begins to check large stored entries on a thread of its own: until `finishChecks`, `memory`
  /// gives them unchecked.
  package func beginChecks() {
    let large = names.filter { name in
      entries[name].map { !$0.isDeflated && $0.byteCount >= ChecksBeside.leastByteCount } ?? false
    }
    let checks = ChecksBeside(large) { [self] name in
      guard let entry = entries[name] else { return false }
      AlignedMemory(file: file, range: entry.range)?.fetchPages()
      return isRight(entry)
    }
    beside.withLock { $0 = checks }
  }

  /// - Throws: `MartletError` of kind `.file` when a large entry that was read since is broken.
  package func finishChecks() throws {
    let checks = beside.withLock { beside in
      defer { beside = nil }
      return beside
    }
    if let name = checks?.firstWrong() { throw wrongChecksum(try entry(name)) }
  }

  /// The bytes of an entry for tensors, its checksum checked: a part of the mapping where they
  /// are stored at a multiple of `alignment`, else a copy.
  ///
  /// - Throws: `MartletError` of kind `.file` when there is no such entry or it is broken, of
  ///   kind `.memory` when a copy does not fit in memory.
  package func memory(_ name: String, alignment: Int = 1) throws -> AlignedMemory {
    let entry = try entry(name)
    if !entry.isDeflated {
      let mapped = AlignedMemory(file: file, range: entry.range)
      if beside.withLock({ $0 })?.takes(name) != true {
        mapped?.fetchPages()
        try check(entry)
      }
      if let mapped, mapped.isAligned(to: alignment) { return mapped }
    }
    let memory: AlignedMemory
    do { memory = try AlignedMemory(byteCount: entry.byteCount) } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes")
    }
    if entry.isDeflated {
      try memory.withMutableSpan(of: UInt8.self, offset: 0, count: entry.byteCount) { span in
        try inflate(entry, into: &span)
      }
    } else {
      file.withBytes(entry.range) { memory.overwrite(with: $0) }
    }
    return memory
  }

  /// An error about the archive or one of its entries.
  package func wrong(_ message: String, entry name: String? = nil) -> MartletError {
    MartletError(.file, "\(place(name)): \(message)")
  }

  /// How messages name an entry.
  package func place(_ name: String?) -> String {
    name.map { "'\(path)': entry '\(root)/\($0)'" } ?? "'\(path)'"
  }

  private func entry(_ name: String) throws -> ZipEntry {
    guard let entry = entries[name] else {
      throw wrong("the archive holds no entry '\(root)/\(name)'")
    }
    return entry
  }

  private func inflate(_ entry: ZipEntry, into target: inout MutableSpan<UInt8>) throws {
    let file = file
    let reason: String? = file.withBytes(entry.range) { source in
      do throws(InflateError) {
        try Zlib.inflate(source, into: &target)
        return nil
      } catch {
        return error.reason
      }
    }
    if let reason { throw wrong(reason, entry) }
    guard Zlib.checksum(target.span) == entry.checksum else { throw wrongChecksum(entry) }
  }

  private func check(_ entry: ZipEntry) throws {
    guard isRight(entry) else { throw wrongChecksum(entry) }
  }

  private func isRight(_ entry: ZipEntry) -> Bool {
    file.withBytes(entry.range) { Zlib.checksum($0) } == entry.checksum
  }

  private func wrongChecksum(_ entry: ZipEntry) -> MartletError {
    wrong("wrong CRC-32: the bytes are not those that were written", entry)
  }

  private func wrong(_ message: String, _ entry: ZipEntry) -> MartletError {
    MartletError(.file, "'\(path)': entry '\(entry.fullName)': \(message)")
  }
}
