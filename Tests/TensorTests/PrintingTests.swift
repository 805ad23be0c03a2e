import Foundation
import MartletTensor
import TestSupport
import Testing

/// One tensor and what PyTorch prints for it, as `make_printing.py` wrote it.
struct PrintingCase: Decodable, Sendable, CustomStringConvertible {
  struct Options: Decodable, Sendable {
    let precision, threshold, edgeitems, linewidth: Int?
    let sci_mode: Bool?

    var printOptions: PrintOptions {
      var options = PrintOptions()
      options.precision = precision ?? options.precision
      options.threshold = threshold ?? options.threshold
      options.edgeItems = edgeitems ?? options.edgeItems
      options.lineWidth = linewidth ?? options.lineWidth
      options.scientific = sci_mode
      return options
    }
  }

  let sizes: [Int]
  let dtype: String
  let values: [String]?
  let formula: String?
  let meta: Bool?
  let options: Options?
  let text: String

  var description: String { "\(dtype) \(sizes) \(formula ?? values?.description ?? "")" }

  func tensor() throws -> Tensor {
    let dtype = try #require(DType.named(dtype))
    if meta == true { return try .meta(sizes, dtype) }
    if let values {
      if dtype == .int64 {
        return try Tensor(values.map { Int64($0) ?? 0 }, shape: sizes)
      }
      if dtype.isComplex {
        let numbers = values.map { text in
          let parts = text.split(separator: " ").map { Double($0) ?? 0 }
          return Complex(parts[0], parts[1])
        }
        return try Tensor(numbers, shape: sizes).converted(to: dtype)
      }
      let numbers = values.map { $0 == "true" ? 1 : Double($0) ?? 0 }
      return try Tensor(numbers, shape: sizes).converted(to: dtype)
    }
    let count = sizes.reduce(1, *)
    let numbers = (0..<count).map { i -> Double in
      switch formula {
      case "ramp": Double(i * 7919 % 20011 - 10000) / 10007
      case "whole": Double(i * 7919 % 20011 - 10000)
      case "small": Double(i % 97 + 1) / 1_048_576
      default: Double(i * 5 % 3 % 2)
      }
    }
    return try Tensor(numbers, shape: sizes).converted(to: dtype)
  }
}

@Suite struct PrintingTests {
  static let cases: [PrintingCase] = (try? jsonFixture("tensor/printing.json")) ?? []

  @Test func fixtureIsThere() {
    #expect(Self.cases.count > 250)
  }

  @Test(arguments: cases)
  func readsAsPyTorchs(_ one: PrintingCase) throws {
    let tensor = try one.tensor()
    let options = one.options?.printOptions ?? PrintOptions()
    #expect(tensor.formatted(options) == one.text)
  }

  @Test func stridedViewsReadInTheirOrder() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Int64], shape: [2, 3])
    let turned = tensor.viewed(Layout(sizes: [3, 2], strides: [1, 3]))
    #expect("\(turned)" == "tensor([[1, 4],\n        [2, 5],\n        [3, 6]])")
  }
}
