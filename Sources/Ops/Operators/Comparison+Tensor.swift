import MartletTensor

/// Comparisons elementwise, as truth values.
extension Tensor {
  /// Where both are equal (`torch.eq`).
  public func eq(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.eq(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where both differ (`torch.ne`).
  public func ne(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.ne(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where this is less (`torch.lt`).
  public func lt(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.lt(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where this is at most `other` (`torch.le`).
  public func le(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.le(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where this is greater (`torch.gt`).
  public func gt(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.gt(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where this is at least `other` (`torch.ge`).
  public func ge(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.ge(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where `|self - other| <= atol + rtol * |other|` (`torch.isclose`).
  public func isclose(
    _ other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Comparison.isclose(
      .tensor(self), .tensor(other), .double(rtol), .double(atol), .bool(equalNaN),
      at: SourceLocation(file, line))
  }

  /// Whether `isclose` holds everywhere (`torch.allclose`). In a trace this fixes a branch.
  ///
  /// - Throws: as `Tensor.item(_:asConstant:)` inside a trace, and for tensors of two dtypes.
  public func allclose(
    _ other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false,
    asConstant: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Bool {
    let location = SourceLocation(file, line)
    try noteRead("allclose", asConstant, location)
    try other.noteRead("allclose", asConstant, location)
    let operands: [Value] = [
      .tensor(self), .tensor(other), .double(rtol), .double(atol), .bool(equalNaN),
    ]
    return try Dispatcher.$recorder.withValue(nil) {
      try Bool(Comparison.allclose.call(operands, at: location)[0])
    }
  }

  /// Whether sizes and all elements are equal (`torch.equal`). In a trace this fixes a branch.
  ///
  /// - Throws: as `Tensor.item(_:asConstant:)` inside a trace.
  public func equal(
    _ other: Tensor, asConstant: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Bool {
    let location = SourceLocation(file, line)
    try noteRead("equal", asConstant, location)
    try other.noteRead("equal", asConstant, location)
    return try Dispatcher.$recorder.withValue(nil) {
      try Bool(Comparison.equal.call([.tensor(self), .tensor(other)], at: location)[0])
    }
  }
}

extension Tensor {
  public static func .== (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison.eq(.tensor(a), .tensor(b))
  }

  public static func .== (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Comparison.eq(.tensor(a), b.value)
  }

  public static func .== (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Comparison.eq(.tensor(b), a.value)
  }

  public static func .!= (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison.ne(.tensor(a), .tensor(b))
  }

  public static func .!= (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Comparison.ne(.tensor(a), b.value)
  }

  public static func .!= (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Comparison.ne(.tensor(b), a.value)
  }

  public static func .< (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison.lt(.tensor(a), .tensor(b))
  }

  public static func .< (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Comparison.lt(.tensor(a), b.value)
  }

  public static func .< (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Comparison.gt(.tensor(b), a.value)
  }

  public static func .<= (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison.le(.tensor(a), .tensor(b))
  }

  public static func .<= (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Comparison.le(.tensor(a), b.value)
  }

  public static func .<= (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Comparison.ge(.tensor(b), a.value)
  }

  public static func .> (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison.gt(.tensor(a), .tensor(b))
  }

  public static func .> (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Comparison.gt(.tensor(a), b.value)
  }

  public static func .> (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Comparison.lt(.tensor(b), a.value)
  }

  public static func .>= (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison.ge(.tensor(a), .tensor(b))
  }

  public static func .>= (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Comparison.ge(.tensor(a), b.value)
  }

  public static func .>= (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Comparison.le(.tensor(b), a.value)
  }
}

/// Truth values and bits.
extension Tensor {
  /// Where both are not zero (`torch.logical_and`).
  public func logicalAnd(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.logicalAnd(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// Where one is not zero (`torch.logical_or`).
  public func logicalOr(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.logicalOr(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// Where exactly one is not zero (`torch.logical_xor`).
  public func logicalXor(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.logicalXor(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The bits that both have (`torch.bitwise_and`).
  public func bitwiseAnd(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.bitwiseAnd(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// The bits that one has (`torch.bitwise_or`).
  public func bitwiseOr(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.bitwiseOr(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// The bits that exactly one has (`torch.bitwise_xor`).
  public func bitwiseXor(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.bitwiseXor(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// The bits moved up (`torch.bitwise_left_shift`).
  public func bitwiseLeftShift(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.bitwiseLeftShift(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// The bits moved down, keeping the sign (`torch.bitwise_right_shift`).
  public func bitwiseRightShift(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Logic.bitwiseRightShift(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// Where elements are zero (`torch.logical_not`).
  public func logicalNot(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Logic.logicalNot(.tensor(self), at: SourceLocation(file, line))
  }

  /// The opposite of each bit, or truth value (`torch.bitwise_not`).
  public func bitwiseNot(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Logic.bitwiseNot(.tensor(self), at: SourceLocation(file, line))
  }
}

/// Truth values combined elementwise, as Python's `&`, `|`, `^` and `~`; whole numbers bit by bit.
extension Tensor {
  public static func .& (a: Tensor, b: Tensor) throws -> Tensor {
    try Logic.and(.tensor(a), .tensor(b))
  }

  public static func .| (a: Tensor, b: Tensor) throws -> Tensor {
    try Logic.or(.tensor(a), .tensor(b))
  }

  public static func .^ (a: Tensor, b: Tensor) throws -> Tensor {
    try Logic.xor(.tensor(a), .tensor(b))
  }

  public static prefix func .! (x: Tensor) throws -> Tensor {
    try Logic.bitwiseNot(.tensor(x))
  }
}
