import MartletKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct PointwiseTests {
  static let functions: [PointwiseFunction] = [
    .identity, .negate, .absolute, .square, .cube, .reciprocal, .squareRoot,
    .reciprocalSquareRoot, .exp, .tanh, .sigmoid, .erf, .relu, .clamp(low: -0.5, high: 0.25),
    .leakyReLU(slope: 0.1), .elu(alpha: 1.5), .silu, .gelu, .geluTanh, .hardSwish, .hardSigmoid,
    .affine(scale: 2, shift: -1), .floor, .ceiling, .truncate, .roundToEven, .log,
    .leakyReLU(slope: -0.5), .celu(alpha: 1.5), .selu, .mish,
    .softplus(beta: 1, threshold: 20), .softplus(beta: 2, threshold: 1), .logSigmoid, .softSign,
    .tanhShrink, .threshold(0.5, value: -3), .hardShrink(bound: 0.5), .softShrink(bound: 0.5),
  ]

  static func reference(_ function: PointwiseFunction, _ value: Float) -> Float {
    Float(exactReference(function, Double(value)))
  }

  static func exactReference(_ function: PointwiseFunction, _ x: Double) -> Double {
    switch function {
    case .identity: x
    case .negate: -x
    case .absolute: abs(x)
    case .square: x * x
    case .cube: x * x * x
    case .reciprocal: 1 / x
    case .squareRoot: x.squareRoot()
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    case .exp: exp(x)
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .erf: erf(x)
    case .relu: x < 0 ? 0 : x
    case .clamp(let low, let high):
      x < Double(low) ? Double(low) : x > Double(high) ? Double(high) : x
    case .leakyReLU(let slope): x > 0 ? x : x * Double(slope)
    case .elu(let alpha): x > 0 ? x : Double(alpha) * expm1(x)
    case .silu: x / (1 + exp(-x))
    case .gelu: x * 0.5 * (1 + erf(x * 0.5.squareRoot()))
    case .geluTanh:
      x * 0.5 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .hardSwish: x.isNaN ? x : x * min(max(x + 3, 0), 6) / 6
    case .hardSigmoid: x.isNaN ? x : min(max(x + 3, 0), 6) / 6
    case .affine(let scale, let shift): x * Double(scale) + Double(shift)
    default: exactActivation(function, x)
    }
  }

  private static func exactActivation(_ function: PointwiseFunction, _ x: Double) -> Double {
    switch function {
    case .floor: x.rounded(.down)
    case .ceiling: x.rounded(.up)
    case .truncate: x.rounded(.towardZero)
    case .roundToEven: x.rounded(.toNearestOrEven)
    case .log: log(x)
    case .celu(let alpha): x > 0 ? x : Double(alpha) * expm1(x / Double(alpha))
    case .selu: 1.0507009873554804934 * (x > 0 ? x : 1.6732632423543772848 * expm1(x))
    case .mish: x * tanh(max(x, 0) + log1p(exp(-abs(x))))
    case .softplus(let beta, let threshold):
      x * Double(beta) > Double(threshold)
        ? x : (max(x * Double(beta), 0) + log1p(exp(-abs(x * Double(beta))))) / Double(beta)
    case .logSigmoid: x.isNaN ? x : min(x, 0) - log1p(exp(-abs(x)))
    case .softSign: x / (1 + abs(x))
    case .tanhShrink: x - tanh(x)
    case .threshold(let threshold, let value): x <= Double(threshold) ? Double(value) : x
    case .hardShrink(let bound): abs(x) <= Double(bound) ? 0 : x
    case .softShrink(let bound):
      abs(x) <= Double(bound) ? 0 : x > 0 ? x - Double(bound) : x + Double(bound)
    default: preconditionFailure("\(function) has its reference elsewhere")
    }
  }

  /// Where float32's formula overflows on the way: PyTorch's own loops give NaN or 0 there.
  static func isUndetermined(_ function: PointwiseFunction, _ value: Float) -> Bool {
    switch function {
    case .silu, .gelu, .geluTanh, .hardSwish, .mish:
      value == -.infinity || function == .silu && value == -104
    case .softSign: value.isInfinite
    default: false
    }
  }

  @Test(arguments: functions, awkwardSizes)
  func sizesAndTails(function: PointwiseFunction, count: Int) throws {
    var noise = Noise()
    let x = try Guarded(noise.values(count).map { $0 * 8 })
    let y = try sameBits(count: count) { map(function, x.slice, into: $0, threads: $1) }
    expectClose(y, x.slice.values().map { Self.reference(function, $0) })
    // In place.
    map(function, x.slice, into: x.slice)
    #expect(x.slice.values().map(\.bitPattern) == y.map(\.bitPattern) && x.isIntact)
  }

  @Test(arguments: functions)
  func specialValues(function: PointwiseFunction) throws {
    let tiny = Float.leastNonzeroMagnitude
    let values: [Float] = [
      0, -0.0, .nan, .infinity, -.infinity, tiny, -tiny, tiny * 71_362, .leastNormalMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 88, 89, -87, -104, 1, -1,
    ]
    for value in values {
      let x = try MemorySlice([value])
      let y = try MemorySlice([Float(0)])
      map(function, x, into: y)
      let got = y.values()[0]
      let expected = Self.reference(function, value)
      if Self.isUndetermined(function, value) {
        #expect(got.isNaN || abs(got) <= 1e-34)
        continue
      }
      // The cubic inside overflows first; there PyTorch's float32 does too.
      if [.geluTanh, .hardSwish].contains(function), abs(value) > 1e12 { continue }
      let close =
        got == expected || got.isNaN && expected.isNaN
        || abs(got - expected) <= max(abs(expected) * 1e-6, 256 * tiny)
      #expect(close, "\(function)(\(value)) gave \(got), not \(expected)")
    }
  }

  /// The bounds that `VectorMath` states, over every 9973rd float32 of the range.
  @Test(arguments: [
    (PointwiseFunction.exp, Float(-87), Float(88.7), Float(2)), (.sigmoid, -87, 88, 3),
    (.tanh, -20, 20, 3), (.erf, -6, 6, 3),
  ])
  func errorInULP(function: PointwiseFunction, low: Float, high: Float, bound: Float) throws {
    var samples: [Float] = []
    for sign in [Float(1), -1] {
      var pattern = Float.leastNormalMagnitude.bitPattern
      while pattern < Float(100).bitPattern {
        let value = sign * Float(bitPattern: pattern)
        if value >= low, value <= high { samples.append(value) }
        pattern += 9973
      }
    }
    let x = try MemorySlice(samples)
    map(function, x, into: x)
    var worst: Float = 0
    for (value, got) in zip(samples, x.values()) {
      let exact: Double =
        switch function {
        case .exp: exp(Double(value))
        case .sigmoid: 1 / (1 + exp(-Double(value)))
        case .tanh: tanh(Double(value))
        default: erf(Double(value))
        }
      let unit = Double(max(Float(exact).magnitude, .leastNormalMagnitude).ulp)
      worst = max(worst, Float(abs(Double(got) - exact) / unit))
    }
    #expect(worst <= bound, "\(function): \(worst) ULP")
  }

  static let binary: [PairwiseFunction] = [.add, .subtract, .multiply, .divide, .maximum, .minimum]

  static func apply(_ function: PairwiseFunction, _ a: Float, _ b: Float) -> Float {
    switch function {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
    }
  }

  /// Sizes of the result, then strides of x and y that broadcast.
  static let broadcasts: [([Int], [Int], [Int])] = [
    ([17], [1], [1]), ([0], [1], [1]), ([], [], []), ([127], [1], [0]), ([127], [0], [1]),
    ([2, 3, 35], [105, 35, 1], [0, 1, 0]), ([2, 3, 35], [105, 35, 1], [0, 0, 1]),
    ([4, 5], [1, 4], [5, 1]), ([3, 1, 9], [9, 9, 1], [0, 3, 0]), ([5, 9], [1, 0], [0, 1]),
    ([2, 40_000], [40_000, 1], [40_000, 1]), ([3, 20_000], [0, 1], [1, 0]),
  ]

  @Test(arguments: binary, broadcasts)
  func broadcasting(function: PairwiseFunction, form: ([Int], [Int], [Int])) throws {
    let (sizes, xStrides, yStrides) = form
    func extent(_ strides: [Int]) -> Int {
      zip(sizes, strides).reduce(1) { $0 + max($1.0 - 1, 0) * $1.1 }
    }
    var noise = Noise()
    var xs = noise.values(extent(xStrides))
    xs[0] = .nan
    let (x, y) = (try Guarded(xs), try Guarded(noise.values(extent(yStrides))))
    let ys = y.slice.values()
    let count = sizes.reduce(1, *)
    var dense = [Int](repeating: 1, count: sizes.count)
    for d in sizes.indices.dropLast().reversed() { dense[d] = dense[d + 1] * sizes[d + 1] }
    let expected = (0..<count).map { index in
      var (i, j, rest) = (0, 0, index)
      for d in sizes.indices.reversed() {
        i += rest % sizes[d] * xStrides[d]
        j += rest % sizes[d] * yStrides[d]
        rest /= sizes[d]
      }
      return Self.apply(function, xs[i], ys[j])
    }
    let geometry = StridedGeometry(sizes: sizes, strides: [dense, xStrides, yStrides])
    let z = try sameBits(count: count) {
      combine(function, x.slice, y.slice, into: $0, geometry: geometry, threads: $1)
    }
    expectClose(z, expected, within: 0)
  }

  @Test(arguments: [
    ([7], [1]), ([3, 5], [1, 3]), ([2, 33, 18], [594, 1, 33]), ([4, 3, 2], [1, 8, 4]),
    ([5, 6], [0, 1]), ([5, 6], [1, 0]), ([0, 4], [4, 1]), ([2, 3, 4, 5], [60, 1, 15, 3]),
    ([130, 170], [1, 130]), ([6, 10], [40, 4]),
  ])
  func stridedCopies(sizes: [Int], strides: [Int]) throws {
    var noise = Noise()
    let extent = zip(sizes, strides).reduce(1) { $0 + max($1.0 - 1, 0) * $1.1 }
    let x = try Guarded(noise.values(extent))
    let xs = x.slice.values()
    let count = sizes.reduce(1, *)
    var dense = [Int](repeating: 1, count: sizes.count)
    for d in sizes.indices.dropLast().reversed() { dense[d] = dense[d + 1] * sizes[d + 1] }
    let expected = (0..<count).map { index in
      var (i, rest) = (0, index)
      for d in sizes.indices.reversed() {
        i += rest % sizes[d] * strides[d]
        rest /= sizes[d]
      }
      return xs[i]
    }
    let y = try sameBits(count: count) {
      copy(
        x.slice, into: $0, geometry: StridedGeometry(sizes: sizes, strides: [dense, strides]),
        threads: $1)
    }
    #expect(y == expected)
  }
}
