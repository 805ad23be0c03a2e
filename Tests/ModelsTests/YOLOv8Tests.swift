import Foundation
import MartletModels
import MartletNN
import MartletTensor
import TestSupport
import Testing

/// A YOLOv8 built as Tests/Fixtures/make_yolo.py does under the same name.
struct YOLOv8Case: Sendable, Testing.CustomTestStringConvertible {
  let name: String
  let make: @Sendable () -> ModuleBase

  var testDescription: String { name }

  static func narrow(
    depth: Double = 0.33, width: Double = 0.125, maxChannels: Int = 512
  ) -> YOLOv8Scale {
    YOLOv8Scale(depth: depth, width: width, maxChannels: maxChannels)
  }

  static let all: [YOLOv8Case] = [
    YOLOv8Case(name: "detect") { YOLOv8(narrow(), numClasses: 5) },
    YOLOv8Case(name: "segment") { YOLOv8Segment(narrow(width: 0.1), numClasses: 2) },
    YOLOv8Case(name: "pose") { YOLOv8Pose(narrow(), numClasses: 1, keypoints: 5) },
    YOLOv8Case(name: "pose.flat") {
      YOLOv8Pose(narrow(maxChannels: 128), numClasses: 2, keypoints: 4, dimensions: 2)
    },
    YOLOv8Case(name: "classify") { YOLOv8Classify(narrow(), numClasses: 7) },
    YOLOv8Case(name: "deep") { YOLOv8(narrow(depth: 0.67, width: 0.06), numClasses: 5) },
  ]

  struct Golden: Decodable {
    struct Entry: Decodable {
      let name: String
      let sizes: [Int]
      let checksum: String
    }

    let seed: Int
    let repr: String
    let state: [Entry]
  }

  var golden: Golden {
    get throws {
      try #require(try jsonFixture("models/yolo.json", as: [String: Golden].self)[name])
    }
  }
}

@Suite("YOLOv8 against Ultralytics'")
struct YOLOv8Tests {
  @Test("a seeded model holds and prints what Python's does", arguments: YOLOv8Case.all)
  func state(_ model: YOLOv8Case) throws {
    let golden = try model.golden
    let made = withGenerator(seed: golden.seed) { model.make() }
    #expect(made.description == golden.repr)
    let state = made.stateDict()
    #expect(state.keys == golden.state.map(\.name))
    for entry in golden.state {
      let tensor = try #require(state[entry.name])
      #expect(tensor.shape == entry.sizes, "\(entry.name)")
      #expect("\(try bits(of: tensor))" == entry.checksum, "\(entry.name)")
    }
  }

  /// The sum of the bits of all elements, each times its place from 1.
  private func bits(of tensor: Tensor) throws -> UInt64 {
    let numbers =
      tensor.dtype == .float32
      ? try tensor.array(of: Float.self).map { UInt64($0.bitPattern) }
      : try tensor.array(of: Int64.self).map { UInt64(bitPattern: $0) }
    return numbers.enumerated().reduce(0) { $0 &+ UInt64($1.offset + 1) &* $1.element }
  }

  @Test("a seeded model computes what Python's does", arguments: YOLOv8Case.all)
  func running(_ model: YOLOv8Case) throws {
    let tensors = try SafeTensors(path: fixtureURL("models/yolo.safetensors").path).tensors()
    let picture = try #require(tensors["\(model.name)/in"])
    let made = withGenerator(seed: try model.golden.seed) { model.make() }.eval()
    let results = try call(made, picture)
    for (index, result) in results.enumerated() {
      let expected = try #require(tensors["\(model.name)/out/\(index)"])
      if let problem = try difference(result, expected, tolerance: 1e-4) {
        Issue.record("output \(index): \(problem)")
      }
    }
    #expect(tensors["\(model.name)/out/\(results.count)"] == nil)
  }

  private func call(_ model: ModuleBase, _ input: Tensor) throws -> [Tensor] {
    if let segment = model as? YOLOv8Segment {
      let (found, prototypes) = try segment(input)
      return [found, prototypes]
    }
    guard let unary = model as? any UnaryModule else {
      throw MartletError(.argument, "a \(type(of: model)) cannot be called")
    }
    return [try unary(input)]
  }

  @Test("the scales have Ultralytics' numbers of parameters")
  func sizes() throws {
    #expect(YOLOv8(.n).parameterCount == 3_157_200)
    #expect(YOLOv8(.s).parameterCount == 11_166_560)
    #expect(YOLOv8(.m).parameterCount == 25_902_640)
  }

  @Test(
    "pictures that the grids do not divide are refused", arguments: [[1, 3, 48, 64], [3, 64, 64]])
  func wrongPictures(_ sizes: [Int]) throws {
    let model = YOLOv8(YOLOv8Case.narrow(), numClasses: 2).eval()
    let picture = try Init.ones(sizes)
    let error = #expect(throws: MartletError.self) { try model(picture) }
    #expect(error?.message.hasSuffix("multiples of 32, got \(sizes)") == true)
  }

  @Test("what makes no network throws when it is called")
  func wrongScales() throws {
    let picture = try Init.ones([1, 3, 32, 32])
    let models: [any UnaryModule] = [
      YOLOv8(YOLOv8Case.narrow(width: -1), numClasses: 2),
      YOLOv8(YOLOv8Case.narrow(), numClasses: 0),
      YOLOv8(YOLOv8Case.narrow(depth: .nan)), YOLOv8Pose(YOLOv8Case.narrow(), dimensions: 4),
      YOLOv8Classify(YOLOv8Case.narrow(width: .infinity)),
    ]
    for model in models {
      let error = #expect(throws: MartletError.self) { try model(picture) }
      #expect(error?.message.hasPrefix("expected") == true)
    }
  }
}
