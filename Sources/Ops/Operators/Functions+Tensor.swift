import MartletTensor

/// Functions of each element; whole numbers and truth values become float32.
extension Tensor {
  /// `e` to the power of each element (`torch.exp`).
  public func exp(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.exp(.tensor(self), at: SourceLocation(file, line))
  }

  /// 2 to the power of each element (`torch.exp2`).
  public func exp2(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.exp2(.tensor(self), at: SourceLocation(file, line))
  }

  /// `exp(x) - 1`, exact near zero (`torch.expm1`).
  public func expm1(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.expm1(.tensor(self), at: SourceLocation(file, line))
  }

  /// The natural logarithm (`torch.log`).
  public func log(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.log(.tensor(self), at: SourceLocation(file, line))
  }

  /// The logarithm to base 2 (`torch.log2`).
  public func log2(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.log2(.tensor(self), at: SourceLocation(file, line))
  }

  /// The logarithm to base 10 (`torch.log10`).
  public func log10(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.log10(.tensor(self), at: SourceLocation(file, line))
  }

  /// `log(1 + x)`, exact near zero (`torch.log1p`).
  public func log1p(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.log1p(.tensor(self), at: SourceLocation(file, line))
  }

  /// The square root (`torch.sqrt`).
  public func sqrt(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.sqrt(.tensor(self), at: SourceLocation(file, line))
  }

  /// `1 / sqrt(x)` (`torch.rsqrt`).
  public func rsqrt(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.rsqrt(.tensor(self), at: SourceLocation(file, line))
  }

  /// `1 / x` (`torch.reciprocal`).
  public func reciprocal(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.reciprocal(.tensor(self), at: SourceLocation(file, line))
  }

  /// The sine (`torch.sin`).
  public func sin(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.sin(.tensor(self), at: SourceLocation(file, line))
  }

  /// The cosine (`torch.cos`).
  public func cos(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.cos(.tensor(self), at: SourceLocation(file, line))
  }

  /// The tangent (`torch.tan`).
  public func tan(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.tan(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse sine (`torch.asin`).
  public func asin(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.asin(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse cosine (`torch.acos`).
  public func acos(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.acos(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse tangent (`torch.atan`).
  public func atan(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.atan(.tensor(self), at: SourceLocation(file, line))
  }

  /// The hyperbolic sine (`torch.sinh`).
  public func sinh(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.sinh(.tensor(self), at: SourceLocation(file, line))
  }

  /// The hyperbolic cosine (`torch.cosh`).
  public func cosh(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.cosh(.tensor(self), at: SourceLocation(file, line))
  }

  /// The hyperbolic tangent (`torch.tanh`).
  public func tanh(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.tanh(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse hyperbolic sine (`torch.asinh`).
  public func asinh(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.asinh(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse hyperbolic cosine (`torch.acosh`).
  public func acosh(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.acosh(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse hyperbolic tangent (`torch.atanh`).
  public func atanh(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.atanh(.tensor(self), at: SourceLocation(file, line))
  }

  /// The error function (`torch.erf`).
  public func erf(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.erf(.tensor(self), at: SourceLocation(file, line))
  }

  /// `1 - erf(x)` (`torch.erfc`).
  public func erfc(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.erfc(.tensor(self), at: SourceLocation(file, line))
  }

  /// The inverse of `erf` (`torch.erfinv`).
  public func erfinv(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.erfinv(.tensor(self), at: SourceLocation(file, line))
  }

  /// The logarithm of the absolute value of the gamma function (`torch.lgamma`).
  public func lgamma(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.lgamma(.tensor(self), at: SourceLocation(file, line))
  }

  /// The derivative of `lgamma` (`torch.digamma`).
  public func digamma(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.digamma(.tensor(self), at: SourceLocation(file, line))
  }

  /// `1 / (1 + exp(-x))` (`torch.sigmoid`).
  public func sigmoid(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.sigmoid(.tensor(self), at: SourceLocation(file, line))
  }

  /// `sin(πx) / (πx)` (`torch.sinc`).
  public func sinc(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.sinc(.tensor(self), at: SourceLocation(file, line))
  }

  /// The modified Bessel function of order zero (`torch.i0`).
  public func i0(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.i0(.tensor(self), at: SourceLocation(file, line))
  }

  /// Degrees as radians (`torch.deg2rad`).
  public func deg2rad(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.deg2rad(.tensor(self), at: SourceLocation(file, line))
  }

  /// Radians as degrees (`torch.rad2deg`).
  public func rad2deg(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Functions.rad2deg(.tensor(self), at: SourceLocation(file, line))
  }

  /// `log(x / (1 - x))`, with `x` first moved into [eps, 1 - eps] (`torch.logit`).
  public func logit(
    eps: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Functions.logit(.tensor(self), eps.value, at: SourceLocation(file, line))
  }
}
