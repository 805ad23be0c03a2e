import MartletTensor

/// Into quantised tensors and out of them; what the elements stand for is `Tensor.quantizer`.
extension Tensor {
  /// The nearest numbers under one scale and zero point (`torch.quantize_per_tensor`).
  ///
  /// - Parameter dtype: `.quint8`, `.qint8` or `.qint32`.
  /// - Throws: `MartletError` of kind `.dtype` for other tensors than float32 and other dtypes,
  ///   `.argument` for a zero point that the dtype does not hold.
  public func quantizePerTensor(
    scale: Double, zeroPoint: Int, dtype: DType, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Quantization.perTensor(
      .tensor(self), scale.value, zeroPoint.value, dtype.value, at: SourceLocation(file, line))
  }

  /// The nearest numbers under a scale and zero point for each entry of an axis
  /// (`torch.quantize_per_channel`).
  ///
  /// - Parameters:
  ///   - zeroPoints: whole numbers, or floating-point ones for a scheme that has such.
  ///   - dtype: `.quint8`, `.qint8` or `.qint32`.
  /// - Throws: as `quantizePerTensor(scale:zeroPoint:dtype:)`, and of kind `.shape` for a number of
  ///   scales that is not the axis's size.
  public func quantizePerChannel(
    scales: Tensor, zeroPoints: Tensor, axis: Int, dtype: DType, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Quantization.perChannel(
      .tensor(self), .tensor(scales), .tensor(zeroPoints), axis.value, dtype.value,
      at: SourceLocation(file, line))
  }

  /// What the elements stand for, as float32; plain numbers are converted
  /// (`torch.Tensor.dequantize`).
  public func dequantize(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Quantization.dequantize(.tensor(self), at: SourceLocation(file, line))
  }

  /// The stored numbers of a quantised tensor (`torch.Tensor.int_repr`).
  ///
  /// - Throws: `MartletError` of kind `.dtype` for other tensors.
  public func intRepr(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Quantization.integers(.tensor(self), at: SourceLocation(file, line))
  }
}
