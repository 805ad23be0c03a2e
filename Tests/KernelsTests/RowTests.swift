import MartletKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct RowTests {
  @Test(arguments: awkwardSizes, [1, 2, 8, 11, 70])
  func softmaxAndReductions(size: Int, inner: Int) throws {
    let outer = 3
    var noise = Noise()
    let x = try Guarded(noise.values(outer * size * inner).map { $0 * 9 })
    let xs = x.slice.values()
    var soft = [Float](repeating: 0, count: xs.count)
    var (sums, means, tops): ([Float], [Float], [Float]) = ([], [], [])
    for o in 0..<outer {
      for i in 0..<inner {
        let places = (0..<size).map { (o * size + $0) * inner + i }
        let values = places.map { Double(xs[$0]) }
        let top = values.max() ?? -.infinity
        let total = values.reduce(0) { $0 + exp($1 - top) }
        for (place, value) in zip(places, values) { soft[place] = Float(exp(value - top) / total) }
        sums.append(Float(values.reduce(0, +)))
        means.append(Float(values.reduce(0, +) / Double(size)))
        tops.append(Float(top))
      }
    }
    let y = try sameBits(count: xs.count) {
      softmax(x.slice, into: $0, outer: outer, size: size, inner: inner, threads: $1)
    }
    expectClose(y, soft, within: 2e-6)
    func reduced(_ reduction: RowReduction) throws -> [Float] {
      try sameBits(count: outer * inner) {
        reduce(
          reduction, x.slice, into: $0, outer: outer, size: size, inner: inner, threads: $1)
      }
    }
    expectClose(try reduced(.sum), sums, within: 2e-6)
    expectClose(try reduced(.mean), means, within: 2e-6)
    if size > 0 { expectClose(try reduced(.maximum), tops, within: 0) }
  }

  @Test func notANumberSpreads() throws {
    for place in [0, 5, 8, 18] {
      var values = [Float](repeating: 1, count: 19)
      values[place] = .nan
      let x = try MemorySlice(values)
      let y = try MemorySlice(values)
      softmax(x, into: y, outer: 1, size: 19)
      #expect(y.values().allSatisfy { $0.isNaN })
      let top = try MemorySlice([Float(0)])
      reduce(.maximum, x, into: top, outer: 1, size: 19, inner: 1)
      #expect(top.values()[0].isNaN)
    }
  }

  @Test(arguments: [1, 7, 8, 17, 768])
  func layerNormalisation(size: Int) throws {
    var noise = Noise()
    let x = try Guarded(noise.values(5 * size).map { $0 * 3 + 10 })
    let weight = try Guarded(noise.values(size))
    let bias = try Guarded(noise.values(size))
    let (xs, ws, bs) = (x.slice.values(), weight.slice.values(), bias.slice.values())
    var expected: [Float] = []
    for row in 0..<5 {
      let values = xs[(row * size)..<((row + 1) * size)].map(Double.init)
      let mean = values.reduce(0, +) / Double(size)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      for (i, value) in values.enumerated() {
        expected.append(
          Float((value - mean) / (variance + 1e-5).squareRoot() * Double(ws[i]) + Double(bs[i])))
      }
    }
    let y = try sameBits(count: expected.count) {
      layerNorm(
        x.slice, into: $0, size: size, epsilon: 1e-5, weight: weight.slice, bias: bias.slice,
        threads: $1)
    }
    expectClose(y, expected, within: 5e-6)
  }

  @Test(arguments: [(4, 2, 9), (6, 6, 5), (6, 1, 16), (4, 4, 1)])
  func groupNormalisation(channels: Int, groups: Int, inner: Int) throws {
    var noise = Noise()
    let x = try Guarded(noise.values(2 * channels * inner))
    let weight = try Guarded(noise.values(channels))
    let xs = x.slice.values().map(Double.init)
    let ws = weight.slice.values()
    let size = channels / groups * inner
    let expected = xs.indices.map { i in
      let start = i / size * size
      let values = xs[start..<(start + size)]
      let mean = values.reduce(0, +) / Double(size)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      return Float(
        (xs[i] - mean) / (variance + 1e-5).squareRoot() * Double(ws[i / inner % channels]))
    }
    let y = try sameBits(count: xs.count) {
      groupNorm(
        x.slice, into: $0, batch: 2, channels: channels, inner: inner, groups: groups,
        epsilon: 1e-5, weight: weight.slice, threads: $1)
    }
    expectClose(y, expected, within: 5e-6)
  }

  @Test func channelScaling() throws {
    var noise = Noise()
    let x = try Guarded(noise.values(2 * 3 * 19))
    let (scale, shift) = (try Guarded(noise.values(3)), try Guarded(noise.values(3)))
    let (xs, a, b) = (x.slice.values(), scale.slice.values(), shift.slice.values())
    let y = try sameBits(count: xs.count) {
      scaleChannels(
        x.slice, scale: scale.slice, shift: shift.slice, into: $0, inner: 19, then: .relu,
        threads: $1)
    }
    expectClose(y, xs.indices.map { max(xs[$0] * a[$0 / 19 % 3] + b[$0 / 19 % 3], 0) })
  }

  @Test func gathering() throws {
    var noise = Noise()
    let table = noise.values(5 * 7)
    let indices: [Int64] = [4, 0, 0, 3]
    let y = try sameBits(count: 28) {
      let found = gatherRows(
        try MemorySlice(table), rows: 5, width: 7, indices: try MemorySlice(indices), into: $0,
        threads: $1)
      #expect(found)
    }
    #expect(y == indices.flatMap { table[(Int($0) * 7)..<(Int($0) * 7 + 7)] })
    for bad in [Int64(-1), 5] {
      let out = try Guarded(count: 7)
      let found = gatherRows(
        try MemorySlice(table), rows: 5, width: 7, indices: try MemorySlice([bad]),
        into: out.slice)
      #expect(!found)
    }
  }

  @Test func resizing() throws {
    let x = try MemorySlice<Float>([1, 2, 3, 4])
    let nearest = try sameBits(count: 16) {
      resize(
        planes: 1, vertical: ResamplingAxis(nearest: 2, to: 4),
        horizontal: ResamplingAxis(nearest: 2, to: 4), x, into: $0, threads: $1)
    }
    #expect(nearest == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    let aligned = try sameBits(count: 9) {
      resize(
        planes: 1, vertical: ResamplingAxis(linear: 2, to: 3, alignsCorners: true),
        horizontal: ResamplingAxis(linear: 2, to: 3, alignsCorners: true), x, into: $0, threads: $1)
    }
    #expect(aligned == [1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4])
    let centred = try sameBits(count: 8) {
      resize(
        planes: 1, vertical: ResamplingAxis(linear: 2, to: 2, alignsCorners: false),
        horizontal: ResamplingAxis(linear: 2, to: 4, alignsCorners: false), x, into: $0, threads: $1
      )
    }
    #expect(centred == [1, 1.25, 1.75, 2, 3, 3.25, 3.75, 4])
  }

  @Test(arguments: [(1, 1, 1, 4), (2, 3, 70, 8), (1, 2, 5, 7)], [false, true])
  func attentionMatchesItsFormula(sizes: (Int, Int, Int, Int), isCausal: Bool) throws {
    let (batch, heads, length, width) = sizes
    var noise = Noise()
    let count = batch * heads * length * width
    // Memory holds [batch, length, heads, width].
    let operand = AttentionGeometry.Operand(
      batchStride: length * heads * width, headStride: width, rowStride: heads * width)
    let q = try Guarded(noise.values(count))
    let k = try Guarded(noise.values(count))
    let v = try Guarded(noise.values(count))
    let mask = try Guarded(noise.values(length * length))
    let geometry = AttentionGeometry(
      batch: batch, heads: heads, queries: length, keys: length, width: width, valueWidth: width,
      scale: 0.5, isCausal: isCausal, query: operand, key: operand, value: operand,
      result: operand, mask: .init(batchStride: 0, headStride: 0, rowStride: length))
    let (qs, ks, vs) = (q.slice.values(), k.slice.values(), v.slice.values())
    let ms = mask.slice.values()
    var expected = [Float](repeating: 0, count: count)
    for b in 0..<batch {
      for h in 0..<heads {
        func place(_ row: Int) -> Int { ((b * length + row) * heads + h) * width }
        for i in 0..<length {
          let visible = isCausal ? i + 1 : length
          let scores = (0..<visible).map { j in
            let dot = (0..<width).reduce(0.0) {
              $0 + Double(qs[place(i) + $1]) * Double(ks[place(j) + $1])
            }
            return exp(0.5 * dot + Double(ms[i * length + j]))
          }
          let total = scores.reduce(0, +)
          for c in 0..<width {
            expected[place(i) + c] = Float(
              (0..<visible).reduce(0.0) { $0 + scores[$1] / total * Double(vs[place($1) + c]) })
          }
        }
      }
    }
    let y = try sameBits(count: count) { output, threads in
      attention(
        geometry, query: q.slice, key: k.slice, value: v.slice, mask: mask.slice, into: output,
        scratch: try Guarded(count: geometry.scratchPerThread * threads).slice, threads: threads)
    }
    expectClose(y, expected, within: 5e-6)
  }
}
