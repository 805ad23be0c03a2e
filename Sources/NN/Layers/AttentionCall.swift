import MartletOps
import MartletTensor

/// One run of a `MultiheadAttention`: the steps of `multi_head_attention_forward`, PyTorch's path
/// that traces record.
struct AttentionCall {
  let layer: MultiheadAttention
  let isBatched: Bool
  let needWeights, averageAttnWeights: Bool

  func run(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, keyPaddingMask: Tensor?, attnMask: Tensor?,
    isCausal: Bool
  ) throws -> (output: Tensor, weights: Tensor?) {
    var masks = Masks(
      padding: try additive(keyPaddingMask, "key_padding_mask", query.dtype),
      attention: try additive(attnMask, "attn_mask", query.dtype))
    guard !isCausal || masks.attention != nil else {
      throw MartletError(.argument, "Need attn_mask if specifying the is_causal hint.")
    }
    var isCausal = isCausal
    if isCausal, masks.padding == nil, !needWeights {
      masks.attention = nil
    } else if masks.padding != nil {
      isCausal = false
    }
    if !isBatched { masks.padding = try masks.padding?.unsqueeze(0) }

    let inputs = try sequenceFirst(query, key, value)
    try check(inputs)
    let batch = inputs.query.shape[1]
    var (q, k, v) = try projected(inputs)
    if let padding = masks.attention {
      masks.attention = try checked(padding, inputs)
    }
    if let biasK = layer.biasK, let biasV = layer.biasV {
      k = try Tensor.cat([k, biasK.value.repeat([1, batch, 1])])
      v = try Tensor.cat([v, biasV.value.repeat([1, batch, 1])])
      try masks.addKey()
    }
    let length = inputs.query.shape[0]
    let rows = batch * Dim(layer.numHeads)
    let head = Dim(layer.headDim)
    q = try q.view([length, rows, head]).transpose(0, 1)
    k = try k.view([k.shape[0], rows, head]).transpose(0, 1)
    v = try v.view([v.shape[0], rows, head]).transpose(0, 1)
    if layer.addZeroAttn {
      let zeros = try Tensor.zeros([rows, 1, head], dtype: k.dtype)
      k = try Tensor.cat([k, zeros], dim: 1)
      v = try Tensor.cat([v, zeros], dim: 1)
      try masks.addKey()
    }
    let mask = try masks.merged(
      batch: batch, heads: layer.numHeads, keys: k.shape[1], keyCount: k.sizes[1])
    let parts = (q, k, v, mask)
    return needWeights
      ? try withWeights(parts, length, batch) : try fused(parts, length, batch, isCausal)
  }

  private struct Inputs {
    var query, key, value: Tensor
    /// Whether the tensors are one, so that one product can project them.
    var isSelf, sharesKeyAndValue: Bool
  }

  /// The inputs as `[sequence, batch, …]`; what is one tensor stays one.
  private func sequenceFirst(_ query: Tensor, _ key: Tensor, _ value: Tensor) throws -> Inputs {
    guard isBatched else {
      return Inputs(
        query: try query.unsqueeze(1), key: try key.unsqueeze(1), value: try value.unsqueeze(1),
        isSelf: false, sharesKeyAndValue: false)
    }
    let shared = key.isSame(as: value)
    let same = shared && query.isSame(as: key)
    guard layer.batchFirst else {
      return Inputs(
        query: query, key: key, value: value, isSelf: same, sharesKeyAndValue: shared)
    }
    let q = try query.transpose(1, 0)
    let k = same ? q : try key.transpose(1, 0)
    let v = shared ? k : try value.transpose(1, 0)
    return Inputs(query: q, key: k, value: v, isSelf: same, sharesKeyAndValue: shared)
  }

  private func check(_ inputs: Inputs) throws {
    let (q, k, v) = (inputs.query.sizes, inputs.key.sizes, inputs.value.sizes)
    guard q[2] == layer.embedDim else {
      throw MartletError(
        .shape, "was expecting embedding dimension of \(layer.embedDim), but got \(q[2])")
    }
    guard layer.inProjWeight == nil || k == v else {
      throw MartletError(
        .shape, "key shape \(Python.size(k)) does not match value shape \(Python.size(v))")
    }
    guard Array(k.prefix(2)) == Array(v.prefix(2)) else {
      throw MartletError(
        .shape,
        "key's sequence and batch dims \(Array(k.prefix(2))) do not match value's "
          + "\(Array(v.prefix(2)))")
    }
  }

  private func checked(_ mask: Tensor, _ inputs: Inputs) throws -> Tensor {
    let (length, batch) = (inputs.query.sizes[0], inputs.query.sizes[1])
    let plane = [length, inputs.key.sizes[0]]
    let expected = mask.dim == 2 ? plane : [batch * layer.numHeads] + plane
    guard mask.sizes == expected else {
      throw MartletError(
        .shape,
        "The shape of the \(mask.dim)D attn_mask is \(Python.size(mask.sizes)), "
          + "but should be \(Python.tuple(expected)).")
    }
    return mask.dim == 2 ? try mask.unsqueeze(0) : mask
  }

  private func projected(_ inputs: Inputs) throws -> (Tensor, Tensor, Tensor) {
    let (q, k, v) = (inputs.query, inputs.key, inputs.value)
    let bias = layer.inProjBias?.value
    guard let packed = layer.inProjWeight?.value else {
      let biases = try bias?.chunk(3)
      guard let wq = layer.qProjWeight, let wk = layer.kProjWeight, let wv = layer.vProjWeight
      else {
        throw MartletError(.argument, "the projections of queries, keys or values are missing")
      }
      return (
        try F.linear(q, wq.value, biases?[0]), try F.linear(k, wk.value, biases?[1]),
        try F.linear(v, wv.value, biases?[2])
      )
    }
    let size = layer.embedDim
    if inputs.isSelf {
      let parts = try unpacked(try F.linear(q, packed, bias), 3)
      return (parts[0], parts[1], parts[2])
    }
    if inputs.sharesKeyAndValue {
      let weights = try packed.split([size, 2 * size])
      let biases = try bias?.split([size, 2 * size])
      let first = try F.linear(q, weights[0], biases?[0])
      let parts = try unpacked(try F.linear(k, weights[1], biases?[1]), 2)
      return (first, parts[0], parts[1])
    }
    let weights = try packed.chunk(3)
    let biases = try bias?.chunk(3)
    return (
      try F.linear(q, weights[0], biases?[0]), try F.linear(k, weights[1], biases?[1]),
      try F.linear(v, weights[2], biases?[2])
    )
  }

  /// `[sequence, batch, count · E]` as `count` tensors `[sequence, batch, E]`.
  private func unpacked(_ projection: Tensor, _ count: Int) throws -> [Tensor] {
    let stacked = try projection.unflatten(dim: -1, [count, layer.embedDim]).unsqueeze(0)
      .transpose(0, -2).squeeze(-2).contiguous(file: #fileID, line: #line)
    return try (0..<count).map { try stacked.select(dim: 0, index: $0) }
  }

  private typealias Parts = (q: Tensor, k: Tensor, v: Tensor, mask: Tensor?)

  private func withWeights(_ parts: Parts, _ length: Dim, _ batch: Dim) throws -> (
    output: Tensor, weights: Tensor?
  ) {
    let scaled = try parts.q * (1 / Double(layer.headDim)).squareRoot()
    let keys = try parts.k.transpose(-2, -1)
    let scores = try parts.mask.map { try $0.baddbmm(scaled, keys) } ?? scaled.bmm(keys)
    var weights = try scores.softmax(dim: -1)
    if layer.training, layer.dropout > 0 { weights = try F.dropout(weights, p: layer.dropout) }
    let joined = try weights.bmm(parts.v).transpose(0, 1)
      .reshape([length * batch, Dim(layer.embedDim)])
    let output = try finished(joined, length, batch)
    weights = try weights.view([batch, Dim(layer.numHeads), length, parts.k.shape[1]])
    if averageAttnWeights {
      weights = try weights.mean(dim: 1)
    }
    return (output, isBatched ? weights : try weights.squeeze(0))
  }

  private func fused(_ parts: Parts, _ length: Dim, _ batch: Dim, _ isCausal: Bool) throws -> (
    output: Tensor, weights: Tensor?
  ) {
    let (heads, head) = (Dim(layer.numHeads), Dim(layer.headDim))
    let keys = parts.k.shape[1]
    let mask = try parts.mask.map { mask in
      mask.sizes[0] == 1
        ? try mask.unsqueeze(0) : try mask.view([batch, heads, -1, keys])
    }
    let attended = try F.scaledDotProductAttention(
      try parts.q.view([batch, heads, length, head]),
      try parts.k.view([batch, heads, keys, head]),
      try parts.v.view([batch, heads, keys, head]), attnMask: mask,
      dropoutP: layer.training ? layer.dropout : 0, isCausal: isCausal)
    let joined = try attended.permute([2, 0, 1, 3])
      .reshape([batch * length, Dim(layer.embedDim)])
    return (try finished(joined, length, batch), nil)
  }

  /// The output projection, in the layout of the inputs.
  private func finished(_ joined: Tensor, _ length: Dim, _ batch: Dim) throws -> Tensor {
    let projected = try F.linear(joined, layer.outProj.weight.value, layer.outProj.bias?.value)
    let output = try projected.view([length, batch, projected.shape[1]])
    if !isBatched { return try output.squeeze(1) }
    return layer.batchFirst ? try output.transpose(1, 0) : output
  }

  /// A mask as numbers to add: -∞ where a truth value leaves out.
  private func additive(_ mask: Tensor?, _ name: String, _ dtype: DType) throws -> Tensor? {
    guard let mask else { return nil }
    if mask.dtype.isFloatingPoint { return mask }
    guard mask.dtype == .bool else {
      throw MartletError(.dtype, "only bool and floating types of \(name) are supported")
    }
    return try Tensor.zerosLike(mask, dtype: dtype).maskedFill(mask, -Double.infinity)
  }
}

/// What is added to the scores before the softmax.
private struct Masks {
  /// `[N, S]`
  var padding: Tensor?
  /// `[1, L, S]` or `[N · heads, L, S]`
  var attention: Tensor?

  /// A key more, which is left in.
  mutating func addKey() throws {
    padding = try padding?.pad([0, 1])
    attention = try attention?.pad([0, 1])
  }

  func merged(batch: Dim, heads: Int, keys: Dim, keyCount: Int) throws -> Tensor? {
    guard let padding else { return attention }
    guard padding.sizes == [batch.number, keyCount] else {
      throw MartletError(
        .shape,
        "expected key_padding_mask of size [\(batch.number), \(keyCount)], got \(padding.sizes)")
    }
    let wide = try padding.view([batch, 1, 1, keys]).expand([-1, heads, -1, -1])
      .reshape([batch * Dim(heads), 1, keys])
    return try attention.map { try $0 + wide } ?? wide
  }
}

extension Tensor {
  /// Whether both are the same elements of the same storage, as Python's `is`.
  fileprivate func isSame(as other: Tensor) -> Bool {
    storage === other.storage && layout == other.layout && dtype == other.dtype && tag == other.tag
  }
}
