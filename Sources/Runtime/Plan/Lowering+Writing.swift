import MartletOps
import MartletTensor
import MartletTracer

/// Calls that change a tensor where it lies. A plan's steps each give new memory: the call becomes
/// one that computes the changed storage, and whatever held the old one is given the new.
extension Lowering {
  func write(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    guard let functional = operation.functional, let first = arguments.values.first,
      case .tensor(let target) = first, !target.dtype.isQuantized
    else { throw ValuesNeeded() }
    try check(operation, arguments)
    let given = Array(arguments.values.prefix(functional.schema.arguments.count))
    let known = Set(arguments.values.flatMap(\.tensors).map { ObjectIdentifier($0.storage) })
    var value = try Tensor(lower(functional, try Arguments(functional.schema, given))[0])
    if value.storage === target.storage, value.layout == target.layout { return [first] }
    if target.layout.count == 0 { return [first] }
    // Memory that another value has would be written with it later.
    if value.dtype != target.dtype || value.sizes != target.sizes || !value.isContiguous
      || known.contains(ObjectIdentifier(value.storage)) || isHeld(value.storage)
    {
      value = try copy(value, like: target)
    }
    let storage =
      target.fillsStorage && value.fillsStorage && value.isMeta == target.isMeta
      ? value.storage : try scatter(value, into: target)
    replace(target.storage, by: storage)
    return [first].map(current)
  }

  /// The operator's own checks, which need no values.
  private func check(_ operation: Operator, _ arguments: Arguments) throws {
    let placeholders = try arguments.values.map { value in
      try value.mapTensors { tensor in
        var placeholder = try tensor.placeholder()
        placeholder.layout = tensor.layout
        placeholder.storage = .meta(byteCount: tensor.storage.byteCount)
        return placeholder
      }
    }
    _ = try operation.evaluate(try Arguments(operation.schema, placeholders))
  }

  private func copy(_ value: Tensor, like target: Tensor) throws -> Tensor {
    guard let copy = Catalog.byName["aten::copy"] else { throw ValuesNeeded() }
    // Of the target only sizes and dtype are asked.
    return try Tensor(
      lower(
        copy,
        try Arguments(
          copy.schema, [.tensor(try .meta(target.sizes, target.dtype)), .tensor(value)])
      )[0])
  }

  /// The storage of a view's elements with new ones in their places.
  private func scatter(_ value: Tensor, into target: Tensor) throws -> Storage {
    guard let scatter = Catalog.byName["aten::as_strided_scatter"], !target.dtype.isComplex else {
      throw ValuesNeeded()
    }
    let whole = Tensor(
      storage: target.storage,
      layout: Layout(contiguous: [target.storage.byteCount / target.dtype.byteCount]),
      dtype: target.dtype)
    let result = try lower(
      scatter,
      try Arguments(
        scatter.schema,
        [
          .tensor(whole), .tensor(value), target.sizes.value, target.strides.value,
          .int(Dim(target.layout.offset)),
        ]))
    return try Tensor(result[0]).storage
  }
}

extension Tensor {
  /// Whether its elements, in order, are all that its storage holds.
  fileprivate var fillsStorage: Bool {
    isContiguous && layout.offset == 0
      && layout.count * dtype.byteCount == storage.byteCount
  }
}
