import MartletTensor

/// Places of values within sorted sequences, and membership.
package enum Searching {
  package static let operators: [Operator] = [
    searchSorted, searchSortedScalar, bucketize, bucketizeScalar, isin, isinScalarTensor,
    isinTensorScalar,
  ]

  /// Where each value would be inserted into its row of a sorted sequence.
  static let searchSorted = Operator(
    "aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, "
      + "bool right=False, str? side=None, Tensor? sorter=None) -> Tensor",
    .kernel(infer: inferSearch, compute: computeSearch))
  static let searchSortedScalar = Operator(
    "aten::searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, "
      + "bool right=False, str? side=None, Tensor? sorter=None) -> Tensor",
    .kernel(infer: inferSearch, compute: computeSearch))

  static let bucketize = Operator(
    "aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, "
      + "bool right=False) -> Tensor",
    .kernel(infer: inferBuckets, compute: computeBuckets))
  static let bucketizeScalar = Operator(
    "aten::bucketize.Scalar(Scalar self, Tensor boundaries, *, bool out_int32=False, "
      + "bool right=False) -> Tensor",
    .kernel(infer: inferBuckets, compute: computeBuckets))

  static let isin = Operator(
    "aten::isin.Tensor_Tensor(Tensor elements, Tensor test_elements, *, "
      + "bool assume_unique=False, bool invert=False) -> Tensor",
    membership("elements", "test_elements"))
  static let isinTensorScalar = Operator(
    "aten::isin.Tensor_Scalar(Tensor elements, Scalar test_element, *, "
      + "bool assume_unique=False, bool invert=False) -> Tensor",
    membership("elements", "test_element"))
  static let isinScalarTensor = Operator(
    "aten::isin.Scalar_Tensor(Scalar element, Tensor test_elements, *, "
      + "bool assume_unique=False, bool invert=False) -> Tensor",
    membership("element", "test_elements"))

  private static func membership(_ elements: String, _ tests: String) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try PromotionOperand(arguments[elements])
        _ = try PromotionOperand(arguments[tests])
        return [TensorSpec(x.sizes, .bool)]
      },
      compute: { arguments, results in
        let (x, tests) = (
          try PromotionOperand(arguments[elements]), try PromotionOperand(arguments[tests])
        )
        let dtype = resultType([x, tests])
        let inverts = try arguments.bool("invert")
        try dtype.compute(
          MembershipVisitor(
            x: try x.tensor(), tests: try tests.tensor(), inverts: inverts, result: results[0]))
      })
  }

  private struct MembershipVisitor: ComputeVisitor {
    let x: Tensor
    let tests: Tensor
    let inverts: Bool
    let result: Tensor

    func visit<T: ComputeElement>(_ type: T.Type) throws {
      let sorted = try tests.converted(to: T.dtype).elements(as: T.self)
        .filter { $0 == $0 }.sorted()
      try x.withElements(as: T.self) { from in
        try result.writeUnshared(as: Bool.self) { to in
          for i in from.indices {
            let place = lowerBound(sorted.count) { sorted[$0] < from[i] }
            to[i] = (place < sorted.count && sorted[place] == from[i]) != inverts
          }
        }
      }
    }
  }

  /// The first of `count` places where `isBefore` no longer holds.
  static func lowerBound(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @Sendable private static func inferSearch(_ arguments: Arguments) throws -> [TensorSpec] {
    let sequence = try arguments.tensor("sorted_sequence")
    let values = try PromotionOperand(arguments["self"])
    if case .scalar = values, sequence.dim != 1 {
      throw MartletError(
        .shape, "searchsorted(): a number needs a sequence of one dimension, got \(sequence.sizes)")
    }
    if case .tensor(let tensor) = values {
      guard
        sequence.dim == 1
          || (sequence.dim > 0 && tensor.dim == sequence.dim
            && tensor.sizes.dropLast() == sequence.sizes.dropLast())
      else {
        throw MartletError(
          .shape,
          "searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of "
            + "boundaries tensor and input value tensor must match, got \(sequence.sizes) and "
            + "\(tensor.sizes)")
      }
    }
    if let sorter = try arguments.optionalTensor("sorter") {
      guard sorter.sizes == sequence.sizes, sorter.dtype == .int64 else {
        throw MartletError(
          .shape,
          "searchsorted(): boundary and sorter must have the same size and sorter must be int64, "
            + "got \(sequence.sizes) and \(sorter.dtype)\(sorter.sizes)")
      }
    }
    _ = try searchesRight(arguments)
    return [TensorSpec(values.sizes, try arguments.bool("out_int32") ? .int32 : .int64)]
  }

  private static func searchesRight(_ arguments: Arguments) throws -> Bool {
    let right = try arguments.bool("right")
    guard let side = try arguments.optionalString("side") else { return right }
    guard side == "right" || (side == "left" && !right) else {
      throw MartletError(
        .argument,
        "searchsorted(): side can only be 'left' or 'right' and not contradict right, got "
          + "side='\(side)' and right=\(right)")
    }
    return side == "right"
  }

  @Sendable private static func computeSearch(_ arguments: Arguments, _ results: [Tensor]) throws {
    var sequence = try arguments.tensor("sorted_sequence")
    if let sorter = try arguments.optionalTensor("sorter") {
      let gather = Gathering.gather
      sequence = try Tensor(
        gather.evaluate(
          try Arguments(gather.schema, [.tensor(sequence), -1, .tensor(sorter)]))[0])
    }
    let values = try PromotionOperand(arguments["self"])
    try resultType([.tensor(sequence), values]).compute(
      SearchVisitor(
        sequence: sequence, values: try values.tensor(), right: try searchesRight(arguments),
        result: results[0]))
  }

  @Sendable private static func inferBuckets(_ arguments: Arguments) throws -> [TensorSpec] {
    let boundaries = try arguments.tensor("boundaries")
    guard boundaries.dim == 1 else {
      throw MartletError(
        .shape, "bucketize(): boundaries tensor must be 1 dimension, got \(boundaries.dim)")
    }
    let values = try PromotionOperand(arguments["self"])
    return [TensorSpec(values.sizes, try arguments.bool("out_int32") ? .int32 : .int64)]
  }

  @Sendable private static func computeBuckets(_ arguments: Arguments, _ results: [Tensor]) throws {
    let boundaries = try arguments.tensor("boundaries")
    let values = try PromotionOperand(arguments["self"])
    try DType.promote(boundaries.dtype, values.dtype).compute(
      SearchVisitor(
        sequence: boundaries, values: try values.tensor(), right: try arguments.bool("right"),
        result: results[0]))
  }

  /// NaN stands after all numbers.
  private struct SearchVisitor: ComputeVisitor {
    let sequence: Tensor
    let values: Tensor
    let right: Bool
    let result: Tensor

    func visit<T: ComputeElement>(_ type: T.Type) throws {
      let length = sequence.sizes[sequence.dim - 1]
      let perRow = values.sizes.last ?? 1
      let shares = sequence.dim == 1
      try sequence.withElements(as: T.self) { sorted in
        try values.withElements(as: T.self) { from in
          try result.fill(as: Int64.self) { to in
            for i in from.indices {
              let start = shares ? 0 : i / perRow * length
              let value = from[i]
              to[i] = Int64(
                lowerBound(length) { place in
                  let bound = sorted[start + place]
                  return right ? !(bound > value) : !(bound >= value)
                })
            }
          }
        }
      }
    }
  }
}
