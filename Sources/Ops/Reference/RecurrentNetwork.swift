import MartletTensor

/// What a recurrent network computes at each step.
package enum RecurrentCell: Sendable {
  case lstm, gru, tanh, relu

  /// How many rows of weights each hidden element has.
  package var gates: Int {
    switch self {
    case .lstm: 4
    case .gru: 3
    case .tanh, .relu: 1
    }
  }
}

/// A stack of recurrent layers, checked: `input: [T, B, I]`, `hidden: [layers · directions, B, H]`.
package struct RecurrentNetwork {
  /// The weights of one layer in one direction.
  struct Layer {
    let input: Tensor
    let hidden: Tensor
    let inputBias: Tensor?
    let hiddenBias: Tensor?
    /// From the hidden elements to the smaller state that goes on, for LSTMs with projections.
    let projection: Tensor?
  }

  let cell: RecurrentCell
  let input: Tensor
  let hidden: Tensor
  /// The LSTM's second state.
  let memory: Tensor?
  let layers: [Layer]
  let directions: Int
  /// Dropout of what goes from layer to layer, 0 outside training.
  let dropout: Double

  var steps: Int { input.sizes[0] }
  var batch: Int { input.sizes[1] }
  var stateWidth: Int { hidden.sizes[2] }
  var hiddenWidth: Int { (memory ?? hidden).sizes[2] }

  package init(
    cell: RecurrentCell, input: Tensor, hidden: Tensor, memory: Tensor?, parameters: [Tensor],
    hasBiases: Bool, layerCount: Int, dropout: Double = 0, isBidirectional: Bool = false
  ) throws {
    self.cell = cell
    self.input = input
    self.hidden = hidden
    self.memory = memory
    self.dropout = dropout
    directions = isBidirectional ? 2 : 1
    guard input.dim == 3, hidden.dim == 3, memory == nil || memory?.dim == 3 else {
      throw MartletError(
        .shape,
        "expected input [T, B, I] and states [layers, B, H], got \(input.sizes) and "
          + "\(hidden.sizes)")
    }
    try input.dtype.requireFloating("\(cell)")
    let hasProjections = memory.map { $0.sizes[2] != hidden.sizes[2] } ?? false
    let perLayer = 2 + (hasBiases ? 2 : 0) + (hasProjections ? 1 : 0)
    guard layerCount > 0, parameters.count == perLayer * layerCount * directions else {
      throw MartletError(
        .argument,
        "expected \(perLayer) parameters for each of \(layerCount) layers in \(directions) "
          + "directions, got \(parameters.count)")
    }
    layers = (0..<(layerCount * directions)).map { index in
      let own = parameters[(index * perLayer)..<((index + 1) * perLayer)].map { $0 }
      return Layer(
        input: own[0], hidden: own[1], inputBias: hasBiases ? own[2] : nil,
        hiddenBias: hasBiases ? own[3] : nil, projection: hasProjections ? own.last : nil)
    }
    try check(parameters)
  }

  private func check(_ parameters: [Tensor]) throws {
    for tensor in parameters + [hidden] + (memory.map { [$0] } ?? [])
    where tensor.dtype != input.dtype {
      throw MartletError(
        .dtype,
        "expected parameters and states to have the input's dtype \(input.dtype), got "
          + "\(tensor.dtype)")
    }
    func expect(_ tensor: Tensor?, _ sizes: [Int], _ name: String) throws {
      guard let tensor, tensor.sizes != sizes else { return }
      throw MartletError(.shape, "expected \(name) of sizes \(sizes), got \(tensor.sizes)")
    }
    try expect(hidden, [layers.count, batch, stateWidth], "hidden state")
    try expect(memory, [layers.count, batch, hiddenWidth], "cell state")
    let rows = cell.gates * hiddenWidth
    for (index, layer) in layers.enumerated() {
      let width = index < directions ? input.sizes[2] : stateWidth * directions
      try expect(layer.input, [rows, width], "input weights")
      try expect(layer.hidden, [rows, stateWidth], "hidden weights")
      try expect(layer.inputBias, [rows], "input bias")
      try expect(layer.hiddenBias, [rows], "hidden bias")
      try expect(layer.projection, [stateWidth, hiddenWidth], "projection weights")
    }
  }

  package var specs: [TensorSpec] {
    let output = TensorSpec([steps, batch, stateWidth * directions], input.dtype)
    let states = [hidden] + (memory.map { [$0] } ?? [])
    return [output] + states.map { TensorSpec($0.sizes, input.dtype) }
  }
}

extension RecurrentNetwork {
  /// The output of the last layer, `[T, B, directions · H]`, and the last states.
  package func evaluate() throws -> [Tensor] {
    input.dtype == .float64 ? try run(Double.self) : try run(Float.self)
  }

  private func run<T: RealElement>(_ type: T.Type) throws -> [Tensor] {
    let hiddenStart = try hidden.converted(to: T.dtype)
    let memoryStart = try memory?.converted(to: T.dtype)
    let lastHidden = try Tensor.allocate(hidden.sizes, T.dtype)
    let lastMemory = try memory.map { try Tensor.allocate($0.sizes, T.dtype) }
    var current = try input.converted(to: T.dtype).compacted()
    for index in layers.indices where index % directions == 0 {
      let output = try Tensor.allocate([steps, batch, stateWidth * directions], T.dtype)
      for direction in 0..<directions {
        var pass = try LayerPass<T>(
          cell: cell, layer: layers[index + direction],
          hidden: try hiddenStart.selectedView(0, index + direction).copied(),
          memory: try memoryStart?.selectedView(0, index + direction).copied(),
          isReversed: direction == 1, column: direction * stateWidth)
        try pass.run(over: current, into: output)
        try pass.hidden.write(into: lastHidden, at: index + direction, as: type)
        if let lastMemory {
          try pass.memory?.write(into: lastMemory, at: index + direction, as: type)
        }
      }
      current = output
      if dropout > 0, index + directions < layers.count {
        current = try DropoutFamily.dropout(.tensor(output), .double(dropout), true)
      }
    }
    return try ([current, lastHidden] + (lastMemory.map { [$0] } ?? [])).map {
      try $0.converted(to: input.dtype)
    }
  }
}

extension Tensor {
  /// Copies this tensor over one entry of a new tensor's first axis.
  fileprivate func write<T: ComputeElement>(into target: Tensor, at entry: Int, as: T.Type) throws {
    try read(as: T.self) { from in
      try target.writeUnshared(as: T.self) { to in
        for i in from.indices { to[entry * from.count + i] = from[i] }
      }
    }
  }
}
