import MartletKernels
import MartletTensor

/// Moves some elements of one operand to places of another one.
struct ElementMove: Sendable {
  let source: Operand
  private let target: Operand
  private let offset: Int
  private let copy: StridedCopy

  /// - Parameters:
  ///   - layout: of the elements to move; its offset is the operand's.
  ///   - offset: where in the target's elements the moved ones begin.
  ///   - places: how they lie there, in the same sizes.
  init(
    from source: Operand, _ layout: Layout, to target: Operand, _ offset: Int, _ places: Layout,
    _ instructionSet: InstructionSet?
  ) {
    self.source = source
    self.target = target
    self.offset = offset
    copy = StridedCopy(
      StridedGeometry(sizes: layout.sizes, strides: [places.strides, layout.strides]),
      instructionSet: instructionSet)
  }

  var kernelName: String { copy.kernelName }

  func run(_ context: RunContext, threads: Int) {
    switch target.dtype.byteCount {
    case 1: run(context, UInt8.self, threads)
    case 2: run(context, UInt16.self, threads)
    case 4: run(context, UInt32.self, threads)
    case 8: run(context, UInt64.self, threads)
    default: run(context, SIMD2<UInt64>.self, threads)
    }
  }

  private func run<Element: BitwiseCopyable & Sendable>(
    _ context: RunContext, _ type: Element.Type, _ threads: Int
  ) {
    let to = target.elements(context, of: type)
    copy.run(
      source.elements(context, of: type), into: to[from: offset, count: to.count - offset],
      threads: threads)
  }
}
