/// How an operand lies beside the result that it is combined with.
package enum OperandBroadcast: Sendable, Hashable, CaseIterable {
  /// Laid out as the result.
  case full
  /// One float for each channel (or column of a matrix), shared by the images of a batch.
  case channel
  /// One float for each channel of each image: plain [N, C], blocked [N, ⌈C / lanes⌉, lanes].
  case image
  /// One float for all.
  case scalar
}

/// What a value is combined with an operand by: value first, unless it says reversed.
package enum OperandCombination: Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide
  /// The larger or smaller one; NaN when one is.
  case maximum, minimum
  /// operand − value and operand / value.
  case subtractReversed, divideReversed
  /// The value where it is positive, else value · operand.
  case prelu
}

/// One step of what happens to each vector of a result before it is stored.
///
/// Operands are numbered in the order in which the kernel's door takes them.
package enum EpilogueOperation: Sendable, Hashable {
  case function(PointwiseFunction)
  case combine(OperandCombination, operand: Int, OperandBroadcast)
}

extension EpilogueOperation {
  package static func add(operand: Int, _ broadcast: OperandBroadcast) -> Self {
    .combine(.add, operand: operand, broadcast)
  }

  package static func subtract(operand: Int, _ broadcast: OperandBroadcast) -> Self {
    .combine(.subtract, operand: operand, broadcast)
  }

  package static func multiply(operand: Int, _ broadcast: OperandBroadcast) -> Self {
    .combine(.multiply, operand: operand, broadcast)
  }

  package static func divide(operand: Int, _ broadcast: OperandBroadcast) -> Self {
    .combine(.divide, operand: operand, broadcast)
  }

  package static func maximum(operand: Int, _ broadcast: OperandBroadcast) -> Self {
    .combine(.maximum, operand: operand, broadcast)
  }

  package static func minimum(operand: Int, _ broadcast: OperandBroadcast) -> Self {
    .combine(.minimum, operand: operand, broadcast)
  }
}

extension Sequence<EpilogueOperation> {
  /// How many operands the operations read: one more than the highest number.
  package var operandCount: Int {
    reduce(0) { count, operation in
      if case .combine(_, let operand, _) = operation { return Swift.max(count, operand + 1) }
      return count
    }
  }

  /// How each operand is broadcast, in order; operands that nothing reads count as scalars.
  package var operandBroadcasts: [OperandBroadcast] {
    var result = [OperandBroadcast](repeating: .scalar, count: operandCount)
    for case .combine(_, let operand, let broadcast) in self { result[operand] = broadcast }
    return result
  }
}
