import MartletKernels
import MartletTensor

/// The choices of layout that a plan can do without, as passes by name.
package enum LayoutAssignment {
  /// Images are kept in NCHWc between kernels that take them so.
  package static let blocking = "layout assignment"
  /// Parts of a concatenation are computed in their places.
  package static let concatenation = "concatenation in place"

  /// One step computes a convolution and the depthwise one of its result.
  package static let convolvedDepthwise = "convolution into depthwise"

  static let names = [blocking, concatenation, convolvedDepthwise]
}

extension StepBuilder {
  /// A builder with the layouts that the options and the processor allow.
  init(
    _ threads: Int, _ list: InstructionList, _ options: CompileOptions, _ packing: WeightPacking
  ) {
    let set = KernelMode.current.instructionSet
    let isBlocked = options.runs(LayoutAssignment.blocking, from: .full)
    let isInPlace = isBlocked && options.runs(LayoutAssignment.concatenation, from: .full)
    var homes: [ObjectIdentifier: ConcatenationHome] = [:]
    let pairs =
      isBlocked && options.runs(LayoutAssignment.convolvedDepthwise, from: .full)
      ? ConvolvedDepthwisePair.all(in: list) : [:]
    if isInPlace, let set { homes = ConcatenationHome.all(in: list, lanes: set.lanes) }
    self.init(
      threads: threads, instructionSet: isBlocked ? set : nil, packing: packing, homes: homes,
      pairs: pairs, tuning: options.tuning)
  }
}
