import MartletPictures

/// Draws the digits with the answers under them, mistakes in red.
struct ContactSheet {
  /// One image and what was read in it.
  struct Entry {
    /// 8x8 grey levels, 0 (paper) to 16 (ink), row by row.
    let pixels: [UInt8]
    let answer: Int
    let truth: Int

    var isMistake: Bool { answer != truth }
  }

  let title: String
  let subtitle: String
  let entries: [Entry]

  private static let columns = 30
  private static let side = 8
  private static let scale = 4
  private static let margin = 20
  private static let header = 62
  private static let gap = 4
  private static let captionHeight = 16

  private static let page = Color(grey: 244)
  private static let border = Color(grey: 214)
  private static let ink = Color(grey: 40)
  private static let blue = Color(red: 24, green: 84, blue: 160)
  private static let faint = Color(grey: 110)
  private static let red = Color(red: 196, green: 18, blue: 28)
  private static let pink = Color(red: 255, green: 222, blue: 222)

  private static var cellWidth: Int { side * scale + 8 }
  private static var cellHeight: Int { side * scale + 8 + captionHeight }

  func draw() throws -> Canvas {
    let rows = (entries.count + Self.columns - 1) / Self.columns
    let canvas = try Canvas(
      width: 2 * Self.margin + Self.columns * (Self.cellWidth + Self.gap) - Self.gap,
      height: Self.header + rows * (Self.cellHeight + Self.gap) - Self.gap + Self.margin,
      background: Self.page)
    try canvas.draw(title, x: Self.margin, y: 16, font: .giant, Self.ink)
    try canvas.draw(subtitle, x: Self.margin, y: 36, font: .small, Self.faint)
    for (index, entry) in entries.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: Self.columns)
      try draw(
        entry, on: canvas, x: Self.margin + column * (Self.cellWidth + Self.gap),
        y: Self.header + row * (Self.cellHeight + Self.gap))
    }
    return canvas
  }

  private func draw(_ entry: Entry, on canvas: Canvas, x: Int, y: Int) throws {
    let cell = Rectangle(x: x, y: y, width: Self.cellWidth, height: Self.cellHeight)
    canvas.fill(cell, entry.isMistake ? Self.pink : .white)
    canvas.frame(
      cell, entry.isMistake ? Self.red : Self.border, thickness: entry.isMistake ? 2 : 1)
    let levels = entry.pixels.map { UInt8(255 - min(Int($0), 16) * 255 / 16) }
    try canvas.draw(grey: levels, width: Self.side, x: x + 4, y: y + 4, scale: Self.scale)
    let caption = entry.isMistake ? "\(entry.answer)(\(entry.truth))" : "\(entry.answer)"
    let letter = Canvas.size(of: .large)
    try canvas.draw(
      caption, x: x + (Self.cellWidth - caption.utf8.count * letter.width) / 2,
      y: y + Self.side * Self.scale + 5, font: .large, entry.isMistake ? Self.red : Self.blue)
  }
}
