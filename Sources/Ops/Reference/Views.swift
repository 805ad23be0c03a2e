import MartletTensor

/// Views that evaluations take of their arguments; unrecorded, and fine on meta tensors.
extension Tensor {
  /// The axes in another order.
  package func permutedView(_ order: [Int]) -> Tensor {
    viewed(
      Layout(
        sizes: order.map { sizes[$0] }, strides: order.map { strides[$0] }, offset: layout.offset))
  }

  package func transposedView(_ a: Int, _ b: Int) -> Tensor {
    var order = Array(0..<dim)
    order.swapAt(a < 0 ? a + dim : a, b < 0 ? b + dim : b)
    return permutedView(order)
  }

  package func broadcastView(_ sizes: [Int]) -> Tensor { viewed(layout.broadcast(to: sizes)) }

  /// Other sizes for the same elements; a copy where strides do not allow a view.
  package func reshapedView(_ sizes: [Int]) throws -> Tensor {
    if let layout = layout.viewing(sizes) { return viewed(layout) }
    return try copied().viewed(Layout(contiguous: sizes))
  }

  package func unsqueezedView(_ d: Int) -> Tensor {
    var result = layout
    result.sizes.insert(1, at: d)
    result.strides.insert(1, at: d)
    return viewed(result)
  }

  package func squeezedView(_ d: Int) -> Tensor {
    var result = layout
    result.sizes.remove(at: d)
    result.strides.remove(at: d)
    return viewed(result)
  }

  /// `count` entries of an axis from `start` on.
  package func narrowedView(_ d: Int, _ start: Int, _ count: Int) -> Tensor {
    var result = layout
    result.sizes[d] = count
    result.offset += start * strides[d]
    return viewed(result)
  }

  /// One entry of an axis, which goes.
  package func selectedView(_ d: Int, _ index: Int) -> Tensor {
    narrowedView(d, index, 1).squeezedView(d)
  }
}
