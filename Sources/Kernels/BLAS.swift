#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// A number type that the BLAS library multiplies.
package protocol BLASScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// C ← alpha · op(A) · op(B) + beta · C on the calling thread; row-major.
  static func multiply(_ product: RawProduct<Self>)
  /// y ← alpha · op(A) · x + beta · y on the calling thread; row-major.
  static func multiplyVector(_ product: RawVectorProduct<Self>)
}

/// Pointers and sizes that the doors have checked.
@safe
package struct RawProduct<Scalar> {
  var rows, columns, depth: Int
  var alpha, beta: Scalar
  var a: UnsafePointer<Scalar>
  var aStride: Int
  var aTransposed: Bool
  var b: UnsafePointer<Scalar>
  var bStride: Int
  var bTransposed: Bool
  var c: UnsafeMutablePointer<Scalar>
  var cStride: Int
}

/// A stored row-major matrix, perhaps transposed, times a strided vector.
@safe
package struct RawVectorProduct<Scalar> {
  var storedRows, storedColumns: Int
  var alpha, beta: Scalar
  var a: UnsafePointer<Scalar>
  var aStride: Int
  var transposed: Bool
  var x: UnsafePointer<Scalar>
  var xStride: Int
  var y: UnsafeMutablePointer<Scalar>
  var yStride: Int
}

extension Float: BLASScalar {
  package static func multiply(_ p: RawProduct<Float>) {
    guard let library = BLASLibrary.shared else { return PlainProduct.compute(p) }
    unsafe library.sgemm(
      CblasRowMajor, BLASLibrary.transposition(p.aTransposed),
      BLASLibrary.transposition(p.bTransposed), .init(p.rows), .init(p.columns), .init(p.depth),
      p.alpha, p.a, .init(p.aStride), p.b, .init(p.bStride), p.beta, p.c, .init(p.cStride))
  }

  package static func multiplyVector(_ p: RawVectorProduct<Float>) {
    guard let library = BLASLibrary.shared else { return PlainProduct.compute(p) }
    unsafe library.sgemv(
      CblasRowMajor, BLASLibrary.transposition(p.transposed), .init(p.storedRows),
      .init(p.storedColumns), p.alpha, p.a, .init(p.aStride), p.x, .init(p.xStride), p.beta, p.y,
      .init(p.yStride))
  }
}

extension Double: BLASScalar {
  package static func multiply(_ p: RawProduct<Double>) {
    guard let library = BLASLibrary.shared else { return PlainProduct.compute(p) }
    unsafe library.dgemm(
      CblasRowMajor, BLASLibrary.transposition(p.aTransposed),
      BLASLibrary.transposition(p.bTransposed), .init(p.rows), .init(p.columns), .init(p.depth),
      p.alpha, p.a, .init(p.aStride), p.b, .init(p.bStride), p.beta, p.c, .init(p.cStride))
  }

  package static func multiplyVector(_ p: RawVectorProduct<Double>) {
    guard let library = BLASLibrary.shared else { return PlainProduct.compute(p) }
    unsafe library.dgemv(
      CblasRowMajor, BLASLibrary.transposition(p.transposed), .init(p.storedRows),
      .init(p.storedColumns), p.alpha, p.a, .init(p.aStride), p.x, .init(p.xStride), p.beta, p.y,
      .init(p.yStride))
  }
}

extension BLASScalar {
  /// One product on the calling thread; thin ones go to the library's matrix-vector routine.
  static func compute(_ p: RawProduct<Self>) {
    if p.rows == 0 || p.columns == 0 { return }
    if p.depth == 0 {
      for row in 0..<p.rows {
        for column in 0..<p.columns {
          let place = unsafe p.c + row * p.cStride + column
          unsafe place.pointee = p.beta == 0 ? 0 : p.beta * place.pointee
        }
      }
    } else if p.rows == 1 {
      // The row of C is op(B)ᵀ times the row of op(A).
      unsafe multiplyVector(
        RawVectorProduct(
          storedRows: p.bTransposed ? p.columns : p.depth,
          storedColumns: p.bTransposed ? p.depth : p.columns, alpha: p.alpha, beta: p.beta,
          a: p.b, aStride: p.bStride, transposed: !p.bTransposed, x: p.a,
          xStride: p.aTransposed ? p.aStride : 1, y: p.c, yStride: 1))
    } else if p.columns == 1 {
      unsafe multiplyVector(
        RawVectorProduct(
          storedRows: p.aTransposed ? p.depth : p.rows,
          storedColumns: p.aTransposed ? p.rows : p.depth, alpha: p.alpha, beta: p.beta,
          a: p.a, aStride: p.aStride, transposed: p.aTransposed, x: p.b,
          xStride: p.bTransposed ? 1 : p.bStride, y: p.c, yStride: p.cStride))
    } else {
      multiply(p)
    }
  }
}
