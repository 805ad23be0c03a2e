import MartletTensor

/// Signs, magnitudes, rounding and kinds of numbers.
extension Tensor {
  /// `-x` (`torch.neg`).
  public func neg(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.neg(.tensor(self), at: SourceLocation(file, line))
  }

  /// The magnitude (`torch.abs`).
  public func abs(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.abs(.tensor(self), at: SourceLocation(file, line))
  }

  /// -1, 0 or 1 (`torch.sign`).
  public func sign(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.sign(.tensor(self), at: SourceLocation(file, line))
  }

  /// Rounded down (`torch.floor`).
  public func floor(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.floor(.tensor(self), at: SourceLocation(file, line))
  }

  /// Rounded up (`torch.ceil`).
  public func ceil(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.ceil(.tensor(self), at: SourceLocation(file, line))
  }

  /// Rounded towards zero (`torch.trunc`).
  public func trunc(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.trunc(.tensor(self), at: SourceLocation(file, line))
  }

  /// `x - trunc(x)` (`torch.frac`).
  public func frac(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.frac(.tensor(self), at: SourceLocation(file, line))
  }

  /// `x * x` (`torch.square`).
  public func square(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.square(.tensor(self), at: SourceLocation(file, line))
  }

  /// Where elements are not numbers (`torch.isnan`).
  public func isnan(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.isnan(.tensor(self), at: SourceLocation(file, line))
  }

  /// Where elements are infinite (`torch.isinf`).
  public func isinf(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.isinf(.tensor(self), at: SourceLocation(file, line))
  }

  /// Where elements are finite (`torch.isfinite`).
  public func isfinite(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.isfinite(.tensor(self), at: SourceLocation(file, line))
  }

  /// Where elements have a minus sign (`torch.signbit`).
  public func signbit(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Rounding.signbit(.tensor(self), at: SourceLocation(file, line))
  }

  /// Rounded to so many decimal places, halves to even (`torch.round`).
  public func round(
    decimals: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    if decimals == 0 { return try Rounding.round(.tensor(self), at: location) }
    return try Rounding.roundDecimals(.tensor(self), decimals.value, at: location)
  }

  /// Numbers in place of NaN (0) and the infinities (the dtype's largest)
  /// (`torch.nan_to_num`).
  public func nanToNum(
    nan: Double? = nil, posinf: Double? = nil, neginf: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Rounding.nanToNum(
      .tensor(self), nan.value, posinf.value, neginf.value, at: SourceLocation(file, line))
  }

  public static prefix func - (x: Tensor) throws -> Tensor {
    try Rounding.neg(.tensor(x))
  }
}
