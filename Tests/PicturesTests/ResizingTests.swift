import Foundation
import MartletPictures
import TestSupport
import Testing

@Suite struct ResizingTests {
  struct Case: Decodable {
    struct Result: Decodable {
      let kind: String
      let arguments: [Int]
      let width: Int
      let height: Int
      let pixels: Data
    }

    let source: ExpectedPixels
    let results: [Result]
  }

  private static func made(_ source: Picture, _ result: Case.Result) throws -> Picture {
    let numbers = result.arguments
    switch result.kind {
    case "bilinear": return try source.resized(shorterSide: numbers[0])
    case "bicubic": return try source.resized(shorterSide: numbers[0], filter: .bicubic)
    case "letterbox": return try source.letterboxed(width: numbers[0], height: numbers[1])
    case "bilinear crop", "bicubic crop":
      let filter: ResamplingFilter = result.kind == "bilinear crop" ? .bilinear : .bicubic
      return try source.resized(shorterSide: numbers[0], filter: filter)
        .centerCropped(width: numbers[1], height: numbers[1])
    default: throw CocoaError(.featureUnsupported)
    }
  }

  /// Pillow's pixels are met exactly, OpenCV's but for a few by one level.
  @Test func `sizes change as Pillow and OpenCV change them`() throws {
    let cases: [Case] = try jsonFixture("pictures/resizing.json")
    #expect(cases.count >= 3)
    for example in cases {
      let source = try example.source.picture()
      for result in example.results {
        let expected = try Picture(
          width: result.width, height: result.height, bytes: [UInt8](result.pixels))
        let made = try Self.made(source, result)
        let worst = difference(made, expected)
        let name = "\(source.width)x\(source.height) \(result.kind) \(result.arguments)"
        let most = try #require(worst, "\(name): another size")
        #expect(most <= (result.kind == "letterbox" ? 1 : 0), "\(name)")
        let others = zip(made.bytes, expected.bytes).count { $0 != $1 }
        #expect(others * 50 <= expected.bytes.count, "\(name)")
      }
    }
  }

  @Test func `crops reach outside in black`() throws {
    let picture = try Picture(width: 2, height: 3, background: .white)
    let crop = try picture.centerCropped(width: 5, height: 3)
    #expect((0..<5).map { crop[$0, 1] } == [.black, .white, .white, .black, .black])
    let far = Rectangle(x: .min, y: .max, width: 2, height: 1)
    #expect(try picture.cropped(far).bytes == [0, 0, 0, 0, 0, 0])
  }

  @Test func `planes are normalised`() throws {
    var picture = try Picture(width: 2, height: 1, background: .black)
    picture[1, 0] = Color(red: 255, green: 51, blue: 102)
    #expect(try picture.planes() == [0, 1, 0, 0.2, 0, 0.4])
    let planes = try picture.planes(mean: [0.5, 0, 0], deviation: [0.25, 1, 2])
    #expect(planes == [-2, 2, 0, 0.2, 0, 0.2])
  }

  @Test func `wrong sizes are refused in words`() throws {
    let picture = try Picture(width: 2, height: 3, background: .white)
    #expect(describing { try picture.resized(width: 0, height: 3) }?.contains("got 0x3") == true)
    #expect(describing { try picture.resized(shorterSide: .max) } != nil)
    #expect(describing { try picture.letterboxed(width: -1, height: 5) } != nil)
    #expect(describing { try picture.linearlyResized(width: 1 << 40, height: 1 << 40) } != nil)
    #expect(describing { try picture.planes(mean: [0], deviation: [1, 1, 1]) } != nil)
    #expect(describing { try picture.planes(deviation: [1, 0, 1]) } != nil)
    #expect(describing { try Picture(width: 2, height: 2, bytes: [1]) } != nil)
  }
}
