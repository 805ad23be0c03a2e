import MartletTensor

/// Linear layers with packed weights (`torch.ops.quantized.linear`), and the product of two
/// quantised matrices.
///
/// `X: […, I]` quint8 → `[…, O]` quint8 of the given scheme; the dynamic ones: float32 to float32.
enum QuantizedProducts {
  package static let operators: [Operator] = [
    linear("linear", isRectified: false), linear("linear_relu", isRectified: true),
    dynamic("linear_dynamic", isRectified: false),
    dynamic("linear_relu_dynamic", isRectified: true),
    half("linear_dynamic_fp16", isRectified: false),
    half("linear_relu_dynamic_fp16", isRectified: true),
    halfUnpacked, leavingQuantized("linear_with_input_q_dq_qweight_dq_output_fp32", false),
    leavingQuantized("linear_with_input_q_dq_qweight_dq_relu_output_fp32", true), matmul,
  ]

  private static let type = PackedParameters.linearClass

  private static func linear(_ name: String, isRectified: Bool) -> Operator {
    Operator(
      "quantized::\(name)(Tensor X, \(type) W_prepack, float Y_scale_i, int Y_zero_point_i) "
        + "-> Tensor Y", takesQuantized: true,
      .composite { arguments in
        let (x, scale, _) = try arguments.quantized("X")
        guard x.dtype == .quint8 else {
          throw MartletError(
            .dtype,
            "quantized::\(name) (fbgemm): Expected input data type to be quint8, "
              + "got \(x.dtype)")
        }
        let sums = try accumulation(x, scale: scale, try arguments.packedLinear("W_prepack"))
        return [
          .tensor(
            try sums.quantized(
              as: .quint8, scale: try arguments.double("Y_scale_i"),
              zeroPoint: try arguments.int("Y_zero_point_i"), isRectified: isRectified))
        ]
      })
  }

  private static func dynamic(_ name: String, isRectified: Bool) -> Operator {
    Operator(
      "quantized::\(name)(Tensor X, \(type) W_prepack, bool reduce_range=False) -> Tensor Y",
      .composite { arguments in
        let x = try arguments.tensor("X")
        return [
          .tensor(
            try dynamic(
              x, try arguments.packedLinear("W_prepack"),
              reducesRange: try arguments.bool("reduce_range"), isRectified: isRectified))
        ]
      })
  }

  /// The input quantised by its own range times packed weights, as float32.
  static func dynamic(
    _ x: Tensor, _ packed: PackedLinear, reducesRange: Bool, isRectified: Bool = false
  ) throws -> Tensor {
    if packed.isHalf { return try half(x, packed) }
    let quantized = try x.dynamicallyQuantized(reducesRange: reducesRange)
    guard case .perTensor(let scale, _)? = quantized.quantizer else {
      throw Quantization.expectedQuantized("quantized::linear_dynamic", quantized)
    }
    return try accumulation(quantized, scale: scale, packed).values(isRectified: isRectified)
  }

  private static func half(_ name: String, isRectified: Bool) -> Operator {
    Operator(
      "quantized::\(name)(Tensor X, \(type) W_prepack) -> Tensor Y",
      .composite { arguments in
        let product = try half(
          try arguments.tensor("X"), try arguments.packedLinear("W_prepack"))
        return [.tensor(isRectified ? try Activations.relu(.tensor(product)) : product)]
      })
  }

  private static func half(_ x: Tensor, _ packed: PackedLinear) throws -> Tensor {
    guard packed.isHalf else {
      throw MartletError(.dtype, "expected weights packed through float16")
    }
    return try MatrixProducts.linear(.tensor(x), .tensor(packed.weight), packed.bias.value)
  }

  static let halfUnpacked = Operator(
    "quantized::linear_dynamic_fp16_unpacked_weight(Tensor X, Tensor weight, Tensor? bias) "
      + "-> Tensor Y",
    .composite { arguments in
      let packed = try PackedLinear(
        checking: try arguments.tensor("weight").throughHalf(),
        bias: try arguments.optionalTensor("bias"))
      return [.tensor(try half(try arguments.tensor("X"), packed))]
    })

  /// Float32 in, quantised on the way by a given scheme, float32 out.
  private static func leavingQuantized(_ name: String, _ isRectified: Bool) -> Operator {
    Operator(
      "quantized::\(name)(Tensor X, float X_scale, int X_zero_point, \(type) W_prepack) "
        + "-> Tensor Y",
      .composite { arguments in
        let scale = try arguments.double("X_scale")
        let x = try arguments.tensor("X").quantized(
          as: .quint8,
          by: .perTensor(scale: scale, zeroPoint: try arguments.int("X_zero_point")),
          rounding: .distance)
        let sums = try accumulation(x, scale: scale, try arguments.packedLinear("W_prepack"))
        return [.tensor(try sums.values(isRectified: isRectified))]
      })
  }

  private static func accumulation(
    _ x: Tensor, scale: Double, _ packed: PackedLinear
  ) throws -> QuantizedAccumulation {
    guard x.dim >= 2 else {
      throw MartletError(
        .shape, "The dimension of input tensor should be larger than or equal to 2")
    }
    guard let width = x.sizes.last, width == packed.weight.sizes[1], !packed.isHalf else {
      throw MartletError(
        .shape,
        "The number of columns in the input must match the rows of the packed weights: got "
          + "\(x.sizes) and weights \(packed.weight.dtype)\(packed.weight.sizes)")
    }
    let sums = try MatrixProducts.linear(
      .tensor(try x.distances()), .tensor(try packed.weight.distances()), .none)
    return try QuantizedAccumulation(
      sums: try sums.compacted(), channelAxis: x.dim - 1, inputScale: scale,
      weight: packed.weight, bias: packed.bias)
  }

  static let matmul = Operator(
    "quantized::matmul(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc",
    takesQuantized: true,
    .composite { arguments in
      let (a, b) = (try arguments.quantized("qa"), try arguments.quantized("qb"))
      guard a.tensor.dtype == b.tensor.dtype, a.tensor.dtype != .qint32 else {
        throw MartletError(
          .dtype,
          "quantized::matmul expects two tensors of qint8 or quint8, got "
            + "\(a.tensor.dtype) and \(b.tensor.dtype)")
      }
      guard a.tensor.dim == b.tensor.dim, a.tensor.dim >= 2 else {
        throw MartletError(
          .shape, "MatMul: dimension mismatch, got \(a.tensor.sizes) and \(b.tensor.sizes)")
      }
      let product = try MatrixProducts.matmul(
        .tensor(try a.tensor.dequantized()), .tensor(try b.tensor.dequantized()))
      let scheme = Quantizer.perTensor(
        scale: try arguments.double("scale"), zeroPoint: try arguments.int("zero_point"))
      return [
        .tensor(try product.quantized(as: a.tensor.dtype, by: scheme, rounding: .distance))
      ]
    })
}
