import Foundation
import MartletKernels
import Testing

@Suite struct FourierTransformTests {
  /// Every radix, products of them, large primes, and powers of two.
  static let lengths = [
    1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 15, 16, 20, 25, 31, 37, 49, 60, 64, 74, 97, 120, 128, 210,
    257, 400, 402, 512,
  ]

  private func numbers(_ count: Int) -> [SIMD2<Double>] {
    var noise = Noise(UInt64(count))
    return (0..<count).map { _ in SIMD2(Double(noise.next()), Double(noise.next())) }
  }

  private func largestDifference(_ a: [SIMD2<Double>], _ b: [SIMD2<Double>]) -> Double {
    zip(a, b).map { hypot(($0 - $1).x, ($0 - $1).y) }.max() ?? 0
  }

  @Test(arguments: lengths)
  func isTheDefinition(_ count: Int) throws {
    let x = numbers(count)
    let rows = try MemorySlice(x)
    FourierTransform(count: count)(rows)
    let expected = (0..<count).map { k in
      x.indices.reduce(SIMD2<Double>.zero) { sum, n in
        let angle = -2 * Double.pi * Double(n * k % count) / Double(count)
        let (c, s) = (cos(angle), sin(angle))
        return sum + SIMD2(x[n].x * c - x[n].y * s, x[n].x * s + x[n].y * c)
      }
    }
    #expect(largestDifference(rows.values(), expected) < 1e-13 * Double(count))
  }

  @Test(arguments: lengths + [1009, 4096, 10007, 48000])
  func theInverseLeadsBack(_ count: Int) throws {
    let x = numbers(count)
    let rows = try MemorySlice(x)
    let transform = FourierTransform(count: count)
    transform(rows)
    transform(rows, inverse: true, scale: 1 / Double(count))
    #expect(largestDifference(rows.values(), x) < 1e-13)
  }

  @Test func rowsAreTransformedEachByThemselves() throws {
    let (count, rows) = (15, 4001)
    let x = numbers(count * rows)
    let (together, alone) = (try MemorySlice(x), try MemorySlice(x))
    let transform = FourierTransform(count: count)
    transform(together, threads: 2)
    for row in 0..<rows { transform(alone[from: row * count, count: count]) }
    #expect(together.values() == alone.values())
  }
}
