import MartletKernels

/// A safetensors file: named tensors whose values are views into the mapped file.
///
/// ```swift
/// let weights = try SafeTensors(path: "resnet18.safetensors")
/// let kernel = try weights.tensor("conv1.weight")
/// ```
/// The file is checked whole when it is opened. Its bytes are read when they are used and are
/// never written; the file must not be shortened in place meanwhile (writing by renaming, as
/// `write` does, is safe).
public struct SafeTensors: Sendable {
  public let path: String
  /// The texts that the file carries beside the tensors, such as `"format": "pt"`.
  public let metadata: [String: String]
  /// The tensors' names in the order in which their values lie in the file.
  public let names: [String]

  private let file: MappedFile
  private let entries: [String: SafeTensorsEntry]

  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where.
  public init(path: String) throws {
    self.path = path
    file = try MappedFile.opened(path)
    let header = try SafeTensorsHeader(file)
    metadata = header.metadata
    names = header.entries.map(\.name)
    entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
  }

  /// The tensor of a name: a view into the file, or a copy where its values do not lie at a
  /// multiple of their size.
  ///
  /// - Throws: `MartletError` of kind `.weights` when there is none.
  public func tensor(_ name: String) throws -> Tensor {
    guard let entry = entries[name] else {
      throw MartletError(.weights, "'\(path)' holds no tensor '\(name)'")
    }
    if entry.range.isEmpty { return try .allocate(entry.sizes, entry.dtype) }
    guard let memory = AlignedMemory(file: file, range: entry.range) else {
      throw file.wrong("tensor '\(name)' lies in an empty file")
    }
    if memory.isAligned(to: entry.dtype.byteCount) {
      return Tensor(
        storage: Storage(memory: memory), layout: Layout(contiguous: entry.sizes),
        dtype: entry.dtype)
    }
    let result = try Tensor.allocate(entry.sizes, entry.dtype)
    let target = try result.storage.writableBytes()
    file.withBytes(entry.range) { target.overwrite(with: $0) }
    return result
  }

  /// All tensors by name.
  public func tensors() throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for name in names { result[name] = try tensor(name) }
    return result
  }
}
