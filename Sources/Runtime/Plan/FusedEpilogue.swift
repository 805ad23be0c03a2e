import MartletKernels
import MartletTensor

/// One operation on a result where it is computed.
enum FusedOperation {
  case function(PointwiseFunction)
  /// f(value, operand), or f(operand, value) when reversed. The operand has the sizes of the
  /// producer's result; strides of 0 repeat its elements.
  case combine(PairwiseFunction, Tensor, isReversed: Bool)

  var operand: Tensor? { if case .combine(_, let tensor, _) = self { tensor } else { nil } }

  var title: String {
    switch self {
    case .function(let function): "\(function)"
    case .combine(let function, _, let isReversed):
      isReversed ? "reversed \(function)" : "\(function)"
    }
  }
}

/// A chain of pointwise operations that runs on each element of an instruction's result, one after
/// the other.
struct FusedEpilogue {
  var operations: [FusedOperation] = []

  var isIdentity: Bool { operations.isEmpty }
  var operands: [Tensor] { operations.compactMap(\.operand) }
}

extension FusedEpilogue {
  /// What the portable kernels of products and convolutions compute where they write: one dense
  /// addend, then one function.
  var addend: Tensor? {
    guard case .combine(.add, let tensor, _)? = operations.first, tensor.isContiguous else {
      return nil
    }
    return tensor
  }

  /// The function behind the addend, if any.
  var function: PointwiseFunction {
    let rest = operations.dropFirst(addend == nil ? 0 : 1)
    if case .function(let function)? = rest.first { return function }
    return .identity
  }

  /// The part that a kernel takes, and what is left.
  func split(_ support: EpilogueSupport) -> (taken: FusedEpilogue, rest: [FusedOperation]) {
    var count = 0
    if support == .addendAndFunction, addend != nil { count += 1 }
    if support != .nothing, count < operations.count, case .function = operations[count] {
      count += 1
    }
    return (
      FusedEpilogue(operations: Array(operations.prefix(count))),
      Array(operations.dropFirst(count))
    )
  }
}

/// How much of a chain a portable kernel computes where it writes.
enum EpilogueSupport {
  case nothing
  case function
  case addendAndFunction
}
