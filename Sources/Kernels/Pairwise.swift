/// An elementwise float32 function of two arguments.
package enum PairwiseFunction: Sendable, Hashable {
  case add, subtract, multiply, divide
  /// The larger or smaller one; NaN when one is.
  case maximum, minimum
}

/// z ← f(g(x, y)) with broadcasting; operand 0 of the geometry is `z`, then `x` and `y`.
///
/// - Precondition: the operands lie in their memory, strides are not negative, and `z` is either
///   the same run as an operand that it is walked like, or apart from it.
package func combine(
  _ function: PairwiseFunction, _ x: MemorySlice<Float>, _ y: MemorySlice<Float>,
  into z: MemorySlice<Float>, geometry: StridedGeometry,
  then last: PointwiseFunction = .identity, threads: Int = 1
) {
  precondition(geometry.strides.count == 3, "three operands")
  precondition(
    geometry.reach(0) <= z.count && geometry.reach(1) <= x.count && geometry.reach(2) <= y.count,
    "operand outside its memory")
  let tiling = geometry.tiling
  ThreadPool.shared.run(
    Combining(
      function: function, x: x, y: y, z: z, geometry: geometry, tiling: tiling, last: last),
    tiles: tiling.count, threads: threads)
}

private struct Combining: TiledWork {
  let function: PairwiseFunction
  let x, y, z: MemorySlice<Float>
  let geometry: StridedGeometry
  let tiling: RowTiling
  let last: PointwiseFunction

  func compute(_ tile: Int, slot: Int) {
    let (zStep, xStep, yStep) = (
      geometry.innerStride(0), geometry.innerStride(1), geometry.innerStride(2)
    )
    tiling.forEachRow(of: tile) { row, start, count in
      let zRow = unsafe z.base + geometry.start(of: row, 0) + start * zStep
      let xRow = unsafe x.base + geometry.start(of: row, 1) + start * xStep
      let yRow = unsafe y.base + geometry.start(of: row, 2) + start * yStep
      let loop = unsafe BinaryRow(
        x: xRow, xStep: xStep, y: yRow, yStep: yStep, z: zRow, zStep: zStep, count: count)
      switch function {
      case .add: loop.run(Add())
      case .subtract: loop.run(Subtract())
      case .multiply: loop.run(Multiply())
      case .divide: loop.run(Divide())
      case .maximum: loop.run(Maximum())
      case .minimum: loop.run(Minimum())
      }
      if last != .identity {
        precondition(zStep == 1, "a following function needs a dense result")
        unsafe last.visit(MapRow(x: zRow, y: zRow, count: count))
      }
    }
  }
}

private protocol BinaryVectorFunction {
  func callAsFunction(_ x: Vector, _ y: Vector) -> Vector
}

private struct Add: BinaryVectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector, _ y: Vector) -> Vector { x + y }
}
private struct Subtract: BinaryVectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector, _ y: Vector) -> Vector { x - y }
}
private struct Multiply: BinaryVectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector, _ y: Vector) -> Vector { x * y }
}
private struct Divide: BinaryVectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector, _ y: Vector) -> Vector { x / y }
}
private struct Maximum: BinaryVectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector, _ y: Vector) -> Vector { x.maximum(y) }
}
private struct Minimum: BinaryVectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector, _ y: Vector) -> Vector {
    x.replacing(with: y, where: (y .< x) .| (y .!= y))
  }
}

/// One innermost row; a step of 0 repeats the operand's element.
@safe
private struct BinaryRow {
  let x: UnsafeMutablePointer<Float>
  let xStep: Int
  let y: UnsafeMutablePointer<Float>
  let yStep: Int
  let z: UnsafeMutablePointer<Float>
  let zStep: Int
  let count: Int

  @inline(__always)
  func run<F: BinaryVectorFunction>(_ function: F) {
    switch (xStep, yStep, zStep) {
    case (1, 1, 1): loop { unsafe function(Vector(loading: x + $0), Vector(loading: y + $0)) }
    case (1, 0, 1):
      let value = unsafe Vector(repeating: y.pointee)
      loop { unsafe function(Vector(loading: x + $0), value) }
    case (0, 1, 1):
      let value = unsafe Vector(repeating: x.pointee)
      loop { unsafe function(value, Vector(loading: y + $0)) }
    default: break
    }
    // The strided form, and the rest of the rows above.
    var i = zStep == 1 && xStep <= 1 && yStep <= 1 && xStep + yStep > 0 ? count & ~7 : 0
    while i < count {
      let value = unsafe function(
        Vector(repeating: x[i &* xStep]), Vector(repeating: y[i &* yStep]))
      unsafe z[i &* zStep] = value[0]
      i &+= 1
    }
  }

  @inline(__always)
  private func loop(_ body: (Int) -> Vector) {
    var i = 0
    while i &+ Vector.lanes <= count {
      unsafe body(i).store(to: z + i)
      i &+= Vector.lanes
    }
  }
}
