import MartletTensor

/// Views that repeat elements along axes of size one, or add such axes.
package enum Expanding {
  package static let operators: [Operator] = [
    expand, expandAs, broadcastTo, broadcastTensors, atLeast1d, atLeast2d, atLeast3d,
    atLeast1dAll, atLeast2dAll, atLeast3dAll,
  ]

  static let expand = Operator(
    "aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)",
    .view { [.tensor(try expanded(try $0.tensor("self"), try $0.ints("size")))] })

  static let expandAs = Operator(
    "aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a)",
    .view { [.tensor(try expanded(try $0.tensor("self"), try $0.tensor("other").sizes))] })

  static let broadcastTo = Operator(
    "aten::broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a)",
    .view { [.tensor(try expanded(try $0.tensor("self"), try $0.ints("size")))] })

  static let broadcastTensors = Operator(
    "aten::broadcast_tensors(Tensor[] tensors) -> Tensor[]",
    .view { arguments in
      let tensors = try arguments.tensors("tensors")
      let sizes = try broadcast(tensors.map(\.sizes))
      return [.list(try tensors.map { .tensor(try expanded($0, sizes)) })]
    })

  static let atLeast1d = Operator(
    "aten::atleast_1d(Tensor self) -> Tensor",
    .view { [.tensor(atLeast(1, try $0.tensor("self")))] })
  static let atLeast2d = Operator(
    "aten::atleast_2d(Tensor self) -> Tensor",
    .view { [.tensor(atLeast(2, try $0.tensor("self")))] })
  static let atLeast3d = Operator(
    "aten::atleast_3d(Tensor self) -> Tensor",
    .view { [.tensor(atLeast(3, try $0.tensor("self")))] })
  static let atLeast1dAll = Operator(
    "aten::atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]",
    .view { [.list(try $0.tensors("tensors").map { .tensor(atLeast(1, $0)) })] })
  static let atLeast2dAll = Operator(
    "aten::atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]",
    .view { [.list(try $0.tensors("tensors").map { .tensor(atLeast(2, $0)) })] })
  static let atLeast3dAll = Operator(
    "aten::atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]",
    .view { [.list(try $0.tensors("tensors").map { .tensor(atLeast(3, $0)) })] })

  /// The view of `target` sizes, where -1 keeps a size of the tensor's own.
  static func expanded(_ x: Tensor, _ target: [Int]) throws -> Tensor {
    let added = target.count - x.dim
    guard added >= 0 else {
      throw MartletError(
        .shape,
        "the number of sizes provided (\(target.count)) must be greater or equal to the number "
          + "of dimensions in the tensor (\(x.dim))")
    }
    var sizes = target
    for (d, size) in target.enumerated() {
      let own = d < added ? nil : x.sizes[d - added]
      if size == -1, let own {
        sizes[d] = own
      } else if size < 0 {
        throw MartletError(
          .shape, "the expanded size (\(size)) isn't allowed in a leading, non-existing dimension")
      } else if let own, own != size, own != 1 {
        throw MartletError(
          .shape,
          "the expanded size of the tensor (\(size)) must match the existing size (\(own)) at "
            + "non-singleton dimension \(d). Target sizes: \(target). Tensor sizes: \(x.sizes)")
      }
    }
    return x.viewed(x.layout.broadcast(to: sizes))
  }

  /// Vectors become rows, matrices get a last axis, as NumPy's functions of these names do.
  static func atLeast(_ rank: Int, _ x: Tensor) -> Tensor {
    var x = x
    while x.dim < min(rank, 2) { x = Axes.unsqueezed(x, 0) }
    return x.dim < rank ? Axes.unsqueezed(x, 2) : x
  }
}
