import Foundation
import Martlet

/// Finds things for Tests/Interop/check_detector.py:
///
///     InteropProbe vision JOBS.json
///
/// The file holds a network (its scale, weights and input), and jobs: a picture for the network, or
/// raw outputs, and how to read them. Gives what is found as one line of JSON.
enum VisionProbe {
  private struct Jobs: Decodable {
    let network: Network?
    let jobs: [Job]
  }

  private struct Network: Decodable {
    let depth, width: Double
    let maxChannels: Int
    let labels: [String]
    let weights: String
    /// Height and width.
    let input: [Int]
    /// Where the traced network is saved.
    let archive: String
  }

  private struct Job: Decodable {
    struct Options: Decodable {
      let conf_thres: Float?
      let iou_thres: Double?
      let max_det: Int?
      let agnostic, multi_label: Bool?
      let classes: [Int]?
    }

    /// A picture `[H, W, 3]` of bytes that fits the input unresized.
    let pixels: String?
    let outputs: [String]?
    let task: String
    let keypoints: [Int]?
    /// Height and width.
    let input, picture: [Int]
    let retina: Bool?
    let options: Options
  }

  private struct Found: Encodable {
    let box: [Float]
    let label: Int
    let score: Float
    let mask: [Int]?
    let keypoints: [[Float]]?
  }

  static func run(jobs path: String) throws {
    let file = try JSONDecoder().decode(Jobs.self, from: Data(contentsOf: URL(filePath: path)))
    let program = try file.network.map(compile)
    let found = try file.jobs.map { try run($0, program) }
    FileHandle.standardOutput.write(try JSONEncoder().encode(found))
  }

  private static func compile(_ network: Network) throws -> Program {
    let scale = YOLOv8Scale(
      depth: network.depth, width: network.width, maxChannels: network.maxChannels)
    let model = YOLOv8(scale, numClasses: network.labels.count)
    try model.load(network.weights)
    model.eval()
    let (height, width) = (network.input[0], network.input[1])
    let traced = try trace(model, Tensor.randn([1, 3, height, width]))
    try traced.save(
      network.archive,
      metadata: model.metadata(imageWidth: width, imageHeight: height, labels: network.labels))
    return try Program(contentsOf: network.archive, threads: 1)
  }

  private static func run(_ job: Job, _ program: Program?) throws -> [Found] {
    let letterbox = try Letterbox(
      pictureWidth: job.picture[1], pictureHeight: job.picture[0], targetWidth: job.input[1],
      targetHeight: job.input[0])
    var outputs = try (job.outputs ?? []).map { try Tensor(npy: $0) }
    if let pixels = job.pixels, let program {
      outputs = try program.run([try picture(Tensor(npy: pixels), letterbox)])
    }
    var options = DetectionOptions()
    if let value = job.options.conf_thres { options.confidence = value }
    if let value = job.options.iou_thres { options.iou = value }
    if let value = job.options.max_det { options.maximumCount = value }
    if let value = job.options.agnostic { options.isClassAgnostic = value }
    if let value = job.options.multi_label { options.allowsSeveralLabels = value }
    if let value = job.options.classes { options.classes = Set(value) }
    options.maskResolution = job.retina == true ? .picture : .input
    let task: DetectionTask =
      switch job.task {
      case "segment": .segment
      case "pose": .pose(keypoints: job.keypoints?[0] ?? 0, dimensions: job.keypoints?[1] ?? 0)
      default: .detect
      }
    return try detections(
      rawOutputs: outputs, task: task, letterbox: letterbox, options: options
    ).map { thing in
      Found(
        box: [thing.box.left, thing.box.top, thing.box.right, thing.box.bottom],
        label: thing.label, score: thing.score, mask: thing.mask?.runs,
        keypoints: thing.keypoints?.map { [$0.x, $0.y] + ($0.score.map { [$0] } ?? []) })
    }
  }

  /// The network's input: the picture from 0 to 1, with grey all round.
  private static func picture(_ pixels: Tensor, _ letterbox: Letterbox) throws -> Tensor {
    let bytes = try pixels.array(of: UInt8.self)
    guard letterbox.scale == 1, bytes.count == 3 * letterbox.pictureWidth * letterbox.pictureHeight
    else { throw MartletError(.argument, "the picture does not fit the input unresized") }
    let (width, height) = (letterbox.width, letterbox.height)
    let grey = Float(Letterbox.paddingLevel) / 255
    var values = [Float](repeating: grey, count: 3 * width * height)
    for row in 0..<letterbox.pictureHeight {
      for column in 0..<letterbox.pictureWidth {
        let from = 3 * (row * letterbox.pictureWidth + column)
        let to = (row + letterbox.top) * width + column + letterbox.left
        for color in 0..<3 {
          values[color * width * height + to] = Float(bytes[from + color]) / 255
        }
      }
    }
    return try Tensor(values, shape: [1, 3, height, width])
  }
}
