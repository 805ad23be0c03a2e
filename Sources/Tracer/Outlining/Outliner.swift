import MartletOps
import MartletTensor

/// Turns a flat recording into one method for each module call, called from its caller's.
struct Outliner {
  private let recording: Recording
  private let modules: ModuleTable
  private let routes: Routes
  private let inputNames: [String]
  private let dynamic: DynamicAxes
  private let methodNames: [String?]

  init(
    _ recording: Recording, _ modules: ModuleTable, inputNames: [String], dynamic: DynamicAxes
  ) {
    self.recording = recording
    self.modules = modules
    self.inputNames = inputNames
    self.dynamic = dynamic
    routes = Routes(recording, modules)
    methodNames = recording.frames.enumerated().map { index, frame in
      frame.home == index ? modules.records[frame.module].nextMethodName(frame.method) : nil
    }
  }

  /// Adds the methods to the modules of the table.
  ///
  /// - Returns: the name of the traced method.
  func outline() -> String {
    for (index, frame) in recording.frames.enumerated() {
      guard let name = methodNames[index] else { continue }
      var method = MethodBuilder(index, recording, modules, routes, methodNames)
      let graph =
        index == 0
        ? method.buildTop(inputNames: inputNames, dynamic) : method.build()
      modules.records[frame.module].methods.append((name, graph))
    }
    return methodNames[0] ?? recording.frames[0].method
  }
}

/// Builds the graph of one call.
private struct MethodBuilder {
  private let index: Int
  private let frame: Recording.Frame
  private let recording: Recording
  private let modules: ModuleTable
  private let routes: Routes
  private let methodNames: [String?]
  private var graph = Graph()
  private var local: [GraphValue: GraphValue] = [:]
  private var selfValue: GraphValue?
  /// Parameters, buffers and submodules fetched from `self`, by their names joined.
  private var fetched: [String: GraphValue] = [:]
  /// They stand before all other nodes.
  private var fetches: [Node] = []

  init(
    _ index: Int, _ recording: Recording, _ modules: ModuleTable, _ routes: Routes,
    _ methodNames: [String?]
  ) {
    self.index = index
    frame = recording.frames[index]
    self.recording = recording
    self.modules = modules
    self.routes = routes
    self.methodNames = methodNames
    if modules.records[0].module != nil {
      selfValue = graph.addInput(moduleType(frame.module), name: "self")
    }
  }

  mutating func buildTop(inputNames: [String], _ dynamic: DynamicAxes) -> Graph {
    for (value, name) in zip(recording.inputs, inputNames) {
      let type = dynamic.loosened(recording.values[value.index].type, of: name)
      local[value] = graph.addInput(type, name: name)
    }
    addItems()
    return finished([mapped(recording.output)])
  }

  mutating func build() -> Graph {
    for (position, value) in routes.inputs[index].enumerated() {
      let info = recording.values[value.index]
      local[value] = graph.addInput(info.type, name: info.name ?? "argument_\(position + 1)")
    }
    addItems()
    let outputs = routes.outputs[index].map { mapped(.value($0)) }
    return finished([outputs.isEmpty ? .none : outputs.count == 1 ? outputs[0] : .tuple(outputs)])
  }

  private mutating func finished(_ results: [Argument]) -> Graph {
    graph.body.nodes = orderedFetches() + graph.body.nodes
    graph.body.results = results
    return graph
  }

  /// The last that is used comes first, as in PyTorch's traces, but after what holds it.
  private func orderedFetches() -> [Node] {
    var producers: [GraphValue: Node] = [:]
    for node in fetches { producers[node.outputs[0]] = node }
    var ordered: [Node] = []
    for node in fetches.reversed() {
      var chain: [Node] = []
      var next: Node? = node
      while let current = next, producers.removeValue(forKey: current.outputs[0]) != nil {
        chain.append(current)
        next = current.arguments.first?.graphValue.flatMap { producers[$0] }
      }
      ordered += chain.reversed()
    }
    return ordered
  }

  private mutating func addItems() {
    for item in frame.items {
      switch item {
      case .node(let number): add(recording.nodes[number].node)
      case .call(let callee): addCall(callee)
      }
    }
  }

  private mutating func add(_ node: Node) {
    graph.body.nodes.append(copied(node))
  }

  private mutating func copied(_ node: Node) -> Node {
    var copy = node
    copy.arguments = node.arguments.map { mapped($0) }
    copy.blocks = node.blocks.map { block in
      let parameters = block.parameters.map { define($0) }
      let nodes = block.nodes.map { copied($0) }
      return Block(
        parameters: parameters, nodes: nodes, results: block.results.map { mapped($0) })
    }
    copy.outputs = node.outputs.map { define($0) }
    return copy
  }

  private mutating func addCall(_ callee: Int) {
    let called = recording.frames[callee]
    guard let method = methodNames[callee], let module = submodule(called.chain) else { return }
    let arguments = [.value(module)] + routes.inputs[callee].map { mapped(.value($0)) }
    let results = routes.outputs[callee]
    let types = results.map { recording.values[$0.index].type }
    if results.count == 1 {
      let output = define(results[0])
      graph.body.nodes.append(
        Node(
          .prim(.callMethod), label: method, arguments, outputs: [output], scope: frame.scope,
          location: called.location))
      return
    }
    let packed = graph.append(
      .prim(.callMethod), label: method, arguments,
      outputs: [results.isEmpty ? .none : .tuple(types)], scope: frame.scope,
      location: called.location)
    if !results.isEmpty {
      let outputs = results.map { define($0) }
      graph.body.nodes.append(
        Node(
          .prim(.tupleUnpack), [.value(packed[0])], outputs: outputs, scope: frame.scope,
          location: called.location))
    }
  }

  private mutating func define(_ value: GraphValue) -> GraphValue {
    let info = recording.values[value.index]
    let new = graph.newValue(info.type, name: info.name)
    local[value] = new
    return new
  }

  private mutating func mapped(_ argument: Argument) -> Argument {
    // `mapValues` takes a closure that cannot write to `self`: fetch first, then replace.
    argument.forEachValue { fetch($0) }
    return argument.mapValues { .value(local[$0] ?? $0) }
  }

  /// Gives a parameter, buffer or constant a value in this graph.
  private mutating func fetch(_ value: GraphValue) {
    guard local[value] == nil else { return }
    let info = recording.values[value.index]
    switch info.origin {
    case .input, .node: return
    case .constant(let label):
      let new = graph.newValue(info.type, name: label)
      graph.constants[label] = info.tensor
      fetches.append(Node(.prim(.constant), label: label, outputs: [new]))
      local[value] = new
    case .attribute(let references):
      guard let names = routes.reference(references, in: index),
        let owner = submodule(names.dropLast()), let name = names.last
      else { return }
      local[value] = attribute(name, of: owner, key: names, type: info.type)
    }
  }

  private mutating func submodule(_ chain: [String]) -> GraphValue? {
    guard var value = selfValue else { return nil }
    var module = frame.module
    for (position, name) in chain.enumerated() {
      guard let child = modules.records[module].childNumbers[name] else { return nil }
      module = child
      value = attribute(
        name, of: value, key: Array(chain[...position]), type: moduleType(module))
    }
    return value
  }

  private mutating func attribute(
    _ name: String, of owner: GraphValue, key: [String], type: GraphType
  ) -> GraphValue {
    let path = key.joined(separator: ".")
    if let known = fetched[path] { return known }
    let hint = name.first?.isNumber == true ? "_\(name)" : name
    let value = graph.newValue(type, name: hint)
    fetches.append(
      Node(
        .prim(.getAttr), label: name, [.value(owner)], outputs: [value], scope: frame.scope))
    fetched[path] = value
    return value
  }

  private func moduleType(_ module: Int) -> GraphType {
    .module("__torch__.\(modules.records[module].typeName)")
  }
}
