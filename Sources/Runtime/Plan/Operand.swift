import MartletKernels
import MartletTensor

/// Where a plan's tensor lies: in one of the run's buffers or in memory that never changes.
struct Operand: Sendable {
  enum Source: Sendable {
    case buffer(Int)
    case constant(AlignedMemory)

    /// Whether both are one buffer.
    func isSameBuffer(as other: Source) -> Bool {
      if case .buffer(let a) = self, case .buffer(let b) = other { return a == b }
      return false
    }
  }

  let source: Source
  /// Strides and offset count elements from the source's start.
  let layout: Layout
  let dtype: DType
  var quantizer: Quantizer?
  /// The image's sizes where the elements are one in NCHWc.
  var blocked: BlockedShape?

  /// The sizes of the tensor or image.
  var sizes: [Int] {
    guard let shape = blocked else { return layout.sizes }
    return [shape.batch, shape.channels, shape.height, shape.width]
  }

  /// The elements it spans, as float32, from its first element on.
  func elements(_ context: RunContext) -> MemorySlice<Float> {
    elements(context, of: Float.self)
  }

  func elements<Element: BitwiseCopyable>(
    _ context: RunContext, of type: Element.Type
  ) -> MemorySlice<Element> {
    // A view of no elements may start beyond the end.
    let byteOffset = extent == 0 ? 0 : layout.offset * dtype.byteCount
    switch source {
    case .buffer(let index):
      let place = context.places[index]
      return MemorySlice(place.memory, byteOffset: place.byteOffset + byteOffset, count: extent)
    case .constant(let memory):
      return MemorySlice(memory, byteOffset: byteOffset, count: extent)
    }
  }

  /// The floats that do not change from run to run.
  func constantElements() -> MemorySlice<Float> {
    guard case .constant(let memory) = source else {
      preconditionFailure("computed in the run")
    }
    return MemorySlice(memory, byteOffset: layout.offset * dtype.byteCount, count: extent)
  }

  /// From the first element to the last one, gaps included.
  var extent: Int {
    if layout.count == 0 { return 0 }
    return zip(layout.sizes, layout.strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }

  /// The operand as a tensor over the run's memory, for reference evaluations.
  func tensor(_ context: RunContext) -> Tensor {
    switch source {
    case .buffer(let index):
      // A storage of its own: evaluations take it that a result begins where its storage does.
      let place = context.places[index]
      let memory = AlignedMemory(
        part: place.byteOffset..<(place.byteOffset + place.byteCount), of: place.memory)
      return Tensor(
        storage: Storage(memory: memory), layout: layout, dtype: dtype, quantizer: quantizer)
    case .constant(let memory):
      return Tensor(
        storage: Storage(memory: memory), layout: layout, dtype: dtype, quantizer: quantizer)
    }
  }
}

/// Operands that a step takes as one list, by its place among a plan's lists. A context keeps the
/// slices from run to run, so that no run makes a list of them.
struct OperandList: Sendable {
  fileprivate let index: Int

  init(index: Int) { self.index = index }

  func elements(_ context: RunContext) -> [MemorySlice<Float>] { context.lists[index] }
}

/// What one run owns while it runs: the arena and the places of the plan's buffers.
final class RunContext {
  struct Place {
    let memory: AlignedMemory
    let byteOffset: Int
    let byteCount: Int
  }

  /// By buffer; a plan rebinds those of inputs and outputs in every run.
  var places: [Place]
  /// The elements of the plan's operand lists; those in inputs and outputs are bound as `places`.
  var lists: [[MemorySlice<Float>]] = []
  var inputs: [Tensor] = []
  var outputs: [Storage] = []

  init(places: [Place]) { self.places = places }
}
