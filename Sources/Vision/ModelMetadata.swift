import MartletTensor

/// What an Ultralytics archive says of itself in its extra file `config.txt` (JSON).
///
///     let traced = try TorchScript.load("yolov8n.torchscript")
///     let metadata = try ModelMetadata(extraFiles: traced.extraFiles)
public struct ModelMetadata: Sendable, Hashable {
  /// The extra file's name.
  public static let fileName = "config.txt"

  /// What the network does: `detect`, `segment`, `pose`, `classify`, `obb`.
  public var task: String
  /// The classes' names, in the order of their numbers.
  public var labels: [String]
  /// The sizes of the network's input, in pixels.
  public var imageWidth, imageHeight: Int
  /// The largest stride of the network.
  public var stride: Int
  /// The number of pictures that the network takes at once.
  public var batch = 1
  /// Colours of a picture.
  public var channels = 3
  /// Of a pose: how many key points, and how many numbers each.
  public var keypointShape: KeypointShape?
  /// Whether the network drops overlapping boxes itself.
  public var isEndToEnd = false

  /// How many key points a thing has, and how many numbers each: x, y, and perhaps whether it can
  /// be seen.
  public struct KeypointShape: Sendable, Hashable {
    public var count, dimensions: Int

    public init(count: Int, dimensions: Int) {
      self.count = count
      self.dimensions = dimensions
    }
  }

  public init(
    task: String, labels: [String], imageWidth: Int, imageHeight: Int, stride: Int = 32
  ) {
    self.task = task
    self.labels = labels
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.stride = stride
  }

  /// Nil when the archive has no such file.
  ///
  /// - Throws: as `init(json:)`.
  public init?(extraFiles: [String: [UInt8]]) throws {
    guard let json = extraFiles[Self.fileName] else { return nil }
    try self.init(json: json)
  }

  /// - Throws: `MartletError` of kind `.file` when the text is not such a JSON object.
  public init(json: [UInt8]) throws {
    guard let body = JSONValue(parsing: json)?.object else {
      throw MartletError(.file, "\(Self.fileName) is not a JSON object")
    }
    let entries = MetadataEntries(body)
    task = try entries.text("task")
    labels = try entries.labels()
    (imageHeight, imageWidth) = try entries.imageSize()
    stride = try entries.number("stride") ?? 32
    batch = try entries.number("batch") ?? 1
    channels = try entries.number("channels") ?? 3
    keypointShape = try entries.keypointShape()
    isEndToEnd =
      body["end2end"]?.bool ?? false || body["args"]?.object?["nms"]?.bool ?? false
  }

  /// How the network's raw outputs are read.
  ///
  /// - Throws: `MartletError` of kind `.unsupported` when the network does not find things, or
  ///   finds them in another way.
  public func detectionTask() throws -> DetectionTask {
    switch task {
    case "detect": return .detect
    case "segment": return .segment
    case "pose":
      guard let shape = keypointShape else {
        throw MartletError(.file, "\(Self.fileName) of a pose network lacks 'kpt_shape'")
      }
      return .pose(keypoints: shape.count, dimensions: shape.dimensions)
    default:
      throw MartletError(
        .unsupported,
        "there are no boxes to read for the task '\(task)'; there is detect, "
          + "segment and pose")
    }
  }

  /// The extra file's bytes: what Ultralytics reads when it loads the archive.
  public func encoded() -> [UInt8] {
    var names: [String: JSONValue] = [:]
    for (index, label) in labels.enumerated() { names["\(index)"] = .string(label) }
    var body: [String: JSONValue] = [
      "task": .string(task), "names": .object(names),
      "imgsz": .array([.int(imageHeight), .int(imageWidth)]), "stride": .int(stride),
      "batch": .int(batch), "channels": .int(channels), "end2end": .bool(isEndToEnd),
    ]
    if let shape = keypointShape {
      body["kpt_shape"] = .array([.int(shape.count), .int(shape.dimensions)])
    }
    return JSONValue.object(body).encoded
  }
}

/// Entries of a JSON object by name, with errors that name them.
private struct MetadataEntries {
  private let body: [String: JSONValue]

  init(_ body: [String: JSONValue]) { self.body = body }

  /// Nil when there is none.
  private func value(_ name: String) -> JSONValue? {
    if case .null? = body[name] { nil } else { body[name] }
  }

  func text(_ name: String) throws -> String {
    guard let value = body[name]?.string else { throw wrong(name, "a text") }
    return value
  }

  /// Nil when there is none.
  func number(_ name: String) throws -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.int, number > 0 else { throw wrong(name, "a positive number") }
    return number
  }

  /// A list, or an object whose keys are the classes' numbers.
  func labels() throws -> [String] {
    guard let value = value("names") else { return [] }
    if let list = value.strings { return list }
    guard let object = value.object else { throw wrong("names", "texts by number") }
    let labels = (0..<object.count).compactMap { object["\($0)"]?.string }
    guard labels.count == object.count else { throw wrong("names", "texts numbered from 0") }
    return labels
  }

  func imageSize() throws -> (height: Int, width: Int) {
    let value = body["imgsz"]
    if let side = value?.int, side > 0 { return (side, side) }
    guard let sizes = value?.ints, sizes.count == 2, sizes.allSatisfy({ $0 > 0 }) else {
      throw wrong("imgsz", "height and width")
    }
    return (sizes[0], sizes[1])
  }

  func keypointShape() throws -> ModelMetadata.KeypointShape? {
    guard let value = value("kpt_shape") else { return nil }
    guard let shape = value.ints, shape.count == 2, shape.allSatisfy({ $0 > 0 }) else {
      throw wrong("kpt_shape", "two positive numbers")
    }
    return ModelMetadata.KeypointShape(count: shape[0], dimensions: shape[1])
  }

  private func wrong(_ name: String, _ wanted: String) -> MartletError {
    let got = body[name].map { String(decoding: $0.encoded, as: UTF8.self) } ?? "nothing"
    return MartletError(
      .file, "expected \(wanted) as '\(name)' in \(ModelMetadata.fileName), got \(got.prefix(80))")
  }
}
