import MartletTensor

/// Largest elements.
extension F {
  /// The largest element of each window of `[N, C, L]` or `[C, L]`.
  ///
  /// - Parameter stride: the kernel's size when nil.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func maxPool1d(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try MaxPooling.plain[0](
      .tensor(input), kernelSize.value(count: 1), strideValue(stride, 1),
      padding.value(count: 1), dilation.value(count: 1), .bool(ceilMode),
      at: SourceLocation(file, line))
  }

  /// As `maxPool1d`, with each element's place in its channel's plane.
  public static func maxPool1dWithIndices(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    let results = try MaxPooling.indexed[0].call(
      [
        .tensor(input), kernelSize.value(count: 1), strideValue(stride, 1),
        padding.value(count: 1), dilation.value(count: 1), .bool(ceilMode),
      ], at: SourceLocation(file, line))
    return (try Tensor(results[0]), try Tensor(results[1]))
  }

  /// The largest element of each window of `[N, C, H, W]` or `[C, H, W]`.
  ///
  /// - Parameter stride: the kernel's size when nil.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func maxPool2d(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try MaxPooling.plain[1](
      .tensor(input), kernelSize.value(count: 2), strideValue(stride, 2),
      padding.value(count: 2), dilation.value(count: 2), .bool(ceilMode),
      at: SourceLocation(file, line))
  }

  /// As `maxPool2d`, with each element's place in its channel's plane.
  public static func maxPool2dWithIndices(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    let results = try MaxPooling.indexed[1].call(
      [
        .tensor(input), kernelSize.value(count: 2), strideValue(stride, 2),
        padding.value(count: 2), dilation.value(count: 2), .bool(ceilMode),
      ], at: SourceLocation(file, line))
    return (try Tensor(results[0]), try Tensor(results[1]))
  }

  /// The largest element of each window of `[N, C, D, H, W]` or `[C, D, H, W]`.
  ///
  /// - Parameter stride: the kernel's size when nil.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func maxPool3d(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try MaxPooling.plain[2](
      .tensor(input), kernelSize.value(count: 3), strideValue(stride, 3),
      padding.value(count: 3), dilation.value(count: 3), .bool(ceilMode),
      at: SourceLocation(file, line))
  }

  /// As `maxPool3d`, with each element's place in its channel's plane.
  public static func maxPool3dWithIndices(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, dilation: some PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    let results = try MaxPooling.indexed[2].call(
      [
        .tensor(input), kernelSize.value(count: 3), strideValue(stride, 3),
        padding.value(count: 3), dilation.value(count: 3), .bool(ceilMode),
      ], at: SourceLocation(file, line))
    return (try Tensor(results[0]), try Tensor(results[1]))
  }

  /// The largest element of each of `outputSize` parts of `[N, C, L]` or `[C, L]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func adaptiveMaxPool1d(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try adaptiveMaxPool1dWithIndices(input, outputSize, file: file, line: line).values
  }

  /// As `adaptiveMaxPool1d`, with each element's place in its channel's plane.
  public static func adaptiveMaxPool1dWithIndices(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    let results = try MaxPooling.adaptive[0].call(
      [.tensor(input), outputSize.value(count: 1)], at: SourceLocation(file, line))
    return (try Tensor(results[0]), try Tensor(results[1]))
  }

  /// The largest element of each of `outputSize` parts of `[N, C, H, W]` or `[C, H, W]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func adaptiveMaxPool2d(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try adaptiveMaxPool2dWithIndices(input, outputSize, file: file, line: line).values
  }

  /// As `adaptiveMaxPool2d`, with each element's place in its channel's plane.
  public static func adaptiveMaxPool2dWithIndices(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    let results = try MaxPooling.adaptive[1].call(
      [.tensor(input), outputSize.value(count: 2)], at: SourceLocation(file, line))
    return (try Tensor(results[0]), try Tensor(results[1]))
  }

  /// The largest element of each of `outputSize` parts of `[N, C, D, H, W]` or `[C, D, H, W]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func adaptiveMaxPool3d(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try adaptiveMaxPool3dWithIndices(input, outputSize, file: file, line: line).values
  }

  /// As `adaptiveMaxPool3d`, with each element's place in its channel's plane.
  public static func adaptiveMaxPool3dWithIndices(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    let results = try MaxPooling.adaptive[2].call(
      [.tensor(input), outputSize.value(count: 3)], at: SourceLocation(file, line))
    return (try Tensor(results[0]), try Tensor(results[1]))
  }
}

/// Means.
extension F {
  /// The mean of each window of `[N, C, L]` or `[C, L]`.
  ///
  /// - Parameters:
  ///   - stride: the kernel's size when nil.
  ///   - countIncludePad: whether the padding's zeros count.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func avgPool1d(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AveragePooling.plain[0](
      .tensor(input), kernelSize.value(count: 1), strideValue(stride, 1),
      padding.value(count: 1), .bool(ceilMode), .bool(countIncludePad),
      at: SourceLocation(file, line))
  }

  /// The mean of each window of `[N, C, H, W]` or `[C, H, W]`.
  ///
  /// - Parameters:
  ///   - stride: the kernel's size when nil.
  ///   - countIncludePad: whether the padding's zeros count.
  ///   - divisorOverride: divides by this instead of the window's count.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func avgPool2d(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AveragePooling.plain[1](
      .tensor(input), kernelSize.value(count: 2), strideValue(stride, 2),
      padding.value(count: 2), .bool(ceilMode), .bool(countIncludePad),
      divisorOverride.value,
      at: SourceLocation(file, line))
  }

  /// The mean of each window of `[N, C, D, H, W]` or `[C, D, H, W]`.
  ///
  /// - Parameters:
  ///   - stride: the kernel's size when nil.
  ///   - countIncludePad: whether the padding's zeros count.
  ///   - divisorOverride: divides by this instead of the window's count.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func avgPool3d(
    _ input: Tensor, _ kernelSize: some PerAxis, stride: (any PerAxis)? = nil,
    padding: some PerAxis = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AveragePooling.plain[2](
      .tensor(input), kernelSize.value(count: 3), strideValue(stride, 3),
      padding.value(count: 3), .bool(ceilMode), .bool(countIncludePad),
      divisorOverride.value,
      at: SourceLocation(file, line))
  }

  /// The mean of each of `outputSize` parts of `[N, C, L]` or `[C, L]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func adaptiveAvgPool1d(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AveragePooling.adaptive[0](
      .tensor(input), outputSize.value(count: 1), at: SourceLocation(file, line))
  }

  /// The mean of each of `outputSize` parts of `[N, C, H, W]` or `[C, H, W]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func adaptiveAvgPool2d(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AveragePooling.adaptive[1](
      .tensor(input), outputSize.value(count: 2), at: SourceLocation(file, line))
  }

  /// The mean of each of `outputSize` parts of `[N, C, D, H, W]` or `[C, D, H, W]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func adaptiveAvgPool3d(
    _ input: Tensor, _ outputSize: some PerAxis, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AveragePooling.adaptive[2](
      .tensor(input), outputSize.value(count: 3), at: SourceLocation(file, line))
  }

  /// PyTorch records an empty list where no stride is given.
  static func strideValue(_ stride: (any PerAxis)?, _ count: Int) -> Value {
    stride?.value(count: count) ?? .list([])
  }
}
