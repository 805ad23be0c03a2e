import MartletTensor

/// Normalisations of quantised tensors onto a given scheme (`torch.ops.quantized.layer_norm`).
///
/// Values are computed in float32 and rounded: one step beside PyTorch's where a value lies halfway
/// between two numbers.
enum QuantizedNormalization {
  package static let operators: [Operator] =
    [
      QuantizedFunctions.onto(
        "layer_norm",
        "Tensor input, int[] normalized_shape, Tensor? weight, Tensor? bias, float eps, "
          + "float output_scale, int output_zero_point"
      ) { x, arguments in
        try LayerNormalization.layerNorm(
          .tensor(x), arguments["normalized_shape"], arguments["weight"], arguments["bias"],
          arguments["eps"])
      },
      QuantizedFunctions.onto(
        "group_norm",
        "Tensor input, int num_groups, Tensor? weight, Tensor? bias, float eps, "
          + "float output_scale, int output_zero_point"
      ) { x, arguments in
        try GroupNormalization.groupNorm(
          .tensor(x), arguments["num_groups"], arguments["weight"], arguments["bias"],
          arguments["eps"])
      },
      QuantizedFunctions.onto(
        "instance_norm",
        "Tensor input, Tensor? weight, Tensor? bias, float eps, float output_scale, "
          + "int output_zero_point"
      ) { x, arguments in
        guard x.dim >= 2 else {
          throw MartletError(.shape, "quantized::instance_norm expects channels, got \(x.sizes)")
        }
        return try GroupNormalization.groupNorm(
          .tensor(x), x.sizes[1].value, arguments["weight"], arguments["bias"], arguments["eps"])
      },
      batch("aten::quantized_batch_norm", "input"),
    ] + ["", "1d", "2d", "3d"].map { batch("quantized::batch_norm\($0)", "qx") }
    + ["", "1d", "2d", "3d"].map { rectifiedBatch("quantized::batch_norm\($0)_relu") }

  private static let parameters =
    ", Tensor? weight, Tensor? bias, Tensor mean, Tensor var, float eps, float output_scale, "
    + "int output_zero_point) -> Tensor"

  private static func batch(_ name: String, _ first: String) -> Operator {
    Operator(
      "\(name)(Tensor \(first)\(parameters)", takesQuantized: true,
      .composite { [.tensor(try normalized($0, name, first))] })
  }

  private static func rectifiedBatch(_ name: String) -> Operator {
    Operator(
      "\(name)(Tensor qx\(parameters)", takesQuantized: true,
      .composite { [.tensor(try QuantizedFunctions.atLeastZero(normalized($0, name, "qx")))] })
  }

  private static func normalized(_ arguments: Arguments, _ name: String, _ first: String) throws
    -> Tensor
  {
    let x = try arguments.quantized(first).tensor
    guard x.dim >= 2 else {
      throw MartletError(.shape, "\(name) expects an input with channels, got \(x.sizes)")
    }
    guard try arguments.optionalTensor("weight") != nil,
      try arguments.optionalTensor("bias") != nil
    else { throw MartletError(.argument, "\(name): weight and bias must be provided") }
    let scheme = Quantizer.perTensor(
      scale: try arguments.double("output_scale"), zeroPoint: try arguments.int("output_zero_point")
    )
    let values = try BatchNormalization.batchNorm(
      .tensor(try x.dequantized()), arguments["weight"], arguments["bias"], arguments["mean"],
      arguments["var"], false, .double(0), arguments["eps"], false)
    return try values.quantized(as: x.dtype, by: scheme, rounding: .distance)
  }
}
