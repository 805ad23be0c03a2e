import MartletTensor

/// How the operand of a fused operation repeats over the result.
enum Broadcasting: Hashable {
  /// As many elements as the result, in its order.
  case full
  /// One for each index of the channel axis: axis 1 of an image, the last one of a product.
  case channel
  /// One for each image and channel.
  case image
  case scalar
  /// Some other way, which only pointwise steps walk.
  case strided

  /// - Parameters:
  ///   - operand: with the result's sizes; strides of 0 repeat.
  ///   - producer: what computes the result; nil comes where it cannot take such an operand.
  init?(_ operand: Tensor, _ producer: Instruction) {
    let isImage = KernelRegistry.channelAxisIsOne(producer)
    self.init(operand.layout, channelAxis: isImage ? 1 : operand.dim - 1)
    if self == .strided, KernelRegistry.chainedKernels.contains(producer.name) { return nil }
  }

  init(_ layout: Layout, channelAxis: Int) {
    let (sizes, strides) = (layout.sizes, layout.strides)
    /// Whether the axes outside of `kept` repeat and those in it are dense.
    func repeats(but kept: Range<Int>) -> Bool {
      var step = 1
      for axis in sizes.indices.reversed() where sizes[axis] != 1 {
        if kept.contains(axis) {
          if strides[axis] != step { return false }
          step *= sizes[axis]
        } else if strides[axis] != 0 {
          return false
        }
      }
      return true
    }
    if repeats(but: 0..<0) {
      self = .scalar
    } else if repeats(but: 0..<sizes.count) {
      self = .full
    } else if channelAxis >= 0, repeats(but: channelAxis..<channelAxis + 1) {
      self = .channel
    } else if channelAxis == 1, repeats(but: 0..<2) {
      self = .image
    } else {
      self = .strided
    }
  }
}

extension KernelRegistry {
  /// Whether axis 1 counts the channels of the instruction's result, not the last axis.
  static func channelAxisIsOne(_ instruction: Instruction) -> Bool {
    if instruction.isImage || convolutionKernels[instruction.name] != nil { return true }
    if instruction.name == "aten::batch_norm" || instruction.name == "aten::group_norm" {
      return true
    }
    return KernelRegistry.chainedKernels.contains(instruction.name)
      ? false : instruction.result.dim == 4
  }
}
