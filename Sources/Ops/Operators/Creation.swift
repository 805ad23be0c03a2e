import MartletTensor

/// New tensors of given sizes: constants, and what is empty is zero.
package enum Creation {
  package static let operators: [Operator] = [
    zeros, ones, full, empty, emptyStrided, zerosLike, onesLike, fullLike, emptyLike, newZeros,
    newOnes, newFull, newEmpty, newEmptyStrided, scalarTensor, tensorInt, tensorFloat, tensorBool,
    tensorComplex, tensorList, shapeAsTensor,
  ]

  package static let names = Set(operators.map(\.name))

  /// What follows the sizes in the schema of whatever makes tensors.
  static let options =
    ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
    + "bool? pin_memory=None) -> Tensor"
  private static let optionsAndFormat =
    ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
    + "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"

  static let zeros = constant("aten::zeros(SymInt[] size" + options, 0)
  static let ones = constant("aten::ones(SymInt[] size" + options, 1)
  static let empty = constant("aten::empty.memory_format(SymInt[] size" + optionsAndFormat, 0)
  static let emptyStrided = constant(
    "aten::empty_strided(SymInt[] size, SymInt[] stride" + options, 0)
  static let newZeros = constant("aten::new_zeros(Tensor self, SymInt[] size" + options, 0)
  static let newOnes = constant("aten::new_ones(Tensor self, SymInt[] size" + options, 1)
  static let newEmpty = constant("aten::new_empty(Tensor self, SymInt[] size" + options, 0)
  static let newEmptyStrided = constant(
    "aten::new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride" + options, 0)
  static let zerosLike = constant("aten::zeros_like(Tensor self" + optionsAndFormat, 0)
  static let onesLike = constant("aten::ones_like(Tensor self" + optionsAndFormat, 1)
  static let emptyLike = constant("aten::empty_like(Tensor self" + optionsAndFormat, 0)

  static let full = filled("aten::full(SymInt[] size, Scalar fill_value" + options)
  static let fullLike = filled(
    "aten::full_like(Tensor self, Scalar fill_value" + optionsAndFormat)
  static let newFull = filled(
    "aten::new_full(Tensor self, SymInt[] size, Scalar fill_value" + options)

  static let scalarTensor = Operator(
    "aten::scalar_tensor(Scalar s" + options, takesComplex: true,
    .kernel(
      infer: { [TensorSpec([], try dtype($0, default: .float32))] },
      compute: { try $1[0].write(try $0.scalar("s")) }))

  private static func constant(_ schema: String, _ value: Int) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { [TensorSpec(try sizes($0), try dtype($0, default: .float32))] },
        compute: { try $1[0].write(.int(value)) }))
  }

  private static func filled(_ schema: String) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let value = try arguments.scalar("fill_value")
          let dtype = try dtype(arguments, default: resultType([.scalar(value)]))
          try value.checkFits(dtype)
          return [TensorSpec(try sizes(arguments), dtype)]
        },
        compute: { try $1[0].write(try $0.scalar("fill_value")) }))
  }

  /// The argument `size`, or the sizes of `self`.
  private static func sizes(_ arguments: Arguments) throws -> [Int] {
    guard arguments.has("size") else { return try arguments.tensor("self").sizes }
    let sizes = try arguments.ints("size")
    guard !sizes.contains(where: { $0 < 0 }) else {
      throw MartletError(.shape, "a size cannot be negative, got \(sizes)")
    }
    if arguments.has("stride"), try arguments.ints("stride").count != sizes.count {
      throw MartletError(
        .shape, "sizes \(sizes) and strides \(try arguments.ints("stride")) differ in length")
    }
    return sizes
  }

  /// The argument `dtype`, or that of `self`, or the default; the device must be one there is.
  static func dtype(_ arguments: Arguments, default usual: DType) throws -> DType {
    _ = try Device(arguments["device"])
    if let dtype = try arguments.dtype("dtype") { return dtype }
    return arguments.has("self") ? try arguments.tensor("self").dtype : usual
  }

  // Literals of TorchScript code.
  private static let literalOptions =
    ", *, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor"
  static let tensorInt = literal("aten::tensor.int(int t" + literalOptions)
  static let tensorFloat = literal("aten::tensor.float(float t" + literalOptions)
  static let tensorBool = literal("aten::tensor.bool(bool t" + literalOptions)
  static let tensorComplex = literal("aten::tensor.complex(complex t" + literalOptions)
  static let tensorList = literal("aten::tensor(t[] data" + literalOptions)

  private static func literal(_ schema: String) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let data = arguments.values[0]
          let numbers = try leaves(data)
          let usual = numbers.isEmpty ? .float32 : resultType(numbers.map { .scalar($0) })
          return [TensorSpec(try extents(data), try dtype(arguments, default: usual))]
        },
        compute: { arguments, results in
          let numbers = try leaves(arguments.values[0])
          let whole = !numbers.contains { $0.isFloatingPoint }
          if numbers.contains(where: \.isComplex) {
            return try Tensor(numbers.map(\.complex), shape: results[0].sizes)
              .convert(into: results[0])
          }
          let wide =
            whole
            ? try Tensor(numbers.map(\.int64), shape: results[0].sizes)
            : try Tensor(numbers.map(\.double), shape: results[0].sizes)
          try wide.convert(into: results[0])
        }))
  }

  private static func leaves(_ value: Value) throws -> [Scalar] {
    if case .list(let items) = value { return try items.flatMap(leaves) }
    return [try Scalar(value)]
  }

  /// The sizes of nested lists, which must be even.
  private static func extents(_ value: Value) throws -> [Int] {
    guard case .list(let items) = value else { return [] }
    let inner = try items.map(extents)
    guard inner.allSatisfy({ $0 == inner[0] }) else {
      throw MartletError(.shape, "expected sequences of equal length, got \(value.summary)")
    }
    return [items.count] + (inner.first ?? [])
  }

  /// The sizes as a tensor.
  static let shapeAsTensor = Operator(
    "aten::_shape_as_tensor(Tensor self) -> Tensor",
    .scalar { [.tensor(try Tensor(try $0.tensor("self").sizes.map { Int64($0) }))] })
}

extension Arguments {
  /// Whether the schema names such an argument.
  func has(_ name: String) -> Bool { schema.arguments.contains { $0.name == name } }
}
