import MartletTensor

/// Products made of other products.
package enum MoreProducts {
  package static let operators: [Operator] = [
    addbmm, kron, vdot, trilinear, addRelu, addReluScalar, pdist, pdistForward,
  ]

  /// `beta · self + alpha · Σ batch1ᵢ · batch2ᵢ`
  static let addbmm = Operator(
    "aten::addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1)"
      + " -> Tensor",
    .composite { arguments in
      let product = try aten("bmm", arguments["batch1"], arguments["batch2"])
      let sum = try aten("sum.dim_IntList", product, [0], false, product.dtype)
      let scaled = try aten("mul.Scalar", sum, arguments["alpha"])
      let beta = try arguments.scalar("beta")
      if beta.double == 0 { return [.tensor(scaled)] }
      let x = try aten("expand", arguments["self"], sum.sizes)
      return [.tensor(try aten("mul.Scalar", x, arguments["beta"]) + scaled)]
    })

  /// Each element of `self` times all of `other`.
  static let kron = Operator(
    "aten::kron(Tensor self, Tensor other) -> Tensor",
    .composite { arguments in
      let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
      let rank = max(a.dim, b.dim)
      let left = [Int](repeating: 1, count: rank - a.dim) + a.sizes
      let right = [Int](repeating: 1, count: rank - b.dim) + b.sizes
      let product =
        try aten("reshape", a, left.flatMap { [$0, 1] })
        * aten("reshape", b, right.flatMap { [1, $0] })
      return [.tensor(try aten("reshape", product, zip(left, right).map { $0 * $1 }))]
    })

  static let vdot = Operator(
    "aten::vdot(Tensor self, Tensor other) -> Tensor",
    .composite { [.tensor(try aten("dot", $0["self"], $0["other"]))] })

  /// `Σ i1 · i2 · i3`, each with further axes of one element, over the axes of `sumdim`.
  static let trilinear = Operator(
    "aten::_trilinear(Tensor i1, Tensor i2, Tensor i3, int[] expand1, int[] expand2, "
      + "int[] expand3, int[] sumdim, int unroll_dim=1) -> Tensor",
    .composite { arguments in
      func expanded(_ tensor: String, _ axes: String) throws -> Tensor {
        try arguments.ints(axes).sorted().reduce(arguments.tensor(tensor)) {
          try aten("unsqueeze", $0, $1)
        }
      }
      let product =
        try expanded("i1", "expand1") * expanded("i2", "expand2") * expanded("i3", "expand3")
      return [.tensor(try aten("sum.dim_IntList", product, try arguments.ints("sumdim")))]
    })

  static let addRelu = Operator(
    "aten::_add_relu.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
    .composite { arguments in
      let sum = try aten("add.Tensor", arguments["self"], arguments["other"], arguments["alpha"])
      return [.tensor(try aten("relu", sum))]
    })
  static let addReluScalar = Operator(
    "aten::_add_relu.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
    .composite { arguments in
      let sum = try aten("add.Scalar", arguments["self"], arguments["other"], arguments["alpha"])
      return [.tensor(try aten("relu", sum))]
    })

  /// The distances of all pairs of rows, each pair once.
  static let pdist = distances("aten::pdist(Tensor self, float p=2.) -> Tensor")
  static let pdistForward = distances("aten::_pdist_forward(Tensor self, float p=2.) -> Tensor")

  private static func distances(_ schema: String) -> Operator {
    Operator(
      schema,
      .composite { arguments in
        let x = try arguments.tensor("self")
        guard x.dim == 2, x.dtype.isFloatingPoint else {
          throw MartletError(
            .shape, "pdist only supports 2D floating-point tensors, got \(x.dtype)\(x.sizes)")
        }
        let n = x.sizes[0]
        let pairs = (0..<n).flatMap { i in ((i + 1)..<max(n, i + 1)).map { (i, $0) } }
        let first = try Tensor(pairs.map { Int64($0.0) })
        let second = try Tensor(pairs.map { Int64($0.1) })
        let difference =
          try aten("index_select", x, 0, first) - aten("index_select", x, 0, second)
        return [
          .tensor(try aten("linalg_vector_norm", difference, try arguments.double("p"), [1]))
        ]
      })
  }
}
