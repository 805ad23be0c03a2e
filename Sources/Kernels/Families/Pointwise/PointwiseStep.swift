/// A value in a fused pointwise program.
package enum PointwiseValue: Sendable, Hashable {
  case input(Int)
  /// The result of an earlier step.
  case step(Int)
  case constant(Float)
}

/// One operation of a fused pointwise program; its result can be used by every later one.
package enum PointwiseStep: Sendable, Hashable {
  case function(PointwiseFunction, PointwiseValue)
  case combine(OperandCombination, PointwiseValue, PointwiseValue)

  package var values: [PointwiseValue] {
    switch self {
    case .function(_, let x): [x]
    case .combine(_, let x, let y): [x, y]
    }
  }
}

extension [PointwiseStep] {
  /// Whether each step uses earlier ones and the inputs there are, and there is a step.
  package func isValid(inputCount: Int) -> Bool {
    !isEmpty
      && enumerated().allSatisfy { index, step in
        step.values.allSatisfy { value in
          switch value {
          case .input(let number): (0..<inputCount).contains(number)
          case .step(let number): (0..<index).contains(number)
          case .constant: true
          }
        }
      }
  }
}
