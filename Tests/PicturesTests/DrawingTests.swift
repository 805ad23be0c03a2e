import Foundation
import MartletPictures
import Testing

@Suite struct DrawingTests {
  private func grey(_ width: Int, _ height: Int) throws -> Picture {
    try Picture(width: width, height: height, background: Color(grey: 128))
  }

  @Test func `shapes have their areas`() throws {
    // Black on white: what is missing of the white is the area.
    func area(_ draw: (inout Picture) -> Void) throws -> Double {
      var picture = try Picture(width: 60, height: 50, background: .white)
      draw(&picture)
      return picture.bytes.reduce(0) { $0 + 255 - Double($1) } / 255 / 3
    }
    let box = Area(left: 10.25, top: 8.5, right: 40.75, bottom: 29)
    #expect(try abs(area { $0.fill(box, .black) } - 30.5 * 20.5) < 4)
    #expect(try abs(area { $0.fill(box, .black, opacity: 0.5) } - 30.5 * 20.5 / 2) < 4)
    #expect(try abs(area { $0.stroke(box, .black, lineWidth: 3) } - (102 * 3)) < 6)
    #expect(
      try abs(area { $0.disc(Point(x: 30.3, y: 20), radius: 9, .black) } - 81 * .pi) < 4)
    let line = try area {
      $0.line(from: Point(x: 10, y: 10), to: Point(x: 40, y: 30), .black, width: 4)
    }
    #expect(abs(line - (4 * (900.0 + 400).squareRoot() + 4 * .pi)) < 4)
    // The letter l of DejaVu Sans Bold is a bar, 0.175 of the size wide and 0.76 high.
    let bar = try area { $0.text("l", at: Point(x: 20, y: 45), size: 40, .black) }
    #expect(abs(bar - 40 * 0.175 * 40 * 0.76) < 6)
    #expect(try area { $0.text(" ", at: Point(x: 20, y: 45), size: 40, .black) } == 0)
  }

  @Test func `what lies outside changes nothing`() throws {
    let before = try grey(20, 10)
    var picture = before
    picture.fill(Area(left: 30, top: 0, right: 1e300, bottom: 5), .black)
    picture.stroke(Area(left: -1e300, top: -50, right: -10, bottom: -20), .black, lineWidth: 3)
    picture.line(
      from: Point(x: .nan, y: 0), to: Point(x: .infinity, y: 3), .black, width: 3)
    picture.text("far", at: Point(x: 1e30, y: -1e30), size: 12, .black)
    picture.text("none", at: Point(x: 1, y: 1), size: .nan, .black)
    let lost = Area(left: .nan, top: .infinity, right: 0, bottom: 0)
    picture.draw([Annotation(box: lost, label: "lost", color: .black)])
    #expect(picture == before)
  }

  @Test func `an annotation marks its box and stands in the picture`() throws {
    var picture = try grey(300, 200)
    let color = Palette.color(3)
    var annotation = Annotation(
      box: Area(left: -10, top: 2, right: 120, bottom: 150), label: "a very long name 0.99",
      color: color)
    annotation.points = [Point(x: 50, y: 60), nil, Point(x: 80, y: 90)]
    annotation.limbs = [(0, 2), (0, 1), (0, 7)]
    annotation.mask = try AnnotationMask(
      columns: 20..<40, rows: 100..<110, pixels: Array(repeating: true, count: 200))
    picture.draw([annotation])
    #expect(picture[1, 100] == color)
    #expect(picture[120, 100] == color)
    #expect(picture[65, 75] == Palette.color(0))
    #expect(picture[30, 105] != Color(grey: 128))
    #expect(picture[200, 190] == Color(grey: 128))
  }

  /// Labels of one place lie beside each other while there is room.
  @Test func `labels do not hide one another`() throws {
    let box = Area(left: 60, top: 60, right: 200, bottom: 160)
    let colors = [Color(red: 255, green: 0, blue: 0), Color(red: 0, green: 255, blue: 0)]
    var picture = try grey(300, 220)
    picture.draw(colors.map { Annotation(box: box, label: "WWWW", color: $0) })
    for color in colors {
      let count = stride(from: 0, to: picture.bytes.count, by: 3).count {
        picture.bytes[$0] == color.red && picture.bytes[$0 + 1] == color.green
          && picture.bytes[$0 + 2] == color.blue
      }
      #expect(count > 200)
    }
  }

  @Test func `classes have colours of their own that can be read`() {
    let colors = (0..<80).map(Palette.color)
    for (index, color) in colors.enumerated() {
      for other in colors[..<index] {
        let parts = [
          Int(color.red) - Int(other.red), Int(color.green) - Int(other.green),
          Int(color.blue) - Int(other.blue),
        ]
        #expect(parts.map { $0 * $0 }.reduce(0, +) > 200, "\(index)")
      }
    }
    #expect(Color.white.legibleText == .black)
    #expect(Color.black.legibleText == .white)
    #expect(Palette.color(-1) == Palette.color(1))
    #expect(Palette.color(.min) == Palette.color(.min))
  }

  @Test func `sizes follow the picture`() {
    let small = AnnotationStyle(width: 200, height: 200)
    let large = AnnotationStyle(width: 4000, height: 3000)
    #expect(small.lineWidth == 2 && small.fontSize == 12)
    #expect(large.lineWidth == 12 && large.fontSize == 84)
  }
}
