import MartletKernels
import MartletOps
import MartletTensor

/// Convolutions in one and two dimensions, float32, not transposed.
extension KernelRegistry {
  static let convolutionKernels: [String: KernelBuild] = [
    "aten::_convolution": { try buildConvolution($0, &$1) },
    "aten::_convolution.deprecated": { try buildConvolution($0, &$1) },
    "aten::convolution": { try buildConvolution($0, &$1) },
    "aten::conv1d": { try buildConvolution($0, &$1) },
    "aten::conv2d": { try buildConvolution($0, &$1) },
  ]

  private static func buildConvolution(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let (input, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    let bias = try arguments.optionalTensor("bias")
    let axes = weight.dim - 2
    guard instruction.isFloat32, axes == 1 || axes == 2, weight.isContiguous,
      bias?.isContiguous ?? true, !arguments.hasFlag("transposed"),
      input.dim == axes + 2 || input.dim == axes + 1
    else { return false }
    var window = WindowGeometry(images: input, result: instruction.result, axes: axes)
    window.channels = input.sizes[input.dim - axes - 1]
    window.setKernel(
      sizes: Array(weight.sizes.suffix(axes)),
      strides: try arguments.ints("stride", count: axes),
      padding: try arguments.ints("padding", count: axes),
      dilation: try arguments.ints("dilation", count: axes))
    let groups = try arguments.int("groups")
    let outChannels = weight.sizes[0]
    let isDepthwise = groups == window.channels && groups > 1
    let x = try builder.dense(input)
    let w = try builder.operand(weight)
    let biasOperand = try bias.map { try builder.operand($0) }
    let epilogue = try builder.epilogue(instruction, bias: biasOperand, axis: .row)
    let y = try builder.result(instruction.result)
    let threads = builder.threads
    let operands = [x, w] + epilogue.operands
    if isDepthwise {
      let multiplier = outChannels / groups
      builder.add(
        "depthwise", instruction.title, instruction.origin, inputs: operands, outputs: [y]
      ) { [window] context in
        convolveDepthwise(
          window, multiplier: multiplier, x.elements(context), weight: w.elements(context),
          into: y.elements(context), epilogue: epilogue.placed(context), threads: threads)
      }
      return true
    }
    let plan = ConvolutionPlan(window: window, groups: groups, outChannels: outChannels)
    let scratch = builder.scratch(plan.scratchPerThread * threads)
    builder.add(
      window.isPointwise ? "gemm" : "im2col+gemm", instruction.title, instruction.origin,
      inputs: operands, outputs: [y], scratch: [scratch]
    ) { context in
      convolve(
        plan, x.elements(context), weight: w.elements(context), into: y.elements(context),
        epilogue: epilogue.placed(context), scratch: scratch.elements(context), threads: threads)
    }
    return true
  }
}

extension Arguments {
  /// Whether the argument exists and is true.
  func hasFlag(_ name: String) -> Bool {
    guard let index = schema.arguments.firstIndex(where: { $0.name == name }),
      case .bool(true) = values[index]
    else { return false }
    return true
  }
}

extension WindowGeometry {
  /// Images with one or two axes behind an optional batch and the channels; one axis counts as
  /// the width. The kernel is still to be set.
  init(images x: Tensor, result: Tensor, axes: Int) {
    let (sizes, outSizes) = (x.sizes, result.sizes)
    self.init(
      batch: x.dim == axes + 2 ? sizes[0] : 1, channels: sizes[x.dim - axes - 1],
      height: axes == 2 ? sizes[x.dim - 2] : 1, width: sizes[x.dim - 1], kernelHeight: 1,
      kernelWidth: 1, outHeight: axes == 2 ? outSizes[result.dim - 2] : 1,
      outWidth: outSizes[result.dim - 1])
  }

  mutating func setKernel(
    sizes: [Int], strides: [Int], padding: [Int], dilation: [Int]
  ) {
    kernelWidth = sizes[sizes.count - 1]
    strideX = strides[strides.count - 1]
    padX = padding[padding.count - 1]
    dilationX = dilation[dilation.count - 1]
    guard sizes.count == 2 else { return }
    kernelHeight = sizes[0]
    strideY = strides[0]
    padY = padding[0]
    dilationY = dilation[0]
  }
}
