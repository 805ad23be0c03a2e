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
  private var memory: WeightMemory
  /// Of the instruction whose weights come up.
  var origin = Origin()

  /// - Parameters:
  ///   - instructions: those whose weights come up.
  ///   - threads: as many as may fill memory at once.
  ///   - isBeside: false leaves the packing for the end.
  init(
    _ weights: PackedWeights, of instructions: [Instruction] = [], threads: Int = 1,
    isBeside: Bool = true
  ) {
    self.weights = weights
    memory = WeightMemory(expecting: Instruction.packedByteCount(of: instructions))
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
    memory.meet(weight.count * weight.dtype.byteCount)
    let packed = try weights.packed(
      weight, bias, form: form, count: count,
      memory: { (byteCount) throws(AllocationError) in try memory.take(byteCount) }
    ) {
      try pack($0, $1, $2, threads)
    }
    begun.append(Begun(packed: packed, origin: origin))
    for (memory, range) in memory.takeUnfilled() { fill(memory, range) }
    // What fails is tried once more at the end, which tells of it.
    queue.add { try? packed.work.finish() }
    return packed.memory
  }

  /// Has the system give the memory's pages.
  func fill(_ memory: AlignedMemory, _ range: Range<Int>? = nil) {
    let (block, threads) = (AlignedMemory.fillBlockByteCount, threads)
    var rest = range ?? 0..<memory.byteCount
    while !rest.isEmpty {
      // Blocks' boundaries are large pages'.
      let count = block * threads - rest.lowerBound % block
      let part = rest.prefix(count)
      queue.add { memory.fillPages(part, threads: threads) }
      rest = rest.dropFirst(count)
    }
  }

  /// Comes back when all is packed. Afterwards what has no large pages is moved into some.
  func finish() throws {
    queue.takeAll()
    for begun in begun {
      do {
        try begun.packed.work.finish()
      } catch {
        throw begun.origin.naming(error)
      }
    }
    for piece in memory.pieces {
      LargePages.shared.collect(piece.memory, byteCount: piece.used)
    }
  }
}

extension Instruction {
  /// What the weights of products and convolutions take at least when they are packed.
  fileprivate static func packedByteCount(of instructions: [Instruction]) -> Int {
    var seen: Set<ObjectIdentifier> = []
    var count = 0
    for instruction in instructions where instruction.floatingPointOperations != nil {
      instruction.forEachInput { tensor in
        guard !tensor.isMeta, tensor.dtype == .float32, tensor.dim >= 2,
          // A single row's matrix may be read where it is.
          tensor.dim > 2 || instruction.result.count > tensor.sizes.max() ?? 0,
          seen.insert(ObjectIdentifier(tensor.storage)).inserted
        else { return }
        count += tensor.count * tensor.dtype.byteCount
      }
    }
    return count
  }
}
