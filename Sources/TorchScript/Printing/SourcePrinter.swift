import MartletOps
import MartletTensor
import MartletTracer

/// Prints a graph as TorchScript source by the rules of PyTorch's own printer (`python_print.cpp`):
/// a value that is used once, right after, stands inside the expression that uses it; expressions
/// of 40 characters or more get a line of their own.
struct SourcePrinter {
  let form: SourceForm
  let context: SourceContext
  var names: SourceNames
  var text = ""
  private(set) var level: Int
  /// Nodes that have no line of their own.
  private var inlined: Set<ObjectIdentifier> = []
  /// The text of inlined values, until they get a name.
  private var expressions: [GraphValue: String] = [:]
  private var identifiers: [GraphValue: String] = [:]
  /// Long literals, which stand above the body under these names.
  private var literals: [String: String] = [:]
  /// The last argument of a node up to which those before were given lines of their own.
  private var splitPositions: [ObjectIdentifier: Int] = [:]
  private var annotated: Set<GraphValue> = []

  /// - Parameters:
  ///   - level: how deep the `def` stands.
  init(_ graph: Graph, context: SourceContext, names: SourceNames, level: Int = 0) {
    form = SourceForm(graph)
    self.context = context
    self.names = names
    self.level = level
  }
}

/// Functions.
extension SourcePrinter {
  /// A parameter as the head of a function shows it; without a type, only its name.
  struct Parameter {
    let name: String
    let type: String?
    let defaultValue: Value?
  }

  /// `def name(self, …) -> …:` and its body. There is a parameter for each input of the graph; one
  /// before them that the graph does not know is `extra`.
  mutating func addFunction(
    named name: String, extra: Parameter? = nil, _ parameters: [Parameter], returning type: String
  ) {
    names.startFunction()
    var heads: [String] = []
    if let extra { heads.append(head(extra, names.parameter(extra.name))) }
    for (input, parameter) in zip(form.body.parameters, parameters) {
      let unique = names.parameter(parameter.name)
      identifiers[input] = unique
      context.depend(on: form.graph.type(of: input))
      heads.append(head(parameter, unique))
    }
    line("def \(name)(\(heads.joined(separator: ",\n    "))) -> \(type):")
    level += 1
    scan(form.body)
    addLiterals()
    addNodes(form.body)
    let results = form.body.end.arguments.map { use($0) }
    line("return \(results.count == 1 ? results[0] : "(\(results.joined(separator: ", ")))")")
    level -= 1
  }

  private func head(_ parameter: Parameter, _ name: String) -> String {
    let type = parameter.type.map { ": \($0)" } ?? ""
    let standard = parameter.defaultValue.map { "=\(literal($0))" } ?? ""
    return name + type + standard
  }

  /// A value as source: a literal, or the name of a constant.
  func literal(_ value: Value) -> String {
    switch value {
    case .tensor(let tensor): return context.constant(tensor)
    case .string(let text) where !SourceLiteral.isASCII(text): return context.constant(text)
    case .object(let object): return context.constant(object)
    case .packed(let object): return context.constant(object)
    case .enumeration(let member):
      context.depend(on: member.className)
      return "\(member.className).\(member.name)"
    case .list(let items): return "[\(items.map(literal).joined(separator: ", "))]"
    case .tuple(let items):
      return items.count == 1
        ? "(\(literal(items[0])),)" : "(\(items.map(literal).joined(separator: ", ")))"
    case .dictionary(let entries):
      let texts = entries.map { "\(literal($0.key)): \(literal($0.value))" }
      return "{\(texts.joined(separator: ", "))}"
    case .reference(let reference): return literal(reference.snapshot)
    default: return SourceLiteral.text(of: Argument(literal: value) ?? .none)
    }
  }
}

/// What stands inside other expressions.
extension SourcePrinter {
  /// From the last node to the first; a node joins the expression of the node after it when its
  /// one value is used there and nowhere else, in the order in which Python evaluates.
  private mutating func scan(_ block: SourceForm.Block) {
    scan(block.end)
    for node in block.nodes.reversed() { scan(node) }
  }

  @discardableResult
  private mutating func scan(_ node: SourceForm.Node) -> SourceForm.Node? {
    guard !inlined.contains(ObjectIdentifier(node)) else { return node }
    for block in node.blocks { scan(block) }
    var point = previous(node)
    for argument in node.arguments.reversed() {
      guard let value = argument.graphValue, let source = form.definitions[value] else { continue }
      if let here = point, here === source, canInline(value, source) {
        point = scan(source)
        inlined.insert(ObjectIdentifier(source))
      }
    }
    return point
  }

  /// The last node before this one that is not a constant.
  private func previous(_ node: SourceForm.Node) -> SourceForm.Node? {
    var node = node.previous
    while let current = node, current.isConstant { node = current.previous }
    return node
  }

  private func canInline(_ value: GraphValue, _ node: SourceForm.Node) -> Bool {
    let uses = form.uses[value.index]
    guard node.outputs.count == 1, uses.count == 1, node.blocks.isEmpty else { return false }
    if uses[0].user.prim == .loop, uses[0].position >= 2 { return false }
    // Its meaning for the types in the branches is spelled out already.
    if node.prim == .isInstance { return false }
    return form.graph.isUnnamed(value, isSaved: context.isSaved) || uses[0].user.isReturn
  }
}

/// Lines.
extension SourcePrinter {
  mutating func line(_ content: String) {
    text += String(repeating: "  ", count: level) + content + "\n"
  }

  private mutating func assignName(_ value: GraphValue) {
    let isUnnamed = form.graph.isUnnamed(value, isSaved: context.isSaved)
    identifiers[value] = names.next(for: isUnnamed ? "0" : form.graph.name(of: value))
  }

  private func isLong(_ expression: String) -> Bool { expression.utf8.count + level * 2 >= 40 }

  /// Long literals stand at the top in the order in which they are used.
  private mutating func addLiterals() {
    for argument in form.literals {
      let text = literalText(argument)
      guard literals[text] == nil, isLong(text) else { continue }
      let name = names.next(for: "0")
      literals[text] = name
      line("\(name) = \(text)")
    }
  }

  private func literalText(_ argument: Argument) -> String {
    if case .string(let text) = argument, !SourceLiteral.isASCII(text) {
      return context.constant(text)
    }
    if case .packed(let object) = argument { return context.constant(object) }
    return SourceLiteral.text(of: argument)
  }

  /// A value's or literal's text where it is used.
  private func use(_ argument: Argument) -> String {
    guard let value = argument.graphValue else {
      let text = literalText(argument)
      return literals[text] ?? text
    }
    if let name = identifiers[value] ?? expressions[value] { return name }
    guard let node = form.definitions[value], node.isConstant else { return "None" }
    return constant(node)
  }

  private func constant(_ node: SourceForm.Node) -> String {
    guard let label = node.node.label else { return "None" }
    if node.prim == .enumMember {
      if let dot = label.lastIndex(of: ".") { context.depend(on: String(label[..<dot])) }
      return label
    }
    return form.graph.constants[label].map { context.constant($0) } ?? "None"
  }

  private mutating func addNodes(_ block: SourceForm.Block) {
    for node in block.nodes { add(node) }
  }

  private mutating func add(_ node: SourceForm.Node) {
    noteDependencies(node)
    switch node.prim {
    case .constant, .enumMember: return
    case .if: addConditional(node)
    case .loop: addLoop(node)
    case .setAttr:
      line("\(use(node.arguments[0])).\(node.node.label ?? "") = \(use(node.arguments[1]))")
    case .listUnpack, .tupleUnpack:
      for output in node.outputs { assignName(output) }
      let targets = node.outputs.map { use(.value($0)) + ", " }.joined()
      let source = use(node.arguments[0])
      line(targets.isEmpty ? source : "\(targets)= \(source)")
    default: addExpression(node)
    }
  }

  private mutating func addExpression(_ node: SourceForm.Node) {
    let type = node.outputs.first.map { form.graph.type(of: $0) }
    let expression = SourceExpression(
      node: node.node, arguments: node.arguments.map { use($0) }, type: type
    ).text
    guard inlined.contains(ObjectIdentifier(node)), let output = node.outputs.first else {
      return define(node, expression)
    }
    expressions[output] = expression
    if isLong(expression) { split(output) }
  }

  private mutating func define(_ node: SourceForm.Node, _ expression: String) {
    for output in node.outputs { assignName(output) }
    let targets = node.outputs.map { use(.value($0)) }.joined(separator: ", ")
    line(targets.isEmpty ? expression : "\(targets) = \(expression)")
  }

  private func noteDependencies(_ node: SourceForm.Node) {
    if node.node.prim == nil { context.use(operator: node.node.name) }
    for argument in node.arguments {
      if let value = argument.graphValue { context.depend(on: form.graph.type(of: value)) }
    }
    for output in node.outputs { context.depend(on: form.graph.type(of: output)) }
    if node.prim == .callFunction, let label = node.node.label { context.depend(on: label) }
  }

  /// Gives a line of its own to an inlined value, and to all that come before it in the
  /// expressions it stands in, so that they run in order.
  private mutating func split(_ value: GraphValue) {
    guard let use = form.uses[value.index].first else { return }
    var found: [GraphValue] = []
    collectSplit(use.user, through: use.position, &found)
    for value in found.reversed() {
      guard let node = form.definitions[value], let expression = expressions[value] else {
        continue
      }
      define(node, expression)
    }
  }

  private mutating func collectSplit(
    _ user: SourceForm.Node, through position: Int, _ found: inout [GraphValue]
  ) {
    let known = splitPositions[ObjectIdentifier(user)]
    let first = known.map { $0 + 1 } ?? 0
    for index in stride(from: position, through: first, by: -1) {
      if let value = user.arguments[index].graphValue, let node = form.definitions[value],
        !node.isConstant, inlined.contains(ObjectIdentifier(node))
      {
        found.append(value)
      }
    }
    splitPositions[ObjectIdentifier(user)] = position
    if known == nil, inlined.contains(ObjectIdentifier(user)), let output = user.outputs.first,
      let next = form.uses[output.index].first
    {
      // The use itself is being written and cannot be split.
      collectSplit(next.user, through: next.position - 1, &found)
    }
  }
}

/// Control flow.
extension SourcePrinter {
  private mutating func addConditional(_ node: SourceForm.Node) {
    for output in node.outputs { assignName(output) }
    let condition = use(node.arguments[0])
    for (block, head) in zip(node.blocks, ["if \(condition):", "else:"]) {
      line(head)
      addBody(block, node.outputs, block.end.arguments)
    }
  }

  private mutating func addBody(
    _ block: SourceForm.Block, _ targets: [GraphValue], _ results: [Argument]
  ) {
    level += 1
    let before = text.utf8.count
    addNodes(block)
    assign(targets, results)
    if text.utf8.count == before { line("pass") }
    level -= 1
  }

  /// Optional types are said where a value is first given.
  private mutating func assign(_ targets: [GraphValue], _ results: [Argument]) {
    guard !targets.isEmpty else { return }
    var head = targets.map { use(.value($0)) }.joined(separator: ", ")
    if targets.count == 1, form.graph.type(of: targets[0]).isOptional,
      annotated.insert(targets[0]).inserted
    {
      head += " : \(form.graph.type(of: targets[0]).annotation)"
    }
    line("\(head) = \(results.map { use($0) }.joined(separator: ", "))")
  }

  /// `for` where the condition is always true, otherwise `while` with the condition carried.
  private mutating func addLoop(_ node: SourceForm.Node) {
    guard let block = node.blocks.first, let round = block.parameters.first else { return }
    for output in node.outputs { assignName(output) }
    for (parameter, output) in zip(block.parameters.dropFirst(), node.outputs) {
      identifiers[parameter] = identifiers[output]
    }
    for (output, start) in zip(node.outputs, node.arguments.dropFirst(2)) {
      let (own, given) = (
        form.graph.type(of: output).annotation, form.graph.type(of: start).annotation
      )
      let type = own == given ? "" : ": \(own)"
      line("\(use(.value(output)))\(type) = \(use(start))")
      annotated.insert(output)
    }
    annotated.formUnion(block.parameters)
    assignName(round)
    if form.isFor(node) {
      line("for \(use(.value(round))) in range(\(use(node.arguments[0]))):")
      addBody(
        block, Array(block.parameters.dropFirst()), Array(block.end.arguments.dropFirst()))
    } else {
      line("\(use(.value(round))) = \(use(node.arguments[1]))")
      line("while \(use(.value(round))):")
      addBody(block, block.parameters, block.end.arguments)
    }
  }
}

extension SourceForm.Node {
  fileprivate var isConstant: Bool { prim == .constant || prim == .enumMember }
}

extension Graph {
  /// Whether the value has only a number. In an archive `_0` is one too, which a reader takes for
  /// the printer's own, so that reading and saving again gives the same source.
  fileprivate func isUnnamed(_ value: GraphValue, isSaved: Bool) -> Bool {
    let name = name(of: value).utf8
    let digits = isSaved && name.first == UInt8(ascii: "_") ? name.dropFirst() : name[...]
    return digits.allSatisfy { (48...57).contains($0) }
  }
}
