import MartletTensor

extension Strings {
  // Whether a string is not empty and all its characters are of a kind.
  static let characterTests: [Operator] = {
    let table: [(String, @Sendable ([Unicode.Scalar]) -> Bool)] = [
      ("isalpha", { $0.allAre(\.isLetter) }), ("isdigit", { $0.allAre(\.isDigit) }),
      ("isdecimal", { $0.allAre(\.isDigit) }), ("isnumeric", { $0.allAre(\.isDigit) }),
      ("isalnum", { $0.allAre { $0.isLetter || $0.isDigit } }),
      ("isspace", { $0.allAre(\.isSpace) }),
      ("islower", { $0.contains(where: \.isLower) && !$0.contains(where: \.isUpper) }),
      ("isupper", { $0.contains(where: \.isUpper) && !$0.contains(where: \.isLower) }),
      ("isprintable", { $0.allSatisfy { (32..<127).contains($0.value) } }),
      (
        "isidentifier",
        { text in
          // Without underscores, as PyTorch has it.
          text.allAre { $0.isLetter || $0.isDigit } && !text[0].isDigit
        }
      ),
      ("istitle", isTitle),
    ]
    return table.map { name, test in
      Operator(
        "aten::" + name + "(str self) -> bool", .scalar { [.bool(test(try $0.scalars("self")))] })
    }
  }()

  /// Whether each word begins with its only capital.
  @Sendable private static func isTitle(_ text: [Unicode.Scalar]) -> Bool {
    var (startsWord, found) = (true, false)
    for character in text {
      if character.isLetter {
        if character.isUpper != startsWord { return false }
        found = true
      }
      startsWord = !character.isLetter
    }
    return found
  }
}

extension Unicode.Scalar {
  var isUpper: Bool { ("A"..."Z").contains(self) }
  var isLower: Bool { ("a"..."z").contains(self) }
  var isLetter: Bool { isUpper || isLower }
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isSpace: Bool { self == " " || (9...13).contains(value) }
  var uppercased: Unicode.Scalar { isLower ? shifted(by: -32) : self }
  var lowercased: Unicode.Scalar { isUpper ? shifted(by: 32) : self }

  private func shifted(by distance: Int) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(Int(value) + distance))
  }
}

extension Collection where Element == Unicode.Scalar {
  var text: Value {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self)
    return .string(String(view))
  }
}

extension [Unicode.Scalar] {
  func allAre(_ test: (Unicode.Scalar) -> Bool) -> Bool { !isEmpty && allSatisfy(test) }

  /// The first place from `start` on at which `wanted` stands.
  func place(of wanted: [Unicode.Scalar], from start: Int) -> Int? {
    guard start + wanted.count <= count else { return nil }
    return (start...(count - wanted.count)).first { self[$0...].starts(with: wanted) }
  }

  func lastPlace(of wanted: [Unicode.Scalar]) -> Int? {
    guard wanted.count <= count else { return nil }
    return (0...(count - wanted.count)).last { self[$0...].starts(with: wanted) }
  }

  func at(_ positions: [Int]) -> Value { positions.map { self[$0] }.text }
}

extension String {
  /// The characters from last to first.
  var unicodeReversed: String {
    var view = UnicodeScalarView()
    view.append(contentsOf: unicodeScalars.reversed())
    return String(view)
  }
}

extension Arguments {
  func scalars(_ name: String) throws -> [Unicode.Scalar] {
    Array(try string(name).unicodeScalars)
  }

  /// The part of `self` between `start` and `end`, and where it starts. A negative end counts from
  /// behind the last character: -1 is the whole.
  func searched() throws -> (text: [Unicode.Scalar], start: Int) {
    let text = try scalars("self")
    let (first, last) = (try int("start"), try int("end"))
    let start = first < 0 ? max(first + text.count, 0) : first
    let end = Swift.min(last < 0 ? last + text.count + 1 : last, text.count)
    guard start < end else { return ([], start) }
    return (Array(text[start..<end]), start)
  }
}
