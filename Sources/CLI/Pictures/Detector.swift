import Martlet
import MartletPictures
import MartletTensor
import MartletVision

/// A compiled detector, with all that turns a picture into boxes.
struct Detector: Sendable, CustomStringConvertible {
  let size: PictureSize
  let names: [String]
  let options: DetectionOptions
  let workers: Int
  private let scale: Int
  private let task: DetectionTask
  private let isEndToEnd: Bool?
  private let dtype: DType
  private let program: Program

  init(
    _ model: PictureModel, size: PictureSize?, names: [String], options: DetectionOptions,
    scale: Int, workers: (pictures: Int, threads: Int), tuning: TuningOptions
  ) throws {
    guard model.channels == 3 else {
      throw MartletError(
        .unsupported, "'\(model.path)' takes \(model.channels) channels; a picture has 3")
    }
    if model.metadata?.task == "classify" {
      throw MartletError(
        .argument, "'\(model.path)' is a classifier and finds no boxes; see martlet classify")
    }
    task = try model.metadata?.detectionTask() ?? .detect
    isEndToEnd = model.metadata.map { $0.isEndToEnd ? true : nil } ?? nil
    let own =
      model.metadata.map { PictureSize(height: $0.imageHeight, width: $0.imageWidth) }
      ?? model.example.map { PictureSize(height: $0.sizes[2], width: $0.sizes[3]) }
    self.size = size ?? own ?? PictureSize(height: 640, width: 640)
    self.names = names
    self.options = options
    self.scale = scale
    self.workers = workers.pictures
    dtype = model.example.map(\.dtype) ?? .float32
    program = try model.compile(
      tuning, threads: workers.threads, channels: 3, height: self.size.height,
      width: self.size.width)
  }

  var description: String {
    "pictures are prepared so: scaled to fit \(size.height)x\(size.width), grey around, RGB, "
      + "level / 255; task \(task), \(names.count) class names, confidence \(options.confidence), "
      + "IoU \(options.iou)"
  }

  /// What is found, best first, in pixels of the picture.
  func detections(in picture: Picture) throws -> [MartletVision.Detection] {
    let letterbox = try Letterbox(
      pictureWidth: picture.width, pictureHeight: picture.height, targetWidth: size.width,
      targetHeight: size.height)
    let planes = try picture.letterboxed(width: size.width, height: size.height).planes()
    var input = try Tensor(planes, shape: [1, 3, size.height, size.width])
    if dtype.isFloatingPoint, dtype != .float32 { input = try input.converted(to: dtype) }
    let outputs = try program.run([.tensor(input)]).flatMap { try $0.leaves() }
    return try MartletVision.detections(
      rawOutputs: outputs, task: task, letterbox: letterbox, options: options,
      isEndToEnd: isEndToEnd)
  }

  /// The picture with what was found drawn on it.
  func drawn(_ found: [MartletVision.Detection], on picture: Picture) throws -> Picture {
    let factor = Double(scale)
    var result =
      scale == 1
      ? picture
      : try picture.resized(
        width: picture.width * scale, height: picture.height * scale, filter: .bicubic)
    result.draw(try found.map { try annotation($0, factor) })
    return result
  }

  private func annotation(_ found: MartletVision.Detection, _ factor: Double) throws -> Annotation {
    let box = found.box
    var annotation = Annotation(
      box: Area(
        left: Double(box.left) * factor, top: Double(box.top) * factor,
        right: Double(box.right) * factor, bottom: Double(box.bottom) * factor),
      label: "\(name(of: found.label)) \(Self.score(found.score))",
      color: Palette.color(found.label))
    if let mask = found.mask {
      annotation.mask = try Self.mask(mask, scale)
    }
    if let points = found.keypoints {
      annotation.points = points.map { point in
        // As Ultralytics draws them: not those that are unsure, nor those at the very border.
        let isSure = point.score.map { $0 >= 0.25 } ?? (point.x > 0 || point.y > 0)
        return isSure ? Point(x: Double(point.x) * factor, y: Double(point.y) * factor) : nil
      }
      annotation.limbs = points.count == 17 ? Self.bodyLimbs : []
    }
    return annotation
  }

  func name(of label: Int) -> String {
    names.indices.contains(label) ? names[label] : "class \(label)"
  }

  /// Two digits after the point; 1 for what is not less.
  private static func score(_ score: Float) -> String {
    let hundredths = Int((min(max(score, 0), 1) * 100).rounded())
    return hundredths >= 100 ? "1.00" : "0." + (hundredths < 10 ? "0" : "") + "\(hundredths)"
  }

  private static func mask(_ mask: Mask, _ scale: Int) throws -> AnnotationMask {
    guard scale > 1 else {
      return try AnnotationMask(columns: mask.columns, rows: mask.rows, pixels: mask.pixels)
    }
    let columns = (mask.columns.lowerBound * scale)..<(mask.columns.upperBound * scale)
    let rows = (mask.rows.lowerBound * scale)..<(mask.rows.upperBound * scale)
    let pixels = rows.flatMap { y in columns.map { x in mask[x / scale, y / scale] } }
    return try AnnotationMask(columns: columns, rows: rows, pixels: pixels)
  }

  /// The 17 key points of COCO's people: nose, eyes, ears, shoulders, elbows, wrists, hips, knees,
  /// ankles, each left then right.
  private static let bodyLimbs = [
    (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8),
    (7, 9), (8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
  ]
}
