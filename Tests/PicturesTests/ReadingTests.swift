import Foundation
import MartletPictures
import TestSupport
import Testing

/// Pixels that Pillow or OpenCV gave.
struct ExpectedPixels: Decodable {
  let width: Int
  let height: Int
  let pixels: Data

  func picture() throws -> Picture {
    try Picture(width: width, height: height, bytes: [UInt8](pixels))
  }
}

/// The largest difference between two pictures of one size, in grey levels; nil for others.
func difference(_ a: Picture, _ b: Picture) -> Int? {
  guard (a.width, a.height) == (b.width, b.height) else { return nil }
  return zip(a.bytes, b.bytes).map { abs(Int($0) - Int($1)) }.max()
}

struct ReadingCase: Decodable, Testing.CustomTestStringConvertible {
  let name: String
  let file: Data
  let width: Int
  let height: Int
  let pixels: Data

  var testDescription: String { name }

  static let all: [ReadingCase] = {
    (try? jsonFixture("pictures/reading.json")) ?? []
  }()

  static func named(_ name: String) throws -> [UInt8] {
    [UInt8](try #require(all.first { $0.name == name }).file)
  }
}

@Suite struct ReadingTests {
  @Test func `there are pictures`() {
    #expect(ReadingCase.all.count > 25)
  }

  @Test(arguments: ReadingCase.all)
  func `pixels are Pillow's`(_ example: ReadingCase) throws {
    let picture = try Picture(decoding: [UInt8](example.file))
    let expected = try Picture(
      width: example.width, height: example.height, bytes: [UInt8](example.pixels))
    // Lossy decoders may round otherwise in another version.
    let isLossy = example.name.hasSuffix(".jpg") || example.name == "lossy.webp"
    let worst = try #require(difference(picture, expected), "another size")
    #expect(worst <= (isLossy ? 2 : 0))
  }

  @Test(arguments: ["rgb.png", "baseline.jpg", "progressive.jpg", "lossless.webp"])
  func `every file that is cut short is refused`(name: String) throws {
    let file = try ReadingCase.named(name)
    for count in 0..<file.count {
      #expect(throws: PictureError.self, "\(count) bytes") {
        try Picture(decoding: Array(file.prefix(count)))
      }
    }
  }

  /// Either a picture of some pixels or an error; this test fails by crashing.
  @Test func `changed bytes do no harm`() throws {
    var generator = SystemRandomNumberGenerator()
    for example in ReadingCase.all {
      for _ in 0..<20 {
        var file = [UInt8](example.file)
        for _ in 0..<3 {
          let place = Int.random(in: 0..<file.count, using: &generator)
          file[place] = UInt8.random(in: .min ... .max, using: &generator)
        }
        if let picture = try? Picture(decoding: file) {
          #expect(picture.bytes.count == picture.width * picture.height * 3)
        }
      }
    }
  }

  @Test func `a small file may not claim a huge picture`() throws {
    var file = try ReadingCase.named("rgb.png")
    file.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0, 1, 0, 0])
    let message = describing { try Picture(decoding: file) }
    #expect(message?.contains("65536x65536 pixels are more than the 134217728") == true)
    file.replaceSubrange(16..<24, with: [0, 0, 0, 0, 0, 0, 0, 9])
    #expect(describing { try Picture(decoding: file) }?.contains("got 0x9") == true)
  }

  @Test(arguments: [
    ("GIF89a..........", "is a GIF; JPEG, PNG and WebP are read, so convert it to one of them"),
    ("%PDF-1.7", "is a PDF; JPEG, PNG and WebP are read, so convert it to one of them"),
    ("hello, world", "is no picture; JPEG, PNG and WebP are read, so convert it to one of them"),
    ("", "is empty"),
  ])
  func `other files are named`(text: String, message: String) {
    #expect(describing { try Picture(decoding: Array(text.utf8)) } == message)
  }

  @Test func `files that cannot be read are named with the reason`() throws {
    #expect(
      describing { try Picture(contentsOf: "/nowhere.png") }
        == "could not open '/nowhere.png': No such file or directory")
    try withTemporaryFolder { folder in
      #expect(
        describing { try Picture(contentsOf: folder.path) }
          == "could not read '\(folder.path)': it is not a regular file")
      let path = folder.appending(path: "a.png").path
      try Data(try ReadingCase.named("rgb.png").dropLast(9)).write(to: URL(filePath: path))
      #expect(
        describing { try Picture(contentsOf: path) }
          == "'\(path)' is a PNG that is cut short; copy or download it again")
    }
  }

  @Test(arguments: PictureFormat.allCases)
  func `what is written reads back`(format: PictureFormat) throws {
    let picture = try Picture(decoding: try ReadingCase.named("rgb.png"))
    let bytes = try picture.encoded(as: format, quality: 95)
    #expect(PictureFormat(bytes) == format)
    let again = try Picture(decoding: bytes)
    let worst = try #require(difference(picture, again))
    #expect(format == .png ? worst == 0 : worst < 120)
  }

  @Test func `names say the format`() throws {
    try withTemporaryFolder { folder in
      let picture = try Picture(width: 3, height: 2, background: Color(red: 9, green: 8, blue: 7))
      let path = folder.appending(path: "a.JPG").path
      try picture.write(to: path)
      #expect(PictureFormat([UInt8](try Data(contentsOf: URL(filePath: path)))) == .jpeg)
      #expect(
        describing { try picture.write(to: "picture.gif") }
          == "'picture.gif' ends in none of .png, .jpg, .webp, so its format is open")
      #expect(
        describing { try picture.write(to: "/nowhere/a.png") }
          == "could not write '/nowhere/a.png': No such file or directory")
    }
  }
}

/// What an error says; nil when there is none.
func describing<T>(_ body: () throws -> T) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}
