/// Elements that one tile of an elementwise kernel takes; a multiple of the vector.
let elementsPerTile = 16_384

/// y ← f(x), element by element.
///
/// - Precondition: equally many elements; `y` is `x` itself or apart from it.
package func map(
  _ function: PointwiseFunction, _ x: MemorySlice<Float>, into y: MemorySlice<Float>,
  threads: Int = 1
) {
  precondition(x.count == y.count, "sizes do not agree")
  let tiles = (x.count + elementsPerTile - 1) / elementsPerTile
  ThreadPool.shared.run(Mapping(function: function, x: x, y: y), tiles: tiles, threads: threads)
}

private struct Mapping: TiledWork {
  let function: PointwiseFunction
  let x, y: MemorySlice<Float>

  func compute(_ tile: Int, slot: Int) {
    let start = tile * elementsPerTile
    let count = min(elementsPerTile, x.count - start)
    unsafe function.visit(MapRow(x: x.base + start, y: y.base + start, count: count))
  }
}

/// Sets every element.
package func fill<Element: BitwiseCopyable & Sendable>(
  _ y: MemorySlice<Element>, with value: Element, threads: Int = 1
) {
  let tiles = (y.count + elementsPerTile - 1) / elementsPerTile
  ThreadPool.shared.run(tiles: tiles, threads: threads) { tile in
    let start = tile * elementsPerTile
    let count = min(elementsPerTile, y.count - start)
    unsafe (y.base + start).update(repeating: value, count: count)
  }
}

/// One row of an elementwise function.
@safe
struct MapRow: VectorFunctionVisitor {
  let x: UnsafePointer<Float>
  let y: UnsafeMutablePointer<Float>
  let count: Int

  init(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, count: Int) {
    unsafe self.x = x
    unsafe self.y = y
    self.count = count
  }

  @inline(__always)
  func visit<F: VectorFunction>(_ function: F) {
    var i = 0
    while i &+ Vector.lanes <= count {
      unsafe function(Vector(loading: x + i)).store(to: y + i)
      i &+= Vector.lanes
    }
    if i < count {
      let rest = unsafe Vector(loading: UnsafeMutablePointer(mutating: x + i), count: count - i)
      unsafe function(rest).store(to: y + i, count: count - i)
    }
  }
}
