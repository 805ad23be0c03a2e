import MartletOps
import MartletTensor

extension PlanPass {
  /// Operators without kernels of their own, in terms of those that have some.
  static let expansion = PlanPass("expansion") { list in try list.expand() }
}

extension Instruction {
  /// What computes the same in steps that have fast kernels and that others may be fused into; the
  /// instruction itself where there is nothing better.
  func expanded() throws -> [Instruction] {
    guard epilogue.isIdentity, outputs.count == 1, isFloat32, result.count > 0 else {
      return [self]
    }
    switch name {
    case "aten::addcmul": return try expandedSum() ?? [self]
    case "aten::linalg_vector_norm": return try expandedNorm() ?? [self]
    case "aten::einsum": return try expandedEinsum() ?? [self]
    case "aten::_convolution_mode", "aten::conv1d.padding", "aten::conv2d.padding":
      return try expandedPadding() ?? [self]
    default: return [self]
    }
  }

  /// Another call on the way to this one's result, with a tensor of its own.
  private func call(_ name: String, _ given: [Value], _ sizes: [Int]) throws -> Instruction? {
    try call(name, given, giving: .meta(sizes, .float32))
  }

  private func call(_ name: String, _ given: [Value], giving tensor: Tensor) throws -> Instruction?
  {
    var call = try replaced(by: name, given)
    call?.results = [.tensor(tensor)]
    return call
  }

  /// self + t₁ · t₂
  private func expandedSum() throws -> [Instruction]? {
    let (a, b) = (try arguments.tensor("tensor1"), try arguments.tensor("tensor2"))
    guard try arguments.scalar("value").double == 1,
      let product = try call(
        "aten::mul.Tensor", [.tensor(a), .tensor(b)], try broadcast([a.sizes, b.sizes])),
      let sum = try call(
        "aten::add.Tensor",
        [.tensor(try arguments.tensor("self")), .tensor(product.result), 1.value],
        giving: result)
    else { return nil }
    return [product, sum]
  }

  /// A convolution with padding in numbers; what is not the same on both sides comes before it.
  private func expandedPadding() throws -> [Instruction]? {
    var input = try arguments.tensor("input")
    let weight = try arguments.tensor("weight")
    let axes = weight.dim - 2
    guard input.dim == weight.dim else { return nil }
    let dilation = try arguments.ints("dilation", count: axes)
    let totals = zip(weight.sizes.suffix(axes), dilation).map { ($0 - 1) * $1 }
    let isSame = try arguments.string("padding") == "same"
    var calls: [Instruction] = []
    if isSame, totals.contains(where: { $0 % 2 != 0 }) {
      var sizes = input.sizes
      for axis in 0..<axes { sizes[2 + axis] += totals[axis] % 2 }
      let amounts = totals.reversed().flatMap { [0, $0 % 2] }
      guard
        let border = try call(
          "aten::constant_pad_nd", [.tensor(input), amounts.value, .double(0)], sizes)
      else { return nil }
      calls.append(border)
      input = border.result
    }
    let zeros = totals.map { _ in 0 }
    guard
      let convolution = try call(
        "aten::convolution",
        [
          .tensor(input), .tensor(weight), arguments["bias"],
          try arguments.ints("stride", count: axes).value,
          (isSame ? totals.map { $0 / 2 } : zeros).value, dilation.value, .bool(false),
          zeros.value, arguments["groups"],
        ], giving: result)
    else { return nil }
    return calls + [convolution]
  }

  /// √Σx²
  private func expandedNorm() throws -> [Instruction]? {
    let x = try arguments.tensor("self")
    guard try arguments.scalar("ord").double == 2, x.dim > 0 else { return nil }
    let dims = try arguments.optionalInts("dim") ?? Array(0..<x.dim)
    guard !dims.isEmpty,
      let square = try call("aten::mul.Tensor", [.tensor(x), .tensor(x)], x.sizes),
      let sum = try call(
        "aten::sum.dim_IntList",
        [.tensor(square.result), dims.value, .bool(try arguments.bool("keepdim")), .none],
        result.sizes),
      let root = try call("aten::sqrt", [.tensor(sum.result)], giving: result)
    else { return nil }
    return [square, sum, root]
  }

  /// One batched product between copies in other orders.
  private func expandedEinsum() throws -> [Instruction]? {
    let tensors = try arguments.tensors("tensors")
    guard tensors.count == 2,
      let plan = try EinsumProduct(try arguments.string("equation"), tensors)
    else { return nil }
    var calls: [Instruction] = []
    var factors: [Tensor] = []
    for (view, sizes) in [(plan.left, plan.leftSizes), (plan.right, plan.rightSizes)] {
      if let layout = view.layout.viewing(sizes) {
        factors.append(view.viewed(layout))
      } else if let copy = try call("aten::reshape", [.tensor(view), sizes.value], sizes) {
        calls.append(copy)
        factors.append(copy.result)
      }
    }
    guard factors.count == 2 else { return nil }
    let sizes = [plan.leftSizes[0], plan.leftSizes[1], plan.rightSizes[2]]
    let isInPlace = plan.resultLayout.isContiguous
    let product =
      isInPlace
      ? Tensor(storage: result.storage, layout: Layout(contiguous: sizes), dtype: .float32)
      : try Tensor.meta(sizes, .float32)
    guard let bmm = try call("aten::bmm", factors.map { .tensor($0) }, giving: product) else {
      return nil
    }
    calls.append(bmm)
    if isInPlace { return calls }
    guard
      let copy = try call(
        "aten::reshape", [.tensor(product.viewed(plan.resultLayout)), result.sizes.value],
        giving: result)
    else { return nil }
    return calls + [copy]
  }
}
