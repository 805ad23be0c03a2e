import MartletKernels
import MartletTensor

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
    /// Whether it was not yet moved into large pages.
    var isNew = true

    func memory(of weight: Tensor, _ bias: Tensor?) -> AlignedMemory? {
      self.weight === weight.storage && self.bias === bias?.storage ? memory : nil
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
  private let threads: Int

  /// - Parameter threads: as many as may fill memory at once.
  package init(threads: Int = 1) { self.threads = threads }

  /// - Parameters:
  ///   - form: names the kernel and its packing: equal for equal results.
  ///   - pack: fills the memory with the weight's and the bias's values.
  package func packed(
    _ weight: Tensor, _ bias: Tensor?, form: String, count: Int,
    _ pack: (MemorySlice<Float>, MemorySlice<Float>?, MemorySlice<Float>) throws -> Void
  ) throws -> AlignedMemory {
    let key = Key(
      weight: ObjectIdentifier(weight.storage), layout: weight.layout,
      bias: bias.map { ObjectIdentifier($0.storage) }, biasOffset: bias?.layout.offset ?? 0,
      form: form)
    if let known = table.withLock({ $0.entries[key]?.memory(of: weight, bias) }) { return known }
    let memory: AlignedMemory
    do {
      memory = try AlignedMemory(keptByteCount: count * MemoryLayout<Float>.stride)
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes for weights")
    }
    memory.fillPages(threads: threads)
    try pack(weight.constantFloats(), bias?.constantFloats(), MemorySlice(memory, count: count))
    weight.storage.letGo()
    // Of two threads that packed the same, the first one's stays.
    return table.withLock { table in
      if let other = table.entries[key]?.memory(of: weight, bias) { return other }
      table.add(Entry(memory: memory, weight: weight.storage, bias: bias?.storage), key)
      return memory
    }
  }

  /// Has those that were packed since the last time moved into large pages, beside what runs.
  package func collectLargePages() {
    LargePages.shared.collect(
      table.withLock { table in
        table.entries.indices.compactMap { index in
          defer { table.entries.values[index].isNew = false }
          return table.entries.values[index].isNew ? table.entries.values[index].memory : nil
        }
      })
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
