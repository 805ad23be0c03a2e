import MartletTensor

/// Python's string methods, as scripted models use them. Strings count Unicode scalars; letters
/// and digits are those of ASCII.
package enum Strings {
  package static let operators: [Operator] =
    [
      getItem, stringIndex, slice, upper, lower, swapcase, capitalize, title, strip, lstrip, rstrip,
      split, rsplit, splitlines, partition, rpartition, join, replace, find, rfind, index, rindex,
      count, startswith, endswith, center, ljust, rjust, zfill, expandtabs, ord, chr, hex, oct, bin,
    ] + comparisons + characterTests

  static let getItem = item("aten::__getitem__.str(str s, int index) -> str", "s")
  static let stringIndex = item("prim::StringIndex(str string, int index) -> str", "string")

  private static func item(_ schema: String, _ name: String) -> Operator {
    Operator(
      schema,
      .scalar { arguments in
        let (text, index) = (try arguments.scalars(name), try arguments.int("index"))
        let position = index < 0 ? index + text.count : index
        guard text.indices.contains(position) else {
          throw MartletError(.index, "string index \(index) out of range of \(text.count)")
        }
        return [.string(String(text[position]))]
      })
  }

  static let slice = Operator(
    "aten::slice.str(str string, int? start=None, int? end=None, int step=1) -> str",
    .scalar { arguments in
      let text = try arguments.scalars("string")
      return [text.at(try Lists.slicePositions(arguments, count: text.count))]
    })

  static let upper = mapping("aten::upper(str self) -> str") { $0.map(\.uppercased) }
  static let lower = mapping("aten::lower(str self) -> str") { $0.map(\.lowercased) }
  static let swapcase = mapping("aten::swapcase(str self) -> str") {
    $0.map { $0.isUpper ? $0.lowercased : $0.uppercased }
  }
  static let capitalize = mapping("aten::capitalize(str self) -> str") { text in
    text.prefix(1).map(\.uppercased) + text.dropFirst().map(\.lowercased)
  }
  static let title = mapping("aten::title(str self) -> str") { text in
    var startsWord = true
    return text.map { character in
      defer { startsWord = !character.isLetter }
      return startsWord ? character.uppercased : character.lowercased
    }
  }

  static let strip = stripping("aten::strip", start: true, end: true)
  static let lstrip = stripping("aten::lstrip", start: true, end: false)
  static let rstrip = stripping("aten::rstrip", start: false, end: true)

  private static func stripping(_ name: String, start: Bool, end: Bool) -> Operator {
    Operator(
      name + #"(str self, str chars=" \n\t\f\v") -> str"#,
      .scalar { arguments in
        let dropped = try arguments.scalars("chars")
        var text = try arguments.scalars("self")[...]
        if start { text = text.drop { dropped.contains($0) } }
        while end, let last = text.last, dropped.contains(last) { text.removeLast() }
        return [text.text]
      })
  }

  static let split = Operator(
    "aten::split.str(str self, str? separator=None, int max=-1) -> str[]",
    .scalar { arguments in
      let text = try arguments.scalars("self")
      let limit = try arguments.int("max")
      guard let separator = try arguments.optionalString("separator") else {
        return [.list(words(text))]
      }
      return [.list(try parts(of: text, by: Array(separator.unicodeScalars), limit: limit))]
    })
  static let rsplit = Operator(
    #"aten::rsplit(str self, str separator=" ", int max=-1) -> str[]"#,
    .scalar { arguments in
      let text = Array(try arguments.scalars("self").reversed())
      let separator = Array(try arguments.scalars("separator").reversed())
      let found = try parts(of: text, by: separator, limit: try arguments.int("max"))
      return [
        .list(try found.reversed().map { .string(String(try String($0).unicodeReversed)) })
      ]
    })

  /// What stands between runs of white space: all of it, as PyTorch has it, whatever the limit.
  private static func words(_ text: [Unicode.Scalar]) -> [Value] {
    var (found, rest) = ([Value](), text.drop(while: \.isSpace))
    while !rest.isEmpty {
      let word = rest.prefix { !$0.isSpace }
      found.append(word.text)
      rest = rest[word.endIndex...].drop(while: \.isSpace)
    }
    return found
  }

  private static func parts(
    of text: [Unicode.Scalar], by separator: [Unicode.Scalar], limit: Int
  ) throws -> [Value] {
    guard !separator.isEmpty else { throw MartletError(.value, "separator: empty string") }
    var (found, start) = ([Value](), 0)
    while limit < 0 || found.count < limit, let next = text.place(of: separator, from: start) {
      found.append(text[start..<next].text)
      start = next + separator.count
    }
    return found + [text[start...].text]
  }

  static let splitlines = Operator(
    "aten::splitlines(str self, bool keepends=False) -> str[]",
    .scalar { arguments in
      let (text, keeps) = (try arguments.scalars("self"), try arguments.bool("keepends"))
      var (lines, line) = ([Value](), [Unicode.Scalar]())
      for character in text {
        if ["\n", "\r", "\u{B}", "\u{C}"].contains(character) {
          lines.append(line.text)
          if keeps { lines.append(.string(String(character))) }
          line = []
        } else {
          line.append(character)
        }
      }
      return [.list(line.isEmpty ? lines : lines + [line.text])]
    })

  static let partition = dividing("aten::partition") { $0.place(of: $1, from: 0) }
  static let rpartition = dividing("aten::rpartition") { $0.lastPlace(of: $1) }

  private static func dividing(
    _ name: String, _ find: @escaping @Sendable ([Unicode.Scalar], [Unicode.Scalar]) -> Int?
  ) -> Operator {
    let isFirst = name == "aten::partition"
    return Operator(
      name + "(str self, str separator) -> (str, str, str)",
      .scalar { arguments in
        let text = try arguments.scalars("self")
        let separator = try arguments.scalars("separator")
        guard let place = find(text, separator) else {
          return isFirst ? [text.text, "", ""] : ["", "", text.text]
        }
        return [text[..<place].text, separator.text, text[(place + separator.count)...].text]
      })
  }

  static let join = Operator(
    "aten::join(str self, str[] values) -> str",
    .scalar { arguments in
      let items = try [String](arguments["values"])
      return [.string(items.joined(separator: try arguments.string("self")))]
    })
  static let replace = Operator(
    "aten::replace(str self, str old, str new, int max=-1) -> str",
    .scalar { arguments in
      let text = try arguments.scalars("self")
      let (old, new) = (try arguments.scalars("old"), try arguments.string("new"))
      if old.isEmpty { throw MartletError(.value, "replace: the old string is empty") }
      let kept = try parts(of: text, by: old, limit: try arguments.int("max"))
      return [.string(try kept.map { try String($0) }.joined(separator: new))]
    })

  private static let range = "(str self, str substr, int start=0, int end=-1) -> "
  static let find = finding("aten::find" + range + "int") {
    $0.place(of: $1, from: 0).map { [$0] } ?? []
  }
  static let rfind = finding("aten::rfind" + range + "int") {
    $0.lastPlace(of: $1).map { [$0] } ?? []
  }
  static let index = finding("aten::index.str" + range + "int", throwing: true) {
    $0.place(of: $1, from: 0).map { [$0] } ?? []
  }
  static let rindex = finding("aten::rindex" + range + "int", throwing: true) {
    $0.lastPlace(of: $1).map { [$0] } ?? []
  }

  private static func finding(
    _ schema: String, throwing: Bool = false,
    _ find: @escaping @Sendable ([Unicode.Scalar], [Unicode.Scalar]) -> [Int]
  ) -> Operator {
    Operator(
      schema,
      .scalar { arguments in
        let (text, start) = try arguments.searched()
        guard let place = find(text, try arguments.scalars("substr")).first else {
          if throwing { throw MartletError(.value, "ValueError: substring not found") }
          return [-1]
        }
        return [.int(Dim(place + start))]
      })
  }

  static let count = Operator(
    "aten::count(str self, str substr, int start=0, int end=-1) -> int",
    .scalar { arguments in
      let text = try arguments.scalars("self")
      let (part, first) = try arguments.searched()
      let wanted = try arguments.scalars("substr")
      guard !wanted.isEmpty else { return [.int(Dim(part.count + 1))] }
      var (found, start) = (0, first)
      // What begins before the end counts, wherever it ends.
      while let next = text.place(of: wanted, from: start), next < first + part.count {
        found += 1
        start = next + wanted.count
      }
      return [.int(Dim(found))]
    })
  static let startswith = Operator(
    "aten::startswith" + range + "bool",
    .scalar { arguments in
      [.bool(try arguments.searched().text.starts(with: arguments.scalars("substr")))]
    })
  static let endswith = Operator(
    "aten::endswith" + range + "bool",
    .scalar { arguments in
      let text = try arguments.searched().text
      return [.bool(try text.reversed().starts(with: arguments.scalars("substr").reversed()))]
    })

  static let center = filling("aten::center") { room in room / 2 }
  static let ljust = filling("aten::ljust") { _ in 0 }
  static let rjust = filling("aten::rjust") { $0 }

  private static func filling(_ name: String, _ before: @escaping @Sendable (Int) -> Int)
    -> Operator
  {
    Operator(
      name + #"(str self, int width, str fillchar=" ") -> str"#,
      .scalar { arguments in
        let (text, fill) = (try arguments.scalars("self"), try arguments.scalars("fillchar"))
        guard fill.count == 1 else {
          throw MartletError(
            .argument, "the fill must be one character, got '\(fill.text.summary)'")
        }
        let room = max(try arguments.int("width") - text.count, 0)
        let left = before(room)
        func padding(_ count: Int) -> [Unicode.Scalar] { Array(repeating: fill[0], count: count) }
        return [(padding(left) + text + padding(room - left)).text]
      })
  }

  static let zfill = Operator(
    "aten::zfill(str self, int width) -> str",
    .scalar { arguments in
      let text = try arguments.scalars("self")
      let zeros = [Unicode.Scalar](
        repeating: "0", count: max(try arguments.int("width") - text.count, 0))
      return [(zeros + text).text]
    })
  static let expandtabs = Operator(
    "aten::expandtabs(str self, int tabsize=8) -> str",
    .scalar { arguments in
      let size = try arguments.int("tabsize")
      var (result, column) = ([Unicode.Scalar](), 0)
      for character in try arguments.scalars("self") {
        if character == "\t" {
          let count = size > 0 ? size - column % size : 0
          result += Array(repeating: " ", count: count)
          column += count
        } else {
          result.append(character)
          column = character == "\n" || character == "\r" ? 0 : column + 1
        }
      }
      return [result.text]
    })

  static let ord = Operator(
    "aten::ord(str string) -> int",
    .scalar { arguments in
      let text = try arguments.scalars("string")
      guard text.count == 1 else {
        throw MartletError(
          .argument, "String for ord() must be 1 character, found: \(text.count)")
      }
      return [.int(Dim(Int(text[0].value)))]
    })
  static let chr = Operator(
    "aten::chr(int i) -> str",
    .scalar { arguments in
      let code = try arguments.int("i")
      guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
        throw MartletError(.value, "chr() arg not in range(0x110000), found \(code)")
      }
      return [.string(String(scalar))]
    })
  static let hex = radix("aten::hex", 16, "0x")
  static let oct = radix("aten::oct", 8, "0o")
  static let bin = radix("aten::bin", 2, "0b")

  private static func radix(_ name: String, _ radix: Int, _ prefix: String) -> Operator {
    Operator(
      name + "(int i) -> str",
      .scalar { arguments in
        let number = try arguments.int("i")
        let digits = String(number.magnitude, radix: radix)
        return [.string((number < 0 ? "-" : "") + prefix + digits)]
      })
  }

  static let comparisons: [Operator] = {
    let table: [(String, @Sendable (String, String) -> Bool)] = [
      ("lt", { $0 < $1 }), ("le", { $0 <= $1 }), ("gt", { $0 > $1 }), ("ge", { $0 >= $1 }),
    ]
    return table.map { name, compare in
      Operator(
        "aten::" + name + ".str(str a, str b) -> bool",
        .scalar { [.bool(compare(try $0.string("a"), try $0.string("b")))] })
    }
  }()

  private static func mapping(
    _ schema: String, _ map: @escaping @Sendable ([Unicode.Scalar]) -> [Unicode.Scalar]
  ) -> Operator {
    Operator(schema, .scalar { [map(try $0.scalars("self")).text] })
  }
}
