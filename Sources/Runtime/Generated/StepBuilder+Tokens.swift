import MartletKernels
import MartletTensor

/// Images whose channels lie last, as tokens' do: between them and NCHWc a single step moves them,
/// without a dense [N, C, H, W] in between.
extension StepBuilder {
  /// A step that copies an image in NCHWc in the order of tokens; nil for every other view.
  mutating func materializeTokens(
    _ tensor: Tensor, as copy: Tensor, _ origin: Origin
  ) throws -> Operand? {
    guard let set = instructionSet, tensor.dtype == .float32, tensor.dim >= 3,
      let place = blockedPlace(of: tensor.storage), tensor.layout.offset == 0
    else { return nil }
    let shape = place.shape
    let sizes = [shape.batch, shape.height * shape.width, shape.channels]
    guard tensor.count == sizes.reduce(1, *), let tokens = tensor.layout.viewing(sizes),
      tokens.hasStrides([sizes[1] * sizes[2], 1, sizes[1]]),
      let conversion = try LayoutConversion(
        .fromBlocked, .channelsLast, blocked: shape, instructionSet: set)
    else { return nil }
    let (x, y, threads) = (place.operand, try result(copy), threads)
    add("from blocked", "layout", origin, inputs: [x], outputs: [y]) {
      conversion.run(x.elements($0), into: y.elements($0), threads: threads)
    }
    return y
  }

  /// A step that takes an image whose channels lie last to NCHWc; nil for every other layout.
  mutating func blockedTokens(_ tensor: Tensor, _ shape: BlockedShape) throws -> Operand? {
    let (pixels, channels) = (shape.height * shape.width, shape.channels)
    guard let set = instructionSet, tensor.isMeta, !tensor.isContiguous,
      tensor.layout.hasStrides([pixels * channels, 1, shape.width * channels, channels]),
      let conversion = try LayoutConversion(
        .toBlocked, .channelsLast, blocked: shape, instructionSet: set)
    else { return nil }
    let x = Operand(
      source: try operand(tensor).source, offset: tensor.layout.offset, count: tensor.count)
    let buffer = addBuffer(byteCount: shape.count * MemoryLayout<Float>.stride)
    let y = BlockedPlace(buffer: buffer, offset: 0, shape: shape).operand
    let threads = threads
    add("to blocked", "layout", Origin(), inputs: [x], outputs: [y]) {
      conversion.run(x.elements($0), into: y.elements($0), threads: threads)
    }
    return y
  }
}

extension Layout {
  /// Whether the strides are these, but for axes of one element.
  fileprivate func hasStrides(_ expected: [Int]) -> Bool {
    expected.count == sizes.count
      && sizes.indices.allSatisfy { sizes[$0] == 1 || strides[$0] == expected[$0] }
  }
}
