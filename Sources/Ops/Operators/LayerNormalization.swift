import MartletTensor

/// Normalisation over the last axes.
package enum LayerNormalization {
  package static let operators: [Operator] = [layerNorm, rmsNorm]

  /// `(x - mean) / √(var + eps) · weight + bias` over the axes of `normalized_shape`.
  static let layerNorm = Operator(
    "aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, "
      + "Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enable=True) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("input")
        try check(arguments, x, ["weight", "bias"])
        try x.dtype.requireFloating("layer_norm")
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        try compute(
          arguments, results[0], eps: try arguments.double("eps"), centred: true)
      }))

  /// `x / √(mean(x²) + eps) · weight` over the axes of `normalized_shape`; `eps` is the dtype's
  /// machine epsilon where none is given.
  static let rmsNorm = Operator(
    "aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, "
      + "float? eps=None) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("input")
        try check(arguments, x, ["weight"])
        try x.dtype.requireFloating("rms_norm")
        let weight = try arguments.optionalTensor("weight")
        return [TensorSpec(x.sizes, weight.map { DType.promote(x.dtype, $0.dtype) } ?? x.dtype)]
      },
      compute: { arguments, results in
        let isDouble = results[0].dtype == .float64
        let eps = try arguments.optionalDouble("eps")
        try compute(
          arguments, results[0],
          eps: eps ?? (isDouble ? Double.ulpOfOne : Double(Float.ulpOfOne)), centred: false)
      }))

  private static func check(_ arguments: Arguments, _ x: Tensor, _ names: [String]) throws {
    let shape = try arguments.ints("normalized_shape")
    guard !shape.isEmpty else {
      throw MartletError(
        .argument, "expected normalized_shape to have at least one element, got \(shape)")
    }
    for name in names {
      guard let parameter = try arguments.optionalTensor(name) else { continue }
      guard parameter.sizes == shape else {
        throw MartletError(
          .shape,
          "expected \(name) to be of same shape as normalized_shape, but got \(name) of shape "
            + "\(parameter.sizes) and normalized_shape = \(shape)")
      }
      guard
        parameter.dtype == x.dtype || names.count == 1
          || (parameter.dtype == .float32 && x.dtype.byteCount == 2)
      else {
        throw MartletError(
          .dtype, "expected \(name) to have type \(x.dtype) as the input, got \(parameter.dtype)")
      }
    }
    guard x.dim >= shape.count, Array(x.sizes.suffix(shape.count)) == shape else {
      let text = shape.map(String.init).joined(separator: ", ")
      throw MartletError(
        .shape,
        "given normalized_shape=\(shape), expected input with shape [*, \(text)], but got input "
          + "of size \(x.sizes)")
    }
  }

  private static func compute(
    _ arguments: Arguments, _ result: Tensor, eps: Double, centred: Bool
  ) throws {
    let x = try arguments.tensor("input")
    let length = try arguments.ints("normalized_shape").reduce(1, *)
    let weight = try arguments.optionalTensor("weight")
    let bias = centred ? try arguments.optionalTensor("bias") : nil
    if x.count == 0 { return }
    if result.dtype.computeType == .float64 {
      try normalize(Double.self, x, length, weight, bias, eps, centred, result)
    } else {
      try normalize(Float.self, x, length, weight, bias, eps, centred, result)
    }
  }

  private static func normalize<T: RealElement>(
    _ type: T.Type, _ x: Tensor, _ length: Int, _ weight: Tensor?, _ bias: Tensor?, _ eps: Double,
    _ centred: Bool, _ result: Tensor
  ) throws {
    let weights: [T]? = try weight?.converted(to: T.dtype).elements()
    let biases: [T]? = try bias?.converted(to: T.dtype).elements()
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        for row in 0..<(from.count / length) {
          let range = (row * length)..<(row * length + length)
          var mean = 0.0
          if centred {
            for i in range { mean += from[i].double }
            mean /= Double(length)
          }
          var squares = 0.0
          for i in range {
            let distance = from[i].double - mean
            squares += distance * distance
          }
          let scale = T(rounding: 1 / (squares / Double(length) + eps).squareRoot())
          let centre = T(rounding: mean)
          for i in range { to[i] = (from[i] - centre) * scale }
          if let weights {
            for i in 0..<length { to[range.lowerBound + i] *= weights[i] }
          }
          if let biases {
            for i in 0..<length { to[range.lowerBound + i] += biases[i] }
          }
        }
      }
    }
  }
}

extension F {
  /// Normalisation over the last axes, whose sizes are `normalizedShape`.
  ///
  /// - Throws: `MartletError` when sizes or dtypes do not fit.
  public static func layerNorm(
    _ input: Tensor, _ normalizedShape: some ShapeConvertible, weight: Tensor? = nil,
    bias: Tensor? = nil, eps: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try LayerNormalization.layerNorm(
      .tensor(input), normalizedShape.shape.value, weight.value, bias.value, .double(eps), true,
      at: SourceLocation(file, line))
  }

  /// Division by the root of the mean square over the last axes.
  ///
  /// - Parameter eps: the dtype's machine epsilon when nil.
  /// - Throws: `MartletError` when sizes or dtypes do not fit.
  public static func rmsNorm(
    _ input: Tensor, _ normalizedShape: some ShapeConvertible, weight: Tensor? = nil,
    eps: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try LayerNormalization.rmsNorm(
      .tensor(input), normalizedShape.shape.value, weight.value, eps.value,
      at: SourceLocation(file, line))
  }
}
