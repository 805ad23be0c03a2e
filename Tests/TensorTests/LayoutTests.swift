import MartletTensor
import Testing

/// Properties of `Layout` over random views; the definition is to list positions one by one.
@Suite struct LayoutTests {
  /// A view that slicing, transposing, expanding and reversing could give.
  private func randomLayout(_ numbers: inout TestNumbers) -> Layout {
    let rank = Int.random(in: 0...4, using: &numbers)
    let sizes = (0..<rank).map { _ in Int.random(in: 0...9, using: &numbers) % 5 }
    var layout = Layout(contiguous: sizes.map { $0 * 2 + 1 }, offset: 0)
    layout.sizes = sizes
    for d in sizes.indices {
      switch Int.random(in: 0..<6, using: &numbers) {
      case 0: layout.strides[d] = 0
      case 1: layout.strides[d] *= 2
      case 2:
        layout.offset += layout.strides[d] * max(sizes[d] - 1, 0)
        layout.strides[d] *= -1
      default: break
      }
    }
    if Bool.random(using: &numbers) { layout = Layout(contiguous: sizes, offset: 7) }
    guard Bool.random(using: &numbers) else { return layout }
    let order = sizes.indices.shuffled(using: &numbers)
    layout.sizes = order.map { layout.sizes[$0] }
    layout.strides = order.map { layout.strides[$0] }
    return layout
  }

  /// Storage positions in row-major order, by the definition.
  private func positions(_ layout: Layout) -> [Int] {
    var result = [layout.offset]
    for (size, stride) in zip(layout.sizes, layout.strides) {
      result = result.flatMap { start in (0..<size).map { start + $0 * stride } }
    }
    return result
  }

  private func factored(_ count: Int, _ numbers: inout TestNumbers) -> [Int] {
    var rest = count
    var sizes: [Int] = []
    while rest > 1 || sizes.isEmpty {
      let divisors = (1...max(rest, 1)).filter { rest % $0 == 0 }
      let next = divisors.randomElement(using: &numbers) ?? 1
      sizes.append(next)
      rest = next == 0 ? 0 : rest / next
    }
    return sizes
  }

  @Test func rowsVisitEveryElementInOrder() {
    var numbers = TestNumbers(seed: 3)
    for _ in 0..<500 {
      let layout = randomLayout(&numbers)
      var visited: [Int] = []
      layout.forEachRow { start, count, stride in
        visited += (0..<count).map { start + $0 * stride }
      }
      #expect(visited == positions(layout), "\(layout)")
      #expect(layout.count == visited.count)
    }
  }

  @Test func extentIsExact() {
    var numbers = TestNumbers(seed: 4)
    for _ in 0..<500 {
      let layout = randomLayout(&numbers)
      let all = positions(layout)
      guard let low = all.min(), let high = all.max() else {
        #expect(layout.extent.isEmpty)
        continue
      }
      #expect(layout.extent == low..<(high + 1), "\(layout)")
    }
  }

  @Test func contiguityIsRowMajorOrderWithoutGaps() {
    var numbers = TestNumbers(seed: 5)
    for _ in 0..<500 {
      let layout = randomLayout(&numbers)
      let all = positions(layout)
      let expected = all == Array(layout.offset..<(layout.offset + all.count))
      #expect(layout.isContiguous == expected, "\(layout)")
      #expect(Layout(contiguous: layout.sizes).isContiguous)
    }
  }

  @Test func aViewShowsTheSameElementsOrNeedsACopy() {
    var numbers = TestNumbers(seed: 6)
    var shown = 0
    for _ in 0..<2000 {
      let layout = randomLayout(&numbers)
      guard layout.count > 0 else { continue }
      let sizes = factored(layout.count, &numbers)
      guard let view = layout.viewing(sizes) else {
        // Contiguous elements can always be seen under other sizes.
        #expect(!layout.isContiguous, "\(layout) as \(sizes)")
        continue
      }
      shown += 1
      #expect(view.sizes == sizes)
      #expect(positions(view) == positions(layout), "\(layout) as \(sizes)")
    }
    #expect(shown > 500)
  }

  @Test func viewsThatNeedNoCopyAreFound() {
    var numbers = TestNumbers(seed: 7)
    for _ in 0..<500 {
      let layout = randomLayout(&numbers)
      // Splitting an axis, and adding axes of one element, never takes a copy.
      var sizes: [Int] = []
      for size in layout.sizes {
        if size > 0, size % 2 == 0, Bool.random(using: &numbers) {
          sizes += [2, size / 2]
        } else {
          sizes.append(size)
        }
        if Bool.random(using: &numbers) { sizes.append(1) }
      }
      let view = layout.viewing(sizes)
      #expect(view != nil, "\(layout) as \(sizes)")
      #expect(view.map(positions) == positions(layout))
      // And back again.
      #expect(view?.viewing(layout.sizes).map(positions) == positions(layout))
    }
  }

  @Test func copiesHoldTheElementsInOrder() throws {
    var numbers = TestNumbers(seed: 8)
    for dtype in [DType.int8, .int16, .int32, .int64, .bool, .float16, .float64] {
      for _ in 0..<50 {
        let layout = randomLayout(&numbers)
        let extent = layout.extent
        guard extent.lowerBound >= 0 else { continue }
        let storage = try Tensor((0..<max(extent.upperBound, 1)).map { Int64($0 % 100) })
        let view = try storage.converted(to: dtype).viewed(layout)
        let expected = positions(layout).map { dtype == .bool ? min($0 % 100, 1) : $0 % 100 }
        let copy = try view.copied()
        #expect(copy.isContiguous)
        #expect(copy.shape == layout.sizes)
        #expect(
          try copy.converted(to: .int64).array(of: Int64.self).map { Int($0) } == expected)
      }
    }
  }

  @Test func sizesBeyondAnyMemoryAreRefusedWhereOneIsZero() {
    for sizes in [[0, 1 << 40, 1 << 40], [1 << 40, 1 << 40, 0], [1 << 62, 0, 2]] {
      #expect(throws: MartletError.self) { try Tensor([Float](), shape: sizes) }
      #expect(Layout(contiguous: sizes).count == 0)
    }
  }
}
