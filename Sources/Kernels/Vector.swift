/// The float32 vector that the portable kernels compute in.
typealias Vector = SIMD8<Float>

extension Vector {
  static var lanes: Int { 8 }

  @inline(__always)
  init(loading pointer: UnsafePointer<Float>) {
    self = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  init(loading pointer: UnsafeMutablePointer<Float>) {
    self = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
  }

  /// The first `count` lanes from memory, the rest filled; reads nothing beyond them.
  @inline(__always)
  init(loading pointer: UnsafeMutablePointer<Float>, count: Int, filler: Float = 0) {
    if count == Vector.lanes {
      unsafe self.init(loading: pointer)
      return
    }
    var result = Vector(repeating: filler)
    for lane in 0..<count { result[lane] = unsafe pointer[lane] }
    self = result
  }

  /// Every second element, from the first on.
  @inline(__always)
  init(loadingEvery second: UnsafeMutablePointer<Float>) {
    self = unsafe UnsafeRawPointer(second).loadUnaligned(as: SIMD16<Float>.self).evenHalf
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>) {
    unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Vector.self)
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>, count: Int) {
    if count == Vector.lanes { return unsafe store(to: pointer) }
    for lane in 0..<count { unsafe pointer[lane] = self[lane] }
  }

  @inline(__always)
  var bits: SIMD8<Int32> { unsafe unsafeBitCast(self, to: SIMD8<Int32>.self) }

  @inline(__always)
  init(bits: SIMD8<Int32>) { self = unsafe unsafeBitCast(bits, to: Vector.self) }

  @inline(__always)
  var magnitude: Vector { Vector(bits: bits & 0x7FFF_FFFF) }

  /// The lanes' sum, halves first.
  @inline(__always)
  var total: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The larger lane by lane; a NaN on either side gives NaN, as in PyTorch.
  @inline(__always)
  func maximum(_ other: Vector) -> Vector {
    replacing(with: other, where: (other .> self) .| (other .!= other))
  }

  /// The largest lane, NaN when there is one.
  @inline(__always)
  var maximum: Float {
    var result = self[0]
    for lane in 1..<Vector.lanes { result = largest(result, self[lane]) }
    return result
  }
}

/// The larger number; NaN when one of them is.
@inline(__always)
func largest(_ a: Float, _ b: Float) -> Float { b > a || b != b ? b : a }
