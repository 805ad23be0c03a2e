import MartletTensor

/// Calls another operator by name, as composite operators do: `aten("where.self", mask, a, b)`.
///
/// - Throws: what the operator throws, and `MartletError` of kind `.argument` for an unknown name.
func aten(_ name: String, _ arguments: any ValueConvertible...) throws -> Tensor {
  try Tensor(atenResults(name, arguments)[0])
}

/// All results of the operator.
func atenResults(_ name: String, _ arguments: [any ValueConvertible]) throws -> [Value] {
  guard let operation = Catalog.functional(named: "aten::" + name) else {
    throw MartletError(.argument, "there is no operator aten::\(name)")
  }
  return try operation.call(arguments.map(\.value), at: nil)
}
