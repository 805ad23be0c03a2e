import MartletOps

/// Which values each call of a recording takes in and gives out, found by where values are
/// defined and used.
struct Routes {
  private(set) var inputs: [[GraphValue]]
  private(set) var outputs: [[GraphValue]]
  private var isInput: [Set<GraphValue>]
  private var isOutput: [Set<GraphValue>]
  private let recording: Recording
  private let modules: ModuleTable

  init(_ recording: Recording, _ modules: ModuleTable) {
    self.recording = recording
    self.modules = modules
    inputs = [[GraphValue]](repeating: [], count: recording.frames.count)
    outputs = inputs
    isInput = [Set<GraphValue>](repeating: [], count: recording.frames.count)
    isOutput = isInput
    for recorded in recording.nodes {
      for argument in recorded.node.arguments {
        argument.forEachValue { bring($0, to: recorded.frame) }
      }
      for block in recorded.node.blocks { block.forEachUse { bring($0, to: recorded.frame) } }
    }
    recording.output.forEachValue { bring($0, to: 0) }
    for (index, frame) in recording.frames.enumerated() {
      inputs[index] = declaredFirst(inputs[index], frame.inputs)
      outputs[index] = declaredFirst(outputs[index], frame.outputs)
    }
  }

  /// Whether the frame gets the value from its caller.
  func takes(_ value: GraphValue, in frame: Int) -> Bool { isInput[frame].contains(value) }

  /// Makes the value visible in the frame: up from where it is defined to the innermost frame
  /// that encloses both, then down.
  private mutating func bring(_ value: GraphValue, to frame: Int) {
    var target = frame
    var source: Int
    switch recording.values[value.index].origin {
    case .constant: return
    case .attribute(let references): source = home(of: references, from: frame)
    case .input, .node: source = recording.values[value.index].frame
    }
    while target != source {
      if recording.frames[target].depth >= recording.frames[source].depth {
        guard isInput[target].insert(value).inserted else { return }
        inputs[target].append(value)
        target = recording.frames[target].parent ?? 0
      } else {
        if isOutput[source].insert(value).inserted { outputs[source].append(value) }
        source = recording.frames[source].parent ?? 0
      }
    }
  }

  /// The innermost frame from this one outwards whose module holds the parameter.
  private func home(of references: [AttributeReference], from frame: Int) -> Int {
    var frame = frame
    while let parent = recording.frames[frame].parent {
      if reference(references, in: frame) != nil { return frame }
      frame = parent
    }
    return frame
  }

  /// The names that lead from the frame's module to the parameter.
  func reference(_ references: [AttributeReference], in frame: Int) -> [String]? {
    let module = recording.frames[frame].module
    var best: [String]?
    for reference in references {
      guard let chain = modules.chain(from: module, to: reference.module) else { continue }
      if best.map({ chain.count + 1 < $0.count }) ?? true { best = chain + [reference.name] }
    }
    return best
  }

  private func declaredFirst(_ values: [GraphValue], _ declared: [GraphValue]) -> [GraphValue] {
    guard values.count > 1, !declared.isEmpty else { return values }
    let used = Set(values)
    var seen: Set<GraphValue> = []
    return (declared + values).filter { used.contains($0) && seen.insert($0).inserted }
  }
}
