import MartletTensor

/// One operand of `torch.result_type`.
package enum PromotionOperand {
  case tensor(Tensor)
  case scalar(Scalar)
}

/// The dtype that an operation on these operands has (`torch.result_type`): tensors with axes
/// decide; 0-dimensional tensors and then numbers only raise the category (bool, whole, floating).
package func resultType(_ operands: [PromotionOperand]) -> DType {
  var dimensioned: DType?
  var zeroDimensional: DType?
  var number: DType?
  func merge(_ a: DType?, _ b: DType) -> DType { a.map { DType.promote($0, b) } ?? b }
  for operand in operands {
    switch operand {
    case .tensor(let tensor) where tensor.dim > 0:
      dimensioned = merge(dimensioned, tensor.dtype)
    case .tensor(let tensor): zeroDimensional = merge(zeroDimensional, tensor.dtype)
    case .scalar(.int): number = merge(number, .int64)
    case .scalar(.double): number = merge(number, .float32)
    case .scalar(.complex): number = merge(number, .complex64)
    case .scalar(.bool): number = merge(number, .bool)
    }
  }
  func combine(_ higher: DType?, _ lower: DType?) -> DType? {
    guard let higher else { return lower }
    guard let lower else { return higher }
    if higher.isComplex { return higher }
    if higher.isFloatingPoint { return lower.isComplex ? higher.complexType : higher }
    if higher == .bool || lower.isFloatingPoint || lower.isComplex {
      return DType.promote(higher, lower)
    }
    return higher
  }
  return combine(dimensioned, combine(zeroDimensional, number)) ?? .float32
}
