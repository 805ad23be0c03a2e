import MartletTensor

/// Scaled dot-product attention.
package enum Attention {
  package static let operators: [Operator] = [scaledDotProduct]

  /// `softmax(scale · query · keyᵀ + mask) · value`
  ///
  /// `query: […, L, E]`, `key: […, S, E]`, `value: […, S, D] → […, L, D]`; `scale` is `1 / √E`
  /// where none is given. A row whose keys are all masked gives zeros.
  static let scaledDotProduct = Operator(
    "aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, "
      + "Tensor? attn_mask=None, float dropout_p=0., bool is_causal=False, *, float? scale=None, "
      + "bool enable_gqa=False) -> Tensor",
    .kernel(
      infer: { arguments in
        let call = try AttentionCall(arguments)
        return [TensorSpec(call.batch + [call.queries, call.width], call.query.dtype)]
      },
      compute: { arguments, results in
        let call = try AttentionCall(arguments)
        if results[0].dtype == .float64 {
          try call.evaluate(Double.self, into: results[0])
        } else {
          try call.evaluate(Float.self, into: results[0])
        }
      }))
}

/// The arguments, checked, with the heads of keys and values repeated for grouped queries.
private struct AttentionCall {
  let query: Tensor
  let key: Tensor
  let value: Tensor
  let mask: Tensor?
  let isCausal: Bool
  let scale: Double
  let dropout: Double
  /// The broadcast sizes before the last two axes.
  let batch: [Int]

  init(_ arguments: Arguments) throws {
    query = try arguments.tensor("query")
    var (key, value) = (try arguments.tensor("key"), try arguments.tensor("value"))
    mask = try arguments.optionalTensor("attn_mask")
    isCausal = try arguments.bool("is_causal")
    dropout = try arguments.double("dropout_p")
    guard query.dim >= 2, key.dim >= 2, value.dim >= 2 else {
      throw MartletError(
        .shape,
        "expected query, key, and value to all be at least 2 dimensional, but got query.dim: "
          + "\(query.dim), key.dim: \(key.dim) and value.dim: \(value.dim) instead")
    }
    guard query.dtype == key.dtype, query.dtype == value.dtype else {
      throw MartletError(
        .dtype,
        "expected query, key, and value to have the same dtype, but got query.dtype: "
          + "\(query.dtype) key.dtype: \(key.dtype) and value.dtype: \(value.dtype) instead")
    }
    try query.dtype.requireFloating("scaled_dot_product_attention")
    if try arguments.bool("enable_gqa") {
      key = try Self.repeatHeads(key, like: query)
      value = try Self.repeatHeads(value, like: query)
    }
    (self.key, self.value) = (key, value)
    guard query.sizes.last == key.sizes.last, key.sizes[key.dim - 2] == value.sizes[value.dim - 2]
    else {
      throw MartletError(
        .shape,
        "expected query […, L, E], key […, S, E] and value […, S, D], got \(query.sizes), "
          + "\(key.sizes) and \(value.sizes)")
    }
    batch = try broadcast([query, key, value].map { Array($0.sizes.dropLast(2)) })
    scale =
      try arguments.optionalDouble("scale") ?? 1
      / Double(query.sizes[query.dim - 1])
      .squareRoot()
    try checkMask()
  }

  private func checkMask() throws {
    guard let mask else { return }
    guard !isCausal else {
      throw MartletError(.argument, "explicit attn_mask should not be set when is_causal=True")
    }
    guard mask.dtype == .bool || mask.dtype == .float32 || mask.dtype == query.dtype else {
      throw MartletError(
        .dtype,
        "expected attn_mask dtype to be bool or float or to match query dtype, but got "
          + "attn_mask.dtype: \(mask.dtype) and query.dtype: \(query.dtype) instead")
    }
    let scores = batch + [queries, keys]
    guard try broadcast([scores, mask.sizes]) == scores else {
      throw MartletError(
        .shape, "expected attn_mask to broadcast to \(scores), got \(mask.sizes)")
    }
  }

  var queries: Int { query.sizes[query.dim - 2] }
  var keys: Int { key.sizes[key.dim - 2] }
  var width: Int { value.sizes[value.dim - 1] }

  private static func repeatHeads(_ x: Tensor, like query: Tensor) throws -> Tensor {
    guard x.dim >= 3, query.dim >= 3 else {
      throw MartletError(
        .shape, "enable_gqa expects […, heads, length, width], got \(x.sizes)")
    }
    let (axis, heads) = (x.dim - 3, query.sizes[query.dim - 3])
    let own = x.sizes[axis]
    guard own > 0, heads % own == 0 else {
      throw MartletError(
        .shape,
        "number of heads in key and value must divide the number of heads in query, got \(own) "
          + "and \(heads)")
    }
    var sizes = x.sizes
    sizes.insert(heads / own, at: axis + 1)
    var target = x.sizes
    target[axis] = heads
    return try x.unsqueezedView(axis + 1).broadcastView(sizes).reshapedView(target)
  }

  func evaluate<T: RealElement>(_ type: T.Type, into result: Tensor) throws {
    let count = batch.reduce(1, *)
    func operand(_ x: Tensor) throws -> Matrices {
      let wide = try x.converted(to: T.dtype)
      return try Matrices(
        try wide.broadcastView(batch + wide.sizes.suffix(2))
          .reshapedView([count] + wide.sizes.suffix(2)), computingIn: T.dtype)
    }
    let scores = try Tensor.allocate([count, queries, keys], T.dtype)
    let rows = Matrices(scores, rows: queries, columns: keys, step: queries * keys)
    let shown = batch + [queries, keys]
    try matrixProduct(try operand(query), try operand(key).transposed, into: rows, count: count)
    let hidden = try mask.flatMap { $0.dtype == .bool ? $0 : nil }?.broadcastView(shown).elements(
      as: Bool.self)
    let added: [T]? = try mask.flatMap { $0.dtype == .bool ? nil : $0 }?.converted(to: T.dtype)
      .broadcastView(shown).elements()
    let noise: [Float]? =
      dropout > 0 ? try Tensor.bernoulli(shown, probability: 1 - dropout).elements() : nil
    try scores.writeUnshared(as: T.self) { span in
      let factor = T(rounding: scale)
      for row in 0..<(count * queries) {
        let start = row * keys
        for i in start..<(start + keys) {
          span[i] *= factor
          if let added { span[i] += added[i] }
          if let hidden, !hidden[i] { span[i] = -T.infinity }
        }
        if isCausal {
          let first = min(row % queries + 1, keys)
          for i in (start + first)..<(start + keys) { span[i] = -T.infinity }
        }
        safeSoftmax(&span, start..<(start + keys))
        guard let noise else { continue }
        for i in start..<(start + keys) {
          span[i] *= noise[i] == 0 ? 0 : T(rounding: 1 / (1 - dropout))
        }
      }
    }
    try MatrixProducts.filling(result, startingFrom: nil) { target in
      try matrixProduct(
        rows, try operand(value),
        into: Matrices(target, rows: queries, columns: width, step: queries * width),
        count: count)
    }
  }

  /// Softmax in place; zeros where every score is -∞.
  private func safeSoftmax<T: RealElement>(_ span: inout MutableSpan<T>, _ range: Range<Int>) {
    var largest = -T.infinity
    for i in range where span[i] > largest || span[i].isNaN { largest = span[i] }
    if largest == -T.infinity {
      for i in range { span[i] = 0 }
      return
    }
    var sum = T.zero
    for i in range {
      span[i] = T.exponential(span[i] - largest)
      sum += span[i]
    }
    for i in range { span[i] /= sum }
  }
}

extension F {
  /// `softmax(scale · query · keyᵀ + mask) · value`
  ///
  /// - Parameters:
  ///   - query: `[…, L, E]`, with `key: […, S, E]` and `value: […, S, D]`.
  ///   - attnMask: broadcasts to `[…, L, S]`; truth values say which keys take part, numbers are
  ///     added.
  ///   - dropoutP: dropout of the weights; drops in evaluation too, as PyTorch's.
  ///   - isCausal: query i sees keys 0 … i.
  ///   - scale: `1 / √E` when nil.
  ///   - enableGqa: fewer heads of keys and values, each for several of queries.
  /// - Throws: `MartletError` when sizes or dtypes do not fit.
  public static func scaledDotProductAttention(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, attnMask: Tensor? = nil,
    dropoutP: Double = 0, isCausal: Bool = false, scale: Double? = nil, enableGqa: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Attention.scaledDotProduct(
      .tensor(query), .tensor(key), .tensor(value), attnMask.value, .double(dropoutP),
      .bool(isCausal), scale.value, .bool(enableGqa), at: SourceLocation(file, line))
  }
}
