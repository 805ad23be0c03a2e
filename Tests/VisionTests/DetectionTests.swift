import Foundation
import MartletTensor
import MartletVision
import TestSupport
import Testing

/// Things found in raw outputs, as Tests/Fixtures/make_vision.py wrote them from Ultralytics.
struct VisionCase: Decodable, Sendable, Testing.CustomTestStringConvertible {
  struct Options: Decodable {
    var conf_thres: Float?
    var iou_thres: Double?
    var max_det, max_nms: Int?
    var agnostic, multi_label: Bool?
    var classes: [Int]?
  }

  struct Thing: Decodable {
    let box: [Float]
    let label: Int
    let score: Float
    let mask, maskSize: [Int]?
    let keypoints: [[Float]]?
  }

  let name, task: String
  /// The names of the tensors.
  let outputs: [String]
  /// Height and width.
  let input, picture: [Int]
  let retina: Bool
  let options: Options
  let keypoints: [Int]?
  let found: [Thing]

  var testDescription: String { name }

  struct Fixture: Decodable {
    let cases: [VisionCase]
    let letterboxes: [LetterboxCase]
  }

  static let fixture: Result<Fixture, any Error> = Result { try jsonFixture("vision/vision.json") }
  static var all: [VisionCase] { (try? fixture.get().cases) ?? [] }

  var rawOutputs: [Tensor] {
    get throws {
      let file = try SafeTensors(path: fixtureURL("vision/vision.safetensors").path)
      let tensors = try file.tensors()
      return try outputs.map { try #require(tensors[$0]) }
    }
  }

  var letterbox: Letterbox {
    get throws {
      try Letterbox(
        pictureWidth: picture[1], pictureHeight: picture[0], targetWidth: input[1],
        targetHeight: input[0])
    }
  }

  var detectionTask: DetectionTask {
    switch task {
    case "segment": .segment
    case "pose": .pose(keypoints: keypoints?[0] ?? 0, dimensions: keypoints?[1] ?? 0)
    default: .detect
    }
  }

  var detectionOptions: DetectionOptions {
    var chosen = DetectionOptions()
    if let value = options.conf_thres { chosen.confidence = value }
    if let value = options.iou_thres { chosen.iou = value }
    if let value = options.max_det { chosen.maximumCount = value }
    if let value = options.max_nms { chosen.maximumCandidates = value }
    if let value = options.agnostic { chosen.isClassAgnostic = value }
    if let value = options.multi_label { chosen.allowsSeveralLabels = value }
    if let value = options.classes { chosen.classes = Set(value) }
    chosen.maskResolution = retina ? .picture : .input
    return chosen
  }
}

@Suite("Things found, against Ultralytics'")
struct DetectionTests {
  @Test("the fixture holds cases")
  func fixture() throws {
    #expect(try VisionCase.fixture.get().cases.count > 20)
  }

  @Test("the same things are found", arguments: VisionCase.all)
  func found(_ expected: VisionCase) throws {
    let found = try detections(
      rawOutputs: expected.rawOutputs, task: expected.detectionTask,
      letterbox: expected.letterbox, options: expected.detectionOptions)
    try #require(found.count == expected.found.count)
    for (got, wanted) in zip(found, expected.found) {
      #expect(got.label == wanted.label)
      #expect(got.score == wanted.score)
      let sides = [got.box.left, got.box.top, got.box.right, got.box.bottom]
      for (side, value) in zip(sides, wanted.box) { #expect(abs(side - value) < 1e-3) }
      try compare(got.mask, wanted)
      try compare(got.keypoints, wanted, dimensions: expected.keypoints?[1])
    }
  }

  private func compare(_ mask: Mask?, _ wanted: VisionCase.Thing) throws {
    guard let runs = wanted.mask, let size = wanted.maskSize else {
      #expect(mask == nil)
      return
    }
    let mask = try #require(mask)
    #expect([mask.height, mask.width] == size)
    var (place, differing) = (0, 0)
    for (index, length) in runs.enumerated() {
      for pixel in place..<place + length
      where mask[pixel % size[1], pixel / size[1]] != (index % 2 == 1) { differing += 1 }
      place += length
    }
    // A sum next to zero may fall to either side.
    #expect(differing <= max(1, mask.area / 500))
  }

  private func compare(
    _ keypoints: [Keypoint]?, _ wanted: VisionCase.Thing, dimensions: Int?
  ) throws {
    guard let points = wanted.keypoints else {
      #expect(keypoints == nil)
      return
    }
    let keypoints = try #require(keypoints)
    #expect(keypoints.count == points.count)
    for (got, numbers) in zip(keypoints, points) {
      #expect(abs(got.x - numbers[0]) < 1e-3 && abs(got.y - numbers[1]) < 1e-3)
      #expect(got.score == (dimensions == 3 ? numbers[2] : nil))
    }
  }

  @Test("pictures of a batch are read one by one")
  func batch() throws {
    let cases = VisionCase.all.filter { ["detect", "low"].contains($0.name) }
    let one = try #require(try cases.first?.rawOutputs.first)
    let numbers = try one.array(of: Float.self)
    let sizes = one.shape.map { Int($0) }
    let both = try Tensor(
      numbers + [Float](repeating: 0, count: numbers.count), shape: [2, sizes[1], sizes[2]])
    let letterbox = try cases[0].letterbox
    let found = try detections(
      rawOutputs: [both], task: .detect, letterboxes: [letterbox, letterbox])
    #expect(
      found[0] == (try detections(rawOutputs: [one], task: .detect, letterbox: letterbox)))
    #expect(!found[0].isEmpty && found[1].isEmpty)
  }

  @Test("outputs that are no detector's are refused with both sides named")
  func wrongOutputs() throws {
    let letterbox = try Letterbox(
      pictureWidth: 8, pictureHeight: 8, targetWidth: 32, targetHeight: 32)
    func message(_ outputs: [Tensor], _ task: DetectionTask) -> String? {
      let error = #expect(throws: MartletError.self) {
        try detections(rawOutputs: outputs, task: task, letterbox: letterbox)
      }
      return error?.message
    }
    let logits = try Init.ones([1, 10])
    #expect(
      message([logits], .detect)
        == "expected a raw output of sizes [N, 4 + classes, anchors], got [1, 10]; "
        + "a classifier's is for classify")
    #expect(message([], .detect)?.hasSuffix("got none") == true)
    let raw = try Init.ones([1, 9, 30])
    #expect(message([raw], .segment)?.contains("prototypes") == true)
    #expect(message([raw, try Init.ones([1, 5, 2, 2])], .segment)?.contains("[1, 9, 30]") == true)
    #expect(message([raw], .pose(keypoints: 3, dimensions: 4))?.contains("3 of 4") == true)
    #expect(message([try Init.ones([2, 9, 30])], .detect)?.contains("1 pictures") == true)
    let whole = try Tensor([Int64](repeating: 1, count: 90), shape: [1, 9, 10])
    #expect(message([whole], .detect) == "expected raw outputs of floats, got int64")
    var options = DetectionOptions()
    options.confidence = .nan
    #expect(throws: MartletError.self) {
      try detections(rawOutputs: [raw], task: .detect, letterbox: letterbox, options: options)
    }
  }

  @Test("numbers that are none, and no room, find nothing and do not trap")
  func strangeNumbers() throws {
    let letterbox = try Letterbox(
      pictureWidth: 8, pictureHeight: 8, targetWidth: 32, targetHeight: 32)
    for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      let raw = try Tensor([Float](repeating: value, count: 9 * 30), shape: [1, 9, 30])
      let prototypes = try Tensor([Float](repeating: value, count: 4 * 9), shape: [1, 4, 3, 3])
      for resolution in [DetectionOptions.MaskResolution.input, .picture] {
        var options = DetectionOptions()
        options.maskResolution = resolution
        let found = try detections(
          rawOutputs: [raw, prototypes], task: .segment, letterbox: letterbox, options: options)
        #expect(found.count <= 30)
      }
    }
    var options = DetectionOptions()
    options.maximumCount = -1
    options.maximumCandidates = -1
    let raw = try Init.ones([1, 9, 30])
    #expect(
      try detections(rawOutputs: [raw], task: .detect, letterbox: letterbox, options: options)
        .isEmpty)
  }
}
