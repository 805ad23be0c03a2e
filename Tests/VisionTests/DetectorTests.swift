import Foundation
import Martlet
import TestSupport
import Testing

/// The digit detector of Examples/Digits on one of its canvases.
@Suite("The digit detector")
struct DetectorTests {
  private struct Expected: Decodable {
    struct Thing: Decodable {
      let label: Int
      let box: [Float]
      let score: Float?
    }

    let picture: String
    let found, there: [Thing]
  }

  private static var folder: URL {
    fixtureURL("../../Examples/Digits").standardizedFileURL
  }

  private func detector(isDynamic: Bool = false) throws -> YOLOv8 {
    let scale = YOLOv8Scale(depth: 0.33, width: 0.125, maxChannels: 512)
    let model = YOLOv8(scale, numClasses: 10, isDynamic: isDynamic)
    try model.load(Self.folder.appending(path: "detector.safetensors").path)
    return model.eval()
  }

  /// The canvas in a square of a size, and where it lies.
  private func canvas(in side: Int) throws -> (input: Tensor, letterbox: Letterbox) {
    let file = try SafeTensors(path: fixtureURL("vision/canvas.safetensors").path)
    let pixels = try #require(try file.tensors()["pixels"])
    let bytes = try pixels.array(of: UInt8.self)
    let (rows, columns) = (Int(pixels.shape[0]), Int(pixels.shape[1]))
    let letterbox = try Letterbox(
      pictureWidth: columns, pictureHeight: rows, targetWidth: side, targetHeight: side,
      scalesUp: false)
    let grey = Float(Letterbox.paddingLevel) / 255
    var values = [Float](repeating: grey, count: 3 * side * side)
    for row in 0..<rows {
      for column in 0..<columns {
        for color in 0..<3 {
          let place = (color * side + row + letterbox.top) * side + column + letterbox.left
          values[place] = Float(bytes[(row * columns + column) * 3 + color]) / 255
        }
      }
    }
    return (try Tensor(values, shape: [1, 3, side, side]), letterbox)
  }

  private func expected() throws -> Expected {
    let file = Self.folder.appending(path: "canvases/expected.json")
    let all = try JSONDecoder().decode([Expected].self, from: Data(contentsOf: file))
    return try #require(all.first { $0.picture == "2.png" })
  }

  @Test("a compiled trace finds the boxes that Ultralytics finds")
  func boxes() throws {
    let (input, letterbox) = try canvas(in: 160)
    let program = try trace(detector(), input).compile(threads: 1)
    let found = try detections(
      rawOutputs: program.run([input]), task: .detect, letterbox: letterbox)
    let expected = try expected()
    #expect(found.map(\.label) == expected.found.map(\.label))
    for (thing, other) in zip(found, expected.found) {
      let box = BoundingBox(
        left: other.box[0], top: other.box[1], right: other.box[2], bottom: other.box[3])
      #expect(thing.box.intersectionOverUnion(box) > 0.99)
      #expect(abs(thing.score - (other.score ?? 0)) < 1e-3)
    }
    #expect(found.map(\.label).sorted() == expected.there.map(\.label).sorted())
  }

  @Test("a dynamic trace takes pictures of other sizes, a fixed one says why not")
  func otherSizes() throws {
    let (input, _) = try canvas(in: 160)
    let (large, letterbox) = try canvas(in: 224)
    let program = try trace(detector(isDynamic: true), input).compile(threads: 1)
    let found = try detections(
      rawOutputs: program.run([large]), task: .detect, letterbox: letterbox)
    let expected = try expected()
    #expect(found.map(\.label).sorted() == expected.there.map(\.label).sorted())
    let fixed = try trace(detector(), input).compile(threads: 1)
    #expect(throws: MartletError.self) { try fixed.run([large]) }
  }

  @Test("an archive says what it does")
  func metadata() throws {
    let (input, _) = try canvas(in: 160)
    let model = try detector()
    let labels = (0..<10).map { "digit \($0)" }
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "digits.pt").path
      let described = model.metadata(imageWidth: 160, imageHeight: 160, labels: labels)
      try trace(model, input).save(path, metadata: described)
      let loaded = try TorchScript.load(path)
      #expect(try ModelMetadata(extraFiles: loaded.extraFiles) == described)
    }
    #expect(YOLOv8().metadata(imageWidth: 640, imageHeight: 640).labels.last == "toothbrush")
  }
}
