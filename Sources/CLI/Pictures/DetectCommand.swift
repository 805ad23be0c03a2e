import ArgumentParser
import Martlet
import MartletKernels
import MartletPictures
import MartletTensor

/// `martlet detect`: what is where in a picture.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Finds things in pictures: boxes, and masks or key points where the model tells.",
    discussion: """
      The archive is one that Ultralytics exported (YOLO for detect, segment or pose; its \
      config.txt tells the classes, the size and the task), or another that gives \
      [1, 4 + classes, anchors]. Boxes are in pixels of the picture, turned as Exif says: left, \
      top, right, bottom. --output draws them: a file for one picture, a folder for more.
      """)

  @OptionGroup var options: PictureOptions

  @Option(help: "Where to draw what is found: a .png, .jpg or .webp file, or a folder.")
  var output: String?

  @Option(help: "Boxes with this score or a lower one are dropped.")
  var confidence: Float = 0.25

  @Option(help: "Of two boxes of one class that share more than this, the weaker is dropped.")
  var iou = 0.7

  @Option(help: "The most things to find in a picture.")
  var maximum = 300

  @Option(help: "Only these classes, by name or number, as in person,dog.")
  var only: String?

  @Option(help: "The input's size, as in 640 or 384,640 (height, width).")
  var size: PictureSize?

  @Option(help: "Draw on the picture enlarged so many times.")
  var scale = 1

  func validate() throws {
    for (name, value) in [("--confidence", Double(confidence)), ("--iou", iou)]
    where !(value >= 0 && value <= 1) {
      throw ValidationError("\(name) must be from 0 to 1, got \(value)")
    }
    if maximum < 1 { throw ValidationError("--maximum must be at least 1, got \(maximum)") }
    if !(1...16).contains(scale) {
      throw ValidationError("--scale must be from 1 to 16, got \(scale)")
    }
  }

  func run() throws {
    let model = try PictureModel(options.path)
    let pictures = try PictureList(options.pictures).paths
    let outputs = try OutputPlaces(output, for: pictures)
    let names = try model.labels(from: options.labels) ?? []
    let detector = try Detector(
      model, size: size, names: names, options: try detectionOptions(names),
      scale: scale, workers: options.workers(for: pictures.count), tuning: options.tuning)
    options.say(detector.description)
    let json = options.json
    let rows = RowList<DetectedPicture>()
    let work = PictureWork<DetectedPicture>(paths: pictures, workers: detector.workers)
    try work.run("detect") { path in
      let picture = try Picture(contentsOf: path)
      let found = try detector.detections(in: picture)
      let output = outputs.place(of: path)
      if let output { try detector.drawn(found, on: picture).write(to: output) }
      return DetectedPicture(path, picture, found, names, output: output)
    } show: { path, result in
      switch result {
      case .success(let row): json ? rows.append(row) : print(row)
      case .failure(let error): rows.append(DetectedPicture(path, error: error))
      }
    } finally: {
      if json { try printJSON(rows.all) }
    }
  }

  private func detectionOptions(_ names: [String]) throws -> DetectionOptions {
    let classes = try only?.split(separator: ",").map { part in
      let name = trimmed(part)
      if let index = names.firstIndex(of: name) { return index }
      if let number = Int(name), names.isEmpty ? number >= 0 : names.indices.contains(number) {
        return number
      }
      throw MartletError(
        .argument,
        "the model has no class '\(name)'"
          + Suggestions.text(for: name, among: names, or: "martlet inspect shows what it holds"))
    }
    return DetectionOptions(
      confidence: confidence, iou: iou, maximumCount: maximum, classes: classes.map { Set($0) })
  }
}

/// Where drawn pictures go.
struct OutputPlaces: Sendable {
  private let places: [String: String]

  func place(of picture: String) -> String? { places[picture] }

  /// - Throws: `ValidationError` when several pictures have one file to go to.
  init(_ output: String?, for pictures: [String]) throws {
    guard let output else {
      places = [:]
      return
    }
    let isFile = !output.hasSuffix("/") && !Folder.exists(output)
    if pictures.count == 1, isFile {
      guard PictureFormat(path: output) != nil else {
        throw ValidationError(
          "--output '\(output)' must end in .png, .jpg or .webp, or in / for a folder")
      }
      places = [pictures[0]: output]
      return
    }
    if isFile, (try? MappedFile(path: output)) != nil || PictureFormat(path: output) != nil {
      throw ValidationError(
        "--output '\(output)' is one file for \(pictures.count) pictures; name a folder")
    }
    try FileError.translated { try Folder.make(output) }
    var places: [String: String] = [:]
    var taken: Set<String> = []
    for picture in pictures where places[picture] == nil {
      let name = String(picture.split(separator: "/").last ?? "")
      let point = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? $0 : nil }
      let stem = point.map { String(name[..<$0]) } ?? name
      let end = point.map { String(name[$0...]) } ?? ""
      var unique = name
      var number = 2
      // Two folders may hold pictures of one name.
      while !taken.insert(unique).inserted {
        unique = "\(stem)-\(number)\(end)"
        number += 1
      }
      if PictureFormat(path: unique) == nil { unique += ".png" }
      places[picture] = (output.hasSuffix("/") ? output : output + "/") + unique
    }
    self.places = places
  }
}
