import MartletKernels
import Testing

struct GEMMTests {
  static let shapes = [
    (0, 3, 2), (1, 1, 1), (1, 17, 9), (17, 1, 9), (5, 7, 0), (8, 8, 8), (33, 47, 127),
    (200, 190, 150), (1, 512, 700),
  ]

  @Test(arguments: shapes, [(false, false), (true, false), (false, true), (true, true)])
  func matchesPlainLoops(shape: (Int, Int, Int), transposed: (Bool, Bool)) throws {
    let (m, n, k) = shape
    var noise = Noise()
    let (aStride, bStride, cStride) = (
      (transposed.0 ? m : k) + 2, (transposed.1 ? k : n) + 1, n + 3
    )
    let a = noise.values((transposed.0 ? k : m) * aStride + 1)
    let b = noise.values((transposed.1 ? n : k) * bStride + 1)
    let c = noise.values(m * cStride + 1)
    let left = Matrix(
      try MemorySlice(a), rows: m, columns: k, stride: aStride, transposed: transposed.0)
    let right = Matrix(
      try MemorySlice(b), rows: k, columns: n, stride: bStride, transposed: transposed.1)
    for (alpha, beta) in [(Float(1), Float(0)), (0.5, 2)] {
      var expected = c
      for i in 0..<m {
        for j in 0..<n {
          var sum = 0.0
          for p in 0..<k {
            let x = transposed.0 ? a[p * aStride + i] : a[i * aStride + p]
            let y = transposed.1 ? b[j * bStride + p] : b[p * bStride + j]
            sum += Double(x) * Double(y)
          }
          let old = beta == 0 ? 0 : beta * c[i * cStride + j]
          expected[i * cStride + j] = Float(Double(alpha) * sum) + old
        }
      }
      var bits: [UInt32]?
      for threads in [1, 2, 5] {
        let result = try MemorySlice(c)
        gemm(
          alpha: alpha, left, right, beta: beta,
          into: Matrix(result, rows: m, columns: n, stride: cStride), threads: threads)
        expectClose(result.values(), expected, within: 2e-6)
        bits = bits ?? result.values().map(\.bitPattern)
        #expect(bits == result.values().map(\.bitPattern))
      }
    }
  }

  @Test func batchesAndDoubles() throws {
    let a = try MemorySlice((0..<12).map(Double.init))
    let b = try MemorySlice((0..<6).map(Double.init))
    let c = try MemorySlice([Double](repeating: .nan, count: 8))
    gemm(
      Matrix(a, rows: 2, columns: 3), Matrix(b, rows: 3, columns: 2),
      into: Matrix(c, rows: 2, columns: 2),
      batch: Batch(count: 2, aStride: 6, bStride: 0, cStride: 4), threads: 2)
    #expect(c.values() == [10, 13, 28, 40, 46, 67, 64, 94])
  }

  @Test func betaZeroDoesNotReadAndNaNPropagates() throws {
    let a = try MemorySlice<Float>([1, .nan, 0, 2])
    let b = try MemorySlice<Float>([1, 2, 3, 4])
    let c = try MemorySlice<Float>([.nan, .nan, .nan, .nan])
    gemm(
      Matrix(a, rows: 2, columns: 2), Matrix(b, rows: 2, columns: 2),
      into: Matrix(c, rows: 2, columns: 2))
    #expect(c.values()[0].isNaN && c.values()[1].isNaN)
    #expect(Array(c.values()[2...]) == [6, 8])
  }

  @Test(arguments: [Epilogue.BiasAxis.row, .column])
  func epilogue(axis: Epilogue.BiasAxis) throws {
    var noise = Noise()
    let (m, n, k) = (70, 90, 600)
    let (a, b) = (noise.values(m * k), noise.values(k * n))
    let bias = noise.values(axis == .row ? m : n)
    let addend = noise.values(m * n)
    let plain = try MemorySlice([Float](repeating: 0, count: m * n))
    let (left, right) = (
      Matrix(try MemorySlice(a), rows: m, columns: k),
      Matrix(try MemorySlice(b), rows: k, columns: n)
    )
    gemm(left, right, into: Matrix(plain, rows: m, columns: n))
    for function in [PointwiseFunction.identity, .relu, .clamp(low: -0.5, high: 6)] {
      let expected = plain.values().enumerated().map { i, value in
        let sum = value + addend[i] + bias[axis == .row ? i / n : i % n]
        return switch function {
        case .relu: max(sum, 0)
        case .clamp: min(max(sum, -0.5), 6)
        default: sum
        }
      }
      let fused = try MemorySlice([Float](repeating: .nan, count: m * n))
      gemm(
        left, right, into: Matrix(fused, rows: m, columns: n),
        epilogue: Epilogue(
          bias: try MemorySlice(bias), biasAxis: axis, addend: try MemorySlice(addend),
          function: function), threads: 2)
      expectClose(fused.values(), expected)
    }
  }
}
