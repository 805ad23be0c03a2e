import MartletKernels
import MartletOps
import MartletTensor

/// Pools in one and two dimensions, and resizing of images, float32.
extension KernelRegistry {
  static let poolingKernels: [String: KernelBuild] = [
    "aten::max_pool1d": { try buildPool($0, axes: 1, isMaximum: true, &$1) },
    "aten::max_pool2d": { try buildPool($0, axes: 2, isMaximum: true, &$1) },
    "aten::avg_pool1d": { try buildPool($0, axes: 1, isMaximum: false, &$1) },
    "aten::avg_pool2d": { try buildPool($0, axes: 2, isMaximum: false, &$1) },
    "aten::adaptive_avg_pool1d": { try buildAdaptive($0, axes: 1, &$1) },
    "aten::adaptive_avg_pool2d": { try buildAdaptive($0, axes: 2, &$1) },
    "aten::upsample_nearest2d": { try buildResize($0, &$1) },
    "aten::upsample_nearest2d.vec": { try buildResize($0, &$1) },
    "aten::upsample_bilinear2d": { try buildResize($0, &$1) },
    "aten::upsample_bilinear2d.vec": { try buildResize($0, &$1) },
  ]

  private static func buildPool(
    _ instruction: Instruction, axes: Int, isMaximum: Bool, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard instruction.isFloat32 else { return false }
    let (function, window) = try pooling(instruction, axes: axes, isMaximum: isMaximum)
    let x = try builder.dense(try instruction.arguments.tensor("self"))
    let y = try builder.result(instruction.result)
    let threads = builder.threads
    builder.add(
      "pool", instruction.title, instruction.origin, inputs: [x], outputs: [y]
    ) { [window, function] in
      pool(function, window, x.elements($0), into: y.elements($0), threads: threads)
    }
    return true
  }

  /// What a pooling instruction computes of which windows.
  static func pooling(
    _ instruction: Instruction, axes: Int, isMaximum: Bool
  ) throws -> (PoolFunction, WindowGeometry) {
    let arguments = instruction.arguments
    let input = try arguments.tensor("self")
    let kernel = try arguments.ints("kernel_size", count: axes)
    let given = try arguments.ints("stride")
    var window = WindowGeometry(images: input, result: instruction.result, axes: axes)
    window.setKernel(
      sizes: kernel, strides: given.isEmpty ? kernel : try arguments.ints("stride", count: axes),
      padding: try arguments.ints("padding", count: axes),
      dilation: isMaximum
        ? try arguments.ints("dilation", count: axes) : Array(repeating: 1, count: axes))
    var function = PoolFunction.maximum
    if !isMaximum {
      let divisor = axes == 2 ? try arguments.optionalInt("divisor_override") : nil
      function = .average(
        divisor.map { .fixed($0) }
          ?? (arguments.hasFlag("count_include_pad") ? .paddedWindow : .insideImage))
    }
    return (function, window)
  }

  private static func buildAdaptive(
    _ instruction: Instruction, axes: Int, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard instruction.isFloat32 else { return false }
    let input = try instruction.arguments.tensor("self")
    let window = WindowGeometry(images: input, result: instruction.result, axes: axes)
    let x = try builder.dense(input)
    let y = try builder.result(instruction.result)
    let threads = builder.threads
    builder.add(
      "adaptive pool", instruction.title, instruction.origin, inputs: [x], outputs: [y]
    ) {
      adaptiveAveragePool(
        planes: window.batch * window.channels, height: window.height, width: window.width,
        outHeight: window.outHeight, outWidth: window.outWidth, x.elements($0),
        into: y.elements($0), threads: threads)
    }
    return true
  }

  private static func buildResize(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let (input, vertical, horizontal) = try resizing(instruction) else { return false }
    let planes = input.sizes[0] * input.sizes[1]
    let x = try builder.dense(input)
    let y = try builder.result(instruction.result)
    let threads = builder.threads
    builder.add("resize", instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      resize(
        planes: planes, vertical: vertical, horizontal: horizontal, x.elements($0),
        into: y.elements($0), threads: threads)
    }
    return true
  }

  /// The image that is resized, and where rows and columns come from.
  static func resizing(
    _ instruction: Instruction
  ) throws -> (Tensor, ResamplingAxis, ResamplingAxis)? {
    guard instruction.isFloat32, instruction.result.count > 0 else { return nil }
    let arguments = instruction.arguments
    let isVector = instruction.name.hasSuffix(".vec")
    let input = try arguments.tensor(isVector ? "input" : "self")
    guard input.dim == 4 else { return nil }
    let factors =
      isVector
      ? try [Double]?(arguments["scale_factors"]) ?? []
      : [try arguments.optionalDouble("scales_h"), try arguments.optionalDouble("scales_w")]
        .compactMap { $0 }
    let scales = factors.count == 2 ? factors.map { Float(1 / $0) } : []
    let isNearest = instruction.name.contains("nearest")
    let aligns = arguments.hasFlag("align_corners")
    func axis(_ index: Int) -> ResamplingAxis {
      let (size, out) = (input.sizes[index + 2], instruction.result.sizes[index + 2])
      let scale = scales.isEmpty ? nil : scales[index]
      return isNearest
        ? ResamplingAxis(nearest: size, to: out, scale: scale)
        : ResamplingAxis(linear: size, to: out, alignsCorners: aligns, scale: scale)
    }
    return (input, axis(0), axis(1))
  }
}
