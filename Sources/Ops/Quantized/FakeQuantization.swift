import MartletTensor

/// Float32 values moved to the nearest ones that a scheme knows
/// (`torch.fake_quantize_per_tensor_affine`).
enum FakeQuantization {
  package static let operators: [Operator] = [
    perTensor, perTensorByTensors, perTensorWithMask, perTensorByTensorsWithMask, perChannel,
    perChannelWithMask,
  ]

  static let perTensor = Operator(
    "aten::fake_quantize_per_tensor_affine(Tensor self, float scale, int zero_point, "
      + "int quant_min, int quant_max) -> Tensor",
    kernel(count: 1) { [try Grid($0, $0.double("scale"), Double($0.int("zero_point")))] })

  static let perTensorWithMask = Operator(
    "aten::fake_quantize_per_tensor_affine_cachemask(Tensor self, float scale, int zero_point, "
      + "int quant_min, int quant_max) -> (Tensor output, Tensor mask)",
    kernel(count: 2) { [try Grid($0, $0.double("scale"), Double($0.int("zero_point")))] })

  static let perTensorByTensors = Operator(
    "aten::fake_quantize_per_tensor_affine.tensor_qparams(Tensor self, Tensor scale, "
      + "Tensor zero_point, int quant_min, int quant_max) -> Tensor",
    kernel(count: 1) { try grids($0) })

  /// The tensor itself where `fake_quant_enabled` is zero.
  static let perTensorByTensorsWithMask = Operator(
    "aten::_fake_quantize_per_tensor_affine_cachemask_tensor_qparams(Tensor self, Tensor scale, "
      + "Tensor zero_point, Tensor fake_quant_enabled, int quant_min, int quant_max) "
      + "-> (Tensor output, Tensor mask)",
    kernel(count: 2) { arguments in
      try arguments.tensor("fake_quant_enabled").scalar(as: Int64.self) == 0
        ? [] : try grids(arguments)
    })

  static let perChannel = Operator(
    "aten::fake_quantize_per_channel_affine(Tensor self, Tensor scale, Tensor zero_point, "
      + "int axis, int quant_min, int quant_max) -> Tensor",
    kernel(count: 1) { try grids($0) })

  static let perChannelWithMask = Operator(
    "aten::fake_quantize_per_channel_affine_cachemask(Tensor self, Tensor scale, "
      + "Tensor zero_point, int axis, int quant_min, int quant_max) "
      + "-> (Tensor output, Tensor mask)",
    kernel(count: 2) { try grids($0) })

  /// The numbers that one scale and zero point can stand for.
  private struct Grid {
    let scale, inverse, zeroPoint, least, largest: Float

    init(_ arguments: Arguments, _ scale: Double, _ zeroPoint: Double) throws {
      self.scale = Float(scale)
      inverse = 1 / self.scale
      self.zeroPoint = Float(zeroPoint)
      least = Float(try arguments.int("quant_min"))
      largest = Float(try arguments.int("quant_max"))
    }

    func position(_ value: Float) -> Float {
      zeroPoint + (value * inverse).rounded(.toNearestOrEven)
    }

    func nearest(_ value: Float) -> Float {
      (min(max(position(value), least), largest) - zeroPoint) * scale
    }

    func holds(_ value: Float) -> Bool {
      let position = position(value)
      return position >= least && position <= largest
    }
  }

  private static func grids(_ arguments: Arguments) throws -> [Grid] {
    let scales = try arguments.tensor("scale").converted(to: .float64).elements(as: Double.self)
    let points = try arguments.tensor("zero_point").converted(to: .float64)
      .elements(as: Double.self)
    guard scales.count == points.count else {
      throw MartletError(
        .shape,
        "scale and zero-point need to have the same dimensions, got \(scales.count) and "
          + "\(points.count)")
    }
    return try zip(scales, points).map { try Grid(arguments, $0, $1) }
  }

  private static func kernel(
    count: Int, _ grids: @escaping @Sendable (Arguments) throws -> [Grid]
  ) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dtype.isFloatingPoint else {
          throw MartletError(
            .dtype, "fake quantization takes floating-point tensors, got \(x.dtype)")
        }
        let (low, high) = (try arguments.int("quant_min"), try arguments.int("quant_max"))
        guard low <= high else {
          throw MartletError(.argument, "`quant_min` should be less than or equal to `quant_max`.")
        }
        if arguments.has("axis") {
          let (axis, scales) = (try arguments.int("axis"), try arguments.tensor("scale"))
          guard (0..<max(x.dim, 1)).contains(axis) else {
            throw MartletError(.index, "`axis` must be between 0 and number of dimensions of input")
          }
          guard scales.dim == 1, scales.count == x.sizes[axis] else {
            throw MartletError(
              .shape, "dimensions of scale and zero-point are not consistent with input tensor")
          }
        } else if arguments.has("fake_quant_enabled") == false,
          case .tensor(let point) =
            arguments["zero_point"], point.isMeta == false, point.count == 1
        {
          try check(try point.scalar(as: Double.self), low, high)
        } else if case .int(let point) = arguments["zero_point"] {
          try check(Double(point.number), low, high)
        }
        let result = TensorSpec(x.sizes, x.dtype)
        return count == 2 ? [result, TensorSpec(x.sizes, .bool)] : [result]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let grids = try grids(arguments)
        let axis = arguments.has("axis") ? try arguments.int("axis") : x.dim
        let inner = x.sizes.dropFirst(axis + 1).reduce(1, *)
        let isMasked = results.count == 2
        var mask: [Bool] = []
        try x.withElements(as: Float.self) { from in
          if isMasked { mask.reserveCapacity(from.count) }
          try results[0].fill(as: Float.self) { to in
            for i in from.indices {
              guard !grids.isEmpty else {
                to[i] = from[i]
                if isMasked { mask.append(true) }
                continue
              }
              let grid = grids[grids.count == 1 ? 0 : i / inner % grids.count]
              to[i] = grid.nearest(from[i])
              if isMasked { mask.append(grid.holds(from[i])) }
            }
          }
        }
        if isMasked {
          try results[1].writeUnshared(as: Bool.self) { to in
            for i in mask.indices { to[i] = mask[i] }
          }
        }
      })
  }

  private static func check(_ zeroPoint: Double, _ low: Int, _ high: Int) throws {
    guard zeroPoint >= Double(low), zeroPoint <= Double(high) else {
      throw MartletError(
        .argument, "`zero_point` must be between `quant_min` and `quant_max`.")
    }
  }
}
