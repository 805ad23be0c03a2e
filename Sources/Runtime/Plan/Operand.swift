import MartletKernels
import MartletTensor

/// Where a plan's tensor lies: in one of the run's buffers or in memory that never changes.
struct Operand: Sendable {
  enum Source: Sendable {
    case buffer(Int)
    case constant(AlignedMemory)
  }

  let source: Source
  /// Strides and offset count elements from the source's start.
  let layout: Layout
  let dtype: DType
  var quantizer: Quantizer?

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

  /// From the first element to the last one, gaps included.
  var extent: Int {
    if layout.count == 0 { return 0 }
    return zip(layout.sizes, layout.strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }

  /// The operand as a tensor over the run's memory, for reference evaluations.
  func tensor(_ context: RunContext) -> Tensor {
    var layout = layout
    switch source {
    case .buffer(let index):
      let place = context.places[index]
      layout.offset += place.byteOffset / dtype.byteCount
      return Tensor(
        storage: Storage(memory: place.memory), layout: layout, dtype: dtype, quantizer: quantizer)
    case .constant(let memory):
      return Tensor(
        storage: Storage(memory: memory), layout: layout, dtype: dtype, quantizer: quantizer)
    }
  }
}

extension Operand {
  /// The operand as reference evaluations take a result: a tensor that begins where its storage
  /// does.
  func resultTensor(_ context: RunContext) -> Tensor {
    guard case .buffer(let index) = source else { return tensor(context) }
    let place = context.places[index]
    let start = layout.count == 0 ? 0 : place.byteOffset + layout.offset * dtype.byteCount
    let memory = AlignedMemory(
      part: start..<start + extent * dtype.byteCount, of: place.memory)
    var own = layout
    own.offset = 0
    return Tensor(
      storage: Storage(memory: memory), layout: own, dtype: dtype, quantizer: quantizer)
  }
}

/// What one run owns while it runs: the arena and the places of the plan's buffers.
final class RunContext {
  struct Place {
    let memory: AlignedMemory
    let byteOffset: Int
  }

  /// By buffer; a plan rebinds those of inputs and outputs in every run.
  var places: [Place]
  var outputs: [Tensor] = []

  init(places: [Place]) { self.places = places }
}
