import MartletKernels

/// A letter's outline, in parts of the font's size; y grows downwards from the line.
struct Letter: Sendable {
  /// How far the next letter stands to the right.
  let advance: Double
  /// Each contour as the points of a closed line.
  let contours: [[Point]]

  /// The letter of a character, or the box that stands for those that the font lacks.
  static func of(_ character: Character) -> Letter {
    let scalars = character.unicodeScalars
    if scalars.count == 1, let scalar = scalars.first, let letter = all[scalar.value] {
      return letter
    }
    // A letter with its accent behind it equals the one that has both.
    if scalars.count == 2,
      let code = LetterOutlines.codes.first(where: { code in
        Unicode.Scalar(code).map { Character($0) == character } ?? false
      }), let letter = all[code]
    {
      return letter
    }
    return all[0xFFFD] ?? Letter(advance: 0.5, contours: [])
  }

  private static let all: [UInt32: Letter] = {
    var digits = LetterDigits(LetterOutlines.digits)
    var letters: [UInt32: Letter] = [:]
    for code in LetterOutlines.codes { letters[code] = digits.letter() }
    return letters
  }()
}

/// Reads `LetterOutlines.digits`; `Scripts/letters` tells how they are written.
private struct LetterDigits {
  private let digits: [UInt8]
  private var index = 0

  init(_ text: String) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-".utf8)
    var values = [UInt8](repeating: 0, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    digits = text.utf8.map { values[Int($0)] }
  }

  mutating func letter() -> Letter {
    let em = Double(LetterOutlines.em)
    let advance = Double(number(2)) / em
    let count = number(2)
    var contours: [[Point]] = []
    var contour: [(point: Point, isOnCurve: Bool)] = []
    for _ in 0..<count {
      let bits = number(4)
      let point = Point(
        x: Double(bits >> 14 - 256) / em, y: Double(256 - bits >> 4 & 0x3FF) / em)
      contour.append((point, bits & 2 != 0))
      if bits & 1 != 0 {
        contours.append(Self.flattened(contour))
        contour = []
      }
    }
    return Letter(advance: advance, contours: contours)
  }

  private mutating func number(_ count: Int) -> Int {
    var value = 0
    for _ in 0..<count {
      value = value << 6 | (index < digits.count ? Int(digits[index]) : 0)
      index += 1
    }
    return value
  }

  /// TrueType's quadratic curves as short lines. Between two points off the curve lies one on it.
  private static func flattened(_ contour: [(point: Point, isOnCurve: Bool)]) -> [Point] {
    func middle(_ a: Point, _ b: Point) -> Point {
      Point(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
    }
    var full: [(point: Point, isOnCurve: Bool)] = []
    for (index, item) in contour.enumerated() {
      full.append(item)
      let next = contour[(index + 1) % contour.count]
      if !item.isOnCurve, !next.isOnCurve { full.append((middle(item.point, next.point), true)) }
    }
    guard let start = full.firstIndex(where: \.isOnCurve) else { return [] }
    full = Array(full[start...] + full[..<start])
    var line: [Point] = [full[0].point]
    var index = 1
    while index <= full.count {
      let item = full[index % full.count]
      if item.isOnCurve {
        line.append(item.point)
        index += 1
        continue
      }
      let from = line[line.count - 1]
      let to = full[(index + 1) % full.count].point
      for step in 1...6 {
        let t = Double(step) / 6
        let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
        line.append(
          Point(
            x: a * from.x + b * item.point.x + c * to.x, y: a * from.y + b * item.point.y + c * to.y
          ))
      }
      index += 2
    }
    return line
  }
}
