import Foundation
import MartletPictures
import Testing

@Suite struct CanvasTests {
  @Test func `a picture becomes a PNG of its size`() throws {
    let canvas = try Canvas(width: 30, height: 20, background: .black)
    try canvas.draw(grey: [0, 255, 128, 64], width: 2, x: 3, y: 4, scale: 5)
    try canvas.draw("7", x: 0, y: 0, font: .small, Color(red: 200, green: 0, blue: 0))
    let png = try canvas.png()
    #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // The header chunk: width and height, big-endian.
    #expect(png[16..<24] == [0, 0, 0, 30, 0, 0, 0, 20])
  }

  @Test func `what is drawn shows`() throws {
    let empty = try Canvas(width: 40, height: 40).png()
    let filled = try Canvas(width: 40, height: 40)
    filled.fill(Rectangle(x: 1, y: 1, width: 5, height: 5), .black)
    let framed = try Canvas(width: 40, height: 40)
    framed.frame(Rectangle(x: 1, y: 1, width: 5, height: 5), .black)
    let pngs = try [empty, filled.png(), framed.png()]
    #expect(Set(pngs).count == 3)
  }

  @Test func `drawing outside changes nothing`() throws {
    let canvas = try Canvas(width: 10, height: 10)
    let before = try canvas.png()
    canvas.fill(Rectangle(x: 10, y: 0, width: .max / 2, height: 5), .black)
    canvas.fill(Rectangle(x: .min, y: .min, width: 5, height: 5), .black)
    canvas.fill(Rectangle(x: 2, y: 2, width: 0, height: 5), .black)
    try canvas.draw("far", x: 1_000_000, y: -1_000_000, font: .giant, .black)
    #expect(try canvas.png() == before)
  }

  @Test func `wrong use is refused in words`() throws {
    #expect(describing { try Canvas(width: 0, height: 5) }?.contains("got 0x5") == true)
    #expect(describing { try Canvas(width: 5, height: .max) } != nil)
    let canvas = try Canvas(width: 10, height: 10)
    #expect(
      describing { try canvas.draw(grey: [1, 2, 3], width: 2, x: 0, y: 0) }
        == "3 pixels do not make rows of 2")
    #expect(
      describing { try canvas.draw("é", x: 0, y: 0, font: .small, .black) }
        == "the built-in fonts hold printable ASCII, got \"é\"")
    #expect(
      describing { try canvas.writePNG(to: "/dev/null/picture.png") }?
        .hasPrefix("could not write '/dev/null/picture.png': ") == true)
  }

  @Test func `writing makes the folders`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a/b.png")
    let canvas = try Canvas(width: 4, height: 4)
    try canvas.writePNG(to: file.path)
    #expect(try [UInt8](Data(contentsOf: file)) == canvas.png())
  }
}
