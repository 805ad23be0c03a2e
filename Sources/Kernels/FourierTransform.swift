#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The discrete Fourier transform of one length in float64: `y[k] = scale · Σ x[n] e^(∓2πi nk/N)`.
///
/// Lengths whose prime factors are at most 31 take Stockham's mixed-radix steps (T. G. Stockham,
/// "High-speed convolution and correlation", 1966; no reordering), all others Bluestein's
/// convolution with a chirp (L. Bluestein, 1970). Complex numbers are (real, imaginary) pairs.
package struct FourierTransform: Sendable {
  package typealias Number = SIMD2<Double>

  package let count: Int
  private let method: Method

  private enum Method: Sendable {
    case steps(StockhamSteps)
    case chirp(ChirpConvolution)
  }

  /// - Precondition: `count` is at least one.
  package init(count: Int) {
    precondition(count > 0, "a transform of no numbers")
    self.count = count
    let factors = StockhamSteps.factors(of: count)
    method =
      factors.allSatisfy { $0 <= 31 }
      ? .steps(StockhamSteps(count, factors)) : .chirp(ChirpConvolution(count))
  }

  /// Transforms each row of `count` numbers in place.
  ///
  /// - Parameter inverse: whether the exponent is positive; the scale is the caller's.
  /// - Precondition: `rows` holds whole rows that nothing else reads or writes meanwhile.
  package func callAsFunction(
    _ rows: MemorySlice<Number>, inverse: Bool = false, scale: Double = 1, threads: Int = 1
  ) {
    precondition(rows.count % count == 0, "needs whole rows")
    let total = rows.count / count
    let step = max(elementsPerTile / count, 1)
    ThreadPool.shared.run(tiles: (total + step - 1) / step, threads: threads) { tile in
      var scratch = [Number](repeating: .zero, count: scratchCount)
      unsafe scratch.withUnsafeMutableBufferPointer { buffer in
        guard let space = buffer.baseAddress else { return }
        for row in (tile * step)..<min((tile + 1) * step, total) {
          let numbers = unsafe rows.base + row * count
          // The inverse is the transform with both parts exchanged, before and after.
          if inverse { unsafe exchangeParts(numbers) }
          unsafe run(numbers, space)
          if inverse { unsafe exchangeParts(numbers) }
          if scale != 1 { for i in 0..<count { unsafe numbers[i] *= scale } }
        }
      }
    }
  }

  private var scratchCount: Int {
    switch method {
    case .steps: count
    case .chirp(let chirp): chirp.scratchCount
    }
  }

  private func exchangeParts(_ numbers: UnsafeMutablePointer<Number>) {
    for i in 0..<count { unsafe numbers[i] = Number(numbers[i].y, numbers[i].x) }
  }

  private func run(
    _ numbers: UnsafeMutablePointer<Number>, _ scratch: UnsafeMutablePointer<Number>
  ) {
    switch method {
    case .steps(let steps): unsafe steps.run(numbers, scratch)
    case .chirp(let chirp): unsafe chirp.run(numbers, scratch)
    }
  }
}

extension SIMD2<Double> {
  /// The complex product.
  @inline(__always) func times(_ b: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(x * b.x - y * b.y, x * b.y + y * b.x)
  }

  @inline(__always) var conjugate: SIMD2<Double> { SIMD2(x, -y) }

  /// `e^(-2πi position/count)`, exact at the quarters.
  static func root(_ position: Int, of count: Int) -> SIMD2<Double> {
    let (quarter, rest) = (4 * position).quotientAndRemainder(dividingBy: count)
    // The angle from the nearer end of the quarter.
    let isNearEnd = 2 * rest > count
    let angle = 2 * .pi * Double(isNearEnd ? count - rest : rest) / (4 * Double(count))
    let (a, b) = isNearEnd ? (sin(angle), cos(angle)) : (cos(angle), sin(angle))
    switch quarter & 3 {
    case 0: return SIMD2(a, -b)
    case 1: return SIMD2(-b, -a)
    case 2: return SIMD2(-a, b)
    default: return SIMD2(b, a)
    }
  }
}

/// Bluestein's algorithm: the transform as a convolution of a length that factors well.
private struct ChirpConvolution: Sendable {
  private typealias Number = SIMD2<Double>

  private let count: Int
  private let steps: StockhamSteps
  /// `e^(-πi n²/count)`
  private let chirp: [Number]
  /// The transform of the chirp's conjugate, divided by the convolution's length.
  private let spectrum: [Number]

  /// Two arrays of the convolution's length.
  var scratchCount: Int { 2 * spectrum.count }

  init(_ count: Int) {
    self.count = count
    var length = 1
    while length < 2 * count - 1 { length *= 2 }
    let steps = StockhamSteps(length, StockhamSteps.factors(of: length))
    self.steps = steps
    // Squares modulo the period, so that the angles stay exact.
    let chirp = (0..<count).map { n in
      Number.root((n &* n) % (2 * count), of: 2 * count)
    }
    self.chirp = chirp
    var response = [Number](repeating: .zero, count: 2 * length)
    for n in 0..<count {
      let value = chirp[n].conjugate / Double(length)
      response[n] = value
      if n > 0 { response[length - n] = value }
    }
    unsafe response.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe steps.run(base, base + length)
    }
    spectrum = Array(response[0..<length])
  }

  func run(
    _ numbers: UnsafeMutablePointer<SIMD2<Double>>, _ scratch: UnsafeMutablePointer<SIMD2<Double>>
  ) {
    let length = spectrum.count
    for n in 0..<count { unsafe scratch[n] = numbers[n].times(chirp[n]) }
    for n in count..<length { unsafe scratch[n] = .zero }
    unsafe steps.run(scratch, scratch + length)
    // The inverse transform: conjugated before and after.
    for n in 0..<length { unsafe scratch[n] = scratch[n].times(spectrum[n]).conjugate }
    unsafe steps.run(scratch, scratch + length)
    for n in 0..<count { unsafe numbers[n] = scratch[n].conjugate.times(chirp[n]) }
  }
}
