import MartletTensor
import MartletVision
import TestSupport
import Testing

/// Where Ultralytics places a picture; sizes are height and width.
struct LetterboxCase: Decodable, Sendable {
  struct Options: Decodable {
    let auto, scaleup: Bool?
    let stride: Int?
  }

  struct Place: Decodable, Equatable {
    let width, height, scaledWidth, scaledHeight, left, top, right, bottom: Int
    let scale: Double
  }

  let picture, target: [Int]
  let options: Options
  let result: Place
}

@Suite("Letterboxes, against Ultralytics'")
struct LetterboxTests {
  @Test("pictures lie where they should")
  func places() throws {
    let cases = try VisionCase.fixture.get().letterboxes
    #expect(cases.count > 50)
    for expected in cases {
      let box = try Letterbox(
        pictureWidth: expected.picture[1], pictureHeight: expected.picture[0],
        targetWidth: expected.target[1], targetHeight: expected.target[0],
        isMinimal: expected.options.auto ?? false, stride: expected.options.stride ?? 32,
        scalesUp: expected.options.scaleup ?? true)
      let place = LetterboxCase.Place(
        width: box.width, height: box.height, scaledWidth: box.scaledWidth,
        scaledHeight: box.scaledHeight, left: box.left, top: box.top, right: box.right,
        bottom: box.bottom, scale: box.scale)
      #expect(place == expected.result, "\(expected.picture) in \(expected.target)")
    }
  }

  @Test("a box goes back to the picture, clipped to it")
  func boxes() throws {
    let letterbox = try Letterbox(
      pictureWidth: 1280, pictureHeight: 720, targetWidth: 640, targetHeight: 640)
    #expect((letterbox.left, letterbox.top) == (0, 140))
    let box = letterbox.pictureBox(from: BoundingBox(left: -5, top: 150, right: 320, bottom: 600))
    #expect(box == BoundingBox(left: 0, top: 20, right: 640, bottom: 720))
  }

  @Test("sizes that are none are refused")
  func wrongSizes() {
    let sizes = [(0, 3, 32, 32), (3, -1, 32, 32), (3, 3, 0, 32), (3, 3, 32, Int.max)]
    for (width, height, targetWidth, targetHeight) in sizes {
      let error = #expect(throws: MartletError.self) {
        try Letterbox(
          pictureWidth: width, pictureHeight: height, targetWidth: targetWidth,
          targetHeight: targetHeight)
      }
      #expect(error?.kind == .argument)
    }
  }
}

@Suite("Classes and metadata")
struct ClassificationTests {
  @Test("logits go through a softmax, probabilities do not")
  func scores() throws {
    let logits = try Tensor([1, 3, 2, 0] as [Float], shape: [1, 4])
    let best = try classifications(rawOutput: logits, count: 2)[0]
    #expect(best.map(\.label) == [1, 2])
    #expect(abs(best[0].score - 0.643_914_2) < 1e-6 && abs(best[1].score - 0.236_882_8) < 1e-6)
    let probabilities = try Tensor([0.25, 0.5, 0.25] as [Float])
    let all = try classifications(rawOutput: probabilities)[0]
    #expect(all.map(\.label) == [1, 0, 2])
    #expect(all.map(\.score) == [0.5, 0.25, 0.25])
    let forced = try classifications(rawOutput: probabilities, isProbability: false)[0]
    #expect(forced[0].score < 0.4)
    #expect(throws: MartletError.self) { try classifications(rawOutput: Init.ones([1, 2, 3])) }
    #expect(throws: MartletError.self) { try classifications(rawOutput: Init.ones([1, 0])) }
  }

  @Test("an archive's description is read, and written back")
  func metadata() throws {
    let text = """
      {"task": "pose", "stride": 32, "imgsz": [640, 480], "names": {"1": "b", "0": "a"},
       "kpt_shape": [17, 3], "batch": 2, "args": {"nms": true}}
      """
    let metadata = try #require(try ModelMetadata(extraFiles: ["config.txt": Array(text.utf8)]))
    #expect(metadata.labels == ["a", "b"])
    #expect((metadata.imageHeight, metadata.imageWidth) == (640, 480))
    #expect(metadata.isEndToEnd && metadata.batch == 2)
    #expect(try metadata.detectionTask() == .pose(keypoints: 17, dimensions: 3))
    #expect(try ModelMetadata(json: metadata.encoded()) == metadata)
    #expect(try ModelMetadata(extraFiles: [:]) == nil)
  }

  @Test(
    "descriptions that are none are refused by name",
    arguments: [
      ("[]", "not a JSON object"), ("{}", "'task'"), (#"{"task": "detect"}"#, "'imgsz'"),
      (#"{"task": "detect", "imgsz": [0, 3]}"#, "'imgsz'"),
      (#"{"task": "detect", "imgsz": 640, "names": {"1": "x"}}"#, "'names'"),
      (#"{"task": "detect", "imgsz": 640, "stride": "far"}"#, "'stride'"),
      (#"{"task": "detect", "imgsz": 640, "kpt_shape": [1]}"#, "'kpt_shape'"),
    ])
  func wrongMetadata(_ text: String, _ part: String) {
    let error = #expect(throws: MartletError.self) { try ModelMetadata(json: Array(text.utf8)) }
    #expect(error?.message.contains(part) == true)
  }

  @Test("a task without boxes says so")
  func otherTasks() throws {
    let metadata = ModelMetadata(task: "obb", labels: [], imageWidth: 32, imageHeight: 32)
    #expect(throws: MartletError.self) { try metadata.detectionTask() }
    let pose = ModelMetadata(task: "pose", labels: [], imageWidth: 32, imageHeight: 32)
    #expect(throws: MartletError.self) { try pose.detectionTask() }
  }
}
