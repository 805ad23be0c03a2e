import MartletOps
import MartletTensor

/// Branches and loop bodies.
extension Recorder {
  /// Records what `body` does as a block of its own.
  ///
  /// - Parameter parameters: the values that the block is given, as they are in this run, with
  ///   their types in the graph.
  /// - Returns: the block, and what `body` gave in this run.
  func recordBlock(
    _ parameters: [(value: Value, type: GraphType)], at location: SourceLocation?,
    _ body: ([Value]) throws -> [Value]
  ) throws -> (block: Block, results: [Value]) {
    let (inputs, marked) = try withLock {
      blockCount += 1
      openBlocks.append(Recording.OpenBlock(number: blockCount))
      let inputs = parameters.map { newValue($0.type, dependsOnInputs: true) }
      let marked = try zip(parameters, inputs).map {
        try traced($0.value, as: $1, dependsOnInputs: true, at: location)
      }
      return (inputs, marked)
    }
    let frameCount = openFrames.count
    do {
      let results = try body(marked)
      return try withLock {
        let arguments = try results.map { try argument(for: $0, at: location) }
        let nodes = openBlocks.removeLast().nodes
        return (Block(parameters: inputs, nodes: nodes, results: arguments), results)
      }
    } catch {
      withLock {
        openBlocks.removeLast()
        openFrames.removeSubrange(frameCount...)
      }
      throw error
    }
  }

  /// A value as an argument of a node to come.
  func argument(for value: Value, outsideAt location: SourceLocation?) throws -> Argument {
    try withLock { try argument(for: value, at: location) }
  }

  /// The condition as a bool of the graph.
  func recordCondition(_ condition: Tensor, at location: SourceLocation?) throws -> Argument {
    guard let operation = Catalog.byName["aten::Bool.Tensor"] else {
      throw MartletError(.unsupported, "aten::Bool is needed to record a condition")
    }
    return try withLock {
      let given = try argument(for: .tensor(condition), at: location)
      let output = newValue(.bool, dependsOnInputs: true)
      let flag = try ControlFlow.unrecorded { try ControlFlow.isTrue(condition) }
      try append(
        Node(.operation(operation), [given], outputs: [output], location: location),
        [.bool(flag)])
      return .value(output)
    }
  }

  /// Records `prim::If` or `prim::Loop`.
  ///
  /// - Parameter results: its outputs in this run, with their types in the graph.
  /// - Returns: the same, marked as the trace's values.
  func recordControl(
    _ prim: Prim, _ arguments: [Argument], blocks: [Block],
    results: [(value: Value, type: GraphType)], at location: SourceLocation?
  ) throws -> [Value] {
    try withLock {
      let outputs = results.map { newValue($0.type, dependsOnInputs: true) }
      try append(
        Node(.prim(prim), arguments, outputs: outputs, blocks: blocks, location: location),
        results.map(\.value))
      return try zip(results, outputs).map {
        try traced($0.value, as: $1, dependsOnInputs: true, at: location)
      }
    }
  }

  /// The value, unless a branch or loop body that is over defines it.
  func visible(_ value: GraphValue, at location: SourceLocation?) throws -> GraphValue {
    guard isOpen(recording.values[value.index].block) else {
      var error = MartletError(
        .tracing,
        "a tensor made inside a branch or loop body is used outside of it: return it from the "
          + "closure, whose result the trace knows")
      error.location = location
      throw error
    }
    return value
  }

  func isOpen(_ block: Int?) -> Bool {
    guard let block else { return true }
    return openBlocks.contains { $0.number == block }
  }

  /// Where a new value belongs: parameters and constants are fetched at the method's beginning.
  func definingBlock(_ origin: Recording.Origin) -> Int? {
    switch origin {
    case .attribute, .constant: nil
    case .input, .node: openBlocks.last?.number
    }
  }
}
