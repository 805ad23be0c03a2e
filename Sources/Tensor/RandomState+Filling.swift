#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the elements of a tensor are drawn.
enum RandomFill: Sendable {
  /// Uniform numbers of `from ..< to`.
  case uniform(from: Double, to: Double)
  case normal(mean: Double, std: Double)
  case exponential(rate: Double)
  case cauchy(median: Double, sigma: Double)
  /// Exponentials of normal numbers.
  case logNormal(mean: Double, std: Double)
  /// How many trials of the probability there are until the first success.
  case geometric(probability: Double)
  /// One with the probability, else zero.
  case bernoulli(probability: Double)
  /// Whole numbers of `low ..< low + width`.
  case integers(low: Int64, width: UInt64)
  /// Whole numbers of `0 ... limit`, by the remainder of as many bits as the type has.
  case whole(limit: UInt64)
  /// Any 64 bits.
  case bits
  /// The numbers from zero to the count, each once.
  case permutation
}

/// Whole tensors of random numbers, in the order in which PyTorch's CPU kernels draw them.
/// float16 and bfloat16 are drawn as float32 and rounded.
extension RandomState {
  mutating func fill<T: TensorElement>(_ span: inout MutableSpan<T>, with fill: RandomFill) {
    switch fill {
    case .uniform(let from, let to): fillUniform(&span, from: from, to: to)
    case .normal(let mean, let std): fillNormal(&span, mean: mean, std: std)
    case .exponential(let rate):
      for i in span.indices { span[i] = T(rounding: -1 / rate * log1p(-uniform64())) }
    case .cauchy(let median, let sigma):
      for i in span.indices {
        let place = min(max(uniform64(), .ulpOfOne), 1 - .ulpOfOne)
        span[i] = T(rounding: median + sigma * tan(.pi * (place - 0.5)))
      }
    case .logNormal(let mean, let std):
      for i in span.indices { span[i] = T(rounding: exp(normal(mean: mean, std: std))) }
    case .geometric(let probability):
      for i in span.indices {
        span[i] = T(rounding: ceil(log(uniform64()) / log1p(-probability)))
      }
    case .whole(let limit):
      let isWide = T.self == Double.self || T.self == Int64.self
      for i in span.indices {
        let drawn = isWide ? random64() : UInt64(random())
        span[i] = T(truncating: Int64(drawn % (limit + 1)))
      }
    case .bits:
      for i in span.indices { span[i] = T(truncating: Int64(bitPattern: random64())) }
    case .bernoulli(let probability):
      for i in span.indices { span[i] = T(truncating: uniform64() < probability ? 1 : 0) }
    case .integers(let low, let width): fillIntegers(&span, low: low, width: width)
    case .permutation: fillPermutation(&span)
    }
  }

  private mutating func fillUniform<T: TensorElement>(
    _ span: inout MutableSpan<T>, from: Double, to: Double
  ) {
    if T.self == Double.self {
      for i in span.indices {
        span[i] = T(rounding: from.addingProduct(uniform64(), to - from))
      }
      return
    }
    let low = Float(from)
    let width = Float(to) - low
    // Rounding to the element may reach the end, which is not part of the range.
    let first = T(rounding: from).double
    let end = T(rounding: to).double
    for i in span.indices {
      let value = T(rounding: Double(low.addingProduct(uniform(), width)))
      span[i] = value.double == end ? T(rounding: first) : value
    }
  }

  private mutating func fillNormal<T: TensorElement>(
    _ span: inout MutableSpan<T>, mean: Double, std: Double
  ) {
    guard span.count >= 16 else {
      for i in span.indices { span[i] = T(rounding: normal(mean: mean, std: std)) }
      return
    }
    var start = 0
    while start + 16 <= span.count {
      fillNormalBlock(&span, at: start, mean, std)
      start += 16
    }
    guard start < span.count else { return }
    // PyTorch draws all the uniform numbers first, and the last 16 again; for the short types,
    // block by block, it does not come to draw those it would throw away.
    if T.self == Double.self {
      for _ in start..<span.count { _ = random64() }
    } else if T.self == Float.self {
      for _ in start..<span.count { _ = random() }
    }
    fillNormalBlock(&span, at: span.count - 16, mean, std)
  }

  private mutating func fillNormalBlock<T: TensorElement>(
    _ span: inout MutableSpan<T>, at start: Int, _ mean: Double, _ std: Double
  ) {
    if T.self == Double.self {
      var uniforms: InlineArray<16, Double> = .init(repeating: 0)
      for j in 0..<16 { uniforms[j] = uniform64() }
      for j in 0..<8 {
        let pair = NormalFill.transform(uniforms[j], uniforms[j + 8], mean: mean, std: std)
        span[start + j] = T(rounding: pair.0)
        span[start + j + 8] = T(rounding: pair.1)
      }
      return
    }
    let mean = Float(mean)
    let std = Float(std)
    var uniforms: InlineArray<16, Float> = .init(repeating: 0)
    for j in 0..<16 { uniforms[j] = uniform() }
    for j in 0..<8 {
      let pair = NormalFill.transform(uniforms[j], uniforms[j + 8], mean: mean, std: std)
      span[start + j] = T(rounding: Double(pair.0))
      span[start + j + 8] = T(rounding: Double(pair.1))
    }
  }

  private mutating func fillIntegers<T: TensorElement>(
    _ span: inout MutableSpan<T>, low: Int64, width: UInt64
  ) {
    // From 2²⁸ values up, the remainder of 32 bits would favour the lower ones.
    let isWide = width >= 1 << 28
    for i in span.indices {
      let drawn = isWide ? random64() % width : UInt64(random()) % width
      span[i] = T(truncating: Int64(truncatingIfNeeded: drawn) &+ low)
    }
  }

  private mutating func fillPermutation<T: TensorElement>(_ span: inout MutableSpan<T>) {
    let count = span.count
    for i in span.indices { span[i] = T(truncating: Int64(i)) }
    guard count >= Int(UInt32.max / 20) else {
      for i in 0..<max(count - 1, 0) { span.swapAt(i, i + Int(random()) % (count - i)) }
      return
    }
    for i in 0..<count {
      let other = Int(random64() % UInt64(i + 1))
      let moved = span[other]
      span[i] = moved
      span[other] = T(truncating: Int64(i))
    }
  }
}
