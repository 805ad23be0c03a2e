import MartletTensor

/// What scripted models ask of a tensor, a type or the system besides values and sizes.
package enum TensorFacts {
  package static let operators: [Operator] =
    [
      isCPU, isMeta, requiresGradInPlace, itemSize, byteCount, data, name, grad, deviceWithIndex,
      isNonzero, isContiguous, isContiguousFormat, isSameSize, isSigned, elementSize,
      storageOffset, canCast, promoteTypes, resultTypeScalars, resultTypeTensors,
      resultTypeScalar, resultTypeScalarTensor, absolute,
    ] + constants

  // A plan is made with placeholders, which stand for tensors in memory.
  static let isCPU = fact("prim::is_cpu(Tensor a) -> bool") { _ in true }
  static let isMeta = fact("prim::is_meta(Tensor a) -> bool") { _ in false }
  static let itemSize = fact("prim::itemsize(Tensor a) -> int") { .int(Dim($0.dtype.byteCount)) }
  static let byteCount = fact("prim::nbytes(Tensor a) -> int") {
    .int(Dim($0.layout.count * $0.dtype.byteCount))
  }
  static let name = fact("prim::name(Tensor a) -> str?") { _ in nil }
  static let isSigned = fact("aten::is_signed(Tensor self) -> bool") { .bool($0.dtype.isSigned) }
  static let elementSize = fact("aten::element_size(Tensor self) -> int") {
    .int(Dim($0.dtype.byteCount))
  }
  static let storageOffset = fact("aten::storage_offset(Tensor self) -> int") {
    .int(Dim($0.layout.offset))
  }
  static let isContiguous = fact("aten::is_contiguous(Tensor self) -> bool") {
    .bool($0.isContiguous)
  }

  static let isContiguousFormat = Operator(
    "aten::is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool",
    .scalar { arguments in
      let x = try arguments.tensor("self")
      switch try arguments.int("memory_format") {
      case 2 where x.dim == 4: return [.bool(x.permutedView([0, 2, 3, 1]).isContiguous)]
      case 3 where x.dim == 5: return [.bool(x.permutedView([0, 2, 3, 4, 1]).isContiguous)]
      case 2, 3: return [false]
      default: return [.bool(x.isContiguous)]
      }
    })

  private static func fact(
    _ schema: String, _ body: @escaping @Sendable (Tensor) -> Value
  ) -> Operator {
    Operator(schema, .scalar { [body(try Tensor($0.values[0]))] })
  }

  static let data = Operator(
    "prim::data(Tensor(a) a) -> Tensor(a)", .view { [.tensor(try $0.tensor("a"))] })
  static let grad = Operator("prim::grad(Tensor a) -> Tensor(*)", .scalar { _ in [.none] })
  static let requiresGradInPlace = Operator(
    "aten::requires_grad_(Tensor(a!) self, bool requires_grad=True) -> Tensor(a!)",
    .view { [.tensor(try $0.tensor("self"))] })
  static let absolute = Operator(
    "prim::abs(Tensor x) -> Tensor", .composite { [.tensor(try Rounding.abs($0["x"]))] })

  static let deviceWithIndex = Operator(
    "aten::device.with_index(str type, int index) -> Device",
    .scalar { [.device("\(try $0.string("type")):\(try $0.int("index"))")] })

  static let isNonzero = Operator(
    "aten::is_nonzero(Tensor self) -> bool",
    .dataDependent { arguments in
      let x = try arguments.tensor("self")
      guard x.count == 1 else {
        throw MartletError(
          .value, "Boolean value of Tensor with \(x.count) values is ambiguous")
      }
      return [.bool(try x.scalar(as: Bool.self))]
    })
  static let isSameSize = Operator(
    "aten::is_same_size(Tensor self, Tensor other) -> bool",
    .scalar { [.bool(try $0.tensor("self").sizes == $0.tensor("other").sizes)] })

  static let canCast = Operator(
    "aten::can_cast(ScalarType from_, ScalarType to) -> bool",
    .scalar { [.bool(try type($0, "from_").isCastable(to: type($0, "to")))] })
  static let promoteTypes = Operator(
    "aten::promote_types(ScalarType type1, ScalarType type2) -> ScalarType",
    .scalar { [DType.promote(try type($0, "type1"), try type($0, "type2")).value] })
  static let resultTypeTensors = result("Tensor", "(Tensor tensor, Tensor other)")
  static let resultTypeScalar = result("Scalar", "(Tensor tensor, Scalar other)")
  static let resultTypeScalarTensor = result("Scalar_Tensor", "(Scalar scalar, Tensor tensor)")
  static let resultTypeScalars = result("Scalar_Scalar", "(Scalar scalar1, Scalar scalar2)")

  private static func result(_ overload: String, _ parameters: String) -> Operator {
    Operator(
      "aten::result_type." + overload + parameters + " -> ScalarType",
      .scalar { arguments in
        [
          resultType(
            try arguments.values.map {
              if case .tensor(let tensor) = $0 { return .tensor(tensor) }
              return .scalar(try Scalar($0))
            }
          ).value
        ]
      })
  }

  private static func type(_ arguments: Arguments, _ name: String) throws -> DType {
    guard let dtype = try arguments.dtype(name) else {
      throw MartletError(.argument, "expected a dtype for '\(name)', got None")
    }
    return dtype
  }

  // How things are where archives run here: no gradients, no tracing, no other devices.
  static let constants: [Operator] = [
    ("aten::is_autocast_cpu_enabled() -> bool", false),
    ("aten::is_vulkan_available() -> bool", false), ("aten::_nnpack_available() -> bool", false),
    ("aten::_use_cudnn_rnn_flatten_weight() -> bool", false),
    ("aten::has_torch_function(...) -> bool", false),
  ].map { schema, answer in Operator(schema, .scalar { _ in [.bool(answer)] }) }
}
