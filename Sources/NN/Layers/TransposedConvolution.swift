import MartletOps
import MartletTensor

/// What transposed convolutions of one to three axes share; make a `ConvTranspose1d`,
/// `ConvTranspose2d` or `ConvTranspose3d`.
public class TransposedConvolutionLayer: ConvolutionLayer {
  /// What is added to one side of each axis of the result.
  public let outputPadding: [Int]

  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any PerAxis, stride: any PerAxis = 1,
    padding: any PerAxis = 0, outputPadding: any PerAxis = 0, groups: Int = 1, bias: Bool = true,
    dilation: any PerAxis = 1
  ) {
    self.outputPadding = AxisSizes(outputPadding).expanded(Self.axisCount)
    super.init(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      namedPadding: nil, dilation: dilation, groups: groups, bias: bias, paddingMode: .zeros,
      isTransposed: true)
  }

  override var outputPaddingDescription: [String] {
    outputPadding.contains { $0 != 0 } ? ["output_padding=\(Python.tuple(outputPadding))"] : []
  }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try convolve(input, outputPadding)
  }

  /// Runs with a result of these spatial sizes, where the stride leaves a choice.
  ///
  /// - Throws: `MartletError` of kind `.argument` when no output padding gives the sizes.
  public func callAsFunction(
    _ input: Tensor, outputSize: [Int], file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try step(input, at: SourceLocation(file, line)) {
      try convolve(input, try outputPadding(for: outputSize, of: input))
    }
  }

  private func outputPadding(for outputSize: [Int], of input: Tensor) throws -> [Int] {
    let axes = kernelSize.count
    let wanted = outputSize.count == axes + 2 ? Array(outputSize.dropFirst(2)) : outputSize
    guard wanted.count == axes, input.dim >= axes else {
      throw MartletError(
        .argument,
        "output_size must have \(axes) or \(axes + 2) elements (got \(outputSize.count))")
    }
    let spatial = input.sizes.suffix(axes)
    let least = zip(spatial, 0..<axes).map { size, d in
      (size - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernelSize[d] - 1) + 1
    }
    for d in 0..<axes where wanted[d] < least[d] || wanted[d] > least[d] + stride[d] - 1 {
      let most = least.indices.map { least[$0] + stride[$0] - 1 }
      throw MartletError(
        .argument,
        "requested an output size of \(wanted), but valid sizes range from \(least) to \(most) "
          + "(for an input of \(Array(spatial)))")
    }
    return (0..<axes).map { wanted[$0] - least[$0] }
  }

  private func convolve(_ x: Tensor, _ outputPadding: [Int]) throws -> Tensor {
    let (w, b) = (weight.value, bias?.value)
    switch kernelSize.count {
    case 1:
      return try F.convTranspose1d(
        x, w, b, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
        dilation: dilation)
    case 2:
      return try F.convTranspose2d(
        x, w, b, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
        dilation: dilation)
    default:
      return try F.convTranspose3d(
        x, w, b, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
        dilation: dilation)
    }
  }
}

/// The transpose of `Conv1d`: `[N, C, L] -> [N, outChannels, L′]`.
public final class ConvTranspose1d: TransposedConvolutionLayer {
  override class var axisCount: Int { 1 }
}

/// The transpose of `Conv2d`: `[N, C, H, W] -> [N, outChannels, H′, W′]`.
public final class ConvTranspose2d: TransposedConvolutionLayer {
  override class var axisCount: Int { 2 }
}

/// The transpose of `Conv3d`: `[N, C, D, H, W] -> [N, outChannels, D′, H′, W′]`.
public final class ConvTranspose3d: TransposedConvolutionLayer {
  override class var axisCount: Int { 3 }
}
