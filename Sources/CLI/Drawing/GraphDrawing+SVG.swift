extension GraphDrawing {
  private static let (boxHeight, layerHeight, margin, legendHeight) = (38.0, 66.0, 20.0, 66.0)

  /// The drawing as a file that browsers show; what a mouse rests on says where it comes from.
  func svg(title: String) -> String {
    let widths = boxes.map { Self.width(of: $0) }
    let layout = LayeredLayout(sources: boxes.map(\.sources), widths: widths, gap: 18)
    let legend = Legend(boxes.map(\.family))
    let width = max(layout.width, legend.width) + 2 * Self.margin
    let left = (width - layout.width) / 2
    let height =
      Self.legendHeight + Double(layout.layerCount) * Self.layerHeight + Self.margin
    func top(_ layer: Int) -> Double { Self.legendHeight + Double(layer) * Self.layerHeight }

    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Self.number(width))\" "
        + "height=\"\(Self.number(height))\" "
        + "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\">",
      "<title>\(Self.escaped(title))</title>", Self.style,
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
      "<text class=\"head\" x=\"\(Self.number(Self.margin))\" y=\"26\">"
        + "\(Self.escaped(title))</text>",
      legend.svg(x: Self.margin, y: 38),
    ]
    for bundle in layout.bundles {
      lines += Self.paths(bundle, layout, left: left, top: top)
    }
    for (index, box) in boxes.enumerated() {
      let (x, y) = (left + layout.x[index], top(layout.layer[index]))
      lines.append(Self.svg(box, x: x, y: y, width: widths[index]))
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The line that passes layers, then an arrow to each box.
  private static func paths(
    _ bundle: LayeredLayout.Bundle, _ layout: LayeredLayout, left: Double, top: (Int) -> Double
  ) -> [String] {
    let start = layout.layer[bundle.from]
    var line = Curve(x: left + layout.x[bundle.from], y: top(start) + boxHeight)
    // Where arrows leave the line: behind the box, then behind each point.
    var leaves = [line.end]
    for (index, x) in bundle.points.enumerated() {
      let y = top(start + 1 + index)
      line.go(to: left + x, y)
      line.go(to: left + x, y + boxHeight)
      leaves.append(line.end)
    }
    var lines = bundle.points.isEmpty ? [] : ["<path class=\"line\" d=\"\(line.path)\"/>"]
    for target in bundle.targets {
      let from = leaves[layout.layer[target] - start - 1]
      var arrow = Curve(x: from.x, y: from.y)
      arrow.go(to: left + layout.x[target], top(layout.layer[target]) - 1)
      lines.append("<path class=\"arrow\" d=\"\(arrow.path)\"/>")
    }
    return lines
  }

  /// A path that leaves and enters its points downwards.
  private struct Curve {
    private(set) var end: (x: Double, y: Double)
    private var text: String
    /// Downwards so far, not written yet.
    private var isFalling = false

    init(x: Double, y: Double) {
      end = (x, y)
      text = "M\(number(x)) \(number(y))"
    }

    mutating func go(to x: Double, _ y: Double) {
      if abs(x - end.x) < 0.05 {
        isFalling = true
      } else {
        text = path
        isFalling = false
        let middle = number((end.y + y) / 2)
        text += "C\(number(end.x)) \(middle) \(number(x)) \(middle) \(number(x)) \(number(y))"
      }
      end = (x, y)
    }

    var path: String { isFalling ? text + "V\(number(end.y))" : text }
  }

  private static func svg(_ box: Box, x: Double, y: Double, width: Double) -> String {
    let titleY = box.detail.isEmpty ? y + 23 : y + 16
    let detail =
      box.detail.isEmpty
      ? ""
      : "<text class=\"detail\" x=\"\(number(x))\" y=\"\(number(y + 31))\">"
        + "\(escaped(box.detail))</text>"
    return "<g class=\"f\(index(of: box.family))\"><title>\(escaped(box.tooltip))</title>"
      + "<rect x=\"\(number(x - width / 2))\" y=\"\(number(y))\" width=\"\(number(width))\" "
      + "height=\"\(number(boxHeight))\" rx=\"5\"/>"
      + "<text x=\"\(number(x))\" y=\"\(number(titleY))\">\(escaped(box.title))</text>\(detail)</g>"
  }

  /// As wide as its longer line, by the mean width of letters.
  private static func width(of box: Box) -> Double {
    max(Double(box.title.count) * 7.2, Double(box.detail.count) * 6.2, 30) + 18
  }

  private static func index(of family: OperatorFamily) -> Int {
    OperatorFamily.allCases.firstIndex(of: family) ?? 0
  }

  private static var style: String {
    let families = OperatorFamily.allCases.map { family in
      ".f\(index(of: family)) rect{fill:\(family.colors.fill);stroke:\(family.colors.stroke)}"
    }
    return """
      <style>
      text{font:600 12px system-ui,sans-serif;text-anchor:middle;fill:#111827}
      text.detail{font:11px system-ui,sans-serif;fill:#374151}
      text.head{font:600 15px system-ui,sans-serif;text-anchor:start}
      text.legend{font:12px system-ui,sans-serif;text-anchor:start}
      .line,.arrow{fill:none;stroke:#6b7280;stroke-width:1.2}
      .arrow{marker-end:url(#tip)}
      g:hover rect{stroke-width:2.5}
      \(families.joined(separator: "\n"))
      </style>
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" \
      markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#6b7280"/></marker></defs>
      """
  }

  /// To a tenth of a pixel, without a zero behind the point.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : fixed(Double(tenths) / 10, digits: 1)
  }

  private static func escaped(_ text: String) -> String {
    // What XML takes no form of is left out.
    String(
      text.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" || $0 == "\t" }.map(Character.init)
    )
    .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
  }

  /// The families that occur, each with its colour.
  private struct Legend {
    let families: [OperatorFamily]

    init(_ present: [OperatorFamily]) {
      families = OperatorFamily.allCases.filter(present.contains)
    }

    private func width(of family: OperatorFamily) -> Double {
      Double(family.rawValue.count) * 6.6 + 34
    }

    var width: Double { families.reduce(0) { $0 + width(of: $1) } }

    func svg(x: Double, y: Double) -> String {
      var x = x
      return families.map { family in
        defer { x += width(of: family) }
        return "<g class=\"f\(GraphDrawing.index(of: family))\">"
          + "<rect x=\"\(GraphDrawing.number(x))\" y=\"\(GraphDrawing.number(y))\" width=\"14\" "
          + "height=\"14\" rx=\"3\"/><text class=\"legend\" x=\"\(GraphDrawing.number(x + 19))\" "
          + "y=\"\(GraphDrawing.number(y + 11))\">\(family.rawValue)</text></g>"
      }.joined(separator: "\n")
    }
  }
}
