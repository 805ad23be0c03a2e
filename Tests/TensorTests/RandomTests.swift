import Foundation
import MartletTensor
import TestSupport
import Testing

/// One chain of calls after one seed, as `make_random.py` wrote it.
struct RandomCase: Decodable, Sendable, CustomStringConvertible {
  struct Call: Decodable, Sendable {
    let kind: String
    let sizes: [Int]
    let dtype: String
    let args: [String: Argument]

    func number(_ name: String) throws -> Double {
      guard case .number(let value) = try #require(args[name]) else {
        throw MartletError(.argument, name)
      }
      return value
    }

    func integer(_ name: String) throws -> Int {
      guard case .integer(let value) = try #require(args[name]) else {
        throw MartletError(.argument, name)
      }
      return value
    }

    func word(_ name: String) throws -> String {
      guard case .word(let value) = try #require(args[name]) else {
        throw MartletError(.argument, name)
      }
      return value
    }
  }

  enum Argument: Decodable, Sendable {
    case integer(Int)
    case number(Double)
    case word(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let word = try? container.decode(String.self) {
        self = .word(word)
      } else if let integer = try? container.decode(Int.self) {
        self = .integer(integer)
      } else {
        self = .number(try container.decode(Double.self))
      }
    }
  }

  struct Output: Decodable, Sendable {
    let count: Int
    let bits: [String]
    let checksum: UInt32
  }

  let seed: String
  let calls: [Call]
  let outputs: [Output]

  var description: String {
    "seed \(seed): " + calls.map { "\($0.kind)\($0.sizes) \($0.dtype)" }.joined(separator: ", ")
  }
}

@Suite struct RandomTests {
  static let cases: [RandomCase] = (try? jsonFixture("tensor/random.json")) ?? []

  @Test func fixtureIsThere() {
    #expect(Self.cases.count > 80)
  }

  @Test(arguments: cases)
  func numbersArePyTorchs(_ one: RandomCase) throws {
    let generator = Generator(seed: try #require(Int(one.seed)))
    for (call, expected) in zip(one.calls, one.outputs) {
      let tensor = try draw(call, generator)
      #expect(tensor.shape == call.sizes)
      let bits = try bitPatterns(tensor)
      #expect(bits.count == expected.count)
      let wanted = expected.bits.map { UInt64($0) ?? 0 }
      let kept = bits.count <= 40 ? bits : Array(bits.prefix(8) + bits.suffix(8))
      #expect(kept == wanted, "\(call.kind)\(call.sizes) \(call.dtype)")
      var checksum: UInt32 = 0
      for (i, bit) in bits.enumerated() {
        checksum &+= UInt32(truncatingIfNeeded: bit) &* UInt32(i + 1)
        checksum &+= UInt32(truncatingIfNeeded: bit >> 32)
      }
      #expect(checksum == expected.checksum, "\(call.kind)\(call.sizes) \(call.dtype)")
    }
  }

  private func draw(_ call: RandomCase.Call, _ generator: Generator) throws -> Tensor {
    let dtype = try #require(DType.named(call.dtype))
    func number(_ name: String) throws -> Double {
      if case .integer(let value)? = call.args[name] { return Double(value) }
      return try call.number(name)
    }
    func fan() throws -> (Double, Init.FanMode, Init.Nonlinearity) {
      (
        try number("a"), try #require(Init.FanMode(rawValue: try call.word("mode"))),
        try #require(Init.Nonlinearity(rawValue: try call.word("nonlinearity")))
      )
    }
    let sizes = call.sizes
    switch call.kind {
    case "rand": return try .rand(sizes, generator: generator, dtype: dtype)
    case "randn": return try .randn(sizes, generator: generator, dtype: dtype)
    case "uniform":
      return try .uniform(
        sizes, from: number("from"), to: number("to"), generator: generator, dtype: dtype)
    case "normal":
      return try .normal(
        sizes, mean: number("mean"), std: number("std"), generator: generator, dtype: dtype)
    case "exponential":
      return try .exponential(sizes, rate: number("rate"), generator: generator, dtype: dtype)
    case "bernoulli":
      return try .bernoulli(
        sizes, probability: number("p"), generator: generator, dtype: dtype)
    case "randint":
      return try .randint(
        low: call.integer("low"), high: call.integer("high"), sizes, generator: generator,
        dtype: dtype)
    case "randperm": return try .randperm(sizes[0], generator: generator, dtype: dtype)
    case "xavierUniform":
      return try Init.xavierUniform(
        sizes, gain: number("gain"), generator: generator, dtype: dtype)
    case "xavierNormal":
      return try Init.xavierNormal(
        sizes, gain: number("gain"), generator: generator, dtype: dtype)
    case "kaimingUniform":
      let (a, mode, nonlinearity) = try fan()
      return try Init.kaimingUniform(
        sizes, a: a, mode: mode, nonlinearity: nonlinearity, generator: generator, dtype: dtype)
    case "kaimingNormal":
      let (a, mode, nonlinearity) = try fan()
      return try Init.kaimingNormal(
        sizes, a: a, mode: mode, nonlinearity: nonlinearity, generator: generator, dtype: dtype)
    case "truncNormal":
      return try Init.truncNormal(
        sizes, mean: number("mean"), std: number("std"), a: number("a"), b: number("b"),
        generator: generator, dtype: dtype)
    default: throw MartletError(.argument, "an unknown call: \(call.kind)")
    }
  }

  struct OrthogonalCase: Decodable {
    let sizes: [Int]
    let values: [Double]
  }

  @Test func orthogonalMatricesArePyTorchs() throws {
    let cases: [OrthogonalCase] = try jsonFixture("tensor/orthogonal.json")
    #expect(cases.count == 5)
    for one in cases {
      let tensor = try Init.orthogonal(one.sizes, gain: 1.5, generator: Generator(seed: 15))
      #expect(tensor.shape == one.sizes)
      for (got, wanted) in zip(try tensor.array(of: Float.self), one.values) {
        #expect(abs(Double(got) - wanted) < 2e-6)
      }
    }
    expectError("orthogonal needs two or more dimensions, got [3]") { try Init.orthogonal([3]) }
  }

  @Test func defaultGeneratorCanBeSeeded() throws {
    // Other tests may draw from it in between, so only the seed is looked at.
    Generator.default.manualSeed(42)
    #expect(Generator.default.initialSeed == 42)
    #expect(Generator().initialSeed == 67_280_421_310_721)
  }

  @Test func seedingStartsAgain() throws {
    let generator = Generator(seed: 3)
    let first = try Tensor.randn([5], generator: generator).array(of: Float.self)
    generator.manualSeed(3)
    let again = try Tensor.randn([5], generator: generator).array(of: Float.self)
    #expect(first == again)
  }

  @Test func concurrentDrawsAreWhole() async throws {
    let shared = Generator(seed: 5)
    let drawn = try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<8 {
        group.addTask { try Tensor.rand([1000], generator: shared).array(of: Float.self) }
      }
      return try await group.reduce(into: Set<[Float]>()) { $0.insert($1) }
    }
    let alone = Generator(seed: 5)
    for _ in 0..<8 {
      let values = try Tensor.rand([1000], generator: alone).array(of: Float.self)
      #expect(drawn.contains(values))
    }
  }

  @Test func wrongArgumentsAreRefused() {
    expectError("uniform expects from to be at most to, got from 2.0 and to 1.0") {
      try Tensor.uniform([3], from: 2, to: 1)
    }
    expectError("uniform expects to - from to fit float32, got from -3e+38 and to 3e+38") {
      try Tensor.uniform([3], from: -3e38, to: 3e38)
    }
    expectError("uniform's range nan ..< 1.0 does not fit float32") {
      try Tensor.uniform([3], from: .nan, to: 1)
    }
    expectError("normal expects std to be at least 0, got -1.0") {
      try Tensor.normal([3], mean: 0, std: -1)
    }
    expectError("normal makes tensors of a floating-point type, got int32") {
      try Tensor.randn([3], dtype: .int32)
    }
    expectError("bernoulli expects a probability from 0 to 1, got 1.5") {
      try Tensor.bernoulli([3], probability: 1.5)
    }
    expectError("exponential expects rate to be above 0, got 0.0") {
      try Tensor.exponential([3], rate: 0)
    }
    expectError("randint expects low to be below high, got low 3 and high 3") {
      try Tensor.randint(low: 3, high: 3, [2])
    }
    expectError("randint's range -1 ..< 5 does not fit uint8") {
      try Tensor.randint(low: -1, high: 5, [2], dtype: .uint8)
    }
    expectError("randperm of 2050 numbers does not fit float16") {
      try Tensor.randperm(2050, dtype: .float16)
    }
    expectError("randperm does not make tensors of bool") {
      try Tensor.randperm(2, dtype: .bool)
    }
    expectError("randperm expects a count of at least 0, got -1") { try Tensor.randperm(-1) }
    expectError("a size cannot be negative, got [-1]") { try Tensor.rand([-1]) }
    expectError("fan in and fan out need a weight of two or more dimensions, got [3]") {
      try Init.kaimingUniform([3])
    }
    expectError(
      "truncNormal expects std above 0 and a below b, got std 0.0, a -2.0 and b 2.0"
    ) {
      try Init.truncNormal([3], std: 0)
    }
  }
}
