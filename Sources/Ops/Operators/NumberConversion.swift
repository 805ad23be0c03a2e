import MartletTensor

/// Between tensors and numbers: sizes out of tensors, numbers into and out of them.
package enum NumberConversion {
  package static let operators: [Operator] = [
    sizeInt, size, strideInt, stride, dim, numel, lenTensor, isFloatingPoint, dtype, device,
    intTensor, intBool, intFloat, intScalar, floatTensor, floatScalar, floatInt, floatBool,
    boolTensor, boolInt, boolFloat, intImplicit, floatImplicit, scalarImplicit, item,
    numToTensor, numToTensorBool, not, range, isinfFloat, isnanFloat, isfiniteFloat,
  ]

  static let sizeInt = Operator(
    "aten::size.int(Tensor self, int dim) -> int",
    .scalar { arguments in
      let x = try arguments.tensor("self")
      return [.int(Dim(x.sizes[try axis(arguments, x)]))]
    })
  static let size = Operator(
    "aten::size(Tensor self) -> int[]",
    .scalar { [Shape(try $0.tensor("self").sizes).value] })
  static let strideInt = Operator(
    "aten::stride.int(Tensor self, int dim) -> int",
    .scalar { arguments in
      let x = try arguments.tensor("self")
      return [.int(Dim(x.strides[try axis(arguments, x)]))]
    })
  static let stride = Operator(
    "aten::stride(Tensor self) -> int[]",
    .scalar { [Shape(try $0.tensor("self").strides).value] })

  private static func axis(_ arguments: Arguments, _ x: Tensor) throws -> Int {
    guard x.dim > 0 else {
      throw MartletError(
        .index,
        "dimension specified as \(arguments["dim"].summary) but tensor has "
          + "no dimensions")
    }
    return try arguments.dim("dim", rank: x.dim)
  }

  static let dim = Operator(
    "aten::dim(Tensor self) -> int", .scalar { [.int(Dim(try $0.tensor("self").dim))] })
  static let numel = Operator(
    "aten::numel(Tensor self) -> int", .scalar { [.int(Dim(try $0.tensor("self").count))] })
  static let lenTensor = Operator(
    "aten::len.Tensor(Tensor t) -> int",
    .scalar { arguments in
      guard let first = try arguments.tensor("t").sizes.first else {
        throw MartletError(.shape, "len() of a 0-d tensor")
      }
      return [.int(Dim(first))]
    })
  static let isFloatingPoint = Operator(
    "aten::is_floating_point(Tensor self) -> bool",
    .scalar { [.bool(try $0.tensor("self").dtype.isFloatingPoint)] })
  static let dtype = Operator(
    "prim::dtype(Tensor a) -> int", .scalar { [try $0.tensor("a").dtype.value] })
  static let device = Operator(
    "prim::device(Tensor a) -> Device",
    .scalar { [.device(try $0.tensor("a").isMeta ? "meta" : "cpu")] })

  // A tensor of one element as a number.
  static let intTensor = Operator(
    "aten::Int.Tensor(Tensor a) -> int", takesComplex: true,
    .dataDependent { [.int(Dim(try whole($0.tensor("a"))))] })
  static let intBool = Operator(
    "aten::Int.bool(bool a) -> int", .scalar { [.int(Dim(try $0.bool("a") ? 1 : 0))] })
  static let intFloat = Operator(
    "aten::Int.float(float a) -> int",
    .scalar { [.int(Dim(Int(Int64(saturating: try $0.double("a")))))] })
  static let intScalar = Operator(
    "aten::Int.Scalar(Scalar a) -> int", .scalar { [.int(Dim(Int(try $0.scalar("a").int64)))] })
  static let floatTensor = Operator(
    "aten::Float.Tensor(Tensor a) -> float", takesComplex: true,
    .dataDependent { [.double(try $0.tensor("a").scalar(as: Double.self))] })
  static let floatScalar = Operator(
    "aten::Float.Scalar(Scalar a) -> float", .scalar { [.double(try $0.scalar("a").double)] })
  static let floatInt = Operator(
    "aten::Float.int(int a) -> float", .scalar { [.double(Double(try $0.int("a")))] })
  static let floatBool = Operator(
    "aten::Float.bool(bool a) -> float", .scalar { [.double(try $0.bool("a") ? 1 : 0)] })
  static let boolTensor = Operator(
    "aten::Bool.Tensor(Tensor a) -> bool", takesComplex: true,
    .dataDependent { [.bool(try $0.tensor("a").scalar(as: Bool.self))] })
  static let boolInt = Operator(
    "aten::Bool.int(int a) -> bool", .scalar { [.bool(try $0.int("a") != 0)] })
  static let boolFloat = Operator(
    "aten::Bool.float(float a) -> bool", .scalar { [.bool(try $0.double("a") != 0)] })
  static let intImplicit = Operator(
    "aten::IntImplicit(Tensor a) -> int",
    .dataDependent { arguments in
      [.int(Dim(try whole(implicit(arguments, wants: "an integer") { $0.isInteger })))]
    })
  static let floatImplicit = Operator(
    "aten::FloatImplicit(Tensor a) -> float",
    .dataDependent { arguments in
      let x = try implicit(arguments, wants: "any") { _ in true }
      return [.double(try x.scalar(as: Double.self))]
    })
  static let scalarImplicit = Operator(
    "aten::ScalarImplicit(Tensor a) -> Scalar",
    takesComplex: true, .dataDependent { [try number(implicit($0, wants: "any") { _ in true })] })
  static let item = Operator(
    "aten::item(Tensor self) -> Scalar", takesComplex: true,
    .dataDependent { [try number($0.tensor("self"))] })

  static let numToTensor = Operator(
    "prim::NumToTensor.Scalar(Scalar a) -> Tensor",
    .scalar { arguments in
      switch try arguments.scalar("a") {
      case .int(let value): [.tensor(try Tensor(scalar: Int64(value)))]
      case .double(let value): [.tensor(try Tensor(scalar: value))]
      case .bool(let value): [.tensor(try Tensor(scalar: value))]
      case .complex(let real, let imaginary):
        [.tensor(try Tensor(scalar: Complex(real, imaginary)))]
      }
    })
  static let numToTensorBool = Operator(
    "prim::NumToTensor.bool(bool a) -> Tensor",
    .scalar { [.tensor(try Tensor(scalar: try $0.bool("a")))] })

  static let not = Operator(
    "aten::__not__(bool self) -> bool", .scalar { [.bool(!(try $0.bool("self")))] })
  static let range = Operator(
    "aten::__range_length(int lo, int hi, int step) -> int",
    .scalar { arguments in
      let (low, high, step) = (
        try arguments.int("lo"), try arguments.int("hi"), try arguments.int("step")
      )
      guard step != 0 else { throw MartletError(.value, "range() arg 3 must not be zero") }
      let length =
        step > 0
        ? (low < high ? 1 &+ (high &- 1 &- low) / step : 0)
        : (low > high ? 1 &+ (low &- 1 &- high) / (0 &- step) : 0)
      return [.int(Dim(length))]
    })
  static let isinfFloat = Operator(
    "aten::isinf.float(float a) -> bool", .scalar { [.bool(try $0.double("a").isInfinite)] })
  static let isnanFloat = Operator(
    "aten::isnan.float(float a) -> bool", .scalar { [.bool(try $0.double("a").isNaN)] })
  static let isfiniteFloat = Operator(
    "aten::isfinite.float(float a) -> bool", .scalar { [.bool(try $0.double("a").isFinite)] })

  private static func whole(_ x: Tensor) throws -> Int { Int(try x.scalar(as: Int64.self)) }

  /// The one element as the number of its kind.
  private static func number(_ x: Tensor) throws -> Value {
    if x.dtype.isFloatingPoint { return .double(try x.scalar(as: Double.self)) }
    if x.dtype.isComplex { return try x.scalar(as: Complex<Double>.self).value }
    if x.dtype == .bool { return .bool(try x.scalar(as: Bool.self)) }
    return .int(Dim(try whole(x)))
  }

  /// Only a tensor without axes becomes a number by itself.
  private static func implicit(
    _ arguments: Arguments, wants kind: String, _ fits: (DType) -> Bool
  ) throws -> Tensor {
    let x = try arguments.tensor("a")
    guard x.dim == 0, fits(x.dtype) else {
      throw MartletError(
        .argument,
        "only \(kind) tensor of no dimensions can be converted to a number, got "
          + "\(x.dtype)\(x.sizes)")
    }
    return x
  }
}
