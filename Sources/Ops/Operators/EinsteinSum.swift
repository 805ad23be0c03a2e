import MartletTensor

/// Sums of products over named axes.
package enum EinsteinSum {
  package static let operators: [Operator] = [einsum]

  /// As `bij,bjk->bik`: each letter names an axis; letters that the result lacks are summed over.
  /// Without `->` the result has, sorted, the letters that occur once. `...` stands for the axes
  /// without letters, which broadcast.
  ///
  /// `path`, the order of the products, does not change the result.
  static let einsum = Operator(
    "aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let call = try EinsumCall(
          try arguments.string("equation"), try arguments.tensors("tensors"))
        return [TensorSpec(call.outputSizes, call.dtype)]
      },
      compute: { arguments, results in
        let call = try EinsumCall(
          try arguments.string("equation"), try arguments.tensors("tensors"))
        try call.evaluate(into: results[0])
      }))
}

extension Tensor {
  /// Sums of products over named axes (`torch.einsum`), as in `einsum("bij,bjk->bik", a, b)`.
  ///
  /// - Throws: `MartletError` when the equation is malformed or does not fit the operands.
  public static func einsum(
    _ equation: String, _ operands: Tensor..., file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try EinsteinSum.einsum(
      .string(equation), operands.value, nil, at: SourceLocation(file, line))
  }
}
