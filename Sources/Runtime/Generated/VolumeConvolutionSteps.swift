import MartletKernels
import MartletOps
import MartletTensor

/// Three-dimensional convolutions with constant weights, frame by frame: in memory of
/// [frames, channels, height, width], as many frames as the kernel is deep are one image with so
/// many times the channels, and each frame of the result a two-dimensional convolution of it.
extension BlockedRegistry {
  static let volumes: KernelBuild = { try buildVolume($0, &$1) }

  private static func buildVolume(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let (input, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    let bias = try arguments.optionalTensor("bias")
    guard let set = builder.instructionSet, instruction.isFloat32, input.dim == 5,
      weight.dim == 5, !weight.isMeta, !arguments.isTransposedConvolution,
      bias.map({ !$0.isMeta && $0.isContiguous }) ?? true
    else { return false }
    let stride = try arguments.ints("stride", count: 3)
    let padding = try arguments.ints("padding", count: 3)
    let dilation = try arguments.ints("dilation", count: 3)
    let groups = try arguments.int("groups")
    let depth = weight.sizes[2]
    guard dilation[0] == 1 || depth == 1, groups == 1 || depth == 1 else { return false }
    let (sizes, results) = (input.sizes, instruction.result.sizes)
    let frames = VolumeFrames(
      input: sizes, result: results, depth: depth, stride: stride[0], padding: padding[0],
      isPlain: groups == 1 && depth * sizes[1] <= min(set.lanes, 12), lanes: set.lanes)
    let channels = frames.isPlain || depth == 1 ? depth * sizes[1] : depth * frames.filledChannels
    var window = WindowGeometry(
      batch: 1, channels: channels, height: sizes[3], width: sizes[4],
      kernelHeight: weight.sizes[3], kernelWidth: weight.sizes[4], outHeight: results[3],
      outWidth: results[4])
    (window.strideY, window.strideX) = (stride[1], stride[2])
    (window.padY, window.padX) = (padding[1], padding[2])
    (window.dilationY, window.dilationX) = (dilation[1], dilation[2])
    guard
      let kernel = try BlockedConvolution(
        window: window, groups: groups, outChannels: weight.sizes[0],
        input: frames.isPlain ? .plain : .blocked, output: .blocked, hasBias: bias != nil,
        epilogue: [], instructionSet: set),
      let back = try LayoutConversion(
        .fromBlocked, .channelsFirst, blocked: frames.output, instructionSet: set)
    else { return false }
    let memory = try builder.packing.packed(
      weight, bias, form: "volume \(kernel.algorithm) \(kernel.packing)",
      count: kernel.packedCount
    ) { _, bias, packed, _ in
      let taps = try frames.weight(weight)
      kernel.pack(weight: try taps.constantFloats(), bias: bias, into: packed)
    }
    let step = VolumeStep(
      frames: frames, kernel: kernel,
      packed: MemorySlice<Float>(memory, count: kernel.packedCount), back: back,
      convert: frames.isPlain
        ? nil
        : try LayoutConversion(
          .toBlocked, .channelsFirst, blocked: frames.image, instructionSet: set))
    let x = try builder.dense(input)
    let y = try builder.result(instruction.result)
    let threads = builder.threads
    let padded = builder.scratch(frames.paddedCount)
    let plain = builder.scratch(max(frames.image.plainCount, frames.output.plainCount))
    let image = builder.scratch(frames.output.count)
    let work = builder.scratch(max(kernel.scratchCount(threads: threads), 1))
    builder.add(
      "volume \(kernel.kernelName)", instruction.title, instruction.origin, inputs: [x],
      outputs: [y], scratch: [padded, plain, image, work]
    ) { context in
      step.run(
        x.elements(context), into: y.elements(context), padded: padded.elements(context),
        plain: plain.elements(context), image: image.elements(context),
        scratch: work.elements(context), threads: threads)
    }
    try builder.addOperations(instruction.epilogue.operations, of: instruction)
    return true
  }
}

/// The frames of volumes before and after a convolution.
private struct VolumeFrames: Sendable {
  let batch: Int
  /// One frame of each.
  let image, output: BlockedShape
  let count, outCount: Int
  let depth, stride, padding: Int
  /// Whether kernels read dense frames: few channels would leave most lanes empty.
  let isPlain: Bool

  init(
    input: [Int], result: [Int], depth: Int, stride: Int, padding: Int, isPlain: Bool, lanes: Int
  ) {
    self.isPlain = isPlain
    batch = input[0]
    count = input[2]
    outCount = result[2]
    (self.depth, self.stride, self.padding) = (depth, stride, padding)
    image = BlockedShape(
      batch: 1, channels: input[1], height: input[3], width: input[4], lanes: lanes)
    output = BlockedShape(
      batch: 1, channels: result[1], height: result[3], width: result[4], lanes: lanes)
  }

  /// Elements of a frame as kernels read it.
  var frameCount: Int { isPlain ? image.plainCount : image.count }
  var paddedCount: Int { (count + 2 * padding) * frameCount }
  /// Channels with those that only fill blocks, which take part as zeros.
  var filledChannels: Int { image.blocks * image.lanes }

  /// The weights [O, C / groups, kt, kh, kw] with frames and channels as one axis.
  func weight(_ weight: Tensor) throws -> Tensor {
    let sizes = weight.sizes
    if depth == 1 { return try weight.reshapedView([sizes[0], sizes[1], sizes[3], sizes[4]]) }
    let (taps, lanes) = (sizes[3] * sizes[4], isPlain ? sizes[1] : filledChannels)
    let from: [Float] = try weight.elements()
    var to = [Float](repeating: 0, count: sizes[0] * depth * lanes * taps)
    for output in 0..<sizes[0] {
      for channel in 0..<sizes[1] {
        for frame in 0..<depth {
          let source = ((output * sizes[1] + channel) * depth + frame) * taps
          let target = ((output * depth + frame) * lanes + channel) * taps
          for tap in 0..<taps { to[target + tap] = from[source + tap] }
        }
      }
    }
    return try Tensor(to, shape: [sizes[0], depth * lanes, sizes[3], sizes[4]])
  }
}

private struct VolumeStep: Sendable {
  let frames: VolumeFrames
  let kernel: BlockedConvolution
  let packed: MemorySlice<Float>
  let back: LayoutConversion
  /// To NCHWc; nil where kernels read dense frames.
  let convert: LayoutConversion?
  /// A frame of the volume alone, and back.
  private let take, put: StridedCopy

  init(
    frames: VolumeFrames, kernel: BlockedConvolution, packed: MemorySlice<Float>,
    back: LayoutConversion, convert: LayoutConversion?
  ) {
    (self.frames, self.kernel, self.packed) = (frames, kernel, packed)
    (self.back, self.convert) = (back, convert)
    func geometry(_ shape: BlockedShape, of count: Int) -> (sizes: [Int], apart: [Int]) {
      let pixels = shape.height * shape.width
      return ([shape.channels, pixels], [count * pixels, 1])
    }
    let (from, to) = (
      geometry(frames.image, of: frames.count), geometry(frames.output, of: frames.outCount)
    )
    take = StridedCopy(
      StridedGeometry(sizes: from.sizes, strides: [[from.sizes[1], 1], from.apart]))
    put = StridedCopy(StridedGeometry(sizes: to.sizes, strides: [to.apart, [to.sizes[1], 1]]))
  }

  func run(
    _ x: MemorySlice<Float>, into y: MemorySlice<Float>, padded: MemorySlice<Float>,
    plain: MemorySlice<Float>, image: MemorySlice<Float>, scratch: MemorySlice<Float>,
    threads: Int
  ) {
    let (own, border) = (frames.frameCount, frames.padding * frames.frameCount)
    let input = plain[from: 0, count: frames.image.plainCount]
    let result = plain[from: 0, count: frames.output.plainCount]
    fill(padded[from: 0, count: border], with: 0)
    fill(padded[from: border + frames.count * own, count: border], with: 0)
    for item in 0..<frames.batch {
      let start = item * frames.count * frames.image.plainCount
      for frame in 0..<frames.count {
        let first = start + frame * frames.image.pixels
        let source = x[from: first, count: x.count - first]
        let place = padded[from: border + frame * own, count: own]
        if let convert {
          take.run(source, into: input, threads: threads)
          convert.run(input, into: place, threads: threads)
        } else {
          take.run(source, into: place, threads: threads)
        }
      }
      let target = item * frames.outCount * frames.output.plainCount
      for frame in 0..<frames.outCount {
        kernel.run(
          padded[from: frame * frames.stride * own, count: frames.depth * own], packed: packed,
          into: image, scratch: scratch, threads: threads)
        back.run(image, into: result, threads: threads)
        let first = target + frame * frames.output.pixels
        put.run(result, into: y[from: first, count: y.count - first], threads: threads)
      }
    }
  }
}

extension BlockedShape {
  fileprivate var plainCount: Int { batch * channels * height * width }
}
