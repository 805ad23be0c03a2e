import Foundation
import Martlet
import MartletPictures

/// The network that finds handwritten digits on canvases: a narrow YOLOv8 that
/// `train_detector.py` trains.
struct DigitDetector {
  /// What `detector.json` tells of it.
  private struct Settings: Decodable {
    let depth, width: Double
    let maxChannels: Int
    let imageSize: [Int]
    let labels: [String]
    let mAP50: Double
    let heldOutCanvases: Int
  }

  /// What Ultralytics finds on a canvas.
  private struct Expected: Decodable {
    struct Thing: Decodable {
      let label: Int
      let box: [Float]
      let score: Float
    }

    let picture: String
    let found: [Thing]
  }

  private let folder: String
  private let settings: Settings
  private let traced: TracedModule

  /// - Parameter folder: where `detector.json`, `detector.safetensors` and `canvases` lie.
  init(folder: String) throws {
    self.folder = folder
    settings = try Self.read("\(folder)/detector.json")
    let scale = YOLOv8Scale(
      depth: settings.depth, width: settings.width, maxChannels: settings.maxChannels)
    let model = YOLOv8(scale, numClasses: settings.labels.count)
    try model.load("\(folder)/detector.safetensors")
    traced = try trace(
      model.eval(), Tensor.zeros([1, 3, settings.imageSize[0], settings.imageSize[1]]))
  }

  var summaryText: String {
    get throws {
      let parameters = try traced.summary().parameterCount
      return "YOLOv8 with \(parameters) parameters, mAP50 \(settings.mAP50) on "
        + "\(settings.heldOutCanvases) held-out canvases"
    }
  }

  /// Saves the archive that `martlet detect` and Ultralytics read.
  func save(to path: String) throws {
    let metadata = ModelMetadata(
      task: "detect", labels: settings.labels, imageWidth: settings.imageSize[1],
      imageHeight: settings.imageSize[0])
    try traced.save(path, extraFiles: [ModelMetadata.fileName: metadata.encoded()])
  }

  /// Finds the digits on the committed canvases and holds them against what Ultralytics finds.
  ///
  /// - Throws: `DigitsError` when they differ.
  func checkAgainstPyTorch() throws -> String {
    let program = try traced.compile()
    let (height, width) = (settings.imageSize[0], settings.imageSize[1])
    let canvases: [Expected] = try Self.read("\(folder)/canvases/expected.json")
    var count = 0
    var worst: Float = 0
    for canvas in canvases {
      let picture = try Picture(contentsOf: "\(folder)/canvases/\(canvas.picture)")
      let letterbox = try Letterbox(
        pictureWidth: picture.width, pictureHeight: picture.height, targetWidth: width,
        targetHeight: height)
      let planes = try picture.letterboxed(width: width, height: height).planes()
      let input = try Tensor(planes, shape: [1, 3, height, width])
      let found = try detections(
        rawOutputs: try program.run([input]), task: .detect, letterbox: letterbox)
      guard found.map(\.label) == canvas.found.map(\.label) else {
        throw DigitsError("\(canvas.picture): the digits differ from PyTorch's")
      }
      for (mine, theirs) in zip(found, canvas.found) {
        let box = [mine.box.left, mine.box.top, mine.box.right, mine.box.bottom]
        worst = zip(box, theirs.box).map { abs($0 - $1) }.reduce(worst, max)
        guard abs(mine.score - theirs.score) < 1e-3 else {
          throw DigitsError("\(canvas.picture): a score differs from PyTorch's")
        }
        count += 1
      }
    }
    guard worst < 0.05 else {
      throw DigitsError("a box differs from PyTorch's by \(worst) pixels")
    }
    let hundredths = (Double(worst) * 1000).rounded(.up) / 1000
    return "the same \(count) digits on \(canvases.count) canvases, boxes within \(hundredths) "
      + "pixels"
  }

  private static func read<T: Decodable>(_ path: String) throws -> T {
    try JSONDecoder().decode(T.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
