import MartletKernels
import MartletOps
import MartletTensor

/// Images whose channels lie last, as tokens' do: between them and NCHWc a single step moves them,
/// without a dense [N, C, H, W] in between.
extension StepBuilder {
  /// A step that copies an image in NCHWc in the order of tokens; nil for every other view.
  mutating func materializeTokens(
    _ tensor: Tensor, as copy: Tensor, _ origin: Origin
  ) throws -> Operand? {
    guard let set = instructionSet, let (x, shape) = imageOfTokens(tensor),
      let conversion = try LayoutConversion(
        .fromBlocked, .channelsLast, blocked: shape, instructionSet: set)
    else { return nil }
    let (y, threads) = (try result(copy), threads)
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

extension StepBuilder {
  /// The image in NCHWc that the tensor shows with its channels last, all of it; nil where it
  /// lies otherwise.
  func imageOfTokens(_ tensor: Tensor) -> (operand: Operand, shape: BlockedShape)? {
    guard tensor.dtype == .float32, tensor.dim >= 3,
      let place = blockedPlace(of: tensor.storage), tensor.layout.offset == 0
    else { return nil }
    let shape = place.shape
    let sizes = [shape.batch, shape.pixels, shape.channels]
    guard tensor.count == sizes.reduce(1, *), tensor.sizes.last == shape.channels,
      let tokens = tensor.layout.viewing(sizes),
      tokens.hasStrides([sizes[1] * sizes[2], 1, sizes[1]])
    else { return nil }
    return (place.operand, shape)
  }

  /// Adds an instruction that gives an image although its kernel writes channels last.
  mutating func addTurned(_ instruction: Instruction) throws {
    let image = instruction.result
    let order = [0, 2, 3, 1]
    let tokens = try Tensor.meta(order.map { image.sizes[$0] }, image.dtype)
    var head = instruction
    head.isImage = false
    head.epilogue = FusedEpilogue()
    head.results = [.tensor(tokens)]
    try add(head)
    let back = [0, 3, 1, 2]
    let view = tokens.viewed(
      Layout(
        sizes: image.sizes, strides: back.map { tokens.strides[$0] },
        offset: tokens.layout.offset))
    try materialize(view, as: image, origin: instruction.origin)
    try addOperations(instruction.epilogue.operations, of: instruction)
  }
}

extension Layout {
  /// Whether the strides are these, but for axes of one element.
  fileprivate func hasStrides(_ expected: [Int]) -> Bool {
    expected.count == sizes.count
      && sizes.indices.allSatisfy { sizes[$0] == 1 || strides[$0] == expected[$0] }
  }
}
