import MartletTensor

/// Text, as scripts make it for messages and keys. Characters are Unicode scalars.
package enum Strings {
  package static let operators: [Operator] =
    [
      string, format, percentFormat, item, slice, ord, chr, join, split, splitLines, replace,
      binary, octal, hexadecimal, center, zeroFill,
    ] + searches + tests + changes + strips + justifications + comparisons + others

  static let string = Operator(
    "aten::str(t elem) -> str", .scalar { [.string(StringForm.text(of: $0["elem"]))] })

  /// `{}` in turn; nothing else has a meaning.
  static let format = Operator(
    "aten::format(str self, ...) -> str",
    .scalar { arguments in
      let pieces = try arguments.string("self").splitText(at: "{}")
      let given = arguments.values.dropFirst()
      guard given.count >= pieces.count - 1 else {
        throw MartletError(
          .argument, "Too few arguments for format string: \(try arguments.string("self"))")
      }
      guard given.count == pieces.count - 1 else {
        throw MartletError(
          .argument, "Too many arguments for format string: \(try arguments.string("self"))")
      }
      var text = pieces[0]
      for (value, piece) in zip(given, pieces.dropFirst()) {
        text += StringForm.text(of: value) + piece
      }
      return [.string(text)]
    })

  static let percentFormat = Operator(
    "aten::percentFormat(str self, ...) -> str",
    .scalar { arguments in
      // As in Python, a tuple gives one value for each place.
      var values = Array(arguments.values.dropFirst())
      if values.count == 1, case .tuple(let items) = values[0] { values = items }
      return [.string(try StringForm.percent(try arguments.string("self"), values))]
    })

  static let item = Operator(
    "aten::__getitem__.str(str s, int index) -> str",
    .scalar { arguments in
      let scalars = Array(try arguments.string("s").unicodeScalars)
      let index = try arguments.int("index")
      let position = index < 0 ? index + scalars.count : index
      guard scalars.indices.contains(position) else {
        throw MartletError(.index, "String index out of range")
      }
      return [.string(String(scalars[position]))]
    })
  static let slice = Operator(
    "aten::slice.str(str string, int? start=None, int? end=None, int step=1) -> str",
    .scalar { arguments in
      let scalars = Array(try arguments.string("string").unicodeScalars)
      var text = String.UnicodeScalarView()
      for position in try arguments.slicePositions(count: scalars.count) {
        text.append(scalars[position])
      }
      return [.string(String(text))]
    })

  static let ord = Operator(
    "aten::ord(str string) -> int",
    .scalar { arguments in
      let scalars = try arguments.string("string").unicodeScalars
      guard scalars.count == 1, let scalar = scalars.first else {
        throw MartletError(
          .argument, "String for ord() must be 1 character, found \(scalars.count)")
      }
      return [.int(Dim(Int(scalar.value)))]
    })
  static let chr = Operator(
    "aten::chr(int i) -> str",
    .scalar { arguments in
      let code = try arguments.int("i")
      guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
        throw MartletError(.value, "chr() arg not in range(0x110000): found \(code)")
      }
      return [.string(String(scalar))]
    })

  static let join = Operator(
    "aten::join(str self, str[] values) -> str",
    .scalar { arguments in
      let texts = try [Value](arguments["values"]).map { try String($0) }
      return [.string(texts.joined(separator: try arguments.string("self")))]
    })
  static let split = Operator(
    "aten::split.str(str self, str? separator=None, int max=-1) -> str[]",
    .scalar { arguments in
      let text = try arguments.string("self")
      let limit = try arguments.int("max")
      if case .none = arguments["separator"] {
        // All words, whatever the limit, as PyTorch has it.
        let words = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
        return [.list(words.map { .string(String($0)) })]
      }
      let separator = try arguments.string("separator")
      guard !separator.isEmpty else { throw MartletError(.value, "ValueError: empty separator") }
      return [.list(text.splitText(at: separator, limit: limit).map { .string($0) })]
    })
  static let splitLines = Operator(
    "aten::splitlines(str self, bool keepends=False) -> str[]",
    .scalar { arguments in
      let keepsEnds = try arguments.bool("keepends")
      var lines: [String] = []
      var line = String.UnicodeScalarView()
      for scalar in try arguments.string("self").unicodeScalars {
        if ["\n", "\r", "\u{B}", "\u{C}"].contains(scalar) {
          lines.append(String(line))
          // PyTorch gives an end of its own.
          if keepsEnds { lines.append(String(scalar)) }
          line = String.UnicodeScalarView()
        } else {
          line.append(scalar)
        }
      }
      if !line.isEmpty { lines.append(String(line)) }
      return [.list(lines.map { .string($0) })]
    })
  static let replace = Operator(
    "aten::replace(str self, str old, str new, int max=-1) -> str",
    .scalar { arguments in
      let pieces = try arguments.string("self").splitText(
        at: try arguments.string("old"), limit: try arguments.int("max"))
      return [.string(pieces.joined(separator: try arguments.string("new")))]
    })

  static let binary = radix("bin", 2, "0b")
  static let octal = radix("oct", 8, "0o")
  static let hexadecimal = radix("hex", 16, "0x")

  private static func radix(_ name: String, _ radix: Int, _ prefix: String) -> Operator {
    Operator(
      "aten::\(name)(int i) -> str",
      .scalar { arguments in
        let number = try arguments.int("i")
        let digits = String(number.magnitude, radix: radix)
        return [.string((number < 0 ? "-" : "") + prefix + digits)]
      })
  }

  static let comparisons: [Operator] = [
    comparison("lt") { $0 < 0 }, comparison("gt") { $0 > 0 }, comparison("le") { $0 <= 0 },
    comparison("ge") { $0 >= 0 },
  ]

  /// - Parameter test: given -1, 0 or 1 as the first text is before, equal to or after the second.
  private static func comparison(
    _ name: String, _ test: @escaping @Sendable (Int) -> Bool
  ) -> Operator {
    Operator(
      "aten::\(name).str(str a, str b) -> bool",
      .scalar { arguments in
        let (a, b) = (
          try arguments.string("a").unicodeScalars, try arguments.string("b").unicodeScalars
        )
        let order = a.elementsEqual(b) ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        return [.bool(test(order))]
      })
  }
}

extension String {
  /// The parts between the places where another text stands, as Python's `split`.
  ///
  /// - Parameter limit: the most places; all where negative.
  package func splitText(at separator: String, limit: Int = -1) -> [String] {
    let (text, mark) = (Array(unicodeScalars), Array(separator.unicodeScalars))
    guard !mark.isEmpty else { return [self] }
    var parts: [String] = []
    var (start, position) = (0, 0)
    func part(_ range: Range<Int>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text[range])
      return String(view)
    }
    while position + mark.count <= text.count, limit < 0 || parts.count < limit {
      if text[position..<(position + mark.count)].elementsEqual(mark) {
        parts.append(part(start..<position))
        position += mark.count
        start = position
      } else {
        position += 1
      }
    }
    return parts + [part(start..<text.count)]
  }
}
