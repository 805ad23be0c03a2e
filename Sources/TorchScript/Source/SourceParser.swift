import MartletTensor

/// Reads a file's declarations by recursive descent.
struct SourceParser {
  let source: SourceText
  private let tokens: [SourceToken]
  private(set) var index = 0
  /// How many statements and expressions lie around the current one.
  var depth = 0
  /// More is refused: whoever walks the tree recurses as deep.
  static let greatestDepth = 100

  /// - Parameter place: stands for every position where the text is a part of another one.
  init(_ source: SourceText, place: Int? = nil) throws(MartletError) {
    self.source = source
    let tokens = try SourceLexer.tokens(of: source)
    self.tokens =
      place.map { place in tokens.map { SourceToken(kind: $0.kind, position: place) } } ?? tokens
  }

  /// The declarations of a whole file.
  mutating func file() throws(MartletError) -> [Declaration] {
    var declarations: [Declaration] = []
    while kind != .end {
      switch kind {
      case .newline: advance()
      case .symbol(.at):
        // `@torch.jit.script` and the like: everything here is compiled.
        advance()
        _ = try expression()
        try endLine()
      case .name("def"): declarations.append(.function(try function()))
      case .name("class"): declarations.append(.class(try classDeclaration()))
      case .name("import"), .name("from"):
        // Old archives name the files they need; all of an archive's files are read anyway.
        skipLine()
      case .name("op_version_set"):
        advance()
        try expect(.assign)
        _ = try expression()
        try endLine()
      default: throw expected("'def' or 'class'")
      }
    }
    return declarations
  }

  private mutating func classDeclaration() throws(MartletError) -> ClassSyntax {
    let position = position
    advance()
    let name = try name("the class's name")
    var base: String?
    if take(.leftParenthesis) {
      if !take(.rightParenthesis) {
        base = try dottedName()
        while take(.comma), !at(.rightParenthesis) { _ = try dottedName() }
        try expect(.rightParenthesis)
      }
    }
    return ClassSyntax(name: name, base: base, body: try block(), position: position)
  }

  private mutating func dottedName() throws(MartletError) -> String {
    var text = try name("a base class")
    while take(.dot) { text += "." + (try name("a name")) }
    return text
  }

  mutating func function() throws(MartletError) -> FunctionSyntax {
    let position = position
    advance()
    let name = try name("the function's name")
    try expect(.leftParenthesis)
    var parameters: [FunctionSyntax.Parameter] = []
    var isKeywordOnly = false
    while !take(.rightParenthesis) {
      if at(.times) {
        advance()
        guard at(.comma) else {
          throw expected("',' after '*': functions take no variable number of arguments")
        }
        isKeywordOnly = true
      } else {
        parameters.append(try parameter(isKeywordOnly))
      }
      if !at(.rightParenthesis) { try expect(.comma) }
    }
    let annotation = take(.arrow) ? try expression() : nil
    return FunctionSyntax(
      name: name, parameters: parameters, returnAnnotation: annotation, body: try block(),
      position: position)
  }

  private mutating func parameter(_ isKeywordOnly: Bool) throws(MartletError)
    -> FunctionSyntax.Parameter
  {
    let position = position
    let name = try name("a parameter's name")
    let annotation = take(.colon) ? try expression() : nil
    let value = take(.assign) ? try expression() : nil
    return FunctionSyntax.Parameter(
      name: name, annotation: annotation, defaultValue: value, isKeywordOnly: isKeywordOnly,
      position: position)
  }
}

/// Words.
extension SourceParser {
  var kind: SourceToken.Kind { tokens[index].kind }
  var position: Int { tokens[index].position }
  var previous: SourceToken.Kind? { index > 0 ? tokens[index - 1].kind : nil }
  var following: SourceToken.Kind { tokens[min(index + 1, tokens.count - 1)].kind }

  mutating func advance() {
    if index + 1 < tokens.count { index += 1 }
  }

  private mutating func skipLine() {
    while kind != .newline, kind != .end { advance() }
  }

  func at(_ symbol: SourceSymbol) -> Bool {
    if case .symbol(symbol) = kind { true } else { false }
  }

  func at(_ word: String) -> Bool {
    if case .name(word) = kind { true } else { false }
  }

  mutating func take(_ symbol: SourceSymbol) -> Bool {
    guard at(symbol) else { return false }
    advance()
    return true
  }

  mutating func take(_ word: String) -> Bool {
    guard at(word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: SourceSymbol) throws(MartletError) {
    guard take(symbol) else { throw expected("'\(symbol.rawValue)'") }
  }

  mutating func expect(_ word: String) throws(MartletError) {
    guard take(word) else { throw expected("'\(word)'") }
  }

  mutating func name(_ what: String) throws(MartletError) -> String {
    guard case .name(let text) = kind, !SourceParser.keywords.contains(text) else {
      throw expected(what)
    }
    advance()
    return text
  }

  mutating func endLine() throws(MartletError) {
    if take(.semicolon) {
      if kind == .newline { advance() }
      return
    }
    switch kind {
    case .newline: advance()
    case .end, .dedent: break
    default: throw expected("the end of the line")
    }
  }

  func expected(_ what: String) -> MartletError {
    source.failure("expected \(what), got \(kind)", at: position)
  }

  /// Runs the body one level deeper, or refuses.
  mutating func nested<Result>(
    _ body: (inout SourceParser) throws(MartletError) -> Result
  ) throws(MartletError) -> Result {
    guard depth < SourceParser.greatestDepth else {
      throw source.failure(
        "expected at most \(SourceParser.greatestDepth) levels within each other", at: position)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// Words that are no names.
  static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
  ]
}
