import Martlet
import MartletPictures
import MartletVision

/// What is in one picture, as text and as JSON.
struct DetectedPicture: Encodable, Sendable, CustomStringConvertible {
  struct Row: Encodable, Sendable {
    let label: Int
    let name: String?
    let score: Float
    /// Left, top, right, bottom, in pixels of the picture.
    let box: [Float]
    let mask: RunLengths?
    /// x, y, and how sure the model is that the part can be seen.
    let keypoints: [[Float]]?
  }

  /// A mask as COCO writes it: how many pixels are outside, inside, outside, …, column by column
  /// from the left.
  struct RunLengths: Encodable, Sendable {
    /// Height and width.
    let size: [Int]
    let counts: [Int]

    init(_ mask: Mask) {
      size = [mask.height, mask.width]
      var counts: [Int] = []
      var isInside = false
      var length = mask.columns.lowerBound * mask.height
      func end() {
        counts.append(length)
        isInside.toggle()
        length = 0
      }
      for x in mask.columns {
        for y in mask.rows.isEmpty ? 0..<0 : 0..<mask.height {
          if mask[x, y] != isInside { end() }
          length += 1
        }
      }
      let rest = (mask.width - mask.columns.upperBound) * mask.height
      if rest > 0, isInside { end() }
      length += rest
      end()
      self.counts = counts
    }
  }

  let file: String
  var width: Int?
  var height: Int?
  var output: String?
  var detections: [Row]?
  var error: String?

  init(
    _ file: String, _ picture: Picture, _ found: [MartletVision.Detection], _ names: [String],
    output: String?
  ) {
    self.file = file
    self.output = output
    width = picture.width
    height = picture.height
    detections = found.map { found in
      let box = found.box
      return Row(
        label: found.label,
        name: names.indices.contains(found.label) ? names[found.label] : nil, score: found.score,
        box: [box.left, box.top, box.right, box.bottom], mask: found.mask.map(RunLengths.init),
        keypoints: found.keypoints?.map { [$0.x, $0.y] + ($0.score.map { [$0] } ?? []) })
    }
  }

  init(_ file: String, error: any Error) {
    self.file = file
    self.error = MartletCommand.text(of: error)
  }

  var description: String {
    let rows = detections ?? []
    guard !rows.isEmpty else { return "\(file): nothing found" }
    func name(_ row: Row) -> String { row.name ?? "class \(row.label)" }
    let longest = rows.map { name($0).count }.max() ?? 0
    let lines = rows.map { row in
      let sides = row.box.map { side in
        let text = fixed(Double(side), digits: 1)
        return String(repeating: " ", count: max(7 - text.count, 0)) + text
      }.joined()
      let padding = String(repeating: " ", count: longest - name(row).count)
      return "  \(fixed(Double(row.score), digits: 3))  " + name(row) + padding + sides
    }
    let written = output.map { ", drawn in \($0)" } ?? ""
    let things = rows.count == 1 ? "1 thing" : "\(rows.count) things"
    return (["\(file): \(things)\(written)"] + lines).joined(separator: "\n")
  }
}
