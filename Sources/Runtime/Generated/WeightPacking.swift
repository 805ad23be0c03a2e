import MartletKernels
import MartletTensor
import MartletTracer

/// The packing of one plan's weights, beside the making of the plan.
final class WeightPacking {
  private struct Begun {
    let packed: PackedWeight
    let origin: Origin
  }

  private let weights: PackedWeights
  private let queue: BesideQueue
  /// As many as may pack while the plan is made.
  private let threads: Int
  private var begun: [Begun] = []
  /// Of the instruction whose weights come up.
  var origin = Origin()

  /// - Parameters:
  ///   - threads: as many as may fill memory at once.
  ///   - isBeside: false leaves the packing for the end.
  init(_ weights: PackedWeights, threads: Int = 1, isBeside: Bool = true) {
    self.weights = weights
    self.threads = max(threads - 1, 1)
    queue = BesideQueue(isBeside: isBeside)
  }

  deinit { queue.drop() }

  /// Memory that will be packed at the end of the plan's making.
  ///
  /// - Parameters:
  ///   - form: names the kernel and its packing: equal for equal results.
  ///   - pack: fills the memory with the weight's and the bias's values, on so many threads.
  func packed(
    _ weight: Tensor, _ bias: Tensor?, form: String, count: Int,
    _ pack:
      @escaping @Sendable (
        MemorySlice<Float>, MemorySlice<Float>?, MemorySlice<Float>, _ threads: Int
      ) throws -> Void
  ) throws -> AlignedMemory {
    let threads = threads
    let packed = try weights.packed(weight, bias, form: form, count: count) {
      try pack($0, $1, $2, threads)
    }
    begun.append(Begun(packed: packed, origin: origin))
    if packed.isNew { fill(packed.memory) }
    // What fails is tried once more at the end, which tells of it.
    queue.add { try? packed.work.finish() }
    return packed.memory
  }

  /// Has the system give the memory its pages.
  func fill(_ memory: AlignedMemory) {
    let (step, threads) = (AlignedMemory.fillBlockByteCount * threads, threads)
    for start in stride(from: 0, to: memory.byteCount, by: step) {
      let part = start..<min(start + step, memory.byteCount)
      queue.add { memory.fillPages(part, threads: threads) }
    }
  }

  /// Comes back when all is packed.
  func finish() throws {
    queue.takeAll()
    for begun in begun {
      do {
        try begun.packed.work.finish()
      } catch {
        throw begun.origin.naming(error)
      }
    }
  }
}
