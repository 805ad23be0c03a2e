import MartletTensor

/// The rarer methods of texts; letters and digits are those of ASCII.
extension Strings {
  static let others: [Operator] = [
    index, title, isTitle, isPrintable, isIdentifier, rsplit, partition, rpartition, expandTabs,
  ]

  static let index = Operator(
    "prim::StringIndex(str string, int index) -> str",
    .scalar { try item.evaluate(try Arguments(item.schema, $0.values)) })

  static let title = Operator(
    "aten::title(str self) -> str",
    .scalar { arguments in
      var startsWord = true
      let characters = try arguments.string("self").map { character in
        defer { startsWord = !character.isLetter }
        return startsWord ? character.uppercased() : character.lowercased()
      }
      return [.string(characters.joined())]
    })

  /// Whether each word begins with its only capital.
  static let isTitle = Operator(
    "aten::istitle(str self) -> bool",
    .scalar { arguments in
      var (startsWord, found) = (true, false)
      for character in try arguments.string("self") {
        if character.isLetter {
          if character.isUppercase != startsWord { return [false] }
          found = true
        }
        startsWord = !character.isLetter
      }
      return [.bool(found)]
    })
  static let isPrintable = Operator(
    "aten::isprintable(str self) -> bool",
    .scalar { arguments in
      let scalars = try arguments.string("self").unicodeScalars
      return [.bool(scalars.allSatisfy { (32..<127).contains($0.value) })]
    })
  /// Letters and digits, without underscores as PyTorch has it.
  static let isIdentifier = Operator(
    "aten::isidentifier(str self) -> bool",
    .scalar { arguments in
      let text = try arguments.string("self")
      let fits = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      return [.bool(fits && !(text.first?.isNumber ?? true))]
    })

  static let rsplit = Operator(
    "aten::rsplit(str self, str separator=\" \", int max=-1) -> str[]",
    .scalar { arguments in
      let separator = try arguments.string("separator").reversedText
      guard !separator.isEmpty else { throw MartletError(.value, "ValueError: empty separator") }
      let parts = try arguments.string("self").reversedText.splitText(
        at: separator, limit: try arguments.int("max"))
      return [.list(parts.reversed().map { .string($0.reversedText) })]
    })

  static let partition = Operator(
    "aten::partition(str self, str separator) -> (str, str, str)",
    .scalar { arguments in
      let (text, separator) = (try arguments.string("self"), try arguments.string("separator"))
      let parts = text.splitText(at: separator, limit: 1)
      return parts.count == 2
        ? [.string(parts[0]), .string(separator), .string(parts[1])] : [.string(text), "", ""]
    })
  static let rpartition = Operator(
    "aten::rpartition(str self, str separator) -> (str, str, str)",
    .scalar { arguments in
      let (text, separator) = (try arguments.string("self"), try arguments.string("separator"))
      let parts = text.reversedText.splitText(at: separator.reversedText, limit: 1)
      return parts.count == 2
        ? [.string(parts[1].reversedText), .string(separator), .string(parts[0].reversedText)]
        : ["", "", .string(text)]
    })

  static let expandTabs = Operator(
    "aten::expandtabs(str self, int tabsize=8) -> str",
    .scalar { arguments in
      let size = try arguments.int("tabsize")
      var (result, column) = (String.UnicodeScalarView(), 0)
      for character in try arguments.string("self").unicodeScalars {
        if character == "\t" {
          let count = size > 0 ? size - column % size : 0
          result.append(contentsOf: repeatElement(" ", count: count))
          column += count
        } else {
          result.append(character)
          column = character == "\n" || character == "\r" ? 0 : column + 1
        }
      }
      return [.string(String(result))]
    })
}

extension String {
  /// The characters from last to first.
  fileprivate var reversedText: String {
    var view = UnicodeScalarView()
    view.append(contentsOf: unicodeScalars.reversed())
    return String(view)
  }
}
