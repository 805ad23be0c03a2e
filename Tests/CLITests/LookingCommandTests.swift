import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `martlet inspect`'s tree and drawing, and the page of `martlet profile`.
@Suite struct LookingCommandTests {
  private final class Archive {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    var path: String { file("m.pt") }

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let traced = try Command([
        "trace", "squeezenet1_1", "--shape", "1,3,64,64", "--output", path,
      ])
      #expect(traced.status == 0, "\(traced.errors)")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String) -> String { folder.appending(path: name).path }
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: file(name), encoding: .utf8)
    }
  }

  private struct Report: Decodable {
    struct Tree: Decodable {
      let modules: [Row]
    }

    struct Row: Decodable {
      let path: String
      let depth: Int
      let parameters: Int
      let output_shapes: [[Int]]?
      let flops: Int?
    }

    let flops: Int?
    let tree: Tree
  }

  private func report(_ arguments: [String]) throws -> Report {
    let command = try Command(["inspect"] + arguments + ["--json"])
    #expect(command.status == 0, "\(command.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(command.output.utf8))
  }

  @Test func `the tree has sizes, parameters and work`() throws {
    let archive = try Archive()
    let rows = try report([archive.path]).tree.modules
    let first = try #require(rows.first { $0.path == "features.0" })
    #expect(first.output_shapes == [[1, 64, 31, 31]])
    #expect(first.parameters == 64 * 27 + 64)
    #expect(first.flops == 2 * 64 * 31 * 31 * 27)
    let top = rows.filter { $0.depth == 1 }
    #expect(top.map(\.path) == ["features", "classifier"])
    #expect(top.reduce(0) { $0 + ($1.flops ?? 0) } == rows[0].flops)
    #expect(rows[0].parameters == 1_235_496)
    let larger = try report([archive.path, "--shape", "2,3,64,64"])
    #expect(larger.flops == 2 * (rows[0].flops ?? 0))
    #expect(larger.tree.modules[0].output_shapes == [[2, 1000]])

    let text = try Command(["inspect", archive.path, "--depth", "1"])
    let lines = text.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("├─ features: Sequential") })
    #expect(lines.contains { $0.hasPrefix("└─ classifier: Sequential") })
    #expect(!text.output.contains("squeeze: Conv2d"))
    #expect(text.output.contains("(deeper ones are summed; --depth 3 shows all)"))
    #expect(try Command(["inspect", archive.path, "--depth", "3"]).output.contains("squeeze"))
  }

  /// The boxes and arrows of a drawing.
  private final class Drawing: NSObject, XMLParserDelegate {
    private(set) var boxes: [(x: Double, y: Double, width: Double, height: Double)] = []
    private(set) var titles: [String] = []
    private(set) var arrows: [String] = []
    private(set) var isWellFormed = false
    private var group: String?
    private var isTitle = false
    private var hasTooltip = false

    init(_ text: String) {
      super.init()
      let parser = XMLParser(data: Data(text.utf8))
      parser.delegate = self
      isWellFormed = parser.parse()
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      func number(_ key: String) -> Double { attributes[key].flatMap(Double.init) ?? .nan }
      isTitle = name == "title"
      if name == "g" { hasTooltip = false }
      if isTitle {
        hasTooltip = true
        titles.append("")
      }
      // Those of the legend have no tooltip.
      if name == "rect", hasTooltip, attributes["rx"] == "5" {
        boxes.append((number("x"), number("y"), number("width"), number("height")))
      }
      if name == "path", attributes["class"] == "arrow" { arrows.append(attributes["d"] ?? "") }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if isTitle { titles[titles.count - 1] += text }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      if name == "title" { isTitle = false }
    }
  }

  @Test func `the drawing is well formed, and no boxes overlap`() throws {
    let archive = try Archive()
    let command = try Command(["inspect", archive.path, "--svg", archive.file("g.svg")])
    #expect(command.status == 0, "\(command.errors)")
    let drawing = Drawing(try archive.text("g.svg"))
    #expect(drawing.isWellFormed)
    // 66 operators, the input and the output.
    #expect(command.output.hasPrefix("drew \(drawing.boxes.count - 2) nodes into "))
    #expect(drawing.boxes.count > 60)
    for (index, a) in drawing.boxes.enumerated() {
      for b in drawing.boxes.dropFirst(index + 1) {
        let isApart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y
          || b.y + b.height <= a.y
        #expect(isApart, "\(a) and \(b) overlap")
      }
    }
    // Eight fire modules part and join once each.
    #expect(drawing.arrows.count >= drawing.boxes.count - 1 + 8)
    for arrow in drawing.arrows {
      let numbers = arrow.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
      #expect(numbers.count >= 3 && numbers[numbers.count - 1] > numbers[1], "\(arrow) points up")
    }
    #expect(
      drawing.titles.contains { $0.hasPrefix("features.0\n") && $0.contains("[64, 3, 3, 3]") })
  }

  @Test func `a place that cannot be written is one line`() throws {
    let archive = try Archive()
    for arguments in [
      ["inspect", archive.path, "--svg", "/nowhere/g.svg"],
      [
        "profile", archive.path, "--seconds", "0.01", "--html", "/nowhere/p.html",
      ],
    ] {
      let command = try Command(arguments)
      #expect(command.status == 1)
      #expect(command.errors.hasPrefix("martlet: error: could not write '/nowhere/"))
      #expect(command.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func `the page needs nothing beside it`() throws {
    let archive = try Archive()
    let command = try Command([
      "profile", archive.path, "--seconds", "0.05", "--threads", "2", "--html",
      archive.file("p.html"),
    ])
    #expect(command.status == 0, "\(command.errors)")
    let page = try archive.text("p.html")
    let places = page.matches(of: #/https?:\/\/[^"]*/#).map { String($0.0) }
    #expect(Set(places).isSubset(of: ["http://www.w3.org/2000/svg"]))
    #expect(!page.contains("src="))
    let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("const data = ") })
    let json = line.dropFirst("const data = ".count).dropLast()
    let data = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let report = try #require(data?["report"] as? [String: Any])
    let steps = try #require(report["steps"] as? [[String: Any]])
    #expect(steps.count == (data?["slices"] as? [Any])?.count)
    let spans = try #require(data?["spans"] as? [[String: Any]])
    #expect(spans.contains { $0["thread"] as? Int == 0 })
    #expect(spans.allSatisfy { steps.indices.contains($0["step"] as? Int ?? -1) })
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `shells learn what arguments there are`(shell: String) throws {
    let script = try Command(["--generate-completion-script", shell])
    #expect(script.status == 0)
    for word in ["inspect", "squeezenet1_1", "torchscript", "safetensors", "npy", "svg", "html"] {
      #expect(script.output.contains(word), "\(shell) is not told of \(word)")
    }
  }
}
