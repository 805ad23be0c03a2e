import MartletTensor

/// Into quantised tensors and out of them.
package enum Quantization {
  package static let operators: [Operator] = [
    perTensor, perTensorByTensors, perTensorOfList, perTensorDynamic, perChannel, dequantize,
    dequantizeTensor, dequantizeTensors, dequantizeList, dequantizeAny, integers, scale, zeroPoint,
    channelScales, channelZeroPoints, channelAxis, scheme, isQuantized, makePerTensor,
    makePerChannel, empty, emptyPerChannel, emptyLike,
  ]

  /// `round(self / scale) + zero_point` within the dtype's numbers.
  static let perTensor = Operator(
    "aten::quantize_per_tensor(Tensor self, float scale, int zero_point, ScalarType dtype) "
      + "-> Tensor", takesQuantized: true,
    .composite { arguments in
      let scheme = Quantizer.perTensor(
        scale: try arguments.double("scale"), zeroPoint: try arguments.int("zero_point"))
      return [.tensor(try quantized(arguments, by: scheme))]
    })

  static let perTensorByTensors = Operator(
    "aten::quantize_per_tensor.tensor_qparams(Tensor self, Tensor scale, Tensor zero_point, "
      + "ScalarType dtype) -> Tensor", takesQuantized: true,
    .dataDependent { arguments in
      let scheme = Quantizer.perTensor(
        scale: try arguments.tensor("scale").scalar(as: Double.self),
        zeroPoint: try arguments.tensor("zero_point").scalar(as: Int64.self).number)
      return [.tensor(try quantized(arguments, by: scheme))]
    })

  static let perTensorOfList = Operator(
    "aten::quantize_per_tensor.tensors(Tensor[] tensors, Tensor scales, Tensor zero_points, "
      + "ScalarType dtype) -> Tensor[]", takesQuantized: true,
    .dataDependent { arguments in
      let tensors = try arguments.tensors("tensors")
      let scales = try arguments.tensor("scales").converted(to: .float64).elements(as: Double.self)
      let points = try arguments.tensor("zero_points").integers()
      guard scales.count >= tensors.count, points.count >= tensors.count else {
        throw MartletError(
          .shape,
          "expected \(tensors.count) scales and zero points, got \(scales.count) and "
            + "\(points.count)")
      }
      let dtype = try dtype(arguments)
      return [
        .list(
          try tensors.enumerated().map { index, tensor in
            .tensor(
              try tensor.quantized(
                as: dtype, by: .perTensor(scale: scales[index], zeroPoint: points[index])))
          })
      ]
    })

  /// With the scheme that spans the tensor's values.
  static let perTensorDynamic = Operator(
    "aten::quantize_per_tensor_dynamic(Tensor self, ScalarType dtype, bool reduce_range) "
      + "-> Tensor", takesQuantized: true,
    .dataDependent { arguments in
      let x = try arguments.tensor("self")
      let dtype = try dtype(arguments)
      guard dtype != .qint32 else {
        throw MartletError(
          .dtype, "dynamic quantization expects quint8 or qint8, got \(dtype)")
      }
      let scheme = try ValueRange(of: x).scheme(
        dtype, reducesRange: try arguments.bool("reduce_range"))
      return [.tensor(try x.quantized(as: dtype, by: scheme))]
    })

  /// As `perTensor`, with a scale and zero point for each entry along `axis`.
  static let perChannel = Operator(
    "aten::quantize_per_channel(Tensor self, Tensor scales, Tensor zero_points, int axis, "
      + "ScalarType dtype) -> Tensor", takesQuantized: true,
    .dataDependent { arguments in
      let scheme = try Quantizer(
        scales: try arguments.tensor("scales"), zeroPoints: try arguments.tensor("zero_points"),
        axis: try arguments.int("axis"))
      return [.tensor(try quantized(arguments, by: scheme))]
    })

  static let dequantize = Operator(
    "aten::dequantize.self(Tensor self) -> Tensor", takesQuantized: true,
    .composite { [.tensor(try $0.tensor("self").dequantized())] })
  static let dequantizeTensor = Operator(
    "aten::dequantize.tensor(Tensor qtensor) -> Tensor", takesQuantized: true,
    .composite { [.tensor(try $0.tensor("qtensor").dequantized())] })
  static let dequantizeTensors = Operator(
    "aten::dequantize.tensors(Tensor[] tensors) -> Tensor[]", takesQuantized: true,
    .composite { [try dequantized($0["tensors"])] })
  static let dequantizeList = Operator(
    "aten::dequantize.list(Tensor[] qtensors) -> Tensor[]", takesQuantized: true,
    .composite { [try dequantized($0["qtensors"])] })
  static let dequantizeAny = Operator(
    "aten::dequantize.any(Any tensors) -> Any", takesQuantized: true,
    .composite { arguments in
      if case .dictionary = arguments["tensors"] {
        throw MartletError(.argument, "Unsupported type in dequantize, only lists and tuples are")
      }
      return [try dequantized(arguments["tensors"])]
    })

  /// The stored numbers themselves.
  static let integers = Operator(
    "aten::int_repr(Tensor self) -> Tensor", takesQuantized: true,
    .composite { arguments in
      let x = try arguments.tensor("self")
      guard x.isQuantized else { throw expectedQuantized("int_repr", x) }
      return [.tensor(try x.storedNumbers.copied())]
    })

  static let scale = Operator(
    "aten::q_scale(Tensor self) -> float", takesQuantized: true,
    .scalar { [.double(try $0.quantized("self").scale)] })
  static let zeroPoint = Operator(
    "aten::q_zero_point(Tensor self) -> int", takesQuantized: true,
    .scalar { [.int(Dim(try $0.quantized("self").zeroPoint))] })
  static let channelScales = Operator(
    "aten::q_per_channel_scales(Tensor self) -> Tensor", takesQuantized: true,
    .composite { [.tensor(try channelScheme($0).scaleTensor())] })
  static let channelZeroPoints = Operator(
    "aten::q_per_channel_zero_points(Tensor self) -> Tensor", takesQuantized: true,
    .composite { [.tensor(try channelScheme($0).zeroPointTensor())] })
  static let channelAxis = Operator(
    "aten::q_per_channel_axis(Tensor self) -> int", takesQuantized: true,
    .scalar { [.int(Dim(try channelScheme($0).axis ?? 0))] })
  static let scheme = Operator(
    "aten::qscheme(Tensor self) -> QScheme", takesQuantized: true,
    .scalar { arguments in
      let x = try arguments.tensor("self")
      guard let quantizer = x.quantizer else { throw expectedQuantized("qscheme", x) }
      return [.int(Dim(quantizer.schemeNumber))]
    })
  static let isQuantized = Operator(
    "prim::is_quantized(Tensor a) -> bool", takesQuantized: true,
    .scalar { [.bool(try $0.tensor("a").isQuantized)] })

  /// Whole numbers taken for those of a scheme.
  static let makePerTensor = Operator(
    "aten::_make_per_tensor_quantized_tensor(Tensor self, float scale, int zero_point) -> Tensor",
    takesQuantized: true,
    .composite { arguments in
      let scheme = Quantizer.perTensor(
        scale: try arguments.double("scale"), zeroPoint: try arguments.int("zero_point"))
      return [.tensor(try arguments.tensor("self").copied().quantized(by: scheme))]
    })
  static let makePerChannel = Operator(
    "aten::_make_per_channel_quantized_tensor(Tensor self, Tensor scale, Tensor zero_point, "
      + "int axis) -> Tensor", takesQuantized: true,
    .dataDependent { arguments in
      let scheme = try Quantizer(
        scales: try arguments.tensor("scale"), zeroPoints: try arguments.tensor("zero_point"),
        axis: try arguments.int("axis"))
      let numbers = try arguments.tensor("self").copied()
      try scheme.requireChannels(of: numbers.sizes)
      return [.tensor(try numbers.quantized(by: scheme))]
    })

  /// Whose elements are the zero point: PyTorch leaves them as they come.
  static let empty = Operator(
    "aten::_empty_affine_quantized(SymInt[] size, *, ScalarType? dtype=None, "
      + "Layout? layout=None, Device? device=None, bool? pin_memory=None, float scale=1., "
      + "int zero_point=0, MemoryFormat? memory_format=0) -> Tensor", takesQuantized: true,
    .composite { arguments in
      let scheme = Quantizer.perTensor(
        scale: try arguments.double("scale"), zeroPoint: try arguments.int("zero_point"))
      return [.tensor(try zeros(arguments, scheme))]
    })
  static let emptyPerChannel = Operator(
    "aten::_empty_per_channel_affine_quantized(SymInt[] size, *, Tensor scales, "
      + "Tensor zero_points, int axis, ScalarType? dtype=None, Layout? layout=None, "
      + "Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=0) -> Tensor",
    takesQuantized: true,
    .dataDependent { arguments in
      let scheme = try Quantizer(
        scales: try arguments.tensor("scales"), zeroPoints: try arguments.tensor("zero_points"),
        axis: try arguments.int("axis"))
      return [.tensor(try zeros(arguments, scheme))]
    })
  static let emptyLike = Operator(
    "aten::empty_quantized(int[] size, Tensor qtensor, *, ScalarType? dtype=None, "
      + "Layout? layout=None, Device? device=None, bool? pin_memory=None, "
      + "MemoryFormat? memory_format=None) -> Tensor", takesQuantized: true,
    .composite { arguments in
      let like = try arguments.tensor("qtensor")
      guard let scheme = like.quantizer else { throw expectedQuantized("empty_quantized", like) }
      return [.tensor(try zeros(arguments, scheme, dtype: like.dtype))]
    })

  private static func zeros(
    _ arguments: Arguments, _ scheme: Quantizer, dtype given: DType? = nil
  ) throws -> Tensor {
    let dtype = try arguments.dtype("dtype") ?? given ?? .float32
    guard dtype.isQuantized else {
      throw MartletError(
        .dtype,
        "Creation of quantized tensor requires quantized dtype like torch.quint8, got \(dtype)")
    }
    let sizes = try arguments.ints("size")
    let result = try Tensor.allocate(
      sizes, dtype, quantizer: scheme, meta: try Device(arguments["device"]) == .meta)
    return result.isMeta
      ? result : try Tensor.filled(sizes, .float32, with: 0).quantized(as: dtype, by: scheme)
  }

  private static func dtype(_ arguments: Arguments) throws -> DType {
    guard let dtype = try arguments.dtype("dtype"), dtype.isQuantized else {
      throw MartletError(
        .dtype, "expected quint8, qint8 or qint32 for 'dtype', got \(arguments["dtype"].summary)")
    }
    return dtype
  }

  private static func quantized(_ arguments: Arguments, by scheme: Quantizer) throws -> Tensor {
    try arguments.tensor("self").quantized(as: try dtype(arguments), by: scheme)
  }

  private static func dequantized(_ value: Value) throws -> Value {
    try value.mapTensors { try $0.dequantized() }
  }

  private static func channelScheme(_ arguments: Arguments) throws -> Quantizer {
    let x = try arguments.tensor("self")
    guard let quantizer = x.quantizer, quantizer.axis != nil else {
      throw MartletError(
        .dtype, "\(arguments.schema.name) expects a tensor with a scale for each channel")
    }
    return quantizer
  }

  static func expectedQuantized(_ name: String, _ x: Tensor) -> MartletError {
    MartletError(.dtype, "\(name) expects a quantised tensor, got \(x.dtype)")
  }
}
