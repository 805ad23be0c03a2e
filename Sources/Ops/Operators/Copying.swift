import MartletTensor

/// What in-place copies and fills give, as new tensors.
package enum Copying {
  package static let operators: [Operator] = [copy, zero]

  /// `src` broadcast to the sizes of `self` and converted to its dtype, whatever both are.
  static let copy = Operator(
    "aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        _ = try Expanding.expanded(try arguments.tensor("src"), x.sizes)
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let source = try Expanding.expanded(try arguments.tensor("src"), results[0].sizes)
        try source.convert(into: results[0])
      }))

  static let zero = Operator(
    "aten::zero(Tensor self) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { _, results in
        try results[0].overwrite(
          bytes: [UInt8](repeating: 0, count: results[0].count * results[0].dtype.byteCount))
      }))
}
