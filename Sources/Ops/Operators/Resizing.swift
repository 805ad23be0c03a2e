import MartletTensor

/// Images made larger or smaller: `[N, C, …]` with one, two or three spatial axes.
///
/// The `.vec` overloads, which `F.interpolate` records, take a size or factors; the others take a
/// size and, optionally, the factors that gave it.
package enum Resizing {
  package static let operators: [Operator] =
    Array(sized.values) + Array(scaled.values) + antialiased

  enum Method: String, Sendable {
    case nearest, exact, linear, cubic
    /// With a filter as wide as the result's elements where it shrinks.
    case smoothLinear, smoothCubic, smoothLanczos
  }

  static let antialiased: [Operator] = [
    make(
      "aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .smoothLinear, 2),
    make(
      "aten::_upsample_bilinear2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .smoothLinear, 2),
    make(
      "aten::_upsample_bicubic2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .smoothCubic, 2),
    make(
      "aten::_upsample_bicubic2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .smoothCubic, 2),
    make(
      "aten::_upsample_lanczos2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .smoothLanczos, 2),
    make(
      "aten::_upsample_lanczos2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .smoothLanczos, 2),
  ]

  /// A method for a number of axes.
  struct Kind: Sendable, Hashable {
    let method: Method
    let axes: Int
  }

  static let sized: [Kind: Operator] = [
    Kind(method: .nearest, axes: 1): make(
      "aten::upsample_nearest1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor",
      .nearest, 1),
    Kind(method: .nearest, axes: 2): make(
      "aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, "
        + "float? scales_w=None) -> Tensor", .nearest, 2),
    Kind(method: .nearest, axes: 3): make(
      "aten::upsample_nearest3d(Tensor self, SymInt[3] output_size, float? scales_d=None, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .nearest, 3),
    Kind(method: .exact, axes: 1): make(
      "aten::_upsample_nearest_exact1d(Tensor self, SymInt[1] output_size, float? scales=None) "
        + "-> Tensor", .exact, 1),
    Kind(method: .exact, axes: 2): make(
      "aten::_upsample_nearest_exact2d(Tensor self, SymInt[2] output_size, float? scales_h=None, "
        + "float? scales_w=None) -> Tensor", .exact, 2),
    Kind(method: .exact, axes: 3): make(
      "aten::_upsample_nearest_exact3d(Tensor self, SymInt[3] output_size, float? scales_d=None, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .exact, 3),
    Kind(method: .linear, axes: 1): make(
      "aten::upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, "
        + "float? scales=None) -> Tensor", .linear, 1),
    Kind(method: .linear, axes: 2): make(
      "aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .linear, 2),
    Kind(method: .linear, axes: 3): make(
      "aten::upsample_trilinear3d(Tensor self, SymInt[3] output_size, bool align_corners, "
        + "float? scales_d=None, float? scales_h=None, float? scales_w=None) -> Tensor",
      .linear, 3),
    Kind(method: .cubic, axes: 2): make(
      "aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, "
        + "float? scales_h=None, float? scales_w=None) -> Tensor", .cubic, 2),
  ]

  static let scaled: [Kind: Operator] = [
    Kind(method: .nearest, axes: 1): make(
      "aten::upsample_nearest1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) "
        + "-> Tensor", .nearest, 1),
    Kind(method: .nearest, axes: 2): make(
      "aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) "
        + "-> Tensor", .nearest, 2),
    Kind(method: .nearest, axes: 3): make(
      "aten::upsample_nearest3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) "
        + "-> Tensor", .nearest, 3),
    Kind(method: .exact, axes: 1): make(
      "aten::_upsample_nearest_exact1d.vec(Tensor input, SymInt[]? output_size, "
        + "float[]? scale_factors) -> Tensor", .exact, 1),
    Kind(method: .exact, axes: 2): make(
      "aten::_upsample_nearest_exact2d.vec(Tensor input, SymInt[]? output_size, "
        + "float[]? scale_factors) -> Tensor", .exact, 2),
    Kind(method: .exact, axes: 3): make(
      "aten::_upsample_nearest_exact3d.vec(Tensor input, SymInt[]? output_size, "
        + "float[]? scale_factors) -> Tensor", .exact, 3),
    Kind(method: .linear, axes: 1): make(
      "aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .linear, 1),
    Kind(method: .linear, axes: 2): make(
      "aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .linear, 2),
    Kind(method: .linear, axes: 3): make(
      "aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .linear, 3),
    Kind(method: .cubic, axes: 2): make(
      "aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, "
        + "float[]? scale_factors) -> Tensor", .cubic, 2),
  ]

  private static func make(_ schema: String, _ method: Method, _ axes: Int) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let call = try Call(arguments, method, axes)
          return [TensorSpec(call.input.sizes.prefix(2) + call.size, call.input.dtype)]
        },
        compute: { arguments, results in
          if results[0].count == 0 { return }
          let call = try Call(arguments, method, axes)
          if results[0].dtype == .float64 {
            try resize(Double.self, call.input, call.resizeAxes(Double.self), into: results[0])
          } else {
            try resize(Float.self, call.input, call.resizeAxes(Float.self), into: results[0])
          }
        }))
  }
}

extension Resizing {
  /// The arguments of either overload, checked.
  struct Call {
    let input: Tensor
    let size: [Int]
    /// For each axis the factor that the caller gave.
    let scales: [Double?]
    let method: Method
    let alignCorners: Bool

    init(_ arguments: Arguments, _ method: Method, _ axes: Int) throws {
      self.method = method
      let isScaled = arguments.schema.overload == "vec"
      input = try arguments.tensor(isScaled ? "input" : "self")
      let takesCorners = method != .nearest && method != .exact
      alignCorners = takesCorners ? try arguments.bool("align_corners") : false
      guard input.dim == axes + 2 else {
        throw MartletError(
          .shape,
          "expected a \(axes + 2)D input [N, C, …] to resize \(axes) axes, got \(input.sizes)")
      }
      let spatial = Array(input.sizes.suffix(axes))
      if isScaled {
        (size, scales) = try Self.readScaled(arguments, spatial)
      } else {
        size = try arguments.ints("output_size")
        let names =
          axes == 1 ? ["scales"] : Array(["scales_d", "scales_h", "scales_w"].suffix(axes))
        scales = try names.map { try arguments.optionalDouble($0) }
      }
      guard size.count == axes else {
        throw MartletError(
          .argument, "it is expected output_size equals to \(axes), but got size \(size.count)")
      }
      guard size.allSatisfy({ $0 > 0 }), !spatial.contains(0), input.sizes[1] > 0 else {
        throw MartletError(
          .shape,
          "input and output sizes should be greater than 0, but got input \(input.sizes) and "
            + "output \(size)")
      }
      // Bytes are mixed with the rounding of PyTorch's vector code only when they are copied.
      if takesCorners || input.dtype != .uint8 {
        try input.dtype.requireFloating("upsample_\(method.rawValue)\(axes)d")
      }
    }

    private static func readScaled(_ arguments: Arguments, _ spatial: [Int]) throws -> (
      [Int], [Double?]
    ) {
      let factors = try [Double]?(arguments["scale_factors"])
      if let size = try arguments.optionalInts("output_size") {
        guard factors == nil else {
          throw MartletError(.argument, "must specify exactly one of output_size and scale_factors")
        }
        return (size, size.map { _ in nil })
      }
      guard let factors else {
        throw MartletError(.argument, "must specify exactly one of output_size and scale_factors")
      }
      guard factors.count == spatial.count else {
        throw MartletError(
          .argument, "expected \(spatial.count) scale factors, got \(factors)")
      }
      let size = zip(spatial, factors).map { Int(Int64(saturating: Double($0) * $1)) }
      return (size, factors)
    }

    func resizeAxes<T: RealElement>(_ type: T.Type) -> [ResizeAxis] {
      let axes = size.count
      return (0..<axes).map { d in
        let source = input.sizes[d + 2]
        return switch method {
        case .nearest, .exact:
          .nearest(source, size[d], scale: scales[d], exact: method == .exact)
        case .linear:
          .linear(type, source, size[d], scale: scales[d], alignCorners: alignCorners)
        case .cubic:
          .cubic(type, source, size[d], scale: scales[d], alignCorners: alignCorners)
        case .smoothLinear, .smoothCubic, .smoothLanczos:
          .antialiased(
            type, source, size[d], scale: scales[d], alignCorners: alignCorners,
            filter: method == .smoothLinear
              ? .triangle : method == .smoothCubic ? .cubic : .lanczos)
        }
      }
    }
  }
}
