#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif
#endif

/// The BLAS library's products: Accelerate's, or those of the OpenBLAS that is on the machine.
///
/// OpenBLAS is opened when the first product asks for it: a program whose products are all
/// generated never holds it in memory, and one that was built beside it runs without it.
/// `MARTLET_BLAS=none` leaves it closed.
@safe
struct BLASLibrary: Sendable {
  typealias Size = Int32
  typealias FloatProduct =
    @convention(c) (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Size, Size, Size, Float,
      UnsafePointer<Float>?, Size, UnsafePointer<Float>?, Size, Float,
      UnsafeMutablePointer<Float>?, Size
    ) -> Void
  typealias FloatVectorProduct =
    @convention(c) (
      CBLAS_ORDER, CBLAS_TRANSPOSE, Size, Size, Float, UnsafePointer<Float>?, Size,
      UnsafePointer<Float>?, Size, Float, UnsafeMutablePointer<Float>?, Size
    ) -> Void
  typealias DoubleProduct =
    @convention(c) (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Size, Size, Size, Double,
      UnsafePointer<Double>?, Size, UnsafePointer<Double>?, Size, Double,
      UnsafeMutablePointer<Double>?, Size
    ) -> Void
  typealias DoubleVectorProduct =
    @convention(c) (
      CBLAS_ORDER, CBLAS_TRANSPOSE, Size, Size, Double, UnsafePointer<Double>?, Size,
      UnsafePointer<Double>?, Size, Double, UnsafeMutablePointer<Double>?, Size
    ) -> Void

  let sgemm: FloatProduct
  let dgemm: DoubleProduct
  let sgemv: FloatVectorProduct
  let dgemv: DoubleVectorProduct

  /// Nil where there is none.
  static let shared: BLASLibrary? = open()

  static func transposition(_ isTransposed: Bool) -> CBLAS_TRANSPOSE {
    isTransposed ? CblasTrans : CblasNoTrans
  }

  #if canImport(Accelerate)
    private static func open() -> BLASLibrary? {
      unsafe BLASLibrary(
        sgemm: cblas_sgemm, dgemm: cblas_dgemm, sgemv: cblas_sgemv, dgemv: cblas_dgemv)
    }
  #else
    private static func open() -> BLASLibrary? {
      if let wish = unsafe getenv("MARTLET_BLAS"), unsafe String(cString: wish) == "none" {
        return nil
      }
      let library = OpenBLAS.open()
      guard let library, let sgemm = unsafe library.symbol("cblas_sgemm"),
        let dgemm = unsafe library.symbol("cblas_dgemm"),
        let sgemv = unsafe library.symbol("cblas_sgemv"),
        let dgemv = unsafe library.symbol("cblas_dgemv")
      else { return nil }
      return unsafe BLASLibrary(
        sgemm: unsafeBitCast(sgemm, to: FloatProduct.self),
        dgemm: unsafeBitCast(dgemm, to: DoubleProduct.self),
        sgemv: unsafeBitCast(sgemv, to: FloatVectorProduct.self),
        dgemv: unsafeBitCast(dgemv, to: DoubleVectorProduct.self))
    }
  #endif
}
