import MartletTensor

/// Python's methods of texts.
extension Strings {
  static let searches: [Operator] = [
    search("find", "int", lastFirst: false) { .int(Dim($0 ?? -1)) },
    search("rfind", "int", lastFirst: true) { .int(Dim($0 ?? -1)) },
    search("index", "int", overload: ".str", lastFirst: false) { .int(Dim(try found($0))) },
    search("rindex", "int", lastFirst: true) { .int(Dim(try found($0))) },
    Operator(
      "aten::count(str self, str substr, int start=0, int end=-1) -> int",
      .scalar { arguments in
        let (range, mark) = try bounds(arguments)
        if mark.isEmpty { return [.int(Dim(range.text.count + 1))] }
        // What begins before the end counts, wherever it ends.
        let text = Array(try arguments.string("self").unicodeScalars)
        var (found, place) = (0, range.start)
        while place < range.start + range.text.count {
          let isHere = text[place...].starts(with: mark)
          found += isHere ? 1 : 0
          place += isHere ? mark.count : 1
        }
        return [.int(Dim(found))]
      }),
    Operator(
      "aten::startswith(str self, str substr, int start=0, int end=-1) -> bool",
      .scalar { arguments in
        let (range, mark) = try bounds(arguments)
        return [.bool(range.text.starts(with: mark))]
      }),
    Operator(
      "aten::endswith(str self, str substr, int start=0, int end=-1) -> bool",
      .scalar { arguments in
        let (range, mark) = try bounds(arguments)
        return [.bool(range.text.suffix(mark.count).elementsEqual(mark))]
      }),
  ]

  private static func found(_ place: Int?) throws -> Int {
    guard let place else { throw MartletError(.value, "ValueError: substring not found") }
    return place
  }

  /// The part of the text between `start` and `end`, whose −1 is the end, and what is sought.
  private static func bounds(_ arguments: Arguments) throws -> (
    (text: [Unicode.Scalar], start: Int), [Unicode.Scalar]
  ) {
    let text = Array(try arguments.string("self").unicodeScalars)
    var (start, end) = (try arguments.int("start"), try arguments.int("end"))
    start = start < 0 ? max(0, start + text.count) : start
    end = end < 0 ? max(0, end + text.count + 1) : min(end, text.count)
    let mark = Array(try arguments.string("substr").unicodeScalars)
    return ((start < end ? Array(text[start..<end]) : [], start), mark)
  }

  private static func search(
    _ name: String, _ result: String, overload: String = "", lastFirst: Bool,
    _ give: @escaping @Sendable (Int?) throws -> Value
  ) -> Operator {
    Operator(
      "aten::\(name)\(overload)(str self, str substr, int start=0, int end=-1) -> \(result)",
      .scalar { arguments in
        let (range, mark) = try bounds(arguments)
        let places = Array(0...max(range.text.count - mark.count, 0))
        let found = (lastFirst ? places.reversed() : places).first {
          range.text[$0...].starts(with: mark)
        }
        return [try give(found.map { $0 + range.start })]
      })
  }

  static let tests: [Operator] = [
    test("isdigit") { $0.isASCII && $0.properties.numericType != nil },
    test("isdecimal") { $0.isASCII && $0.properties.numericType != nil },
    test("isnumeric") { $0.isASCII && $0.properties.numericType != nil },
    test("isspace") { " \t\n\u{0B}\u{0C}\r".unicodeScalars.contains($0) },
    test("isalpha") { $0.isASCII && $0.properties.isAlphabetic },
    test("isalnum") {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
    },
    Operator(
      "aten::isupper(str self) -> bool",
      .scalar { arguments in
        let scalars = try arguments.string("self").unicodeScalars
        return [
          .bool(
            scalars.contains(where: \.properties.isUppercase)
              && !scalars.contains(where: \.properties.isLowercase))
        ]
      }),
    Operator(
      "aten::islower(str self) -> bool",
      .scalar { arguments in
        let scalars = try arguments.string("self").unicodeScalars
        return [
          .bool(
            scalars.contains(where: \.properties.isLowercase)
              && !scalars.contains(where: \.properties.isUppercase))
        ]
      }),
  ]

  private static func test(
    _ name: String, _ fits: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> Operator {
    Operator(
      "aten::\(name)(str self) -> bool",
      .scalar { arguments in
        let scalars = try arguments.string("self").unicodeScalars
        return [.bool(!scalars.isEmpty && scalars.allSatisfy(fits))]
      })
  }

  static let changes: [Operator] = [
    change("lower") { $0.lowercased() }, change("upper") { $0.uppercased() },
    change("swapcase") { text in
      text.map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined()
    },
    change("capitalize") { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() },
  ]

  private static func change(
    _ name: String, _ apply: @escaping @Sendable (String) -> String
  ) -> Operator {
    Operator(
      "aten::\(name)(str self) -> str", .scalar { [.string(apply(try $0.string("self")))] })
  }

  static let strips: [Operator] = [
    ("strip", true, true), ("lstrip", true, false), ("rstrip", false, true),
  ].map { name, atStart, atEnd in
    Operator(
      "aten::\(name)(str self, str chars=\" \\n\\t\\f\\v\") -> str",
      .scalar { arguments in
        let marks = Set(try arguments.string("chars").unicodeScalars)
        var text = try arguments.string("self").unicodeScalars[...]
        if atStart { text = text.drop { marks.contains($0) } }
        if atEnd { while let last = text.last, marks.contains(last) { text.removeLast() } }
        return [.string(String(text))]
      })
  }

  static let justifications: [Operator] = [("ljust", true), ("rjust", false)].map { name, isLeft in
    Operator(
      "aten::\(name)(str self, int width, str fillchar=\" \") -> str",
      .scalar { arguments in
        let text = try arguments.string("self")
        let count = max(try arguments.int("width") - text.unicodeScalars.count, 0)
        let fill = String(repeating: try fillCharacter(arguments), count: count)
        return [.string(isLeft ? text + fill : fill + text)]
      })
  }

  static let center = Operator(
    "aten::center(str self, int width, str fillchar=\" \") -> str",
    .scalar { arguments in
      let text = try arguments.string("self")
      let (width, count) = (try arguments.int("width"), text.unicodeScalars.count)
      let fill = try fillCharacter(arguments)
      guard width > count else { return [.string(text)] }
      let all = width - count
      let before = all / 2 + (all & width & 1)
      return [
        .string(
          String(repeating: fill, count: before) + text
            + String(repeating: fill, count: all - before))
      ]
    })

  private static func fillCharacter(_ arguments: Arguments) throws -> String {
    let fill = try arguments.string("fillchar")
    guard fill.unicodeScalars.count == 1 else {
      throw MartletError(
        .argument, "TypeError: The fill character must be exactly one character long")
    }
    return fill
  }

  static let zeroFill = Operator(
    "aten::zfill(str self, int width) -> str",
    .scalar { arguments in
      // In front of a sign too, as PyTorch has it.
      let digits = try arguments.string("self")
      let missing = try arguments.int("width") - digits.unicodeScalars.count
      return [.string(String(repeating: "0", count: max(missing, 0)) + digits)]
    })
}
