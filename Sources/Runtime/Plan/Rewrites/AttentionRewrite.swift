import MartletOps
import MartletTensor

extension PlanPass {
  /// softmax(q kᵀ · scale + mask) v, written out, as `scaled_dot_product_attention`.
  static let attention = PlanPass("attention") { list in
    for position in list.indices {
      guard let instruction = list[position], let written = list.attention(instruction) else {
        continue
      }
      var call = try instruction.replaced(
        by: "aten::scaled_dot_product_attention",
        [
          .tensor(written.query), .tensor(written.key), .tensor(written.value),
          written.mask.map { .tensor($0) } ?? .none, .double(0), .bool(false),
          .double(written.scale),
        ])
      let sizes = written.query.sizes.dropLast() + [written.value.sizes[3]]
      call?.results = [
        .tensor(
          Tensor(
            storage: instruction.result.storage, layout: Layout(contiguous: Array(sizes)),
            dtype: .float32))
      ]
      list.replace(position, with: call)
    }
  }
}

/// Attention's operands as [batch, heads, length, width].
private struct WrittenAttention {
  var query, key, value: Tensor
  var mask: Tensor?
  var scale: Double
}

extension InstructionList {
  fileprivate func attention(_ instruction: Instruction) -> WrittenAttention? {
    guard let (weights, value) = instruction.matrices(), readerCount(weights) == 1,
      let softmax = definition(weights, "aten::softmax.int"), softmax.isFloat32,
      let scores = softmax.inputs.first, softmax.isOverLastAxis, readerCount(scores) == 1
    else { return nil }
    var (inner, mask) = (scores, Tensor?.none)
    if let sum = definition(scores, "aten::add.Tensor"), let (a, b) = sum.operandPair() {
      // The mask is what is not a product of matrices.
      let isSecond = isScaledProduct(a)
      (inner, mask) = isSecond ? (a, b) : (b, a)
      guard inner.sizes == scores.sizes, readerCount(inner) == 1 else { return nil }
    }
    var scale = 1.0
    if let position = producer(of: inner), let (tensor, number) = self[position]?.factor() {
      guard readerCount(tensor) == 1 else { return nil }
      (inner, scale) = (tensor, number)
    }
    guard let position = producer(of: inner), let (query, keys) = self[position]?.matrices()
    else { return nil }
    return WrittenAttention(query, keys, value, mask: mask, scale: scale, scores: scores.sizes)
  }

  private func isScaledProduct(_ tensor: Tensor) -> Bool {
    guard let position = producer(of: tensor), let instruction = self[position] else {
      return false
    }
    if instruction.matrices() != nil { return true }
    guard let (inner, _) = instruction.factor(), let position = producer(of: inner) else {
      return false
    }
    return self[position]?.matrices() != nil
  }
}

extension WrittenAttention {
  /// Nil where the fused kernel would not take them.
  init?(
    _ query: Tensor, _ keys: Tensor, _ value: Tensor, mask: Tensor?, scale: Double, scores: [Int]
  ) {
    guard query.dim == 3 || query.dim == 4, keys.dim == query.dim, value.dim == query.dim,
      query.sizes.dropLast(2) == keys.sizes.dropLast(2),
      query.sizes.dropLast(2) == value.sizes.dropLast(2)
    else { return nil }
    var layout = keys.layout
    layout.sizes.swapAt(keys.dim - 2, keys.dim - 1)
    layout.strides.swapAt(keys.dim - 2, keys.dim - 1)
    self.query = query.withFourAxes
    key = keys.viewed(layout).withFourAxes
    self.value = value.withFourAxes
    self.scale = scale
    guard let mask else { return }
    let strides = broadcastStrides(mask.layout, to: scores)
    guard mask.dim <= scores.count, mask.dtype == .float32,
      zip(mask.sizes.reversed(), scores.reversed()).allSatisfy({ $0 == $1 || $0 == 1 }),
      strides.last == 1 || scores.last == 1
    else { return nil }
    self.mask = mask.dim == 3 ? mask.withFourAxes : mask
  }
}

extension Instruction {
  /// The operands of a product of matrices, or of batches of them.
  fileprivate func matrices() -> (Tensor, Tensor)? {
    guard isFloat32, isFloatResult, epilogue.isIdentity,
      name == "aten::matmul" || name == "aten::bmm", inputs.count == 2, inputs[0].dim >= 3
    else { return nil }
    return (inputs[0], inputs[1])
  }

  fileprivate var isOverLastAxis: Bool {
    guard epilogue.isIdentity, let dim = try? arguments.dim("dim", rank: inputs[0].dim) else {
      return false
    }
    return dim == inputs[0].dim - 1
  }
}

extension Tensor {
  /// With an axis of one in front where there are three.
  fileprivate var withFourAxes: Tensor {
    if dim != 3 { return self }
    return viewed(
      Layout(sizes: [1] + sizes, strides: [0] + strides, offset: layout.offset))
  }
}
