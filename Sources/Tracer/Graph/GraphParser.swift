import MartletOps
import MartletTensor

extension Graph {
  /// Reads a graph's text back.
  ///
  /// - Parameters:
  ///   - text: as `description` gives it.
  ///   - constants: the tensors of its `prim::Constant` nodes, by their names.
  /// - Throws: `MartletError` of kind `.graph` that names the line and column.
  public init(parsing text: String, constants: [String: Tensor] = [:]) throws {
    var parser = try GraphParser(text)
    self = try parser.graph()
    self.constants = constants
  }
}

/// Reads the text by recursive descent.
struct GraphParser {
  private var lexer: GraphLexer
  private var token: GraphLexer.Token = .newline
  private var result = Graph()
  private var depth = 0
  /// Deeper nesting is refused before it can use up the stack.
  private let greatestDepth = 200

  init(_ text: String) throws {
    lexer = GraphLexer(text)
    try advance()
  }

  mutating func graph() throws -> Graph {
    try skipLines()
    guard case .word("graph") = token else { throw failure("'graph('") }
    try advance()
    result.body.parameters = try parameters()
    try expect(":")
    try endLine()
    var nodes: [Node] = []
    while token != .word("return") {
      if token == .end { throw failure("a node or 'return'") }
      nodes.append(try node())
      try skipLines()
    }
    try advance()
    result.body.nodes = nodes
    result.body.results = try arguments()
    try skipLines()
    guard token == .end else { throw failure("the end of the text") }
    return result
  }

  private mutating func node() throws -> Node {
    var outputs: [GraphValue] = []
    var declared: [(String, GraphType, GraphLexer)] = []
    if case .value = token {
      repeat {
        let place = lexer
        let name = try valueName()
        try expect(":")
        declared.append((name, try type(), place))
      } while try take(",")
      try expect("=")
    }
    guard case .word(let name) = token else { throw failure("an operator") }
    guard name.contains("::") else { throw failure("an operator with its namespace") }
    try advance()
    var label: String?
    if try take("[") {
      guard token == .word("name") else { throw failure("'name'") }
      try advance()
      try expect("=")
      guard case .string(let text) = token else { throw failure("a name between quotes") }
      try advance()
      label = text
      try expect("]")
    }
    var node = Node(NodeKind(name), label: label, try arguments())
    if case .comment(let text) = token { (node.scope, node.location) = GraphParser.origin(text) }
    try endLine()
    while case .word(let word) = token, word.hasPrefix("block") {
      try advance()
      node.blocks.append(try block())
    }
    // Only now: what a node gives is not known in its own arguments and blocks.
    for (name, type, place) in declared { outputs.append(try define(name, type, place)) }
    node.outputs = outputs
    return node
  }

  private mutating func block() throws -> Block {
    depth += 1
    defer { depth -= 1 }
    guard depth < greatestDepth else { throw failure("at most \(greatestDepth) nested blocks") }
    var block = Block(parameters: try parameters())
    try expect(":")
    try endLine()
    while token != .symbol("->") {
      if token == .end { throw failure("a node or '->'") }
      block.nodes.append(try node())
      try skipLines()
    }
    try advance()
    block.results = try arguments()
    try endLine()
    return block
  }

  /// `(%a : T, %b : T)`, over several lines if need be.
  private mutating func parameters() throws -> [GraphValue] {
    try expect("(")
    try skipLines()
    var values: [GraphValue] = []
    while try !take(")") {
      let place = lexer
      let name = try valueName()
      try expect(":")
      values.append(try define(name, try type(), place))
      try skipLines()
      if token != .symbol(")") {
        try expect(",")
        try skipLines()
      }
    }
    return values
  }

  private mutating func arguments() throws -> [Argument] {
    try expect("(")
    return try items(until: ")")
  }

  private mutating func items(until close: String) throws -> [Argument] {
    var items: [Argument] = []
    while try !take(close) {
      items.append(try argument())
      if token != .symbol(close) { try expect(",") }
    }
    return items
  }

  private mutating func argument() throws -> Argument {
    depth += 1
    defer { depth -= 1 }
    guard depth < greatestDepth else { throw failure("at most \(greatestDepth) nested lists") }
    switch token {
    case .value(let name):
      guard let value = result.value(named: name) else {
        throw lexer.failure("a value defined above", got: "%\(name)")
      }
      try advance()
      return .value(value)
    case .string(let text):
      try advance()
      return .string(text)
    case .number(let text):
      guard let number = GraphParser.number(text) else { throw failure("a number") }
      try advance()
      return try withImaginaryPart(number)
    case .word(let word):
      let place = lexer
      try advance()
      return try literal(word, place)
    case .symbol("["):
      try advance()
      return .list(try items(until: "]"))
    case .symbol("("):
      try advance()
      return .tuple(try items(until: ")"))
    case .symbol("{"):
      try advance()
      var entries: [(Argument, Argument)] = []
      while try !take("}") {
        let key = try argument()
        try expect(":")
        entries.append((key, try argument()))
        if token != .symbol("}") { try expect(",") }
      }
      return .dictionary(entries)
    default:
      throw failure("a value or a literal")
    }
  }

  private mutating func literal(_ word: String, _ place: GraphLexer) throws -> Argument {
    switch word {
    case "None": return .none
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "inf": return try withImaginaryPart(.double(.infinity))
    case "nan": return try withImaginaryPart(.double(.nan))
    case "device":
      try expect("(")
      guard case .string(let name) = token else { throw failure("a device's name") }
      try advance()
      try expect(")")
      return .device(name)
    default: throw place.failure("a value or a literal", got: "'\(word)'")
    }
  }

  /// `1.+2.j`: a float that an imaginary part follows.
  private mutating func withImaginaryPart(_ number: Argument) throws -> Argument {
    guard case .double(let real) = number else { return number }
    let isPositive = try take("+")
    switch token {
    case .number(let text), .word(let text):
      guard isPositive || text.hasPrefix("-"), text.hasSuffix("j"),
        let imaginary = Double(text.dropLast())
      else { break }
      try advance()
      return .complex(real, imaginary)
    default: break
    }
    if isPositive { throw failure("an imaginary part") }
    return number
  }

  private static func number(_ text: String) -> Argument? {
    if let whole = Int(text) { return .int(whole) }
    return Double(text).map { .double($0) }
  }

  private mutating func type() throws -> GraphType {
    depth += 1
    defer { depth -= 1 }
    guard depth < greatestDepth else { throw failure("at most \(greatestDepth) nested types") }
    var type: GraphType
    if try take("(") {
      var items: [GraphType] = []
      while try !take(")") {
        items.append(try self.type())
        if token != .symbol(")") { try expect(",") }
      }
      type = .tuple(items)
    } else {
      guard case .word(let word) = token else { throw failure("a type") }
      let place = lexer
      try advance()
      type = try named(word, place)
    }
    while true {
      if try take("[") {
        try expect("]")
        type = .list(type)
      } else if try take("?") {
        type = .optional(type)
      } else {
        return type
      }
    }
  }

  private mutating func named(_ word: String, _ place: GraphLexer) throws -> GraphType {
    switch word {
    case "int": return .int
    case "float": return .float
    case "complex": return .complex
    case "bool": return .bool
    case "str": return .string
    case "Device": return .device
    case "NoneType": return .none
    case "Any": return .any
    case "Scalar": return .scalar
    case "Future":
      try expect("(")
      let inner = try type()
      try expect(")")
      return .future(inner)
    case "Dict":
      try expect("(")
      let key = try type()
      try expect(",")
      let value = try type()
      try expect(")")
      return .dictionary(key, value)
    default: break
    }
    let dtype = DType(graphName: word)
    guard word == "Tensor" || dtype != nil else {
      guard word.contains(".") else { throw place.failure("a type", got: "'\(word)'") }
      return try take("(") ? try namedTuple(word) : .module(word)
    }
    guard try take("(") else { return .tensor(TensorType(dtype)) }
    var sizes: [Int?] = []
    while try !take(")") {
      if try take("*") {
        sizes.append(nil)
      } else {
        guard case .number(let text) = token, let size = Int(text), size >= 0 else {
          throw failure("a size or '*'")
        }
        try advance()
        sizes.append(size)
      }
      if token != .symbol(")") { try expect(",") }
    }
    return .tensor(TensorType(dtype, sizes))
  }

  /// Behind `__torch__.Point(`: `x : Tensor, n : int)`.
  private mutating func namedTuple(_ name: String) throws -> GraphType {
    var names: [String] = []
    var types: [GraphType] = []
    while try !take(")") {
      guard case .word(let field) = token else { throw failure("a field's name") }
      try advance()
      try expect(":")
      names.append(field)
      types.append(try type())
      if token != .symbol(")") { try expect(",") }
    }
    return .namedTuple(NamedTupleType(name: name, fieldNames: names, fieldTypes: types))
  }

  /// `layer1.0.conv1, Net/Block.swift:42`, either part of it.
  private static func origin(_ comment: String) -> (Scope?, SourceLocation?) {
    var path = Substring(comment)
    var location: SourceLocation?
    // A path has no comma, a file's name may have.
    let comma = comment.firstIndex(of: ",")
    let tail = comma.map { comment[$0...].dropFirst(2) } ?? Substring(comment)
    if let colon = tail.lastIndex(of: ":"), let line = Int(tail[tail.index(after: colon)...]) {
      location = SourceLocation(file: String(tail[..<colon]), line: line)
      path = comma.map { comment[..<$0] } ?? ""
    }
    return (path.isEmpty ? nil : Scope(path: String(path)), location)
  }

  private mutating func define(_ name: String, _ type: GraphType, _ place: GraphLexer) throws
    -> GraphValue
  {
    guard result.value(named: name) == nil else {
      throw place.failure("a new name", got: "%\(name), which is already defined")
    }
    return result.newValue(type, name: name)
  }

  private mutating func valueName() throws -> String {
    guard case .value(let name) = token else { throw failure("a value") }
    try advance()
    return name
  }

  private mutating func advance() throws { token = try lexer.next() }

  private mutating func take(_ symbol: String) throws -> Bool {
    guard token == .symbol(symbol) else { return false }
    try advance()
    return true
  }

  private mutating func expect(_ symbol: String) throws {
    guard try take(symbol) else { throw failure("'\(symbol)'") }
  }

  private mutating func endLine() throws {
    switch token {
    case .newline, .comment: try skipLines()
    case .end: break
    default: throw failure("the end of the line")
    }
  }

  private mutating func skipLines() throws {
    while true {
      switch token {
      case .newline, .comment: try advance()
      default: return
      }
    }
  }

  private func failure(_ expected: String) -> MartletError {
    lexer.failure(expected, got: "\(token)")
  }
}
