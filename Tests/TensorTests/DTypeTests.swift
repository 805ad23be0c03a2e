import MartletTensor
import TestSupport
import Testing

/// PyTorch's conversions between all pairs of types, as `make_conversions.py` wrote them.
struct DTypeFixture: Decodable, Sendable {
  struct Conversion: Decodable, Sendable, CustomStringConvertible {
    let from: String
    let bits: String
    let to: [String: String]
    var description: String { from }
  }

  let conversions: [Conversion]
  let promotions: [String: String]

  static let shared: DTypeFixture =
    (try? jsonFixture("tensor/conversions.json"))
    ?? DTypeFixture(conversions: [], promotions: [:])
}

@Suite struct DTypeTests {
  @Test func promotesAsPyTorch() throws {
    #expect(DTypeFixture.shared.promotions.count == 144)
    for a in DType.allCases where !a.isQuantized {
      for b in DType.allCases where !b.isQuantized {
        let wanted = try #require(DTypeFixture.shared.promotions["\(a) \(b)"])
        #expect(DType.promote(a, b).name == wanted, "\(a) with \(b)")
      }
    }
  }

  @Test(arguments: DTypeFixture.shared.conversions)
  func convertsAsPyTorch(_ one: DTypeFixture.Conversion) throws {
    let dtype = try #require(DType.named(one.from))
    let bits = parse(one.bits)
    let source = try tensor(bits, dtype)
    #expect(one.to.count == 12)
    for (name, text) in one.to {
      let target = try #require(DType.named(name))
      let converted = try source.converted(to: target)
      for (i, (got, wanted)) in zip(try bitPatterns(converted), parse(text)).enumerated() {
        let source = bits[i * bits.count / max(parse(text).count, 1)]
        if isNaN(got, target), isNaN(wanted, target) { continue }
        let place = "\(one.from) \(String(source, radix: 16)) to \(name)"
        #expect(got == wanted, "\(place): \(String(got, radix: 16))")
      }
    }
  }

  @Test func everyElementTypeHasItsNumber() {
    let plain = DType.allCases.filter { !$0.isQuantized }
    for dtype in DType.allCases { #expect(DType(scalarType: dtype.scalarType) == dtype) }
    #expect(DType(scalarType: 8) == nil)
    #expect(DTypeFixture.shared.conversions.count == plain.count)
  }

  @Test func strangeLayoutsConvertInTheirOrder() throws {
    let whole = try Tensor([1, 2, 3, 4, 5, 6] as [Int32], shape: [2, 3])
    let turned = whole.viewed(Layout(sizes: [3, 2], strides: [1, 3]))
    #expect(try turned.converted(to: .float32).array(of: Float.self) == [1, 4, 2, 5, 3, 6])
    let spread = whole.viewed(Layout(sizes: [2, 2], strides: [0, 1], offset: 4))
    #expect(try spread.converted(to: .int8).array(of: Int8.self) == [5, 6, 5, 6])
  }

  private func parse(_ text: String) -> [UInt64] {
    text.split(separator: " ").map { UInt64($0, radix: 16) ?? 0 }
  }

  private func isNaN(_ bits: UInt64, _ dtype: DType) -> Bool {
    switch dtype.componentType {
    case .float32: Float(bitPattern: UInt32(bits)).isNaN
    case .float64: Double(bitPattern: bits).isNaN
    case .float16: Float16(bitPattern: UInt16(bits)).isNaN
    case .bfloat16: Float(BFloat16(bitPattern: UInt16(bits))).isNaN
    default: false
    }
  }

  private func tensor(_ bits: [UInt64], _ dtype: DType) throws -> Tensor {
    let tensor = try Tensor.allocate([bits.count / (dtype.isComplex ? 2 : 1)], dtype)
    let width = dtype.componentType.byteCount
    let bytes = bits.flatMap { bit in
      (0..<width).map { UInt8(truncatingIfNeeded: bit >> UInt64(8 * $0)) }
    }
    try tensor.overwrite(bytes: bytes)
    return tensor
  }
}
