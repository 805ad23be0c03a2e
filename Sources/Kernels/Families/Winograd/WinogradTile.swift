/// A Winograd convolution F(m × m, 3 × 3): m × m outputs from a patch of n × n inputs by as many
/// products, after linear transforms of patch, weights and products.
///
/// In one dimension y = Aᵀ[(G w) ⊙ (Bᵀ d)] evaluates polynomials at n = m + 2 points: 0, pairs ±p
/// and infinity (Toom and Cook; A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2015). Rows of Bᵀ are the monic products Π(x − b) over the other points; G takes
/// their scale. In two dimensions each matrix is applied to rows and columns.
///
/// With a stride of 2, where n = 2 m + 1, inputs at even places meet the outer taps and those at
/// odd places the middle one: y is the sum of F(m, 2) of the former, whose m + 1 points are all
/// finite, and of a product for each of the latter.
package enum WinogradTile: Sendable, Hashable, CaseIterable {
  case two, four, six
  /// m = 4 with a stride of 2.
  case strided

  /// That of so many outputs along an edge for convolutions of that stride.
  package init?(outputs: Int, stride: Int) {
    guard
      let tile = Self.allCases.first(where: { $0.outputs == outputs && $0.stride == stride })
    else { return nil }
    self = tile
  }

  /// Outputs along an edge.
  package var outputs: Int {
    switch self {
    case .two: 2
    case .four, .strided: 4
    case .six: 6
    }
  }
  package var stride: Int { self == .strided ? 2 : 1 }
  /// Inputs from one patch to the next.
  package var step: Int { outputs * stride }
  /// Inputs along an edge.
  package var inputs: Int { step + 3 - stride }
  /// Products of a tile.
  package var elements: Int { inputs * inputs }

  /// Transformed weights along an edge: products of odd places share one.
  package var weights: Int { self == .strided ? outputs + 2 : inputs }
  var weightElements: Int { weights * weights }
  /// The transformed weights that a product takes.
  func weight(ofElement element: Int) -> Int {
    min(element / inputs, weights - 1) * weights + min(element % inputs, weights - 1)
  }

  /// As in names of kernels.
  var name: String { "\(outputs)x3" + (stride == 1 ? "" : "s\(stride)") }

  /// The positive points. √2 and its inverse lose a fifth of what 1 and 2 lose to rounding; for
  /// m = 6 nothing is better than ½, 1, 2 (largest error over largest output for 512 channels of
  /// normal numbers: about 3e-6 and 2e-5).
  var points: [Double] {
    switch self {
    case .two: [1]
    case .four, .strided: [Double(0.5).squareRoot(), Double(2).squareRoot()]
    case .six: [0.5, 1, 2]
    }
  }

  /// The most channels whose sums stay within 2e-5 of the largest output; errors grow with the
  /// square root of the channels.
  var channelLimit: Int { self == .six ? 256 : .max }

  /// What its cycles are multiplied by when tiles are compared: errors of m = 6 are four times
  /// those of m = 4, which it has to be worth.
  var handicap: Double { self == .six ? 1.1 : 1 }

  /// Those for a convolution's stride and number of channels.
  static func candidates(for window: WindowGeometry) -> [WinogradTile] {
    allCases.filter { $0.stride == window.strideX && window.channels <= $0.channelLimit }
  }

  /// The coefficients of Π(x² − q²) in powers of x², the lowest first; the highest is 1.
  private static func evenProduct(_ points: some Sequence<Double>) -> [Double] {
    var result = [1.0]
    for q in points {
      // (½√2)² and √2² are whole and half numbers: keep them so.
      let square = (q * q * 64).rounded() / 64
      var next = [0.0] + result
      for i in result.indices { next[i] -= square * result[i] }
      result = next
    }
    return result
  }

  /// Π(x² − q²) over all points: Bᵀ's row for the point 0 on even inputs, for infinity on odd.
  var wholeProduct: [Double] { Self.evenProduct(points) }

  /// Π(x² − q²) over the points but one: Bᵀ's rows for ±p are x² ± p x times it.
  func productWithout(_ index: Int) -> [Double] {
    Self.evenProduct(points.enumerated().filter { $0.offset != index }.map(\.element))
  }

  /// G, in the order 0, p, −p, q, −q, …, then ∞ or the middle tap.
  package var weightMatrix: [[Double]] {
    stride == 1
      ? powers + [[0, 0, 1]] : powers.map { [$0[0], 0, $0[1]] } + [[0, 1, 0]]
  }

  /// For each finite point its powers from 0 to 2, scaled: what `arranged` taps are multiplied by.
  var powers: [[Double]] {
    let finite: [Double] = [0] + points.flatMap { [$0, -$0] }
    return finite.map { a in
      let scale = finite.reduce(1.0) { $1 == a ? $0 : $0 * (a - $1) }
      return [1 / scale, a / scale, a * a / scale]
    }
  }

  /// Three taps as coefficients of the polynomial that is evaluated at the finite points, and the
  /// value that follows those.
  @inline(__always)
  func arranged<Tap>(
    _ w0: Tap, _ w1: Tap, _ w2: Tap, zero: Tap
  ) -> (polynomial: (Tap, Tap, Tap), last: Tap) {
    stride == 1 ? ((w0, w1, w2), w2) : ((w0, w2, zero), w1)
  }
}

extension WinogradTile {
  /// Bᵀ d: n inputs to n values in the points' order, those of odd places last. Inputs that are nil
  /// are zero.
  func transformInput(
    _ d: [VectorRegister?], in b: inout KernelBuilder
  ) -> [VectorRegister?] {
    if stride == 1 {
      return finiteValues(d, in: &b) + [infiniteValue(d, in: &b)]
    }
    let odd = Swift.stride(from: 1, to: d.count, by: 2).map { d[$0] }
    return finiteValues(Swift.stride(from: 0, to: d.count, by: 2).map { d[$0] }, in: &b) + odd
  }

  private func infiniteValue(
    _ d: [VectorRegister?], in b: inout KernelBuilder
  ) -> VectorRegister? { sum(terms(wholeProduct, of: d, from: 1), in: &b) }

  private func terms(
    _ coefficients: [Double], of d: [VectorRegister?], from first: Int
  ) -> [(Double, VectorRegister)] {
    // The highest power first, as its coefficient is 1.
    coefficients.indices.reversed().compactMap { i in
      d[first + 2 * i].map { (coefficients[i], $0) }
    }
  }

  private func finiteValues(
    _ d: [VectorRegister?], in b: inout KernelBuilder
  ) -> [VectorRegister?] {
    var result = [sum(terms(wholeProduct, of: d, from: 0), in: &b)]
    for (index, p) in points.enumerated() {
      let coefficients = productWithout(index)
      let even = sum(terms(coefficients, of: d, from: 2), in: &b)
      let odd = sum(terms(coefficients, of: d, from: 1), in: &b)
      result.append(sum([(1, even), (p, odd)], in: &b))
      result.append(sum([(1, even), (-p, odd)], in: &b))
    }
    return result
  }

  /// G w of three taps, in the order of its rows.
  func transformWeights(_ w: [VectorRegister], in b: inout KernelBuilder) -> [VectorRegister] {
    let (taps, last) = arranged(w[0], w[1], w[2], zero: VectorRegister?.none)
    var result = [sum([(powers[0][0], taps.0)], in: &b)]
    for index in points.indices {
      let row = powers[1 + 2 * index]
      let even = sum([(row[0], taps.0), (row[2], taps.2)], in: &b)
      let odd = sum([(row[1], taps.1)], in: &b)
      if let even, let odd { result += [b.add(even, odd), b.subtract(even, odd)] }
    }
    return (result + [last]).compactMap { $0 }
  }

  /// The first `count` outputs Aᵀ m of n products in the points' order.
  func transformOutput(
    _ m: [VectorRegister], count: Int, in b: inout KernelBuilder
  ) -> [VectorRegister] {
    var pairs: [(p: Double, sum: VectorRegister, difference: VectorRegister)] = []
    for (index, p) in points.enumerated() {
      let (plus, minus) = (m[1 + 2 * index], m[2 + 2 * index])
      pairs.append((p, b.add(plus, minus), b.subtract(plus, minus)))
    }
    return (0..<count).map { row in
      var terms: [(Double, VectorRegister?)] = pairs.map { pair in
        var power = 1.0
        for _ in 0..<row { power *= pair.p }
        return (power, row % 2 == 0 ? pair.sum : pair.difference)
      }
      if row == 0 { terms.append((1, m[0])) }
      if stride == 2 {
        terms.append((1, m[outputs + 1 + row]))
      } else if row == outputs - 1 {
        terms.append((1, m[inputs - 1]))
      }
      guard let y = sum(terms, in: &b) else { return b.zero() }
      return y
    }
  }

  /// Σ c · x over the terms that are there, beginning with one whose factor is 1 if any.
  private func sum(
    _ all: [(Double, VectorRegister?)], in b: inout KernelBuilder
  ) -> VectorRegister? {
    var terms = all.compactMap { term in term.1.map { (Float(term.0), $0) } }
    guard !terms.isEmpty else { return nil }
    let start = terms.firstIndex { $0.0 == 1 } ?? 0
    let (factor, first) = terms.remove(at: start)
    if factor == 1 && terms.isEmpty { return first }
    // Adding needs no copy of what it adds to.
    if factor == 1, let unit = terms.firstIndex(where: { abs($0.0) == 1 }) {
      let (sign, x) = terms.remove(at: unit)
      return accumulate(terms, on: sign > 0 ? b.add(first, x) : b.subtract(first, x), in: &b)
    }
    let start0 = factor == 1 ? b.copy(first) : b.binary(.multiply, first, factor)
    return accumulate(terms, on: start0, in: &b)
  }

  private func accumulate(
    _ terms: [(Float, VectorRegister)], on start: VectorRegister, in b: inout KernelBuilder
  ) -> VectorRegister {
    var total = start
    for (factor, x) in terms {
      switch factor {
      case 1: total = b.add(total, x)
      case -1: total = b.subtract(total, x)
      default: b.multiplyAdd(total, x, .constant(factor.bitPattern))
      }
    }
    return total
  }
}
