/// A Winograd convolution F(m × m, 3 × 3): m × m outputs from a patch of (m + 2) × (m + 2) inputs
/// by as many products, after linear transforms of patch, weights and products.
///
/// In one dimension y = Aᵀ[(G w) ⊙ (Bᵀ d)] evaluates polynomials at n = m + 2 points: 0, pairs ±p
/// and infinity (Toom and Cook; A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2015). Rows of Bᵀ are the monic products Π(x − b) over the other points; G takes
/// their scale. In two dimensions each matrix is applied to rows and columns.
package enum WinogradTile: Int, Sendable, Hashable, CaseIterable {
  case two = 2
  case four = 4
  case six = 6

  /// Outputs along an edge.
  package var outputs: Int { rawValue }
  /// Inputs along an edge: m + 2.
  package var inputs: Int { rawValue + 2 }
  /// Products of a tile.
  package var elements: Int { inputs * inputs }

  /// The positive points. √2 and its inverse lose a fifth of what 1 and 2 lose to rounding; for
  /// m = 6 nothing is better than ½, 1, 2 (largest error over largest output for 512 channels of
  /// normal numbers: about 3e-6 and 2e-5).
  var points: [Double] {
    switch self {
    case .two: [1]
    case .four: [Double(0.5).squareRoot(), Double(2).squareRoot()]
    case .six: [0.5, 1, 2]
    }
  }

  /// The most channels whose sums stay within 2e-5 of the largest output; errors grow with the
  /// square root of the channels.
  var channelLimit: Int { self == .six ? 256 : .max }

  /// What its cycles are multiplied by when tiles are compared: errors of m = 6 are four times those
  /// of m = 4, which it has to be worth.
  var handicap: Double { self == .six ? 1.1 : 1 }

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

  /// G, n × 3, in the order 0, p, −p, q, −q, …, ∞.
  package var weightMatrix: [[Double]] {
    var finite = [0.0]
    for p in points { finite += [p, -p] }
    var rows = finite.map { a in
      let scale = finite.reduce(1.0) { $1 == a ? $0 : $0 * (a - $1) }
      return [1 / scale, a / scale, a * a / scale]
    }
    rows.append([0, 0, 1])
    return rows
  }
}

extension WinogradTile {
  /// Bᵀ d: n inputs to n values in the points' order. Inputs that are nil are zero.
  func transformInput(
    _ d: [VectorRegister?], in b: inout KernelBuilder
  ) -> [VectorRegister?] {
    let n = inputs
    func terms(_ coefficients: [Double], from first: Int) -> [(Double, VectorRegister)] {
      // The highest power first, as its coefficient is 1.
      coefficients.indices.reversed().compactMap { i in
        d[first + 2 * i].map { (coefficients[i], $0) }
      }
    }
    var result = [sum(terms(wholeProduct, from: 0), in: &b)]
    for (index, p) in points.enumerated() {
      let coefficients = productWithout(index)
      let even = sum(terms(coefficients, from: 2), in: &b)
      let odd = sum(terms(coefficients, from: 1), in: &b)
      result.append(sum([(1, even), (p, odd)], in: &b))
      result.append(sum([(1, even), (-p, odd)], in: &b))
    }
    result.append(sum(terms(wholeProduct, from: 1), in: &b))
    precondition(result.count == n, "a value for each point")
    return result
  }

  /// G w: three taps to n values in the points' order.
  func transformWeights(_ w: [VectorRegister], in b: inout KernelBuilder) -> [VectorRegister] {
    let rows = weightMatrix
    let atZero = sum([(rows[0][0], w[0])], in: &b)
    var result = [atZero]
    for index in points.indices {
      let row = rows[1 + 2 * index]
      let even = sum([(row[0], w[0]), (row[2], w[2])], in: &b)
      let odd = sum([(row[1], w[1])], in: &b)
      if let even, let odd { result += [b.add(even, odd), b.subtract(even, odd)] }
    }
    return result.compactMap { $0 } + [w[2]]
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
      if row == outputs - 1 { terms.append((1, m[inputs - 1])) }
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
