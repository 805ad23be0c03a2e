/// The loop nest of an elementwise kernel over operands that lie in different strides.
///
/// Axes of one element are dropped and neighbouring axes that every operand crosses in one step
/// are merged, so that the innermost axis is as long as it can be. Made at plan time; walking it
/// allocates nothing.
package struct StridedGeometry: Sendable {
  /// Sizes of the merged axes, outermost first; never empty.
  package let sizes: [Int]
  /// For each operand, the strides of the merged axes, in elements.
  package let strides: [[Int]]
  /// The innermost axis' size.
  package let inner: Int
  /// How many innermost rows there are.
  package let outer: Int

  /// - Parameter strides: for each operand one stride per axis; 0 repeats an element.
  package init(sizes: [Int], strides: [[Int]]) {
    precondition(strides.allSatisfy { $0.count == sizes.count }, "one stride per axis")
    precondition(sizes.allSatisfy { $0 >= 0 }, "sizes are not negative")
    var merged: [Int] = []
    var steps = [[Int]](repeating: [], count: strides.count)
    for axis in sizes.indices where sizes[axis] != 1 {
      let last = merged.count - 1
      let joins =
        last >= 0
        && strides.indices.allSatisfy { steps[$0][last] == strides[$0][axis] * sizes[axis] }
      if joins {
        merged[last] *= sizes[axis]
        for operand in strides.indices { steps[operand][last] = strides[operand][axis] }
      } else {
        merged.append(sizes[axis])
        for operand in strides.indices { steps[operand].append(strides[operand][axis]) }
      }
    }
    if merged.isEmpty {
      merged = [1]
      steps = steps.map { _ in [1] }
    }
    self.sizes = merged
    self.strides = steps
    self.inner = merged[merged.count - 1]
    self.outer = merged.dropLast().reduce(1, *)
  }

  package var count: Int { outer * inner }

  /// The operand's stride along the innermost axis.
  @inline(__always)
  func innerStride(_ operand: Int) -> Int { strides[operand][sizes.count - 1] }

  /// Where the operand's innermost row `row` starts.
  @inline(__always)
  func start(of row: Int, _ operand: Int) -> Int {
    var rest = row
    var place = 0
    var axis = sizes.count - 2
    while axis >= 0 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      place += remainder * strides[operand][axis]
      rest = quotient
      axis -= 1
    }
    return place
  }

  /// The elements an operand reaches beyond its first one, for the check at the door.
  func reach(_ operand: Int) -> Int {
    var last = 0
    for axis in sizes.indices {
      precondition(strides[operand][axis] >= 0, "strides are not negative")
      last += (sizes[axis] - 1) * strides[operand][axis]
    }
    return count == 0 ? 0 : last + 1
  }

  /// Rows per tile, or parts per row where rows are long.
  var tiling: RowTiling { RowTiling(outer: outer, inner: inner) }
}

/// Cuts `outer` rows of `inner` elements into tiles of about `elementsPerTile`.
struct RowTiling: Sendable {
  let outer: Int
  let inner: Int
  private let rowsPerTile: Int
  private let partsPerRow: Int

  init(outer: Int, inner: Int) {
    self.outer = outer
    self.inner = inner
    rowsPerTile = max(elementsPerTile / max(inner, 1), 1)
    partsPerRow = max((inner + elementsPerTile - 1) / elementsPerTile, 1)
  }

  var count: Int {
    if outer == 0 || inner == 0 { return 0 }
    return partsPerRow > 1 ? outer * partsPerRow : (outer + rowsPerTile - 1) / rowsPerTile
  }

  /// Calls the body with each row of the tile and the part of it that belongs to the tile.
  @inline(__always)
  func forEachRow(of tile: Int, _ body: (_ row: Int, _ start: Int, _ count: Int) -> Void) {
    if partsPerRow > 1 {
      let start = tile % partsPerRow * elementsPerTile
      body(tile / partsPerRow, start, min(elementsPerTile, inner - start))
    } else {
      let first = tile * rowsPerTile
      for row in first..<min(first + rowsPerTile, outer) { body(row, 0, inner) }
    }
  }
}
