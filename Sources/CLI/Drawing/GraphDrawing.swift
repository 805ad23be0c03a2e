import Martlet
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer

/// A graph as boxes and arrows: the calls of operators that give tensors, submodules in their
/// places. Weights, and arithmetic on sizes, are left out.
struct GraphDrawing {
  struct Box {
    let title: String
    /// The sizes of what it gives, where they are known.
    let detail: String
    /// Where it comes from and what it is called with, a line for each.
    let tooltip: String
    let family: OperatorFamily
    /// The boxes whose results it takes, each once.
    let sources: [Int]
  }

  private(set) var boxes: [Box] = []
  private let graph: Graph
  private let calls: [Int: ObservedCall]
  /// The boxes that a value comes from.
  private var origins: [Int: [Int]] = [:]

  /// The boxes but those of inputs and outputs.
  var nodeCount: Int { boxes.count { $0.family != .placeholder } }

  /// - Parameter inputs: what the sizes are told for; nil where they are not known.
  init(_ module: TracedModule, inputs: [Value]?) throws {
    let graph = try module.inlinedGraph
    self.graph = graph
    let isSupported = try module.unsupportedOperators().isEmpty
    calls = try isSupported ? inputs.map { try module.calls(in: graph, for: $0) } ?? [:] : [:]
    let parameters = graph.inputs.dropFirst(module.isFunction ? 0 : 1)
    for (index, input) in parameters.enumerated() {
      let given = inputs.flatMap { index < $0.count ? $0[index].tensors : nil } ?? []
      let detail = given.isEmpty ? "\(graph.type(of: input))" : Self.text(given)
      origins[input.index] = [
        add(
          Box(
            title: graph.name(of: input), detail: detail, tooltip: "input",
            family: .placeholder, sources: []))
      ]
    }
    visit(graph.nodes)
    for (index, output) in graph.outputs.enumerated() {
      add(
        Box(
          title: graph.outputs.count > 1 ? "output \(index)" : "output",
          detail: "", tooltip: "output", family: .placeholder, sources: sources([output])))
    }
  }

  @discardableResult
  private mutating func add(_ box: Box) -> Int {
    boxes.append(box)
    return boxes.count - 1
  }

  private mutating func visit(_ nodes: [Node]) {
    for node in nodes { visit(node) }
  }

  private mutating func visit(_ node: Node) {
    let call = node.outputs.first.flatMap { calls[$0.index] }
    switch node.prim {
    case .if?, .loop?: visitBlocks(node)
    case .callMethod?, .callFunction?: draw(node, call)
    case .constant?, .getAttr?: break
    case .some: pass(node)
    case nil where isDrawn(node, call): draw(node, call)
    // A condition or an element comes from its tensor; a size is a number like any other.
    case nil: if !Self.readsSizes.contains(node.name) { pass(node) }
    }
  }

  private static let readsSizes: Set = [
    "aten::size", "aten::size.int", "aten::dim", "aten::numel", "aten::len.Tensor", "aten::stride",
    "aten::stride.int", "aten::is_contiguous", "aten::sym_size", "aten::sym_size.int",
    "prim::NumToTensor.Scalar",
  ]

  /// Its results come from where its arguments come from.
  private mutating func pass(_ node: Node) {
    let found = sources(node.arguments)
    for output in node.outputs where !found.isEmpty { origins[output.index] = found }
  }

  /// Calls that give tensors; not those that compute with sizes, in numbers or as PyTorch's
  /// traces do in tensors without axes.
  private func isDrawn(_ node: Node, _ call: ObservedCall?) -> Bool {
    if Self.readsSizes.contains(node.name) { return false }
    guard let call else { return node.outputs.contains { Self.holdsTensors(graph.type(of: $0)) } }
    let tensors = call.results.flatMap(\.tensors)
    guard !tensors.isEmpty else { return false }
    return tensors.contains { $0.dim > 0 } || !sources(node.arguments).isEmpty
  }

  private static func holdsTensors(_ type: GraphType) -> Bool {
    switch type {
    case .tensor: true
    case .list(let element), .optional(let element), .dictionary(_, let element):
      holdsTensors(element)
    case .tuple(let types): types.contains(where: holdsTensors)
    case .namedTuple(let tuple): tuple.fieldTypes.contains(where: holdsTensors)
    default: false
    }
  }

  private mutating func draw(_ node: Node, _ call: ObservedCall?) {
    let path = node.scope?.path ?? ""
    var lines = [path.isEmpty ? "(outside of submodules)" : path]
    if let type = node.scope?.typeName, !type.isEmpty { lines.append(type) }
    lines.append(
      call.map { "\(node.name)(\($0.arguments.map(\.summary).joined(separator: ", ")))" }
        ?? graph.line(of: node))
    if let location = node.location { lines.append("\(location)") }
    let box = add(
      Box(
        title: Self.title(node, call), detail: Self.text(call?.results.flatMap(\.tensors) ?? []),
        tooltip: lines.joined(separator: "\n"), family: OperatorFamily(operator: node.name),
        sources: sources(node.arguments)))
    for output in node.outputs { origins[output.index] = [box] }
  }

  /// What stands in branches and loops is drawn in its place, before the box that chooses.
  private mutating func visitBlocks(_ node: Node) {
    for block in node.blocks {
      // A loop's body takes the round's number, then what is carried.
      for (parameter, argument) in zip(block.parameters.dropFirst(), node.arguments.dropFirst(2)) {
        origins[parameter.index] = sources([argument])
      }
      visit(block.nodes)
    }
    let results = node.blocks.flatMap(\.results)
    let box = add(
      Box(
        title: node.prim == .loop ? "loop" : "if", detail: "",
        tooltip: [node.scope?.path ?? "", node.name].filter { !$0.isEmpty }
          .joined(separator: "\n"),
        family: .control, sources: sources(node.arguments + results)))
    for output in node.outputs { origins[output.index] = [box] }
  }

  private func sources(_ arguments: [Argument]) -> [Int] {
    var found: Set<Int> = []
    for argument in arguments {
      argument.forEachValue { found.formUnion(origins[$0.index] ?? []) }
    }
    return found.sorted()
  }

  /// The operator's name, and of convolutions the kernel's sizes.
  private static func title(_ node: Node, _ call: ObservedCall?) -> String {
    if let label = node.label, node.operation == nil { return label }
    let name = node.name.split(separator: ":").last.map(String.init) ?? node.name
    let base = name.split(separator: ".").first.map(String.init) ?? name
    let title = String(base.trimmingPrefix { $0 == "_" })
    guard title.hasPrefix("conv"), let operation = node.operation, let call,
      let index = operation.schema.arguments.firstIndex(where: { $0.name == "weight" }),
      let weight = call.arguments[index].tensors.first, weight.dim > 2
    else { return title }
    return "\(title) \(weight.sizes.dropFirst(2).map(String.init).joined(separator: "×"))"
  }

  private static func text(_ tensors: [Tensor]) -> String {
    let texts = tensors.prefix(2).map { tensor in
      let sizes = tensor.sizes.map(String.init).joined(separator: " × ")
      let dtype = tensor.dtype == .float32 ? "" : " \(tensor.dtype)"
      return (tensor.dim == 0 ? "number" : sizes) + dtype
    }
    return texts.joined(separator: ", ") + (tensors.count > 2 ? ", … (\(tensors.count))" : "")
  }
}
