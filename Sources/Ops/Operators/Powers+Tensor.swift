import MartletTensor

/// Powers, extremes of two, and limits.
extension Tensor {
  /// `self` to the power of a number or of another tensor's elements (`torch.pow`).
  public func pow(
    _ exponent: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    if case .tensor = exponent.value {
      return try Powers.pow[0](.tensor(self), exponent.value, at: location)
    }
    return try Powers.pow[1](.tensor(self), exponent.value, at: location)
  }

  /// The larger of both; NaN wins (`torch.maximum`).
  public func maximum(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.maximum(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The smaller of both; NaN wins (`torch.minimum`).
  public func minimum(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.minimum(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The larger of both; NaN loses (`torch.fmax`).
  public func fmax(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.fmax(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The smaller of both; NaN loses (`torch.fmin`).
  public func fmin(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.fmin(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The angle of the point (`other`, `self`) (`torch.atan2`).
  public func atan2(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.atan2(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// `sqrt(self² + other²)` (`torch.hypot`).
  public func hypot(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.hypot(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// `log(exp(self) + exp(other))` (`torch.logaddexp`).
  public func logaddexp(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.logaddexp(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// `self + weight * (end - self)` (`torch.lerp`).
  public func lerp(
    _ end: Tensor, weight: Double, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.lerpScalar(
      .tensor(self), .tensor(end), .number(weight), at: SourceLocation(file, line))
  }

  /// `self + weight * (end - self)` (`torch.lerp`).
  public func lerp(
    _ end: Tensor, weight: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.lerpTensor(
      .tensor(self), .tensor(end), .tensor(weight), at: SourceLocation(file, line))
  }

  /// The magnitude of `self` with the sign of `other` (`torch.copysign`).
  public func copysign(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.copysign(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// `self * log(other)`, 0 where `self` is 0 (`torch.xlogy`).
  public func xlogy(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Powers.xlogy(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// `min(max(x, min), max)` (`torch.clamp`).
  ///
  /// - Throws: `MartletError` of kind `.argument` when neither bound is given.
  public func clamp(
    min: (some TensorOperand)? = Double?.none, max: (some TensorOperand)? = Double?.none,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    let bounds = [min?.value ?? .none, max?.value ?? .none]
    if bounds.contains(where: { if case .tensor = $0 { true } else { false } }) {
      let tensors = try bounds.map { bound -> Value in
        if case .none = bound { return bound }
        return .tensor(try PromotionOperand(bound).tensor())
      }
      return try Clamping.clampTensor(.tensor(self), tensors[0], tensors[1], at: location)
    }
    return try Clamping.clamp(.tensor(self), bounds[0], bounds[1], at: location)
  }
}
