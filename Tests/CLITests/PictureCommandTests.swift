import Foundation
import Martlet
import MartletPictures
import TestSupport
import Testing

/// A folder with small models and pictures for `classify` and `detect`.
private final class PictureFolder {
  /// Tells red, green and blue pictures apart.
  private final class Strongest: Module {
    func forward(_ x: Tensor) throws -> Tensor { try x.mean(dim: [2, 3]) * 10 }
  }

  /// Finds the same boxes in whatever it gets: `[1, 4 + classes, anchors]`.
  private final class SameBoxes: Module {
    let raw: Buffer

    init(_ raw: Tensor) { self.raw = Buffer(raw) }

    func forward(_ x: Tensor) throws -> Tensor {
      try raw.value + x.mean(dim: [1, 2, 3]) * 0
    }
  }

  let folder = FileManager.default.temporaryDirectory.appending(path: "m-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(
      at: folder.appending(path: "all"), withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String) -> String { folder.appending(path: name).path }

  func classifier(extraFiles: [String: [UInt8]] = [:]) throws -> String {
    let traced = try trace(Strongest().eval(), Tensor.zeros([1, 3, 8, 8]))
    try traced.save(file("classifier.pt"), extraFiles: extraFiles)
    return file("classifier.pt")
  }

  /// Of a 64×64 input: the same box three times, once of another class, and one that is unsure.
  func detector(task: String = "detect") throws -> String {
    let raw: [[Float]] = [
      [32, 33, 32, 10], [32, 32, 32, 50], [20, 20, 20, 8], [20, 20, 20, 8],
      [0.9, 0.8, 0.1, 0.1], [0.1, 0.1, 0.7, 0.2],
    ]
    let model = SameBoxes(try Tensor(raw.flatMap { $0 }, shape: [1, 6, 4]))
    let traced = try trace(model.eval(), Tensor.zeros([1, 3, 64, 64]))
    let config = """
      {"task": "\(task)", "names": {"0": "cat", "1": "café"}, "imgsz": [64, 64], "stride": 32,
       "batch": 1}
      """
    try traced.save(file("\(task).pt"), extraFiles: ["config.txt": Array(config.utf8)])
    return file("\(task).pt")
  }

  func picture(_ name: String, _ color: Color, width: Int = 40, height: Int = 20) throws -> String {
    try Picture(width: width, height: height, background: color).write(to: file(name))
    return file(name)
  }
}

private let red = Color(red: 220, green: 10, blue: 30)
private let green = Color(red: 20, green: 210, blue: 30)

@Suite struct ClassifyCommandTests {
  private func rows(_ command: Command) throws -> [[String: Any]] {
    let json = try JSONSerialization.jsonObject(with: Data(command.output.utf8))
    return try #require(json as? [[String: Any]])
  }

  @Test func `the most probable classes come first, by name`() throws {
    let folder = try PictureFolder()
    let model = try folder.classifier()
    let path = try folder.picture("a.jpg", red)
    try Data("rouge\nvert\nbleu\n".utf8).write(to: URL(filePath: folder.file("labels.txt")))
    let command = try Command([
      "classify", model, path, "--labels", folder.file("labels.txt"), "--top", "2",
    ])
    #expect(command.status == 0, "\(command.errors)")
    let lines = command.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.first.map(String.init) == path)
    #expect(lines[1].contains("%  rouge"))
    let plain = try Command(["classify", model, path, "--json", "--mean", "0", "--std", "1"])
    let classes = try #require(try rows(plain)[0]["classes"] as? [[String: Any]])
    #expect(classes.map { $0["label"] as? Int } == [0, 2, 1])
    // A softmax over ten times the levels.
    let powers = [220.0, 10, 30].map { exp($0 / 25.5) }
    let score = try #require(classes[0]["score"] as? Double)
    #expect(abs(score - powers[0] / powers.reduce(0, +)) < 0.01)
  }

  @Test func `labels may lie in the archive`() throws {
    let folder = try PictureFolder()
    let model = try folder.classifier(extraFiles: ["labels.txt": Array("r\ng\nb".utf8)])
    let path = try folder.picture("a.png", green)
    let command = try Command(["classify", model, path, "--top", "1"])
    #expect(command.output.hasSuffix("%  g\n"), "\(command.errors)")
  }

  @Test func `how pictures are prepared can be read`() throws {
    let folder = try PictureFolder()
    let model = try folder.classifier()
    let path = try folder.picture("a.png", green)
    let command = try Command(["classify", model, path, "--verbose", "--size", "14"])
    #expect(
      command.errors
        == "pictures are prepared so: shorter side to 16 (bilinear), middle 14x14, RGB, "
        + "(level / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]\n")
  }

  @Test func `folders are gone through in order, past what cannot be read`() throws {
    let folder = try PictureFolder()
    let model = try folder.classifier()
    for index in 0..<9 {
      _ = try folder.picture("all/\(index).png", index.isMultiple(of: 2) ? red : green)
    }
    try Data("no picture".utf8).write(to: URL(filePath: folder.file("all/4b.jpg")))
    try Data("not looked at".utf8).write(to: URL(filePath: folder.file("all/readme.txt")))
    let command = try Command(["classify", model, folder.file("all"), "--json", "--threads", "3"])
    #expect(command.status == 1)
    let lines = command.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].contains("4b.jpg' is no picture; JPEG, PNG and WebP are read"))
    #expect(lines[1] == "martlet: error: 1 of 10 pictures failed, named above")
    let rows = try rows(command)
    let names = rows.map { ($0["file"] as? String)?.split(separator: "/").last.map(String.init) }
    #expect(
      names == ["0.png", "1.png", "2.png", "3.png", "4.png", "4b.jpg"] + (5..<9).map { "\($0).png" }
    )
    #expect(rows[5]["error"] as? String != nil)
    let best = rows.map { ($0["classes"] as? [[String: Any]])?[0]["label"] as? Int }
    #expect(best == [0, 1, 0, 1, 0, nil, 1, 0, 1, 0])
  }

  @Test func `what does not fit is told in one line`() throws {
    let folder = try PictureFolder()
    let model = try folder.classifier()
    let path = try folder.picture("a.png", green)
    try Data("one\ntwo\n".utf8).write(to: URL(filePath: folder.file("labels.txt")))
    let cases: [([String], String)] = [
      ([model, "/nowhere.png"], "could not open '/nowhere.png': No such file or directory"),
      (
        [model, folder.file("all")], "there is no picture in '\(folder.file("all"))': no name ends"
      ),
      ([model, path, "--labels", "/nowhere"], "could not open '/nowhere': give a text file with"),
      (
        [model, path, "--labels", folder.file("labels.txt")],
        "there are 2 labels, but the model tells 3 classes apart"
      ),
      ([try folder.detector(), path], "'\(folder.file("detect.pt"))' is a model for 'detect', no"),
      ([path, path], "'\(path)': is no TorchScript archive"),
    ]
    for (arguments, beginning) in cases {
      let command = try Command(["classify"] + arguments)
      #expect(command.status == 1, "\(arguments)")
      #expect(command.output.isEmpty)
      #expect(command.errors.hasPrefix("martlet: error: \(beginning)"), "\(command.errors)")
      #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
    }
  }
}

@Suite struct DetectCommandTests {
  @Test func `boxes lie in the picture and are drawn`() throws {
    let folder = try PictureFolder()
    let model = try folder.detector()
    let path = try folder.picture("a.png", Color(grey: 90), width: 128, height: 64)
    let output = folder.file("boxes.png")
    let command = try Command(["detect", model, path, "--output", output])
    #expect(command.status == 0, "\(command.errors)")
    // The picture is half as large in the network's input, with 16 pixels of grey above it.
    #expect(
      command.output == """
        \(path): 2 things, drawn in \(output)
          0.900  cat    44.0   12.0   84.0   52.0
          0.700  café   44.0   12.0   84.0   52.0

        """)
    let drawn = try Picture(contentsOf: output)
    #expect(drawn.width == 128 && drawn.height == 64)
    let changed = (0..<128).contains { drawn[$0, 40] != Color(grey: 90) }
    #expect(changed)
  }

  @Test func `thresholds, classes and JSON`() throws {
    let folder = try PictureFolder()
    let model = try folder.detector()
    let path = try folder.picture("a.png", Color(grey: 90), width: 128, height: 64)
    func boxes(_ arguments: [String]) throws -> [[String: Any]] {
      let command = try Command(["detect", model, path, "--json"] + arguments)
      #expect(command.status == 0, "\(command.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(command.output.utf8))
      let row = try #require((json as? [[String: Any]])?.first)
      #expect(row["width"] as? Int == 128)
      return try #require(row["detections"] as? [[String: Any]])
    }
    #expect(try boxes([]).map { $0["name"] as? String } == ["cat", "café"])
    #expect(try boxes(["--confidence", "0.15"]).count == 3)
    #expect(try boxes(["--iou", "1"]).count == 3)
    #expect(try boxes(["--only", "café"]).map { $0["label"] as? Int } == [1])
    #expect(try boxes(["--maximum", "1"])[0]["box"] as? [Double] == [44, 12, 84, 52])
  }

  @Test func `several pictures go into a folder`() throws {
    let folder = try PictureFolder()
    let model = try folder.detector()
    try FileManager.default.createDirectory(
      atPath: folder.file("other"), withIntermediateDirectories: true)
    let paths = try ["other/a.png", "all/a.png", "all/b.jpg"].map { try folder.picture($0, red) }
    let output = folder.file("out")
    let command = try Command(["detect", model, folder.file("all"), paths[0], "--output", output])
    #expect(command.status == 0, "\(command.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(names == ["a-2.png", "a.png", "b.jpg"])
  }

  @Test func `what does not fit is told in one line`() throws {
    let folder = try PictureFolder()
    let model = try folder.detector()
    let path = try folder.picture("a.png", green)
    let cases: [([String], Int32, String)] = [
      ([model, path, "--output", "boxes.gif"], 64, "--output 'boxes.gif' must end in .png, .jpg"),
      ([model, path, path, "--output", "boxes.png"], 64, "--output 'boxes.png' is one file for 2"),
      ([model, path, "--confidence", "2"], 64, "--confidence must be from 0 to 1, got 2.0"),
      (
        [model, path, "--output", "/nowhere/b.png"], 1, "could not write '/nowhere/b.png': No such"
      ),
      ([model, path, "--only", "cats"], 1, "the model has no class 'cats'; did you mean 'cat'?"),
      (
        [try folder.detector(task: "obb"), path], 1, "there are no boxes to read for the task 'obb'"
      ),
      ([try folder.classifier(), path], 1, "expected a raw output of sizes [N, 4 + classes, "),
    ]
    for (arguments, status, beginning) in cases {
      let command = try Command(["detect"] + arguments)
      #expect(command.status == status, "\(arguments)")
      #expect(command.errors.hasPrefix("martlet: error: \(beginning)"), "\(command.errors)")
      #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
    }
  }
}
