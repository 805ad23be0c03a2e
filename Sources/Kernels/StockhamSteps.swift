/// The steps of a mixed-radix transform: each splits sequences into interleaved ones of a prime
/// (or four) fewer numbers, from one array into the other, so that the order comes out right.
struct StockhamSteps: Sendable {
  typealias Number = SIMD2<Double>

  private let count: Int
  private let factors: [Int]
  /// `e^(-2πi n/count)`
  private let roots: [Number]

  init(_ count: Int, _ factors: [Int]) {
    self.count = count
    self.factors = factors
    roots = (0..<count).map { .root($0, of: count) }
  }

  /// Fours first, then primes in order.
  static func factors(of count: Int) -> [Int] {
    var (rest, factors) = (count, [Int]())
    while rest % 4 == 0 {
      factors.append(4)
      rest /= 4
    }
    var prime = 2
    while prime * prime <= rest {
      while rest % prime == 0 {
        factors.append(prime)
        rest /= prime
      }
      prime += 1
    }
    if rest > 1 { factors.append(rest) }
    return factors
  }

  /// Transforms `count` numbers in place, with as many for scratch.
  func run(_ numbers: UnsafeMutablePointer<Number>, _ scratch: UnsafeMutablePointer<Number>) {
    var (from, to) = unsafe (numbers, scratch)
    var (length, stride) = (count, 1)
    for factor in factors {
      let step = Step(length: length, stride: stride, radix: factor)
      switch factor {
      case 2: unsafe halve(step, from, to)
      case 3: unsafe third(step, from, to)
      case 4: unsafe quarter(step, from, to)
      case 5: unsafe fifth(step, from, to)
      default: unsafe split(step, from, to)
      }
      length /= factor
      stride *= factor
      unsafe swap(&from, &to)
    }
    if factors.count % 2 == 1 { unsafe numbers.update(from: scratch, count: count) }
  }
}

/// `stride` interleaved sequences of `length` numbers, each to become `radix` shorter ones.
private struct Step {
  let length, stride, radix: Int
  /// The numbers of each shorter sequence.
  var part: Int { length / radix }
  /// The distance from one of the numbers that go together to the next.
  var reach: Int { part * stride }
}

extension StockhamSteps {
  private func halve(
    _ step: Step, _ x: UnsafeMutablePointer<Number>, _ y: UnsafeMutablePointer<Number>
  ) {
    let (stride, reach) = (step.stride, step.reach)
    for p in 0..<step.part {
      let w = roots[p &* stride]
      let from = unsafe x + p &* stride
      let to = unsafe y + p &* stride &* 2
      for q in 0..<stride {
        let (a, b) = unsafe (from[q], from[q &+ reach])
        unsafe to[q] = a + b
        unsafe to[q &+ stride] = (a - b).times(w)
      }
    }
  }

  private func third(
    _ step: Step, _ x: UnsafeMutablePointer<Number>, _ y: UnsafeMutablePointer<Number>
  ) {
    let (stride, reach) = (step.stride, step.reach)
    let sine = 0.75.squareRoot()
    for p in 0..<step.part {
      let (w1, w2) = (roots[p &* stride], roots[2 &* p &* stride])
      let from = unsafe x + p &* stride
      let to = unsafe y + p &* stride &* 3
      for q in 0..<stride {
        let (a, b, c) = unsafe (from[q], from[q &+ reach], from[q &+ 2 &* reach])
        let (sum, turned) = (b + c, (b - c).turned * sine)
        let middle = a - sum * 0.5
        unsafe to[q] = a + sum
        unsafe to[q &+ stride] = (middle + turned).times(w1)
        unsafe to[q &+ 2 &* stride] = (middle - turned).times(w2)
      }
    }
  }

  private func quarter(
    _ step: Step, _ x: UnsafeMutablePointer<Number>, _ y: UnsafeMutablePointer<Number>
  ) {
    let (stride, reach) = (step.stride, step.reach)
    for p in 0..<step.part {
      let at = p &* stride
      let (w1, w2, w3) = (roots[at], roots[2 &* at], roots[3 &* at])
      let from = unsafe x + at
      let to = unsafe y + at &* 4
      for q in 0..<stride {
        let (a, b) = unsafe (from[q], from[q &+ reach])
        let (c, d) = unsafe (from[q &+ 2 &* reach], from[q &+ 3 &* reach])
        let (even, odd) = (a + c, b + d)
        let (difference, turned) = (a - c, (b - d).turned)
        unsafe to[q] = even + odd
        unsafe to[q &+ stride] = (difference + turned).times(w1)
        unsafe to[q &+ 2 &* stride] = (even - odd).times(w2)
        unsafe to[q &+ 3 &* stride] = (difference - turned).times(w3)
      }
    }
  }

  private func fifth(
    _ step: Step, _ x: UnsafeMutablePointer<Number>, _ y: UnsafeMutablePointer<Number>
  ) {
    let (stride, reach) = (step.stride, step.reach)
    let (one, two) = (Number.root(1, of: 5), Number.root(2, of: 5))
    let (c1, s1, c2, s2) = (one.x, -one.y, two.x, -two.y)
    for p in 0..<step.part {
      let at = p &* stride
      let (w1, w2) = (roots[at], roots[2 &* at])
      let (w3, w4) = (roots[3 &* at], roots[4 &* at])
      let from = unsafe x + at
      let to = unsafe y + at &* 5
      for q in 0..<stride {
        let a = unsafe from[q]
        let (b, e) = unsafe (from[q &+ reach], from[q &+ 4 &* reach])
        let (c, d) = unsafe (from[q &+ 2 &* reach], from[q &+ 3 &* reach])
        let (outer, inner) = (b + e, c + d)
        let (outerTurned, innerTurned) = ((b - e).turned, (c - d).turned)
        let (m1, m2) = (a + outer * c1 + inner * c2, a + outer * c2 + inner * c1)
        let (t1, t2) = (
          outerTurned * s1 + innerTurned * s2, outerTurned * s2 - innerTurned * s1
        )
        unsafe to[q] = a + outer + inner
        unsafe to[q &+ stride] = (m1 + t1).times(w1)
        unsafe to[q &+ 2 &* stride] = (m2 + t2).times(w2)
        unsafe to[q &+ 3 &* stride] = (m2 - t2).times(w3)
        unsafe to[q &+ 4 &* stride] = (m1 - t1).times(w4)
      }
    }
  }

  /// Any prime, by the definition.
  private func split(
    _ step: Step, _ x: UnsafeMutablePointer<Number>, _ y: UnsafeMutablePointer<Number>
  ) {
    let (stride, reach, radix) = (step.stride, step.reach, step.radix)
    let turn = (0..<radix).map { Number.root($0, of: radix) }
    for p in 0..<step.part {
      for q in 0..<stride {
        let from = unsafe x + (p &* stride &+ q)
        let to = unsafe y + (p &* stride &* radix &+ q)
        for k in 0..<radix {
          var sum = unsafe from[0]
          var angle = 0
          for j in 1..<radix {
            angle &+= k
            if angle >= radix { angle &-= radix }
            unsafe sum += from[j &* reach].times(turn[angle])
          }
          unsafe to[k &* stride] = sum.times(roots[p &* k &* stride])
        }
      }
    }
  }
}

extension SIMD2<Double> {
  /// The number times -i.
  @inline(__always) fileprivate var turned: SIMD2<Double> { SIMD2(y, -x) }
}
