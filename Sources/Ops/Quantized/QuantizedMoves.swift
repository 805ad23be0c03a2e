import MartletTensor

/// Copies and joins of quantised tensors.
enum QuantizedMoves {
  /// What PyTorch's plain operators do with quantised tensors.
  static let rules: [(String, Operator.Evaluate)] =
    ["cat", "concat", "concatenate"].map { name in
      (
        name,
        { arguments in
          let first = try arguments.firstQuantized(for: "aten::cat")
          return [
            .tensor(
              try joined(
                try arguments.tensors("tensors"), try arguments.int("dim"),
                scheme: try first.perTensorScheme(for: "aten::cat")))
          ]
        }
      )
    } + [("_to_copy", copy), ("empty_like", { [try emptyLike($0)] })]

  /// One after the other along an axis, each brought to the scheme; at least zero if rectified.
  static func joined(
    _ tensors: [Tensor], _ dim: Int, scheme: Quantizer, isRectified: Bool = false
  ) throws -> Tensor {
    guard let dtype = tensors.first?.dtype, dtype.isQuantized,
      tensors.allSatisfy({ $0.dtype == dtype })
    else {
      throw MartletError(
        .dtype,
        "expected quantised tensors of one dtype, got \(tensors.map { "\($0.dtype)" })")
    }
    let numbers = try tensors.map { tensor in
      _ = try tensor.perTensorScheme(for: "cat")
      let own =
        tensor.quantizer == scheme
        ? tensor : try tensor.dequantized().quantized(as: dtype, by: scheme)
      return isRectified ? try QuantizedFunctions.atLeastZero(own) : own
    }.map { $0.storedNumbers }
    return try Joining.cat(numbers.value, dim.value).quantized(by: scheme)
  }

  @Sendable private static func copy(_ arguments: Arguments) throws -> [Value] {
    let x = try arguments.tensor("self")
    let dtype = try arguments.dtype("dtype") ?? x.dtype
    guard dtype == x.dtype else {
      throw MartletError(
        .dtype, "a \(x.dtype) tensor cannot be copied to \(dtype): dequantize it first")
    }
    let toMeta = try Device(arguments["device"]) == .meta
    return [.tensor(toMeta ? try x.placeholder() : try x.copied())]
  }

  /// Its elements are zeros: PyTorch leaves them as they come.
  private static func emptyLike(_ arguments: Arguments) throws -> Value {
    let x = try arguments.tensor("self")
    guard let quantizer = x.quantizer, try arguments.dtype("dtype") ?? x.dtype == x.dtype else {
      throw MartletError(.dtype, "empty_like of a quantised tensor keeps its dtype")
    }
    if x.isMeta { return .tensor(try x.placeholder()) }
    let zeros = try Tensor.filled(x.sizes, .float32, with: 0)
    return .tensor(try zeros.quantized(as: x.dtype, by: quantizer))
  }
}
