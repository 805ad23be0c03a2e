import MartletTensor

/// The sizes that all broadcast to, by NumPy's and PyTorch's rule.
///
/// - Throws: `MartletError` of kind `.shape` that names the axis.
package func broadcast(_ shapes: [[Int]]) throws -> [Int] {
  guard var result = shapes.first else { return [] }
  for shape in shapes.dropFirst() {
    let rank = max(result.count, shape.count)
    var merged = [Int](repeating: 1, count: rank)
    for d in 0..<rank {
      let a = d < rank - result.count ? 1 : result[d - (rank - result.count)]
      let b = d < rank - shape.count ? 1 : shape[d - (rank - shape.count)]
      guard a == b || a == 1 || b == 1 else {
        throw MartletError(
          .shape,
          "the size of tensor a (\(a)) must match the size of tensor b (\(b)) at non-singleton "
            + "dimension \(d): \(result) and \(shape) do not broadcast")
      }
      merged[d] = a == 1 ? b : a
    }
    result = merged
  }
  return result
}

extension Layout {
  /// The layout that repeats this one's elements over larger sizes that it broadcasts to.
  package func broadcast(to target: [Int]) -> Layout {
    let added = target.count - rank
    var strides = [Int](repeating: 0, count: target.count)
    for d in 0..<rank where sizes[d] != 1 || target[d + added] == 1 {
      strides[d + added] = self.strides[d]
    }
    return Layout(sizes: target, strides: strides, offset: offset)
  }
}

/// Calls `body` for each innermost row of layouts of the same sizes, in row-major order: the first
/// element of each operand, the row's length, and each operand's stride along it.
package func forEachRow(
  _ layouts: [Layout], _ body: (_ starts: [Int], _ count: Int, _ strides: [Int]) throws -> Void
) rethrows {
  guard let sizes = layouts.first?.sizes, !sizes.contains(0) else { return }
  var starts = layouts.map(\.offset)
  guard let last = sizes.indices.last else {
    return try body(starts, 1, [Int](repeating: 0, count: starts.count))
  }
  let strides = layouts.map { $0.strides[last] }
  var index = [Int](repeating: 0, count: sizes.count)
  while true {
    try body(starts, sizes[last], strides)
    var d = last - 1
    while d >= 0 {
      index[d] += 1
      for k in starts.indices { starts[k] += layouts[k].strides[d] }
      if index[d] < sizes[d] { break }
      for k in starts.indices { starts[k] -= layouts[k].strides[d] * sizes[d] }
      index[d] = 0
      d -= 1
    }
    if d < 0 { return }
  }
}
