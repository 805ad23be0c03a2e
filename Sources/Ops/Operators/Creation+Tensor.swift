import MartletTensor

/// New tensors. In a trace their creation is recorded, with the sizes that it takes.
extension Tensor {
  /// Zeros (`torch.zeros`).
  ///
  /// - Throws: `MartletError` of kind `.shape` for a negative size.
  public static func zeros(
    _ shape: some ShapeConvertible, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Creation.zeros(
      shape.shape.value, dtype.value, nil, .device("cpu"), false, at: SourceLocation(file, line))
  }

  /// Ones (`torch.ones`).
  public static func ones(
    _ shape: some ShapeConvertible, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Creation.ones(
      shape.shape.value, dtype.value, nil, .device("cpu"), false, at: SourceLocation(file, line))
  }

  /// One value everywhere; without a dtype the value's own, float32 for fractions
  /// (`torch.full`).
  public static func full(
    _ shape: some ShapeConvertible, _ value: some NumberOperand, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Creation.full(
      shape.shape.value, value.value, dtype.value, nil, .device("cpu"), false,
      at: SourceLocation(file, line))
  }

  /// A tensor to be overwritten; its elements are zero (`torch.empty`).
  public static func empty(
    _ shape: some ShapeConvertible, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Creation.empty(
      shape.shape.value, dtype.value, nil, .device("cpu"), false, nil,
      at: SourceLocation(file, line))
  }

  /// `0, 1, …` before `end`; whole for a whole end, otherwise float32 (`torch.arange`).
  public static func arange(
    _ end: some NumberOperand, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Sequences.arange(
      end.value, dtype.value, nil, .device("cpu"), false, at: SourceLocation(file, line))
  }

  /// `start, start + 1, …` before `end` (`torch.arange`).
  public static func arange(
    _ start: some NumberOperand, _ end: some NumberOperand, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sequences.arangeStart(
      start.value, end.value, dtype.value, nil, .device("cpu"), false,
      at: SourceLocation(file, line))
  }

  /// `start, start + step, …` before `end` (`torch.arange`).
  public static func arange(
    _ start: some NumberOperand, _ end: some NumberOperand, step: some NumberOperand,
    dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sequences.arangeStep(
      start.value, end.value, step.value, dtype.value, nil, .device("cpu"), false,
      at: SourceLocation(file, line))
  }

  /// So many numbers from `start` to `end`, both included (`torch.linspace`).
  public static func linspace(
    _ start: some NumberOperand, _ end: some NumberOperand, steps: some DimConvertible,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sequences.linspace(
      start.value, end.value, .int(steps.dim), dtype.value, nil, .device("cpu"), false,
      at: SourceLocation(file, line))
  }

  /// Ones on the diagonal of a square (`torch.eye`).
  public static func eye(
    _ n: some DimConvertible, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Sequences.eye(
      .int(n.dim), dtype.value, nil, .device("cpu"), false, at: SourceLocation(file, line))
  }

  /// Ones on the diagonal of `[n, m]` (`torch.eye`).
  public static func eye(
    _ n: some DimConvertible, _ m: some DimConvertible, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sequences.eyeM(
      .int(n.dim), .int(m.dim), dtype.value, nil, .device("cpu"), false,
      at: SourceLocation(file, line))
  }

  /// The raised cosine window of so many numbers (`torch.hann_window`).
  public static func hannWindow(
    _ length: Int, periodic: Bool = true, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Windows.hann[1](
      length.value, .bool(periodic), dtype.value, nil, .device("cpu"), false,
      at: SourceLocation(file, line))
  }

  /// Hamming's window of so many numbers (`torch.hamming_window`).
  public static func hammingWindow(
    _ length: Int, periodic: Bool = true, alpha: Double = 0.54, beta: Double = 0.46,
    dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Windows.hamming[3](
      length.value, .bool(periodic), .double(alpha), .double(beta), dtype.value, nil,
      .device("cpu"), false, at: SourceLocation(file, line))
  }
}

/// New tensors after the fashion of another.
extension Tensor {
  /// Zeros of a tensor's sizes (`torch.zeros_like`).
  public static func zerosLike(
    _ x: Tensor, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Creation.zerosLike(
      .tensor(x), dtype.value, nil, nil, nil, nil, at: SourceLocation(file, line))
  }

  /// Ones of a tensor's sizes (`torch.ones_like`).
  public static func onesLike(
    _ x: Tensor, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Creation.onesLike(
      .tensor(x), dtype.value, nil, nil, nil, nil, at: SourceLocation(file, line))
  }

  /// One value in a tensor's sizes (`torch.full_like`).
  public static func fullLike(
    _ x: Tensor, _ value: some NumberOperand, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Creation.fullLike(
      .tensor(x), value.value, dtype.value, nil, nil, nil, nil, at: SourceLocation(file, line))
  }

  /// Uniform numbers from [0, 1) in a tensor's sizes, from the process-wide generator
  /// (`torch.rand_like`).
  public static func randLike(
    _ x: Tensor, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try RandomNumbers.randLike(
      .tensor(x), dtype.value, nil, nil, nil, nil, at: SourceLocation(file, line))
  }

  /// Normal numbers in a tensor's sizes, from the process-wide generator (`torch.randn_like`).
  public static func randnLike(
    _ x: Tensor, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try RandomNumbers.randnLike(
      .tensor(x), dtype.value, nil, nil, nil, nil, at: SourceLocation(file, line))
  }

  /// Zeros of this tensor's dtype (`torch.Tensor.new_zeros`).
  public func newZeros(
    _ shape: some ShapeConvertible, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Creation.newZeros(
      .tensor(self), shape.shape.value, dtype.value, nil, nil, nil,
      at: SourceLocation(file, line))
  }

  /// Ones of this tensor's dtype (`torch.Tensor.new_ones`).
  public func newOnes(
    _ shape: some ShapeConvertible, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Creation.newOnes(
      .tensor(self), shape.shape.value, dtype.value, nil, nil, nil,
      at: SourceLocation(file, line))
  }

  /// One value in this tensor's dtype (`torch.Tensor.new_full`).
  public func newFull(
    _ shape: some ShapeConvertible, _ value: some NumberOperand, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Creation.newFull(
      .tensor(self), shape.shape.value, value.value, dtype.value, nil, nil, nil,
      at: SourceLocation(file, line))
  }

  /// What lies on and below a diagonal of the last two axes, zero elsewhere (`torch.tril`).
  public func tril(
    diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sequences.tril(.tensor(self), diagonal.value, at: SourceLocation(file, line))
  }

  /// What lies on and above a diagonal of the last two axes, zero elsewhere (`torch.triu`).
  public func triu(
    diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sequences.triu(.tensor(self), diagonal.value, at: SourceLocation(file, line))
  }
}
