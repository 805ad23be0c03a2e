import MartletKernels
import MartletTensor

/// Writes a weight's and a bias's values into the last in the order that a kernel reads.
package typealias PackingBody =
  @Sendable (MemorySlice<Float>, MemorySlice<Float>?, MemorySlice<Float>) throws -> Void

/// Memory that is a packed weight's, once the work on it is finished.
package struct PackedWeight: Sendable {
  package let memory: AlignedMemory
  package let work: PackingWork
}

/// The packing of one weight, done once, by whoever comes first.
package final class PackingWork: Sendable {
  private let body: Locked<(@Sendable () throws -> Void)?>

  init(_ body: @escaping @Sendable () throws -> Void) { self.body = Locked(body) }

  /// Comes back when the weight is packed. Whoever comes after one that failed tries again.
  package func finish() throws {
    try body.withLock { body in
      try body?()
      body = nil
    }
  }
}

/// Weights in the order that kernels read them, packed once for all plans of a program that are
/// there. Plans hold them; the weights themselves are let go of.
package final class PackedWeights: Sendable {
  private struct Key: Hashable {
    let weight: ObjectIdentifier
    let layout: Layout
    let bias: ObjectIdentifier?
    let biasOffset: Int
    let form: String
  }

  private struct Entry {
    weak var memory: AlignedMemory?
    /// What the key's identities meant: others may have them by now.
    weak var weight: Storage?
    weak var bias: Storage?
    let work: PackingWork

    func packed(of weight: Tensor, _ bias: Tensor?) -> PackedWeight? {
      guard self.weight === weight.storage, self.bias === bias?.storage, let memory else {
        return nil
      }
      return PackedWeight(memory: memory, work: work)
    }
  }

  private struct Table {
    var entries: [Key: Entry] = [:]
    /// How many there may be before those that are gone are looked for.
    var limit = 64

    mutating func add(_ entry: Entry, _ key: Key) {
      entries[key] = entry
      guard entries.count > limit else { return }
      entries = entries.filter { $0.value.memory != nil }
      limit = max(2 * entries.count, 64)
    }
  }

  private let table = Locked(Table())

  package init() {}

  /// The weight's memory, and the work that fills it, which may be under way: whoever reads it
  /// finishes that before.
  ///
  /// - Parameters:
  ///   - form: names the kernel and its packing: equal for equal results.
  ///   - allocate: gives memory of so many bytes where nobody has packed the weight so.
  ///   - pack: fills the memory with the weight's and the bias's values.
  package func packed(
    _ weight: Tensor, _ bias: Tensor?, form: String, count: Int,
    memory allocate: (_ byteCount: Int) throws(AllocationError) -> AlignedMemory,
    _ pack: @escaping PackingBody
  ) throws -> PackedWeight {
    let key = Key(
      weight: ObjectIdentifier(weight.storage), layout: weight.layout,
      bias: bias.map { ObjectIdentifier($0.storage) }, biasOffset: bias?.layout.offset ?? 0,
      form: form)
    return try table.withLock { table in
      if let known = table.entries[key]?.packed(of: weight, bias) { return known }
      let memory: AlignedMemory
      do throws(AllocationError) {
        memory = try allocate(count * MemoryLayout<Float>.stride)
      } catch {
        throw MartletError(.memory, "could not allocate \(error.byteCount) bytes for weights")
      }
      let work = PackingWork { [weak memory] in
        guard let memory else { return }
        try pack(
          weight.constantFloats(), bias?.constantFloats(), MemorySlice(memory, count: count))
        weight.storage.letGo()
      }
      table.add(
        Entry(memory: memory, weight: weight.storage, bias: bias?.storage, work: work), key)
      return PackedWeight(memory: memory, work: work)
    }
  }

  /// The memory of those that are there.
  var identities: Set<ObjectIdentifier> {
    table.withLock { Set($0.entries.values.compactMap { $0.memory.map { ObjectIdentifier($0) } }) }
  }

  /// Of those that are there.
  package var byteCount: Int {
    table.withLock { $0.entries.values.reduce(0) { $0 + ($1.memory?.byteCount ?? 0) } }
  }
}

extension Tensor {
  /// The floats that it spans, of one whose values are there.
  func constantFloats() throws -> MemorySlice<Float> {
    Operand(source: .constant(try storage.bytes()), layout: layout, dtype: dtype)
      .constantElements()
  }
}
