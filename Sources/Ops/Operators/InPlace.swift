import MartletTensor

/// Operators that change their first argument, made from those that give a new tensor.
///
/// Models in Swift do not call them: a Swift tensor is a value. Archives do.
package enum InPlace {
  package static let mutating: [Operator] =
    elementwise.map { inPlace($0) } + writing.map { inPlace($0) }
    + (products + random).map { inPlace($0) } + renamed.map { inPlace($0.functional, $0.schema) }
    + metadata.map { Operator(metadataInPlaceOf: functional($0), schema: nil) }
    + [
      transposeInPlace, floatPowerScalar, floatPowerTensor, copy, fillDiagonal, resize, resizeAs,
    ]

  private static func functional(_ name: String) -> Operator {
    guard let found = Catalog.functional(named: "aten::" + name) else {
      preconditionFailure("no operator aten::\(name)")
    }
    return found
  }

  private static func inPlace(_ name: String, _ schema: String? = nil) -> Operator {
    Operator(inPlaceOf: functional(name), schema: schema)
  }

  private static let elementwise = names(
    """
    abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh
    bitwise_not ceil conj_physical cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 fix
    floor frac i0 lgamma log log10 log1p log2 logical_not logit nan_to_num neg negative rad2deg
    reciprocal round round.decimals rsqrt sgn sigmoid sign sin sinc sinh sqrt square tan tanh trunc
    celu elu gelu hardsigmoid hardswish hardtanh leaky_relu mish relu relu6 rrelu selu silu
    threshold
    clamp clamp.Tensor clamp_max clamp_max.Tensor clamp_min clamp_min.Tensor clip clip.Tensor
    add.Scalar add.Tensor sub.Scalar sub.Tensor subtract.Scalar subtract.Tensor mul.Scalar
    mul.Tensor multiply.Scalar multiply.Tensor div.Scalar div.Scalar_mode div.Tensor
    div.Tensor_mode divide.Scalar divide.Scalar_mode divide.Tensor divide.Tensor_mode
    true_divide.Scalar true_divide.Tensor floor_divide.Scalar fmod.Scalar fmod.Tensor
    remainder.Scalar remainder.Tensor addcdiv addcmul lerp.Scalar lerp.Tensor
    arctan2 atan2 copysign.Scalar copysign.Tensor gcd heaviside hypot lcm nextafter
    xlogy.Scalar_Other xlogy.Tensor
    bitwise_and.Scalar bitwise_and.Tensor bitwise_or.Scalar bitwise_or.Tensor bitwise_xor.Scalar
    bitwise_xor.Tensor bitwise_left_shift.Tensor bitwise_left_shift.Tensor_Scalar
    bitwise_right_shift.Tensor bitwise_right_shift.Tensor_Scalar logical_and logical_or logical_xor
    eq.Scalar eq.Tensor ne.Scalar ne.Tensor not_equal.Scalar not_equal.Tensor
    lt.Scalar lt.Tensor less.Scalar less.Tensor le.Scalar le.Tensor less_equal.Scalar
    less_equal.Tensor gt.Scalar gt.Tensor greater.Scalar greater.Tensor ge.Scalar ge.Tensor
    greater_equal.Scalar greater_equal.Tensor
    """)

  private static let writing = names(
    """
    cumprod cumsum fill.Scalar fill.Tensor index_add index_copy index_fill.int_Scalar
    index_fill.int_Tensor index_put index_put.hacked_twin index_reduce masked_fill.Scalar
    masked_fill.Tensor masked_scatter put scatter.reduce scatter.src scatter.value
    scatter.value_reduce scatter_add scatter_reduce.two tril triu zero
    """)

  private static let products = names(
    "_add_relu.Scalar _add_relu.Tensor addbmm addmm addmv addr baddbmm renorm")

  private static let random = names(
    """
    bernoulli.Tensor cauchy exponential geometric log_normal random random.from random.to uniform
    """)

  /// Where the name, the overload or an argument is another.
  private static let renamed: [(functional: String, schema: String)] = [
    ("alpha_dropout", "aten::alpha_dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)"),
    ("dropout", "aten::dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)"),
    (
      "feature_alpha_dropout",
      "aten::feature_alpha_dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)"
    ),
    (
      "feature_dropout",
      "aten::feature_dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)"
    ),
    ("ldexp.Tensor", "aten::ldexp_(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    ("pow.Tensor_Scalar", "aten::pow_.Scalar(Tensor(a!) self, Scalar exponent) -> Tensor(a!)"),
    ("pow.Tensor_Tensor", "aten::pow_.Tensor(Tensor(a!) self, Tensor exponent) -> Tensor(a!)"),
    ("floor_divide", "aten::floor_divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    (
      "index_put",
      "aten::_index_put_impl_(Tensor(a!) self, Tensor?[] indices, Tensor values, "
        + "bool accumulate=False, bool unsafe=False) -> Tensor(a!)"
    ),
    (
      "index_put.hacked_twin",
      "aten::_index_put_impl_.hacked_twin(Tensor(a!) self, Tensor[] indices, Tensor values, "
        + "bool accumulate=False, bool unsafe=False) -> Tensor(a!)"
    ),
    (
      "bernoulli.p",
      "aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None)"
        + " -> Tensor(a!)"
    ),
    (
      "normal_functional",
      "aten::normal_(Tensor(a!) self, float mean=0., float std=1., *, "
        + "Generator? generator=None) -> Tensor(a!)"
    ),
    ("__and__.Tensor", "aten::__iand__.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    ("__and__.Scalar", "aten::__iand__.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)"),
    ("__or__.Tensor", "aten::__ior__.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    ("__or__.Scalar", "aten::__ior__.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)"),
    ("__xor__.Tensor", "aten::__ixor__.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    ("__xor__.Scalar", "aten::__ixor__.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)"),
    ("__lshift__.Tensor", "aten::__ilshift__.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    ("__lshift__.Scalar", "aten::__ilshift__.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)"),
    ("__rshift__.Tensor", "aten::__irshift__.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)"),
    ("__rshift__.Scalar", "aten::__irshift__.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)"),
  ]

  /// These change a tensor's shape, not its elements.
  private static let metadata = names(
    "as_strided detach squeeze squeeze.dim squeeze.dims swapaxes swapdims t unsqueeze")

  static let transposeInPlace = Operator(
    metadataInPlaceOf: functional("transpose.int"),
    schema: "aten::transpose_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)")

  static let floatPowerScalar = Operator(
    inPlaceOf: functional("float_power.Tensor_Scalar"),
    schema: "aten::float_power_.Scalar(Tensor(a!) self, Scalar exponent) -> Tensor(a!)",
    exactDType: true)
  static let floatPowerTensor = Operator(
    inPlaceOf: functional("float_power.Tensor_Tensor"),
    schema: "aten::float_power_.Tensor(Tensor(a!) self, Tensor exponent) -> Tensor(a!)",
    exactDType: true)

  private static func names(_ list: String) -> [String] {
    list.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
