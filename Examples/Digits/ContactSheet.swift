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

  func draw() throws -> Picture {
    let rows = (entries.count + Self.columns - 1) / Self.columns
    var picture = try Picture(
      width: 2 * Self.margin + Self.columns * (Self.cellWidth + Self.gap) - Self.gap,
      height: Self.header + rows * (Self.cellHeight + Self.gap) - Self.gap + Self.margin,
      background: Self.page)
    let left = Double(Self.margin)
    picture.text(title, at: Point(x: left, y: 31), size: 17, Self.ink)
    picture.text(subtitle, at: Point(x: left, y: 48), size: 11, Self.faint)
    for (index, entry) in entries.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: Self.columns)
      draw(
        entry, on: &picture, x: Self.margin + column * (Self.cellWidth + Self.gap),
        y: Self.header + row * (Self.cellHeight + Self.gap))
    }
    return picture
  }

  private func draw(_ entry: Entry, on picture: inout Picture, x: Int, y: Int) {
    let cell = Self.square(x, y, Self.cellWidth, Self.cellHeight)
    picture.fill(cell, entry.isMistake ? Self.red : Self.border)
    picture.fill(
      cell.inset(by: entry.isMistake ? 2 : 1), entry.isMistake ? Self.pink : .white)
    for (index, ink) in entry.pixels.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: Self.side)
      let pixel = Self.square(
        x + 4 + column * Self.scale, y + 4 + row * Self.scale, Self.scale, Self.scale)
      picture.fill(pixel, Color(grey: UInt8(255 - min(Int(ink), 16) * 255 / 16)))
    }
    let caption = entry.isMistake ? "\(entry.answer) (\(entry.truth))" : "\(entry.answer)"
    let size = 13.0
    let left = Double(x) + (Double(Self.cellWidth) - Picture.width(of: caption, size: size)) / 2
    picture.text(
      caption, at: Point(x: left, y: Double(y + Self.cellHeight - 5)), size: size,
      entry.isMistake ? Self.red : Self.blue)
  }

  private static func square(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Area {
    Area(
      left: Double(x), top: Double(y), right: Double(x + width), bottom: Double(y + height))
  }
}

extension Area {
  fileprivate func inset(by margin: Double) -> Area {
    Area(left: left + margin, top: top + margin, right: right - margin, bottom: bottom - margin)
  }
}
