import MartletKernels
import MartletTensor

/// An image in NCHWc within one of a plan's buffers.
struct BlockedPlace {
  let buffer: Int
  /// Elements from the buffer's start.
  var offset: Int
  let shape: BlockedShape

  var operand: Operand { Operand(source: .buffer(buffer), offset: offset, blocked: shape) }

  /// The tensor, which shows the storage that lies here, as an image in NCHWc: all of it, or
  /// some of the channels of one image, from a block's first on.
  func part(_ tensor: Tensor) -> Operand? {
    let (sizes, strides) = (tensor.sizes, tensor.strides)
    guard sizes.count == 4, sizes[0] == shape.batch, sizes[2] == shape.height,
      sizes[3] == shape.width
    else { return nil }
    let plain = Layout.contiguousStrides([shape.batch, shape.channels, shape.height, shape.width])
    guard sizes.indices.allSatisfy({ sizes[$0] == 1 || strides[$0] == plain[$0] }) else {
      return nil
    }
    let pixels = shape.height * shape.width
    let first = tensor.layout.offset / pixels
    guard tensor.layout.offset % pixels == 0, first % shape.lanes == 0,
      first + sizes[1] <= shape.channels
    else { return nil }
    guard shape.batch == 1 || first == 0 && sizes[1] == shape.channels else { return nil }
    return Operand(
      source: .buffer(buffer), offset: offset + first / shape.lanes * shape.blockStride,
      blocked: BlockedShape(
        batch: shape.batch, channels: sizes[1], height: shape.height, width: shape.width,
        lanes: shape.lanes))
  }
}

extension Operand {
  /// An image in NCHWc as a run of elements.
  init(source: Source, offset: Int, blocked shape: BlockedShape) {
    self.init(
      source: source, layout: Layout(sizes: [shape.count], strides: [1], offset: offset),
      dtype: .float32, blocked: shape)
  }

  /// A run of floats.
  init(source: Source, offset: Int, count: Int) {
    self.init(
      source: source, layout: Layout(sizes: [count], strides: [1], offset: offset),
      dtype: .float32)
  }
}

extension BlockedShape {
  /// Nil unless the sizes are [N, C, H, W] and not empty.
  init?(_ sizes: [Int], lanes: Int) {
    guard sizes.count == 4, !sizes.contains(0) else { return nil }
    self.init(
      batch: sizes[0], channels: sizes[1], height: sizes[2], width: sizes[3], lanes: lanes)
  }

  var pixels: Int { height * width }

  /// Whether the elements lie as in a dense image, perhaps with lanes behind the last one that are
  /// no channels.
  var isAlsoPlain: Bool { pixels == 1 && (channels % lanes == 0 || batch == 1) }
}
