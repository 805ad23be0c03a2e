import MartletKernels
import MartletTensor

/// Where the storages of a pickle's tensors come from.
protocol StorageSource: AnyObject {
  /// What messages call the file.
  var place: String { get }
  /// The bytes behind a persistent id, in this machine's byte order, fit for values of the type.
  func storage(_ reference: StorageReference, as type: StorageType) throws -> Storage
}

/// What a persistent id says of a storage:
/// `('storage', torch.FloatStorage, key, location, element count)`.
struct StorageReference {
  /// Nil for untyped storages, whose count is one of bytes.
  let type: StorageType?
  let key: String
  let location: String
  /// The bytes that the pickle says there are.
  let byteCount: Int
  /// The rest of the id; the old format keeps views of storages there.
  let rest: [PickleValue]

  init?(_ id: PickleValue) {
    guard let parts = id.elements, parts.count >= 5, parts[0].string == "storage",
      let global = parts[1].global, let key = parts[2].string ?? parts[2].int.map({ "\($0)" }),
      let location = parts[3].string, let count = parts[4].int, count >= 0
    else { return nil }
    let type = StorageType.named(global)
    guard type != nil || global == PickleGlobal("torch.storage", "UntypedStorage") else {
      return nil
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type?.byteCount ?? 1)
    guard !overflow else { return nil }
    self.type = type
    self.key = key
    self.location = location
    byteCount = bytes
    rest = Array(parts[5...])
  }
}

/// The storages of a zip archive: an entry each, below one folder.
final class ArchiveStorages: StorageSource {
  private let archive: ZipArchive
  private let folder: String
  private let isBigEndian: Bool
  private let mayLackBytes: Bool
  private var storages: [String: (storage: Storage, types: [StorageType])] = [:]

  init(_ archive: ZipArchive, folder: String, mayLackBytes: Bool) throws {
    self.archive = archive
    self.folder = folder
    self.mayLackBytes = mayLackBytes
    isBigEndian = try archive.isBigEndian()
  }

  var place: String { "'\(archive.path)'" }

  func storage(_ reference: StorageReference, as type: StorageType) throws -> Storage {
    let name = "\(folder)/\(reference.key)"
    guard let known = storages[name] else {
      let storage = try read(name, reference, type)
      storages[name] = (storage, [type])
      return storage
    }
    guard known.storage.byteCount >= reference.byteCount else {
      throw tooShort(name, known.storage.byteCount, reference)
    }
    if !known.types.contains(type) {
      if isBigEndian, known.types.contains(where: { $0.swapWidth != type.swapWidth }) {
        throw archive.wrong(
          "numbers of two widths in the other byte order share a storage", entry: name)
      }
      try check(known.storage.isMeta ? nil : known.storage.bytes(), type, name)
      storages[name]?.types.append(type)
    }
    return known.storage
  }

  private func read(_ name: String, _ reference: StorageReference, _ type: StorageType) throws
    -> Storage
  {
    guard let count = archive.byteCount(of: name), count >= reference.byteCount else {
      if mayLackBytes { return .meta(byteCount: reference.byteCount) }
      guard let count = archive.byteCount(of: name) else {
        throw archive.wrong("a tensor's values are missing: there is no such entry", entry: name)
      }
      throw tooShort(name, count, reference)
    }
    guard count > 0 else { return try .allocate(byteCount: 0) }
    // Enough for every type that may share the storage.
    let memory = try archive.memory(name, alignment: 16)
    try check(memory, type, name)
    guard isBigEndian, type.swapWidth > 1 else { return Storage(memory: memory) }
    return Storage(memory: try memory.withSwappedBytes(width: type.swapWidth))
  }

  private func check(_ memory: AlignedMemory?, _ type: StorageType, _ name: String) throws {
    guard type.dtype == .bool, let memory else { return }
    try memory.requireTruthValues { archive.wrong($0, entry: name) }
  }

  private func tooShort(_ name: String, _ count: Int, _ reference: StorageReference) -> MartletError
  {
    archive.wrong(
      "a storage of \(reference.byteCount) bytes is expected, the entry holds \(count)",
      entry: name)
  }
}

extension ZipArchive {
  /// Whether the archive's numbers were written by a machine of the other byte order.
  func isBigEndian() throws -> Bool {
    guard contains("byteorder") else { return false }
    let text = try text("byteorder")
    guard ["little", "big"].contains(text) else {
      throw wrong("the byte order is 'little' or 'big', got '\(text)'", entry: "byteorder")
    }
    return text == "big"
  }
}

extension AlignedMemory {
  /// Refuses bytes that are neither 0 nor 1; no Swift `Bool` may hold them.
  func requireTruthValues(_ wrong: (String) -> MartletError) throws {
    try withSpan(of: UInt8.self, offset: 0, count: byteCount) { span in
      for i in span.indices where span[i] > 1 {
        throw wrong("byte \(i) is \(span[i]), which is no truth value")
      }
    }
  }

  /// A copy with the bytes of each number in the other order.
  func withSwappedBytes(width: Int) throws -> AlignedMemory {
    let result: AlignedMemory
    do { result = try AlignedMemory(byteCount: byteCount) } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes")
    }
    // What remains after the last whole number is never read.
    let count = byteCount / width * width
    withSpan(of: UInt8.self, offset: 0, count: count) { source in
      result.withMutableSpan(of: UInt8.self, offset: 0, count: byteCount) { target in
        for i in 0..<count { target[i] = source[i ^ (width - 1)] }
        for i in count..<byteCount { target[i] = 0 }
      }
    }
    return result
  }
}
