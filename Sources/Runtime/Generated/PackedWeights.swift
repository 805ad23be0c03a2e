import MartletKernels
import MartletTensor

/// Weights in the order that kernels read them, packed once for all plans of a program.
final class PackedWeights: Sendable {
  private struct Key: Hashable {
    let weight: ObjectIdentifier
    let layout: Layout
    let bias: ObjectIdentifier?
    let biasOffset: Int
    let form: String
  }

  private struct Entry {
    let memory: AlignedMemory
    /// Keeps identities from being reused.
    let storages: [Storage]
  }

  private let entries = Locked<[Key: Entry]>([:])

  /// - Parameters:
  ///   - form: names the kernel and its packing: equal for equal results.
  ///   - pack: fills the memory.
  func packed(
    _ weight: Tensor, _ bias: Tensor?, form: String, count: Int,
    _ pack: (MemorySlice<Float>) throws -> Void
  ) throws -> AlignedMemory {
    let key = Key(
      weight: ObjectIdentifier(weight.storage), layout: weight.layout,
      bias: bias.map { ObjectIdentifier($0.storage) }, biasOffset: bias?.layout.offset ?? 0,
      form: form)
    if let entry = entries.withLock({ $0[key] }) { return entry.memory }
    let memory: AlignedMemory
    do {
      memory = try AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes for weights")
    }
    try pack(MemorySlice(memory, count: count))
    let entry = Entry(
      memory: memory, storages: [weight.storage] + [bias?.storage].compactMap { $0 })
    // Of two threads that packed the same, the first one's stays.
    return entries.withLock { all in
      if let other = all[key] { return other.memory }
      all[key] = entry
      return entry.memory
    }
  }

  var byteCount: Int { entries.withLock { $0.values.reduce(0) { $0 + $1.memory.byteCount } } }
}
