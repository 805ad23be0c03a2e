import MartletTensor

extension Operator {
  /// The operator that writes another one's result over its first argument: `aten::relu_` of
  /// `aten::relu`, `aten::add_.Tensor` of `aten::add.Tensor`.
  ///
  /// - Parameters:
  ///   - functional: gives the values; takes as many of the arguments as its schema has.
  ///   - schema: the schema, where it is not the functional one's with the name and the alias
  ///     marks changed.
  ///   - exactDType: whether the result must have the argument's dtype as it is.
  convenience init(
    inPlaceOf functional: Operator, schema: String? = nil, exactDType: Bool = false
  ) {
    self.init(
      schema ?? functional.inPlaceSignature, tolerance: functional.tolerance,
      isRandom: functional.isRandom, functional: functional,
      .mutating { arguments in
        let target = try Tensor(arguments.values[0])
        let given = Array(arguments.values.prefix(functional.schema.arguments.count))
        let results = try functional.evaluate(try Arguments(functional.schema, given))
        let result = try Tensor(results[0])
        guard !exactDType || result.dtype == target.dtype else {
          throw MartletError(
            .dtype,
            "the base given to \(functional.schema.name)_ has dtype \(target.dtype.formalName) but "
              + "the operation's result requires dtype \(result.dtype.formalName)")
        }
        try target.receive(result)
        return [arguments.values[0]]
      })
  }

  /// The operator that turns its first argument into another view of the same elements, as
  /// `aten::squeeze_`. A tensor is a value here: the result is the changed one, and the argument
  /// under its old name keeps its shape.
  convenience init(metadataInPlaceOf functional: Operator, schema: String? = nil) {
    guard case .view(let evaluate) = functional.body else {
      preconditionFailure("\(functional.name) is not a view")
    }
    self.init(
      schema ?? functional.inPlaceSignature, functional: functional,
      .view { arguments in
        try evaluate(
          try Arguments(
            functional.schema,
            Array(arguments.values.prefix(functional.schema.arguments.count))))
      })
  }
}

extension Operator {
  /// `aten::add_.Tensor(Tensor(a!) self, …) -> Tensor(a!)` for `aten::add.Tensor(Tensor self, …)`.
  fileprivate var inPlaceSignature: String {
    let rest = signature.utf8.dropFirst(name.utf8.count).prefix { $0 != UInt8(ascii: ">") }
      .dropLast(2)
    guard let space = rest.firstIndex(of: UInt8(ascii: " ")) else {
      preconditionFailure("\(name) has no first argument")
    }
    let base = baseName
    return base + "_" + name.dropFirst(base.count) + "(Tensor(a!) "
      + Substring(rest[rest.index(after: space)...]) + " -> Tensor(a!)"
  }
}

extension Tensor {
  /// Takes on an operator's result as in-place operators do: the elements change where they lie,
  /// so every tensor over the same storage sees it.
  ///
  /// - Throws: `MartletError` when the result has other sizes, a dtype that this one's does not
  ///   hold, or when elements share memory; `.value` for a file that is mapped read-only.
  package func receive(_ result: Tensor) throws {
    if result.storage === storage, result.layout == layout, result.dtype == dtype { return }
    guard result.dtype.isCastable(to: dtype) else {
      throw MartletError(
        .dtype,
        "result type \(result.dtype.formalName) can't be cast to the desired output type "
          + dtype.formalName)
    }
    guard result.sizes == sizes else {
      throw MartletError(
        .shape,
        "output with shape \(sizes) doesn't match the broadcast shape \(result.sizes)")
    }
    try checkWritable()
    if isMeta { return }
    guard !result.isMeta else {
      throw MartletError(.value, "a meta tensor has no values to write")
    }
    try assign(result)
  }

  /// - Throws: `MartletError` when elements of the tensor are the same one in memory.
  package func checkWritable() throws {
    guard !zip(sizes, strides).contains(where: { $0 > 1 && $1 == 0 }) || layout.count == 0 else {
      throw MartletError(
        .argument,
        "unsupported operation: more than one element of the written-to tensor refers to a "
          + "single memory location. Please clone() the tensor before performing the operation.")
    }
  }

  /// Writes the values, converted, over this tensor's elements where they lie. They may be
  /// elements of the same storage.
  ///
  /// - Throws: `MartletError` of kind `.value` for a file that is mapped read-only.
  package func assign(_ values: Tensor) throws {
    _ = try storage.writableBytes()
    var values = try values.fitting(self)
    if values.storage === storage {
      if values.layout == layout { return }
      values = try values.copied()
    }
    try overwrite(layout, with: values)
  }
}

extension Tensor {
  /// The values as another tensor's elements hold them: converted, or quantised by its scheme.
  ///
  /// - Throws: `MartletError` of kind `.dtype` for quantised values of another scheme.
  fileprivate func fitting(_ target: Tensor) throws -> Tensor {
    guard isQuantized || target.isQuantized else { return try converted(to: target.dtype) }
    if dtype == target.dtype, quantizer == target.quantizer { return self }
    guard dtype == .float32, let quantizer = target.quantizer else {
      throw MartletError(
        .dtype,
        "cannot write \(dtype) values over \(target.dtype) elements"
          + (dtype == target.dtype ? " of another scale or zero point" : ""))
    }
    return try quantized(as: target.dtype, by: quantizer)
  }
}

extension DType {
  /// Whether an operator's result may be stored as another dtype (`torch.can_cast`).
  package func isCastable(to target: DType) -> Bool {
    if isQuantized || target.isQuantized { return self == target }
    if isComplex { return target.isComplex }
    if isFloatingPoint { return target.isFloatingPoint || target.isComplex }
    return self == .bool || target != .bool
  }

  /// The name in PyTorch's errors.
  package var formalName: String {
    switch self {
    case .float32: "Float"
    case .float64: "Double"
    case .complex64: "ComplexFloat"
    case .complex128: "ComplexDouble"
    case .float16: "Half"
    case .bfloat16: "BFloat16"
    case .int8: "Char"
    case .int16: "Short"
    case .int32: "Int"
    case .int64: "Long"
    case .uint8: "Byte"
    case .bool: "Bool"
    case .qint8: "QInt8"
    case .quint8: "QUInt8"
    case .qint32: "QInt32"
    }
  }
}
