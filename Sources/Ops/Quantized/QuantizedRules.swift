import MartletTensor

/// What operators that were written for plain numbers do with quantised tensors.
///
/// PyTorch has a second implementation for each of those that take them (its dispatch key
/// `QuantizedCPU`); an operator without one refuses.
enum QuantizedRule: Sendable {
  /// The operator's own body, which only looks at sizes or passes tensors on.
  case body
  /// The operator's own body over the stored numbers, whose order is that of what they stand for;
  /// results are of the first tensor's scheme, which must be one scale for all unless the sizes
  /// stay.
  case stored(keepsSizes: Bool)
  /// The operator's own body over the bits of the stored numbers, which it only moves.
  case bits
  /// The operator's own body over what the elements stand for.
  case values
  /// As `values`, and the results quantised as the first tensor is.
  case valuesAndBack
  /// As `valuesAndBack` with the stored numbers' distances from the zero point for values, whose
  /// sums are exact.
  case distancesAndBack
  case evaluation(Operator.Evaluate)
}

extension Operator {
  /// The results for arguments with a quantised tensor among them.
  ///
  /// - Throws: `MartletError` of kind `.dtype` where the operator takes none.
  func evaluateQuantized(_ arguments: Arguments) throws -> [Value] {
    let results: [Value]
    switch QuantizedRules.byName[name] {
    case .body?: results = try evaluateBody(arguments)
    case .stored(let keepsSizes)?:
      results = try onStoredNumbers(arguments, keepsSizes: keepsSizes)
    case .bits?:
      let first = try arguments.firstQuantized(for: name)
      let quantizer = try first.perTensorScheme(for: name)
      results = try evaluateBody(
        try arguments.mapTensors { $0.isQuantized ? $0.numberBits : $0 }
      ).map { value in
        value.mapTensors { bits in
          Tensor(
            storage: bits.storage, layout: bits.layout, dtype: first.dtype, quantizer: quantizer)
        }
      }
    case .values?: results = try evaluateBody(try arguments.dequantized())
    case .valuesAndBack?:
      let first = try arguments.firstQuantized(for: name)
      let quantizer = try first.perTensorScheme(for: name)
      results = try evaluateBody(try arguments.dequantized()).map { value in
        try value.mapTensors { tensor in
          tensor.dtype == .float32 ? try tensor.quantized(as: first.dtype, by: quantizer) : tensor
        }
      }
    case .distancesAndBack?:
      let first = try arguments.firstQuantized(for: name)
      let quantizer = try first.perTensorScheme(for: name)
      let steps = try quantizer.ofSteps
      results = try evaluateBody(
        try arguments.mapTensors { tensor in
          tensor.isQuantized ? try tensor.distances().converted(to: .float32) : tensor
        }
      ).map { value in
        try value.mapTensors {
          try $0.quantized(as: first.dtype, by: steps).storedNumbers.quantized(by: quantizer)
        }
      }
    case .evaluation(let evaluate)?: results = try evaluate(arguments)
    case nil:
      switch body {
      case .scalar, .composite, .containers, .mutating: results = try evaluateBody(arguments)
      case .view:
        guard arguments.values.allSatisfy({ !$0.hasQuantizedAxis }) else {
          throw MartletError(
            .dtype,
            "\(name) takes no tensors with a scale for each channel: setting strides is possible "
              + "only on uniformly quantized tensors")
        }
        results = try evaluateBody(arguments)
      case .kernel, .dataDependent: throw quantizedRefusal(arguments)
      }
    }
    // A composite operator may have moved stored numbers into a tensor without their scheme.
    for tensor in results.flatMap(\.tensors) where tensor.dtype.isQuantized != tensor.isQuantized {
      throw quantizedRefusal(arguments)
    }
    return results
  }

  private func quantizedRefusal(_ arguments: Arguments) -> MartletError {
    let dtype = arguments.values.flatMap(\.tensors).first { $0.isQuantized }?.dtype
    return MartletError(
      .dtype,
      "\(name) is not implemented for quantised tensors\(dtype.map { " (\($0))" } ?? ""); "
        + "dequantize first")
  }

  private func onStoredNumbers(_ arguments: Arguments, keepsSizes: Bool) throws -> [Value] {
    let first = try arguments.firstQuantized(for: name)
    let quantizer =
      keepsSizes ? first.quantizer : try first.perTensorScheme(for: name)
    for tensor in arguments.values.flatMap(\.tensors) where tensor.isQuantized {
      guard tensor.dtype == first.dtype, tensor.quantizer == first.quantizer else {
        throw MartletError(
          .dtype, "\(name) takes quantised tensors of one dtype, scale and zero point")
      }
    }
    let results = try evaluateBody(
      try arguments.mapTensors { $0.isQuantized ? $0.storedNumbers : $0 })
    return try results.map { value in
      try value.mapTensors { tensor in
        guard tensor.dtype == first.dtype.storedType, let quantizer else { return tensor }
        return try tensor.quantized(by: quantizer)
      }
    }
  }
}

extension Arguments {
  /// Whether a tensor among them is quantised.
  package var hasQuantizedTensor: Bool { values.contains { $0.hasQuantizedTensor } }

  /// The same call with every tensor replaced.
  func mapTensors(_ transform: (Tensor) throws -> Tensor) throws -> Arguments {
    try Arguments(schema, values.map { try $0.mapTensors(transform) })
  }

  func dequantized() throws -> Arguments {
    try mapTensors { $0.isQuantized ? try $0.dequantized() : $0 }
  }

  func firstQuantized(for name: String) throws -> Tensor {
    guard let tensor = values.flatMap(\.tensors).first(where: { $0.isQuantized }) else {
      throw MartletError(.dtype, "\(name) expects a quantised tensor")
    }
    return tensor
  }

  /// A tensor that must be quantised with one scale for all elements.
  package func quantized(_ name: String) throws -> (
    tensor: Tensor, scale: Double, zeroPoint: Int
  ) {
    let tensor = try tensor(name)
    guard case .perTensor(let scale, let zeroPoint) = try tensor.perTensorScheme(for: schema.name)
    else { throw MartletError(.dtype, "\(schema.name) expects one scale for all elements") }
    return (tensor, scale, zeroPoint)
  }
}

extension Tensor {
  /// - Throws: `MartletError` of kind `.dtype` unless it is quantised with one scale for all.
  func perTensorScheme(for name: String) throws -> Quantizer {
    guard let quantizer else {
      throw MartletError(.dtype, "\(name) expects a quantised tensor, got \(dtype)")
    }
    guard case .perTensor = quantizer else {
      throw MartletError(
        .dtype, "\(name) takes tensors with one scale for all elements, got \(quantizer.schemeName)"
      )
    }
    return quantizer
  }
}

extension Quantizer {
  /// The scheme whose values are distances from the zero point.
  fileprivate var ofSteps: Quantizer {
    get throws {
      guard case .perTensor(_, let zeroPoint) = self else {
        throw MartletError(.dtype, "expected one scale for all elements")
      }
      return .perTensor(scale: 1, zeroPoint: zeroPoint)
    }
  }
}

extension Tensor {
  /// The stored numbers' bits as a type of their width that every operator moves.
  fileprivate var numberBits: Tensor {
    Tensor(storage: storage, layout: layout, dtype: dtype.byteCount == 1 ? .uint8 : .float32)
  }
}

extension Value {
  /// Whether a tensor inside is quantised.
  package var hasQuantizedTensor: Bool {
    switch self {
    case .tensor(let tensor): tensor.isQuantized
    case .list(let items), .tuple(let items): items.contains { $0.hasQuantizedTensor }
    case .dictionary(let entries): entries.contains { $0.value.hasQuantizedTensor }
    default: false
    }
  }

  fileprivate var hasQuantizedAxis: Bool { tensors.contains { $0.quantizer?.axis != nil } }
}
