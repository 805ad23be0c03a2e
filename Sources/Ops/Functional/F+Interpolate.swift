import MartletTensor

/// How `F.interpolate` and `Upsample` find values between elements, by PyTorch's names.
public enum InterpolationMode: String, Sendable {
  case nearest, linear, bilinear, bicubic, trilinear, area
  case nearestExact = "nearest-exact"
}

extension F {
  /// Resizes the spatial axes of `[N, C, …]`.
  ///
  /// - Parameters:
  ///   - size: the spatial sizes, or nil where factors are given.
  ///   - scaleFactor: one factor for all axes, or one for each.
  ///   - alignCorners: for linear and cubic modes: the corner elements' centres stay in place.
  ///   - recomputeScaleFactor: compute with the ratio of the sizes instead of the given factors.
  /// - Throws: `MartletError` when sizes or numbers do not fit, or the mode does not suit the
  ///   number of axes.
  public static func interpolate(
    _ input: Tensor, size: (any PerAxis)? = nil, scaleFactor: [Double]? = nil,
    mode: InterpolationMode = .nearest, alignCorners: Bool? = nil,
    recomputeScaleFactor: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    let axes = input.dim - 2
    guard axes >= 1, axes <= 3 else {
      throw MartletError(
        .shape, "interpolate expects [N, C, …] with 1 to 3 spatial axes, got \(input.sizes)")
    }
    guard (size == nil) != (scaleFactor == nil) else {
      throw MartletError(.argument, "only one of size or scaleFactor should be defined")
    }
    var sizeValue = size?.value(count: axes)
    var factors = scaleFactor.map { $0.count == 1 ? Array(repeating: $0[0], count: axes) : $0 }
    if let factors, factors.count != axes {
      throw MartletError(.argument, "scaleFactor must have 1 or \(axes) numbers, got \(factors)")
    }
    if let given = factors, recomputeScaleFactor || mode == .area {
      sizeValue = .list(
        (0..<axes).map { d in
          .int(Dim(Int(Int64(saturating: (Double(input.sizes[d + 2]) * given[d]).rounded(.down)))))
        })
      factors = nil
    }
    if alignCorners != nil, mode == .nearest || mode == .nearestExact || mode == .area {
      throw MartletError(
        .argument, "alignCorners can only be set with the linear and cubic modes, not \(mode)")
    }
    if mode == .area {
      return try AveragePooling.adaptive[axes - 1](.tensor(input), sizeValue ?? .none, at: location)
    }
    let (method, required): (Resizing.Method, Int) =
      switch mode {
      case .nearest: (.nearest, axes)
      case .nearestExact: (.exact, axes)
      case .linear: (.linear, 1)
      case .bilinear: (.linear, 2)
      case .trilinear: (.linear, 3)
      case .bicubic: (.cubic, 2)
      case .area: (.nearest, axes)
      }
    guard required == axes, let operation = Resizing.scaled[.init(method: method, axes: axes)]
    else {
      throw MartletError(
        .argument,
        "\(mode.rawValue) interpolation needs an input of \(required + 2) axes, got \(input.sizes)")
    }
    let (first, last) = (sizeValue ?? .none, factors.value)
    if method == .nearest || method == .exact {
      return try operation(.tensor(input), first, last, at: location)
    }
    return try operation(
      .tensor(input), first, .bool(alignCorners ?? false), last, at: location)
  }

  /// Resizes all spatial axes by one factor.
  ///
  /// - Throws: as the general function.
  public static func interpolate(
    _ input: Tensor, scaleFactor: Double, mode: InterpolationMode = .nearest,
    alignCorners: Bool? = nil, recomputeScaleFactor: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try interpolate(
      input, size: nil, scaleFactor: [scaleFactor], mode: mode, alignCorners: alignCorners,
      recomputeScaleFactor: recomputeScaleFactor, file: file, line: line)
  }
}
