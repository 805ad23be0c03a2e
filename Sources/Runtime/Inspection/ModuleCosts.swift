import MartletOps
import MartletTensor
import MartletTracer

/// What the modules of a traced module give and cost for inputs of certain sizes.
package struct ModuleCosts: Sendable {
  /// One module's part, with what lies below it.
  package struct Entry: Sendable {
    /// What its calls gave last, as meta tensors or real ones.
    package fileprivate(set) var result: Value?
    /// Additions and multiplications of products, a fused one counted as two.
    package fileprivate(set) var floatingPointOperations = 0
    /// Bytes of the tensors that its operators write.
    package fileprivate(set) var writtenByteCount = 0
    /// How often it was called.
    package fileprivate(set) var callCount = 0
  }

  /// By the path below the module; itself under the empty path.
  package fileprivate(set) var entries: [String: Entry] = [:]
  /// Whether sizes came to depend on values that are not known: what follows was not counted.
  package fileprivate(set) var isPartial = false

  package subscript(path path: String) -> Entry? { entries[path] }
}

extension TracedModule {
  /// Follows a call of the main method and counts.
  ///
  /// - Parameter evaluating: whether operators compute, by their reference; otherwise sizes alone
  ///   are followed, which costs nothing but stops where they depend on values.
  /// - Throws: what the operators throw for such inputs.
  package func costs(for inputs: [Value], evaluating: Bool = false) throws -> ModuleCosts {
    let count = CostCount()
    let inputs =
      evaluating ? inputs : try inputs.map { try $0.mapTensors { try $0.placeholder() } }
    do {
      try observe(inputs, call: evaluating ? count.evaluate : count.lower) { event in
        switch event {
        case .begin(let path): count.begin(path)
        case .end(_, let result): count.end(result)
        }
      }
    } catch is ValuesNeeded {
      count.costs.isPartial = true
    }
    return count.costs
  }
}

/// Counts while one thread runs.
private final class CostCount {
  var costs = ModuleCosts()
  /// The modules that are being called, outermost first.
  private var paths: [String] = []
  private let lowering = Lowering()
  private var counted = 0

  func begin(_ path: String) {
    // A function, or another method of the same object, is part of its caller.
    if path != paths.last || paths.isEmpty { costs.entries[path, default: .init()].callCount += 1 }
    paths.append(path)
  }

  func end(_ result: Value) {
    guard let path = paths.popLast(), path != paths.last else { return }
    costs.entries[path]?.result = result.resolvingReferences
  }

  func lower(_ operation: Operator, _ given: [Value], _ node: Node) throws -> [Value] {
    let results = try lowering.call(operation, given, Origin(node))
    for instruction in lowering.instructions[min(counted, lowering.instructions.count)...] {
      add(instruction.floatingPointOperations ?? 0, instruction.outputs)
    }
    counted = lowering.instructions.count
    return results
  }

  func evaluate(_ operation: Operator, _ given: [Value], _ node: Node) throws -> [Value] {
    let results = try operation.call(given, at: node.location)
    let outputs = results.flatMap(\.tensors)
    let known = Set(given.flatMap(\.tensors).map { ObjectIdentifier($0.storage) })
    let operations = (try? Arguments(operation.schema, given)).flatMap {
      Instruction(operation: operation, arguments: $0, results: results, origin: Origin(node))
        .floatingPointOperations
    }
    add(operations ?? 0, outputs.filter { !known.contains(ObjectIdentifier($0.storage)) })
    return results
  }

  private func add(_ operations: Int, _ outputs: [Tensor]) {
    let bytes = outputs.reduce(0) { $0 + $1.count * $1.dtype.byteCount }
    // Also of lists of modules on the way, which are never called themselves.
    var places = Set(paths).union([""])
    var place = ""
    for name in (paths.last ?? "").split(separator: ".") {
      place += place.isEmpty ? String(name) : ".\(name)"
      places.insert(place)
    }
    for path in places {
      costs.entries[path, default: .init()].floatingPointOperations += operations
      costs.entries[path, default: .init()].writtenByteCount += bytes
    }
  }
}

/// One call of an operator: what it was given and what it gave, tensors as placeholders.
package struct ObservedCall: Sendable {
  package let arguments: [Value]
  package let results: [Value]
}

/// What the nodes of a module's inlined graph are given and give.
extension TracedModule {
  /// The calls of the nodes that ran, by the index of their first output; of nodes in loops, the
  /// last ones. What follows where sizes depend on values is missing.
  ///
  /// - Throws: as `costs(for:evaluating:)`.
  package func calls(
    in graph: Graph, for inputs: [Value], evaluating: Bool = false
  ) throws -> [Int: ObservedCall] {
    var found: [Int: ObservedCall] = [:]
    let lowering = Lowering()
    // Sizes are all that is wanted: no result is kept alive.
    func sizes(_ values: [Value]) throws -> [Value] {
      try values.map { try $0.resolvingReferences.mapTensors { try $0.placeholder() } }
    }
    do {
      try observeInlined(graph, evaluating ? inputs : try sizes(inputs)) { operation, given, node in
        let results =
          evaluating
          ? try operation.call(given, at: node.location)
          : try lowering.call(operation, given, Origin(node))
        if let output = node.outputs.first {
          found[output.index] = ObservedCall(
            arguments: try sizes(given), results: try sizes(results))
        }
        return results
      }
    } catch is ValuesNeeded {
      // What is known so far is the answer.
    }
    return found
  }
}
