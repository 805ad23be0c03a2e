/// How a tensor's elements lie in its storage; strides and offset count elements.
package struct Layout: Sendable, Hashable {
  package var sizes: [Int]
  package var strides: [Int]
  package var offset: Int

  package init(sizes: [Int], strides: [Int], offset: Int = 0) {
    self.sizes = sizes
    self.strides = strides
    self.offset = offset
  }

  /// Row-major, without gaps.
  package init(contiguous sizes: [Int]) {
    self.init(sizes: sizes, strides: Layout.contiguousStrides(sizes))
  }

  package static func contiguousStrides(_ sizes: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: sizes.count)
    var step = 1
    for d in sizes.indices.reversed() {
      strides[d] = step
      // Strides of no elements at all may be anything.
      step &*= max(sizes[d], 1)
    }
    return strides
  }

  package var rank: Int { sizes.count }
  package var count: Int { sizes.contains(0) ? 0 : sizes.reduce(1, *) }

  /// Whether the elements lie in row-major order without gaps; strides of axes of one element
  /// do not matter.
  package var isContiguous: Bool {
    if sizes.contains(0) { return true }
    var step = 1
    for d in sizes.indices.reversed() where sizes[d] != 1 {
      if strides[d] != step { return false }
      step *= sizes[d]
    }
    return true
  }

  /// The strides that show the same elements, in the same order, under other sizes, or nil when
  /// that takes a copy (the rule of `torch.Tensor.view`).
  package func viewing(_ newSizes: [Int]) -> Layout? {
    if count == 0 { return Layout(contiguous: newSizes, offset: offset) }
    var newStrides = [Int](repeating: 0, count: newSizes.count)
    var view = newSizes.count - 1
    var chunkStride = strides.last ?? 1
    var chunkCount = 1
    var viewCount = 1
    for d in sizes.indices.reversed() {
      chunkCount *= sizes[d]
      let endsChunk = d == 0 || (sizes[d - 1] != 1 && strides[d - 1] != chunkCount * chunkStride)
      guard endsChunk else { continue }
      while view >= 0, viewCount < chunkCount || newSizes[view] == 1 {
        newStrides[view] = viewCount * chunkStride
        viewCount *= newSizes[view]
        view -= 1
      }
      if viewCount != chunkCount { return nil }
      if d > 0 {
        chunkStride = strides[d - 1]
        chunkCount = 1
        viewCount = 1
      }
    }
    // A tensor of no dimensions has one element; every new axis then has size one.
    while view >= 0 {
      newStrides[view] = 1
      view -= 1
    }
    return Layout(sizes: newSizes, strides: newStrides, offset: offset)
  }

  package init(contiguous sizes: [Int], offset: Int) {
    self.init(sizes: sizes, strides: Layout.contiguousStrides(sizes), offset: offset)
  }

  /// The storage elements from first to last that the view can touch: `offset ..< end`, for
  /// strides of either sign.
  package var extent: Range<Int> {
    if count == 0 { return offset..<offset }
    var low = offset
    var high = offset
    for (size, stride) in zip(sizes, strides) {
      let reach = (size - 1) * stride
      if reach < 0 { low += reach } else { high += reach }
    }
    return low..<(high + 1)
  }
}
