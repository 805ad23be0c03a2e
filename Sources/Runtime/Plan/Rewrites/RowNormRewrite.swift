import MartletOps
import MartletTensor

extension PlanPass {
  /// Batch norm of rows, x [N, C]: a product and a sum, which a product of matrices before it
  /// computes where it writes, whatever view of its result the norm reads.
  static let rowNorms = PlanPass("batch norm of rows") { list in
    for position in list.indices {
      guard let instruction = list[position], instruction.name == "aten::batch_norm",
        instruction.isFloat32, instruction.epilogue.isIdentity, instruction.result.dim == 2
      else { continue }
      let x = try instruction.arguments.tensor("input")
      guard x.isContiguous, let affine = try BatchNormAffine(instruction.arguments),
        affine.scale.count == x.sizes[1]
      else { continue }
      let layout = list.rowLayout(of: x)
      let (scale, shift) = (
        try Tensor(affine.scale, shape: [affine.scale.count]),
        try Tensor(affine.shift, shape: [affine.shift.count])
      )
      var call = try instruction.replaced(
        by: "aten::addcmul",
        [.tensor(shift), .tensor(x.viewed(layout)), .tensor(scale), .int(1)])
      call?.results = [.tensor(instruction.result.viewed(layout))]
      list.replace(position, with: call ?? instruction)
    }
  }
}

extension InstructionList {
  /// The layout in which whoever computes the rows gives them, where it has the same last axis.
  fileprivate func rowLayout(of x: Tensor) -> Layout {
    guard x.isMeta, let position = writer(of: x), let given = self[position]?.outputs.first,
      given.storage === x.storage, given.isContiguous, given.count == x.count,
      given.layout.offset == x.layout.offset, given.sizes.last == x.sizes[1]
    else { return x.layout }
    return given.layout
  }
}
