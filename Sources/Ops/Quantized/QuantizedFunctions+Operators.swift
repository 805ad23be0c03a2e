import MartletTensor

/// Functions of each element onto a given scheme (`torch.ops.quantized.hardswish`).
///
/// Values are computed in float32 and rounded: one step beside PyTorch's where a value lies halfway
/// between two numbers.
extension QuantizedFunctions {
  package static let operators: [Operator] =
    [
      onto("hardswish", "Tensor input, float output_scale, int output_zero_point") { x, _ in
        try Activations.hardswish(.tensor(x))
      },
      onto("sigmoid", "Tensor qx, float output_scale, int output_zero_point") { x, _ in
        try Functions.sigmoid(.tensor(x))
      },
      onto(
        "leaky_relu",
        "Tensor qx, Scalar negative_slope, bool inplace, float output_scale, "
          + "int output_zero_point"
      ) { try Activations.leakyRelu(.tensor($0), $1["negative_slope"]) },
      onto(
        "elu",
        "Tensor self, float output_scale, int output_zero_point, Scalar alpha=1, Scalar scale=1, "
          + "Scalar input_scale=1"
      ) { try Activations.elu(.tensor($0), $1["alpha"], $1["scale"], $1["input_scale"]) },
      onto(
        "celu",
        "Tensor self, float output_scale, int output_zero_point, Scalar alpha=1"
      ) { try Activations.celu(.tensor($0), $1["alpha"]) },
      onto("softmax", "Tensor qx, int dim, float output_scale, int output_zero_point") {
        try SoftmaxFamily.softmax(.tensor($0), $1["dim"], .none)
      },
      onto("prelu", "Tensor qx, Tensor weight, float output_scale, int output_zero_point") {
        try Activations.prelu(.tensor($0), .tensor(try $1.tensor("weight").dequantized()))
      },
    ] + [
      // The scheme that is stated goes unused, as in PyTorch.
      Operator(
        "quantized::dropout(Tensor self, float output_scale, int output_zero_point, "
          + "Scalar p=0.5, bool training=False) -> Tensor", takesQuantized: true,
        .composite { arguments in
          guard try !arguments.bool("training") else {
            throw MartletError(.unsupported, "quantized::dropout is for inference alone")
          }
          return [.tensor(try arguments.quantized("self").tensor)]
        }),
      Operator(
        "quantized::relu6(Tensor qx, bool inplace=False) -> Tensor", takesQuantized: true,
        .composite { try clamped($0, "qx", 0, 6) }),
      Operator(
        "quantized::clamp(Tensor qx, Scalar? min=None, Scalar? max=None) -> Tensor qy",
        takesQuantized: true,
        .composite { arguments in
          try clamped(
            arguments, "qx", try arguments.optionalScalar("min")?.double,
            try arguments.optionalScalar("max")?.double)
        }),
      Operator(
        "quantized::threshold(Tensor qx, Scalar threshold, Scalar value) -> Tensor qy",
        takesQuantized: true,
        .composite { arguments in
          let x = try arguments.tensor("qx")
          let scheme = try x.perTensorScheme(for: "quantized::threshold")
          let values = try Activations.threshold(
            .tensor(try x.dequantized()), arguments["threshold"], arguments["value"])
          return [.tensor(try values.quantized(as: x.dtype, by: scheme))]
        }),
    ] + ["max_pool1d", "max_pool2d"].map { pooling("quantized::\($0)", "qx", "int[]", $0) }
    + [1, 2, 3].map { axes in
      let defaults =
        axes == 1
        ? ("[]", "[0]", "[1]") : ("[]", "0", "1")
      return Operator(
        "aten::quantized_max_pool\(axes)d(Tensor self, int[\(axes)] kernel_size, "
          + "int[\(axes)] stride=\(defaults.0), int[\(axes)] padding=\(defaults.1), "
          + "int[\(axes)] dilation=\(defaults.2), bool ceil_mode=False) -> Tensor",
        takesQuantized: true, .composite { try pooled($0, "self", "max_pool\(axes)d") })
    }

  private static func pooling(_ name: String, _ first: String, _ type: String, _ plain: String)
    -> Operator
  {
    Operator(
      "\(name)(Tensor \(first), \(type) kernel_size, \(type) stride, \(type) padding, "
        + "\(type) dilation, bool ceil_mode) -> Tensor", takesQuantized: true,
      .composite { try pooled($0, first, plain) })
  }

  /// The largest stored number is that of the largest value.
  private static func pooled(_ arguments: Arguments, _ name: String, _ plain: String) throws
    -> [Value]
  {
    let x = try arguments.quantized(name).tensor
    guard let operation = Catalog.byName["aten::\(plain)"], let quantizer = x.quantizer else {
      throw MartletError(.unsupported, "aten::\(plain) is not one that Martlet has")
    }
    let numbers = try operation.call(
      [.tensor(x.storedNumbers)] + arguments.values.dropFirst(), at: nil)
    return [.tensor(try Tensor(numbers[0]).quantized(by: quantizer))]
  }

  /// A function whose result is rounded to the scheme that the call states; its first argument is
  /// the tensor.
  static func onto(
    _ name: String, _ parameters: String,
    _ function: @escaping @Sendable (Tensor, Arguments) throws -> Tensor
  ) -> Operator {
    Operator(
      "quantized::\(name)(\(parameters)) -> Tensor", takesQuantized: true,
      .composite { arguments in
        let x = try Tensor(arguments.values[0])
        _ = try x.perTensorScheme(for: "quantized::\(name)")
        let scheme = Quantizer.perTensor(
          scale: try arguments.double("output_scale"),
          zeroPoint: try arguments.int("output_zero_point"))
        let values = try function(try x.dequantized(), arguments)
        return [.tensor(try values.quantized(as: x.dtype, by: scheme, rounding: .distance))]
      })
  }
}
