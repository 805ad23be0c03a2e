/// Moves elements from one strided place to another; operand 0 of the geometry is the target,
/// operand 1 the source. Elements move as bits, so any type of the right width serves.
///
/// - Precondition: both operands lie in their memory and do not overlap.
package func copy<Element: BitwiseCopyable & Sendable>(
  _ x: MemorySlice<Element>, into y: MemorySlice<Element>, geometry: StridedGeometry,
  threads: Int = 1
) {
  precondition(geometry.strides.count == 2, "two operands")
  precondition(
    geometry.reach(0) <= y.count && geometry.reach(1) <= x.count, "operand outside its memory")
  let (yStep, xStep) = (geometry.innerStride(0), geometry.innerStride(1))
  if xStep > 1, yStep == 1, let axis = geometry.unitAxis(1), axis < geometry.sizes.count - 1 {
    return copyTransposed(x, into: y, geometry: geometry, axis: axis, threads: threads)
  }
  let tiling = geometry.tiling
  ThreadPool.shared.run(tiles: tiling.count, threads: threads) { tile in
    tiling.forEachRow(of: tile) { row, start, count in
      let to = unsafe y.base + geometry.start(of: row, 0) + start * yStep
      let from = unsafe x.base + geometry.start(of: row, 1) + start * xStep
      if xStep == 1, yStep == 1 {
        unsafe to.update(from: from, count: count)
      } else if xStep == 0, yStep == 1 {
        unsafe to.update(repeating: from.pointee, count: count)
      } else {
        var i = 0
        while i < count {
          unsafe to[i &* yStep] = from[i &* xStep]
          i &+= 1
        }
      }
    }
  }
}

/// The case where the source is dense along another axis than the target: squares of that axis
/// and the innermost one, so that both sides stay within a few cache lines.
private func copyTransposed<Element: BitwiseCopyable & Sendable>(
  _ x: MemorySlice<Element>, into y: MemorySlice<Element>, geometry: StridedGeometry, axis: Int,
  threads: Int
) {
  let side = 16
  let inner = geometry.inner
  let across = geometry.sizes[axis]
  let xStep = geometry.innerStride(1)
  let yStep = geometry.strides[0][axis]
  var sizes = geometry.sizes
  sizes.removeLast()
  sizes.remove(at: axis)
  var strides = geometry.strides.map { Array($0.dropLast()) }
  for operand in strides.indices { strides[operand].remove(at: axis) }
  // A trailing axis of one element keeps the outer axes as they are.
  let planes = OuterWalk(sizes: sizes, strides: strides)
  let bands = (across + side - 1) / side
  ThreadPool.shared.run(tiles: planes.count * bands, threads: threads) { tile in
    let plane = tile / bands
    let first = tile % bands * side
    let last = min(first + side, across)
    let to = unsafe y.base + planes.start(of: plane, 0)
    let from = unsafe x.base + planes.start(of: plane, 1)
    var column = 0
    while column < inner {
      let end = min(column + side, inner)
      for row in first..<last {
        let target = unsafe to + row &* yStep
        let source = unsafe from + row
        var i = column
        while i < end {
          unsafe target[i] = source[i &* xStep]
          i &+= 1
        }
      }
      column = end
    }
  }
}

/// Start positions over some axes.
private struct OuterWalk: Sendable {
  let sizes: [Int]
  let strides: [[Int]]

  var count: Int { sizes.reduce(1, *) }

  func start(of index: Int, _ operand: Int) -> Int {
    var rest = index
    var place = 0
    var axis = sizes.count - 1
    while axis >= 0 {
      place += rest % sizes[axis] * strides[operand][axis]
      rest /= sizes[axis]
      axis -= 1
    }
    return place
  }
}

extension StridedGeometry {
  /// The axis along which the operand's elements are neighbours.
  fileprivate func unitAxis(_ operand: Int) -> Int? {
    sizes.indices.first { strides[operand][$0] == 1 }
  }
}
