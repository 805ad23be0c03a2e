import MartletTensor

/// How much a convolution pads when it is not a number.
public enum ConvolutionPadding: String, Sendable {
  /// As much as keeps the sizes; for a stride of one.
  case same
  /// Nothing.
  case valid
}

extension F {
  /// Convolution over one axis.
  ///
  /// - Parameters:
  ///   - input: `[N, C, L]` or `[C, L]`.
  ///   - weight: `[O, C / groups, K]`.
  ///   - bias: `[O]`.
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func conv1d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      1, input, weight, bias, stride, padding, dilation, nil, groups, SourceLocation(file, line))
  }

  /// Convolution over two axes.
  ///
  /// - Parameters:
  ///   - input: `[N, C, H, W]` or `[C, H, W]`.
  ///   - weight: `[O, C / groups, KH, KW]`.
  ///   - bias: `[O]`.
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func conv2d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      2, input, weight, bias, stride, padding, dilation, nil, groups, SourceLocation(file, line))
  }

  /// Convolution over three axes.
  ///
  /// - Parameters:
  ///   - input: `[N, C, D, H, W]` or `[C, D, H, W]`.
  ///   - weight: `[O, C / groups, KD, KH, KW]`.
  ///   - bias: `[O]`.
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func conv3d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      3, input, weight, bias, stride, padding, dilation, nil, groups, SourceLocation(file, line))
  }

  /// As `conv1d` with numbers, padded by name.
  public static func conv1d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: ConvolutionPadding, dilation: some PerAxis = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      1, input, weight, bias, stride, padding, dilation, groups, SourceLocation(file, line))
  }

  /// As `conv2d` with numbers, padded by name.
  public static func conv2d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: ConvolutionPadding, dilation: some PerAxis = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      2, input, weight, bias, stride, padding, dilation, groups, SourceLocation(file, line))
  }

  /// As `conv3d` with numbers, padded by name.
  public static func conv3d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: ConvolutionPadding, dilation: some PerAxis = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      3, input, weight, bias, stride, padding, dilation, groups, SourceLocation(file, line))
  }

  /// The transpose of `conv1d`; `weight: [C, O / groups, K]`.
  ///
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func convTranspose1d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: some PerAxis = 0, outputPadding: some PerAxis = 0, groups: Int = 1,
    dilation: some PerAxis = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      1, input, weight, bias, stride, padding, dilation, outputPadding, groups,
      SourceLocation(file, line))
  }

  /// The transpose of `conv2d`; `weight: [C, O / groups, KH, KW]`.
  ///
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func convTranspose2d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: some PerAxis = 0, outputPadding: some PerAxis = 0, groups: Int = 1,
    dilation: some PerAxis = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      2, input, weight, bias, stride, padding, dilation, outputPadding, groups,
      SourceLocation(file, line))
  }

  /// The transpose of `conv3d`; `weight: [C, O / groups, KD, KH, KW]`.
  ///
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func convTranspose3d(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: some PerAxis = 1,
    padding: some PerAxis = 0, outputPadding: some PerAxis = 0, groups: Int = 1,
    dilation: some PerAxis = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try convolution(
      3, input, weight, bias, stride, padding, dilation, outputPadding, groups,
      SourceLocation(file, line))
  }

  /// Traces hold `aten::_convolution` for every batched convolution, with the flags of PyTorch's
  /// defaults.
  private static func convolution(
    _ axes: Int, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ stride: any PerAxis,
    _ padding: any PerAxis, _ dilation: any PerAxis, _ outputPadding: (any PerAxis)?,
    _ groups: Int, _ location: SourceLocation
  ) throws -> Tensor {
    if input.dim == axes + 1, weight.dim == axes + 2 {
      return try withBatch(input, location) {
        try convolution(
          axes, $0, weight, bias, stride, padding, dilation, outputPadding, groups, location)
      }
    }
    let (stride, padding) = (stride.value(count: axes), padding.value(count: axes))
    let dilation = dilation.value(count: axes)
    let extra = (outputPadding ?? 0).value(count: axes)
    let groups = Value.int(Dim(groups))
    if weight.dim == axes + 2, input.dim == axes + 2 {
      return try Convolution.recorded(
        .tensor(input), .tensor(weight), bias.value, stride, padding, dilation,
        .bool(outputPadding != nil), extra, groups, false, false, true, true, at: location)
    }
    if outputPadding != nil {
      return try Convolution.transposed[axes - 1](
        .tensor(input), .tensor(weight), bias.value, stride, padding, extra, groups, dilation,
        at: location)
    }
    return try Convolution.plain[axes - 1](
      .tensor(input), .tensor(weight), bias.value, stride, padding, dilation, groups, at: location)
  }

  private static func convolution(
    _ axes: Int, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ stride: any PerAxis,
    _ padding: ConvolutionPadding, _ dilation: any PerAxis, _ groups: Int,
    _ location: SourceLocation
  ) throws -> Tensor {
    if input.dim == axes + 1, weight.dim == axes + 2 {
      return try withBatch(input, location) {
        try convolution(axes, $0, weight, bias, stride, padding, dilation, groups, location)
      }
    }
    let isBatched = weight.dim == axes + 2 && input.dim == axes + 2
    return try (isBatched ? Convolution.mode : Convolution.padded[axes - 1])(
      .tensor(input), .tensor(weight), bias.value, stride.value(count: axes),
      .string(padding.rawValue), dilation.value(count: axes), .int(Dim(groups)), at: location)
  }

  /// As PyTorch does for an input without its batch axis, so that traces hold the same calls.
  private static func withBatch(
    _ input: Tensor, _ location: SourceLocation, _ body: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let output = try body(try Axes.unsqueeze(.tensor(input), 0, at: location))
    return try Axes.squeezeDim(.tensor(output), 0, at: location)
  }
}
