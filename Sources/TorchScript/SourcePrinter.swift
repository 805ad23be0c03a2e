import MartletOps
import MartletTensor
import MartletTracer

/// Prints a graph as TorchScript source by the rules of PyTorch's own printer (`python_print.cpp`):
/// a value that is used once, right after, stands inside the expression that uses it; expressions
/// of 40 characters or more get a line of their own.
struct SourcePrinter {
  private let form: SourceForm
  private var uses: [Int]
  private var definitions: [GraphValue: SourceForm.Node] = [:]
  /// Values whose one use is the result of a block.
  private var isResult: Set<GraphValue> = []
  private var inlined: Set<ObjectIdentifier> = []
  private var expressions: [GraphValue: String] = [:]
  private var names = SourceNames()
  private var source = ""
  private var level = 0
  /// The labels of the tensors printed as `CONSTANTS.c0`, `c1`, …
  private(set) var constants: [String] = []

  init(_ graph: Graph) {
    form = SourceForm(graph)
    uses = [Int](repeating: 0, count: form.graph.valueCount)
    count(form.body)
  }

  /// `def name(self, …) -> …:` and its body.
  mutating func function(named name: String) -> String {
    scan(form.body)
    let graph = form.graph
    var parameters: [String] = []
    for (index, input) in form.body.parameters.enumerated() {
      let parameter = self.name(of: input)
      if index == 0, case .module = graph.type(of: input) {
        parameters.append("self")
        expressions[input] = "self"
      } else {
        parameters.append("\(parameter): \(graph.type(of: input).annotation)")
      }
    }
    let types = form.body.results.map { graph.type(of: $0).annotation }
    let type = types.count == 1 ? types[0] : "Tuple[\(types.joined(separator: ", "))]"
    source = "def \(name)(\(parameters.joined(separator: ",\n    "))) -> \(type):\n"
    level = 1
    addNodes(form.body)
    let results = split(form.body.results)
    line("return \(results.count == 1 ? results[0] : "(\(results.joined(separator: ", ")))")")
    return source
  }
}

/// What stands inside other expressions.
extension SourcePrinter {
  private mutating func count(_ block: SourceForm.Block) {
    for node in block.nodes {
      for argument in node.node.arguments { argument.forEachValue { uses[$0.index] += 1 } }
      for output in node.node.outputs { definitions[output] = node }
      for inner in node.blocks { count(inner) }
    }
    for result in block.results {
      result.forEachValue { value in
        uses[value.index] += 1
        isResult.insert(value)
      }
    }
  }

  /// From the last node to the first; a node joins the expression of the node after it when its
  /// one value is used there and nowhere else, in the order in which Python evaluates.
  private mutating func scan(_ block: SourceForm.Block) {
    _ = scan(block.results, from: previous(block.nodes.last))
    for node in block.nodes.reversed() where !inlined.contains(ObjectIdentifier(node)) {
      scan(node)
    }
  }

  @discardableResult
  private mutating func scan(_ node: SourceForm.Node) -> SourceForm.Node? {
    for block in node.blocks { scan(block) }
    return scan(node.node.arguments, from: previous(node.previous))
  }

  private mutating func scan(_ arguments: [Argument], from point: SourceForm.Node?)
    -> SourceForm.Node?
  {
    var point = point
    for argument in arguments.reversed() {
      guard let value = argument.graphValue, let node = definitions[value] else { continue }
      if let here = point, here === node, canInline(value, node) {
        point = scan(node)
        inlined.insert(ObjectIdentifier(node))
      }
    }
    return point
  }

  /// The node or the last before it that is not a constant.
  private func previous(_ node: SourceForm.Node?) -> SourceForm.Node? {
    var node = node
    while let current = node, current.node.prim == .constant { node = current.previous }
    return node
  }

  private func canInline(_ value: GraphValue, _ node: SourceForm.Node) -> Bool {
    guard node.node.outputs.count == 1, uses[value.index] == 1, node.blocks.isEmpty else {
      return false
    }
    switch node.node.prim {
    case .listUnpack, .tupleUnpack: return false
    default: break
    }
    let name = form.graph.name(of: value)
    return name.allSatisfy(\.isNumber) || isResult.contains(value)
  }
}

/// Lines.
extension SourcePrinter {
  private mutating func line(_ content: String) {
    source += String(repeating: "  ", count: level) + content + "\n"
  }

  private mutating func name(of value: GraphValue) -> String {
    if let known = expressions[value] { return known }
    let name = names.next(for: form.graph.name(of: value))
    expressions[value] = name
    return name
  }

  private mutating func addNodes(_ block: SourceForm.Block) {
    for node in block.nodes where !inlined.contains(ObjectIdentifier(node)) { add(node) }
  }

  private mutating func add(_ node: SourceForm.Node) {
    switch node.node.prim {
    case .constant: return
    case .if: addConditional(node)
    case .loop: addLoop(node)
    case .setAttr:
      let parts = split(node.node.arguments)
      line("\(parts[0]).\(node.node.label ?? "") = \(parts[1])")
    case .listUnpack, .tupleUnpack:
      let source = split(node.node.arguments)[0]
      let targets = node.node.outputs.map { name(of: $0) + ", " }.joined()
      line(targets.isEmpty ? source : "\(targets)= \(source)")
    default:
      let content = expression(node)
      guard !node.node.outputs.isEmpty else { return line(content) }
      let targets = node.node.outputs.map { name(of: $0) }
      line("\(targets.joined(separator: ", ")) = \(content)")
    }
  }

  /// The arguments as text. Inlined ones that make a long line, and what comes before them, get
  /// lines of their own first.
  private mutating func split(_ arguments: [Argument]) -> [String] {
    var texts = arguments.map { text(of: $0) }
    guard
      let last = arguments.indices.last(where: { index in
        inlinedNode(arguments[index]) != nil && texts[index].count + level * 2 >= 40
      })
    else { return texts }
    for index in 0...last {
      guard let node = inlinedNode(arguments[index]), let output = node.node.outputs.first else {
        continue
      }
      let target = name(of: output)
      line("\(target) = \(texts[index])")
      texts[index] = target
    }
    return texts
  }

  private func inlinedNode(_ argument: Argument) -> SourceForm.Node? {
    guard let value = argument.graphValue, let node = definitions[value],
      inlined.contains(ObjectIdentifier(node)), expressions[value] == nil
    else { return nil }
    return node
  }

  private mutating func text(of argument: Argument) -> String {
    guard let value = argument.graphValue else { return SourceLiteral.text(of: argument) }
    guard let node = definitions[value] else { return name(of: value) }
    if node.node.prim == .constant { return constant(node.node.label ?? "") }
    return inlinedNode(argument) == nil ? name(of: value) : expression(node)
  }

  private mutating func constant(_ label: String) -> String {
    let index = constants.firstIndex(of: label) ?? constants.count
    if index == constants.count { constants.append(label) }
    return "CONSTANTS.c\(index)"
  }

  private mutating func expression(_ node: SourceForm.Node) -> String {
    let parts = split(node.node.arguments)
    let output = node.node.outputs.first.map { form.graph.type(of: $0) }
    return SourceExpression(node: node.node, arguments: parts, type: output).text
  }

  private mutating func addConditional(_ node: SourceForm.Node) {
    let condition = split(node.node.arguments)[0]
    let outputs = node.node.outputs.map { name(of: $0) }
    for (block, head) in zip(node.blocks, ["if \(condition):", "else:"]) {
      line(head)
      addBody(block, outputs)
    }
  }

  private mutating func addBody(_ block: SourceForm.Block, _ targets: [String]) {
    level += 1
    let before = source.count
    addNodes(block)
    for (target, result) in zip(targets, split(block.results)) where target != result {
      line("\(target) = \(result)")
    }
    if source.count == before { line("pass") }
    level -= 1
  }

  /// `for` where the condition is always true, otherwise `while` with the condition carried.
  private mutating func addLoop(_ node: SourceForm.Node) {
    guard let block = node.blocks.first, node.node.arguments.count >= 2 else { return }
    let parts = split(node.node.arguments)
    var targets: [String] = []
    for (parameter, (output, start)) in zip(
      block.parameters.dropFirst(), zip(node.node.outputs, parts.dropFirst(2)))
    {
      let target = name(of: output)
      expressions[parameter] = target
      line("\(target) = \(start)")
      targets.append(target)
    }
    let round = block.parameters.first.map { name(of: $0) } ?? "_"
    if parts[1] == "True", case .bool(true)? = block.results.first {
      line("for \(round) in range(\(parts[0])):")
      var body = block
      body.results.removeFirst()
      addBody(body, targets)
    } else {
      let condition = names.next(for: "0")
      line("\(round) = 0")
      line("\(condition) = \(parts[1])")
      line("while torch.__and__(torch.lt(\(round), \(parts[0])), \(condition)):")
      addBody(block, [condition] + targets)
      source += String(repeating: "  ", count: level + 1) + "\(round) = torch.add(\(round), 1)\n"
    }
  }
}
