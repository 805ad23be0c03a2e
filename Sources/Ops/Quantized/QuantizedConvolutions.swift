import MartletTensor

/// Convolutions with packed weights (`torch.ops.quantized.conv2d`).
///
/// `qx: [N, C, …]` quint8 → `[N, O, …]` quint8 of the given scheme. Sums are exact; results may
/// differ from PyTorch's by one step where a value lies halfway between two numbers.
enum QuantizedConvolutions {
  package static let operators: [Operator] =
    [1, 2, 3].flatMap { axes in
      [plain(axes, "", isRectified: false), plain(axes, "_relu", isRectified: true), dynamic(axes)]
        + [transposed(axes), transposedDynamic(axes)]
    } + [2, 3].flatMap { [explicit($0, "", false), explicit($0, "_relu", true)] } + added

  private static func type(_ axes: Int) -> String {
    axes == 3 ? PackedParameters.convolution3dClass : PackedParameters.convolution2dClass
  }

  private static func plain(_ axes: Int, _ suffix: String, isRectified: Bool) -> Operator {
    // The overloads that take everything from the packed weights came second.
    let name = "quantized::conv\(axes)d\(suffix)" + (axes == 1 ? "" : ".new")
    return Operator(
      "\(name)(Tensor qx, \(type(axes)) packed_weight, float output_scale, "
        + "int output_zero_point) -> Tensor", takesQuantized: true,
      .composite { try quantized($0, "packed_weight", axes, isRectified: isRectified) })
  }

  /// What is said beside the packed weights is passed over, as PyTorch does.
  private static func explicit(_ axes: Int, _ suffix: String, _ isRectified: Bool) -> Operator {
    Operator(
      "quantized::conv\(axes)d\(suffix)(Tensor qx, \(type(axes)) weight, int[] stride, "
        + "int[] padding, int[] dilation, int groups, float output_scale, "
        + "int output_zero_point) -> Tensor", takesQuantized: true,
      .composite { try quantized($0, "weight", axes, isRectified: isRectified) })
  }

  private static func transposed(_ axes: Int) -> Operator {
    Operator(
      "quantized::conv_transpose\(axes)d(Tensor qx, \(type(axes)) packed_weight, "
        + "float output_scale, int output_zero_point) -> Tensor", takesQuantized: true,
      .composite { try quantized($0, "packed_weight", axes, isRectified: false) })
  }

  private static func dynamic(_ axes: Int) -> Operator {
    Operator(
      "quantized::conv\(axes)d_dynamic(Tensor qx, \(type(axes)) packed_weight, "
        + "bool reduce_range=False) -> Tensor", .composite { try values($0, axes) })
  }

  private static func transposedDynamic(_ axes: Int) -> Operator {
    Operator(
      "quantized::conv_transpose\(axes)d_dynamic(Tensor qx, \(type(axes)) packed_weight, "
        + "bool reduce_range=False) -> Tensor", .composite { try values($0, axes) })
  }

  /// With a quantised tensor of the result's sizes added before rounding.
  private static let added = [("conv2d_add", false), ("conv2d_add_relu", true)].map {
    name, isRectified in
    Operator(
      "quantized::\(name)(Tensor qx, Tensor qaccum, \(type(2)) packed_weight, "
        + "float output_scale, int output_zero_point) -> Tensor", takesQuantized: true,
      .composite { arguments in
        let (x, scale, _) = try arguments.quantized("qx")
        let call = try accumulation(
          x, scale: scale, try arguments.packedConvolution("packed_weight"), axes: 2)
        let addend = try arguments.quantized("qaccum").tensor.dequantized()
        var sum = try Arithmetic.add[0](
          .tensor(try call.values(isRectified: false)), .tensor(addend), .int(1))
        if isRectified { sum = try Activations.relu(.tensor(sum)) }
        let scheme = Quantizer.perTensor(
          scale: try arguments.double("output_scale"),
          zeroPoint: try arguments.int("output_zero_point"))
        return [.tensor(try sum.quantized(as: x.dtype, by: scheme, rounding: .distance))]
      })
  }

  private static func quantized(
    _ arguments: Arguments, _ name: String, _ axes: Int, isRectified: Bool
  ) throws -> [Value] {
    let (x, scale, _) = try arguments.quantized("qx")
    guard x.dtype == .quint8 else {
      throw MartletError(
        .dtype, "\(arguments.schema.name): expected activations of quint8, got \(x.dtype)")
    }
    let sums = try accumulation(x, scale: scale, try arguments.packedConvolution(name), axes: axes)
    let result = try sums.quantized(
      as: .quint8, scale: try arguments.double("output_scale"),
      zeroPoint: try arguments.int("output_zero_point"), isRectified: isRectified)
    return [.tensor(axes == 1 ? Axes.squeezed(result, [2]) : result)]
  }

  private static func values(_ arguments: Arguments, _ axes: Int) throws -> [Value] {
    let x = try arguments.tensor("qx")
    let quantized = try x.dynamicallyQuantized(reducesRange: try arguments.bool("reduce_range"))
    guard case .perTensor(let scale, let zeroPoint)? = quantized.quantizer else {
      throw Quantization.expectedQuantized(arguments.schema.name, quantized)
    }
    // PyTorch's result goes through the input's scheme too.
    let result = try accumulation(
      quantized, scale: scale, try arguments.packedConvolution("packed_weight"), axes: axes
    ).quantized(as: .quint8, scale: scale, zeroPoint: zeroPoint, isRectified: false).dequantized()
    return [.tensor(axes == 1 ? Axes.squeezed(result, [2]) : result)]
  }

  private static func accumulation(
    _ given: Tensor, scale: Double, _ packed: PackedConvolution, axes: Int
  ) throws -> QuantizedAccumulation {
    guard given.dim == axes + 2 else {
      throw MartletError(
        .shape, "expected an input of \(axes + 2) axes, got \(given.sizes)")
    }
    let x = axes == 1 ? Axes.unsqueezed(given, 2) : given
    let call = try ConvolutionCall(
      input: try x.distances(), weight: try packed.weight.distances(), bias: nil,
      stride: packed.stride, padding: packed.padding, dilation: packed.dilation,
      outputPadding: packed.outputPadding, groups: packed.groups,
      isTransposed: packed.isTransposed)
    let sizes = call.spec.sizes
    let sums: Tensor = x.isMeta ? try .meta(sizes, .float64) : try .allocate(sizes, .float64)
    if !x.isMeta { try call.evaluate(into: sums) }
    return try QuantizedAccumulation(
      sums: sums, channelAxis: 1, inputScale: scale, weight: packed.weight, bias: packed.bias)
  }
}

extension Tensor {
  /// As quint8 of the scheme that spans its values.
  func dynamicallyQuantized(reducesRange: Bool) throws -> Tensor {
    guard dtype == .float32 else {
      throw MartletError(.dtype, "expected a float32 input, got \(dtype)")
    }
    // A shape has no values; any scheme does for it.
    let scheme: Quantizer =
      isMeta
      ? .perTensor(scale: 1, zeroPoint: 0)
      : try ValueRange(of: self).scheme(.quint8, reducesRange: reducesRange)
    return try quantized(as: .quint8, by: scheme, rounding: .distance)
  }
}
