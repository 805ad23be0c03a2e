import ArgumentParser
import Martlet
import MartletPictures
import MartletTensor

/// `martlet classify`: what a picture shows.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Says what pictures show: the most probable classes, best first.",
    discussion: """
      The archive is any traced classifier that takes [1, 3, H, W] (or [1, 1, H, W]: grey). \
      Pictures are prepared as torchvision does: the shorter side to --resize, the middle of \
      --size cut out, (level / 255 - mean) / std. The size is the archive's own where it tells, \
      else 224; --resize is 8/7 of it, mean and std are ImageNet's. Classifiers that Ultralytics \
      exported say what they want. Pictures are turned as Exif says.
      """)

  @OptionGroup var options: PictureOptions

  @Option(help: "How many classes to print for each picture.")
  var top = 5

  @Option(help: "The input's size, as in 224 or 480,640 (height, width).")
  var size: PictureSize?

  @Option(help: "The length of the shorter side before the middle is cut out.")
  var resize: Int?

  @Option(help: "How the size is changed: bilinear or bicubic.")
  var interpolation = ResamplingFilterOption.bilinear

  @Option(help: "What is subtracted, of levels from 0 to 1, as in 0.485,0.456,0.406.")
  var mean: ChannelValues?

  @Option(help: "What is divided by then, as in 0.229,0.224,0.225.")
  var std: ChannelValues?

  func validate() throws {
    if top < 1 { throw ValidationError("--top must be at least 1, got \(top)") }
    if let resize, !(1...16_384).contains(resize) {
      throw ValidationError("--resize must be from 1 to 16384, got \(resize)")
    }
    if let std, std.values.contains(0) { throw ValidationError("--std must not be 0") }
  }

  func run() throws {
    let model = try PictureModel(options.path)
    let preparation = try preparation(for: model)
    let names = try model.labels(from: options.labels)
    let pictures = try PictureList(options.pictures).paths
    let workers = options.workers(for: pictures.count)
    options.say("\(preparation)")
    let size = preparation.size
    let program = try model.compile(
      options.tuning, threads: workers.threads, channels: preparation.channels,
      height: size.height, width: size.width)
    let (top, json) = (top, options.json)
    let rows = RowList<ClassifiedPicture>()
    try PictureWork<ClassifiedPicture>(paths: pictures, workers: workers.pictures).run("classify") {
      path in
      let planes = try preparation.planes(try Picture(contentsOf: path))
      let input = try model.input(planes, height: size.height, width: size.width)
      let outputs = try program.run([.tensor(input)]).flatMap { try $0.leaves() }
      let found = try Self.classes(outputs, top, model.path)
      if let names, let count = outputs.first?.sizes.last, names.count != count {
        throw MartletError(
          .argument, "there are \(names.count) labels, but the model tells \(count) classes apart")
      }
      return ClassifiedPicture(file: path, found, names)
    } show: { path, result in
      switch result {
      case .success(let row): json ? rows.append(row) : print(row)
      case .failure(let error): rows.append(ClassifiedPicture(file: path, error: error))
      }
    } finally: {
      if json { try printJSON(rows.all) }
    }
  }

  private func preparation(for model: PictureModel) throws -> Preparation {
    let channels = model.channels
    guard channels == 1 || channels == 3 else {
      throw MartletError(
        .unsupported,
        "'\(model.path)' takes \(channels) channels; a picture has 3, or 1 when it is grey")
    }
    let isUltralytics = model.metadata != nil
    if let task = model.metadata?.task, task != "classify" {
      let other = ["detect", "segment", "pose"].contains(task) ? "; see martlet detect" : ""
      throw MartletError(
        .argument, "'\(model.path)' is a model for '\(task)', no classifier\(other)")
    }
    let own =
      model.metadata.map { PictureSize(height: $0.imageHeight, width: $0.imageWidth) }
      ?? model.example.map { PictureSize(height: $0.sizes[2], width: $0.sizes[3]) }
    let size = size ?? own ?? PictureSize(height: 224, width: 224)
    let shorter = max(size.height, size.width)
    let imageNet = channels == 3 && !isUltralytics
    let means = mean.map { $0.values(for: channels) } ?? (imageNet ? Self.imageNetMean : nil)
    let deviations = std.map { $0.values(for: channels) } ?? (imageNet ? Self.imageNetStd : nil)
    for (name, given, used) in [("--mean", mean, means), ("--std", std, deviations)]
    where given != nil && used == nil {
      throw ValidationError("\(name) needs \(channels) numbers for '\(model.path)', or one")
    }
    return Preparation(
      size: size, resize: resize ?? (isUltralytics ? shorter : shorter * 8 / 7),
      filter: interpolation == .bilinear ? .bilinear : .bicubic,
      mean: means ?? Array(repeating: 0, count: channels),
      deviation: deviations ?? Array(repeating: 1, count: channels))
  }

  private static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
  private static let imageNetStd: [Float] = [0.229, 0.224, 0.225]

  private static func classes(
    _ outputs: [Tensor], _ count: Int, _ path: String
  ) throws -> [Classification] {
    guard let output = outputs.first, output.dim <= 2, output.sizes.count(where: { $0 != 1 }) <= 1,
      output.dtype.isFloatingPoint
    else {
      let got = outputs.first.map { "\($0.dtype) \($0.shape)" } ?? "nothing"
      throw MartletError(
        .shape, "'\(path)' is no classifier: a score for each class is expected, got \(got)")
    }
    return try classifications(rawOutput: output, count: count).first ?? []
  }
}

/// What one picture shows, as text and as JSON.
struct ClassifiedPicture: Encodable, Sendable, CustomStringConvertible {
  struct Row: Encodable, Sendable {
    let label: Int
    let name: String?
    let score: Float
  }

  let file: String
  var classes: [Row]?
  var error: String?

  init(file: String, _ found: [Classification], _ names: [String]?) {
    self.file = file
    classes = found.map { Row(label: $0.label, name: names?[$0.label], score: $0.score) }
  }

  init(file: String, error: any Error) {
    self.file = file
    self.error = MartletCommand.text(of: error)
  }

  var description: String {
    let lines = (classes ?? []).map { row in
      "  \(Self.percent(row.score)) %  " + (row.name ?? "class \(row.label)")
    }
    return ([file] + lines).joined(separator: "\n")
  }

  private static func percent(_ score: Float) -> String {
    let text = fixed(100 * Double(score), digits: 2)
    return String(repeating: " ", count: max(6 - text.count, 0)) + text
  }
}
