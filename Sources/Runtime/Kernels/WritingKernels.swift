import MartletKernels
import MartletOps
import MartletTensor

/// Writing into a part of a tensor. Where nothing needs the old elements any more, the rest of
/// them stays where it is.
extension KernelRegistry {
  static let writingKernels: [String: KernelBuild] = [
    "aten::as_strided_scatter": buildScatter
  ]

  @Sendable private static func buildScatter(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let (whole, part) = (try arguments.tensor("self"), try arguments.tensor("src"))
    guard whole.dtype == part.dtype, whole.isContiguous, instruction.outputs.count == 1,
      instruction.result.isContiguous, part.count > 0
    else { return false }
    let region = Layout(
      sizes: try arguments.ints("size"), strides: try arguments.ints("stride"),
      offset: try arguments.optionalInt("storage_offset") ?? 0)
    let (x, source) = (try builder.operand(whole), try builder.operand(part))
    let y = try builder.result(instruction.result)
    let isSame =
      if case .buffer(let a) = x.source, case .buffer(let b) = source.source {
        a == b
      } else {
        false
      }
    if !isSame { builder.mayReplace(x, by: y) }
    let all = StridedGeometry(sizes: [whole.count], strides: [[1], [1]])
    let moved = StridedGeometry(sizes: region.sizes, strides: [region.strides, part.strides])
    let (offset, threads) = (region.offset, builder.threads)
    func body<Element: BitwiseCopyable & Sendable>(_ type: Element.Type) -> StepBody {
      { context in
        let target = y.elements(context, of: Element.self)
        let old = x.elements(context, of: Element.self)
        if !target.isSame(as: old) { copy(old, into: target, geometry: all, threads: threads) }
        copy(
          source.elements(context, of: Element.self),
          into: target[from: offset, count: target.count - offset], geometry: moved,
          threads: threads)
      }
    }
    let step =
      switch whole.dtype.byteCount {
      case 1: body(UInt8.self)
      case 2: body(UInt16.self)
      case 4: body(UInt32.self)
      case 8: body(UInt64.self)
      default: body(SIMD2<UInt64>.self)
      }
    builder.add(
      "write", instruction.title, instruction.origin, inputs: [x, source], outputs: [y], step)
    return true
  }
}
