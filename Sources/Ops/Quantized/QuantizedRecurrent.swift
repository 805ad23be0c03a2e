import MartletTensor

/// Recurrent networks whose products have packed weights, as `torch.ao.quantization`'s
/// `quantize_dynamic` makes them. Input and output are float32.
enum QuantizedRecurrent {
  package static let operators: [Operator] = [
    lstm, lstmPacked, gru, gruPacked, lstmCell, gruCell, tanhCell, reluCell,
  ]

  private static let type = PackedParameters.cellClass
  private static let linear = PackedParameters.linearClass
  private static let rest =
    "bool has_biases, int num_layers, float dropout, bool train, bool bidirectional"

  /// `input: [T, B, I]`, or `[B, T, I]` with `batch_first`; also gives the last states.
  static let lstm = Operator(
    "aten::quantized_lstm.input(Tensor input, Tensor[] hx, \(type)[] params, \(rest), "
      + "bool batch_first, *, ScalarType? dtype=None, bool use_dynamic=False) "
      + "-> (Tensor, Tensor, Tensor)",
    .composite { arguments in
      let states = try arguments.tensors("hx")
      guard states.count == 2 else {
        throw MartletError(.argument, "lstm expects two hidden states")
      }
      let results = try Network(arguments, isLSTM: true).run(
        try timeFirst(arguments), hidden: states[0], memory: states[1])
      return try asGiven(arguments, results)
    })

  static let gru = Operator(
    "aten::quantized_gru.input(Tensor input, Tensor hx, \(type)[] params, \(rest), "
      + "bool batch_first) -> (Tensor, Tensor)",
    .composite { arguments in
      let results = try Network(arguments, isLSTM: false).run(
        try timeFirst(arguments), hidden: try arguments.tensor("hx"), memory: nil)
      return try asGiven(arguments, results)
    })

  /// A packed sequence: the sequences' elements by step, and how many sequences each step has.
  static let lstmPacked = Operator(
    "aten::quantized_lstm.data(Tensor data, Tensor batch_sizes, Tensor[] hx, \(type)[] params, "
      + "\(rest), *, ScalarType? dtype=None, bool use_dynamic=False) "
      + "-> (Tensor, Tensor, Tensor)",
    .dataDependent { arguments in
      let states = try arguments.tensors("hx")
      guard states.count == 2 else {
        throw MartletError(.argument, "lstm expects two hidden states")
      }
      return try Network(arguments, isLSTM: true).run(
        try arguments.tensor("data"), hidden: states[0], memory: states[1],
        batchSizes: try arguments.tensor("batch_sizes").integers()
      ).map { .tensor($0) }
    })

  static let gruPacked = Operator(
    "aten::quantized_gru.data(Tensor data, Tensor batch_sizes, Tensor hx, \(type)[] params, "
      + "\(rest)) -> (Tensor, Tensor)",
    .dataDependent { arguments in
      try Network(arguments, isLSTM: false).run(
        try arguments.tensor("data"), hidden: try arguments.tensor("hx"), memory: nil,
        batchSizes: try arguments.tensor("batch_sizes").integers()
      ).map { .tensor($0) }
    })

  static let lstmCell = Operator(
    "quantized::quantized_lstm_cell_dynamic(Tensor input, Tensor[] hx, \(linear) w_ih, "
      + "\(linear) w_hh, Tensor bias_ih, Tensor bias_hh) -> (Tensor, Tensor)",
    .composite { arguments in
      let states = try arguments.tensors("hx")
      guard states.count == 2 else {
        throw MartletError(.argument, "lstm_cell expects two hidden states")
      }
      let cell = try QuantizedCell(arguments, kind: .lstm)
      let (hidden, memory) = try cell.step(
        try cell.fromInput(try arguments.tensor("input")), states[0], states[1])
      return [.tensor(hidden), memory.value]
    })

  static let gruCell = plainCell("quantized_gru_cell_dynamic", .gru)
  static let tanhCell = plainCell("quantized_rnn_tanh_cell_dynamic", .tanh)
  static let reluCell = plainCell("quantized_rnn_relu_cell_dynamic", .relu)

  private static func plainCell(_ name: String, _ kind: RecurrentCell) -> Operator {
    Operator(
      "quantized::\(name)(Tensor input, Tensor hx, \(linear) w_ih, \(linear) w_hh, "
        + "Tensor b_ih, Tensor b_hh) -> Tensor",
      .composite { arguments in
        let cell = try QuantizedCell(arguments, kind: kind)
        return [
          .tensor(
            try cell.step(
              try cell.fromInput(try arguments.tensor("input")), try arguments.tensor("hx"), nil
            ).hidden)
        ]
      })
  }

  private static func timeFirst(_ arguments: Arguments) throws -> Tensor {
    let input = try arguments.tensor("input")
    guard input.dim == 3 else {
      throw MartletError(.shape, "expected an input of three axes, got \(input.sizes)")
    }
    return try arguments.bool("batch_first") ? input.transposedView(0, 1) : input
  }

  private static func asGiven(_ arguments: Arguments, _ results: [Tensor]) throws -> [Value] {
    let output = try arguments.bool("batch_first") ? results[0].transposedView(0, 1) : results[0]
    return ([output] + results.dropFirst()).map { .tensor($0) }
  }
}

/// The layers of a network, each with its directions.
private struct Network {
  let cells: [QuantizedCell]
  let directions: Int

  init(_ arguments: Arguments, isLSTM: Bool) throws {
    guard try !arguments.bool("train") else {
      throw MartletError(.unsupported, "quantised recurrent networks are for inference alone")
    }
    directions = try arguments.bool("bidirectional") ? 2 : 1
    let layers = try arguments.int("num_layers")
    guard case .list(let values) = arguments["params"], layers > 0,
      values.count == layers * directions
    else {
      throw MartletError(
        .argument, "expected packed cells for \(layers) layers in \(directions) directions")
    }
    cells = try values.map { value in
      guard case .packed(let object) = value, case .cell(let packed) = object.content else {
        throw MartletError(.argument, "expected packed cells, got \(value.summary)")
      }
      return try QuantizedCell(packed, kind: isLSTM ? .lstm : .gru)
    }
  }

  /// - Parameters:
  ///   - input: `[T, B, I]`, or with `batchSizes` `[sum, I]`.
  ///   - hidden: `[layers · directions, B, H]`.
  /// - Returns: the last layer's output, and the last states.
  func run(
    _ input: Tensor, hidden: Tensor, memory: Tensor?, batchSizes: [Int]? = nil
  ) throws -> [Tensor] {
    for state in [hidden] + [memory].compactMap({ $0 }) {
      guard state.dim == 3, state.sizes[0] == cells.count else {
        throw MartletError(
          .shape, "expected states [\(cells.count), B, H], got \(state.sizes)")
      }
    }
    var current = input
    var lastHidden: [Tensor] = []
    var lastMemory: [Tensor] = []
    for first in stride(from: 0, to: cells.count, by: directions) {
      var outputs: [Tensor] = []
      for direction in 0..<directions {
        let index = first + direction
        let pass = Pass(cell: cells[index], isReversed: direction == 1)
        let start = (
          hidden: hidden.selectedView(0, index), memory: memory?.selectedView(0, index)
        )
        let end =
          try batchSizes.map { try pass.run(current, start, batchSizes: $0) }
          ?? pass.run(current, start)
        outputs.append(end.output)
        lastHidden.append(end.hidden)
        if let memory = end.memory { lastMemory.append(memory) }
      }
      current =
        directions == 1 ? outputs[0] : try Joining.cat(outputs.value, (-1).value)
    }
    let states = try [lastHidden, lastMemory].filter { !$0.isEmpty }.map {
      try Joining.stack($0.value, 0.value)
    }
    return [current] + states
  }
}

/// One layer in one direction.
private struct Pass {
  typealias State = (hidden: Tensor, memory: Tensor?)
  typealias End = (output: Tensor, hidden: Tensor, memory: Tensor?)

  let cell: QuantizedCell
  let isReversed: Bool

  func run(_ input: Tensor, _ start: State) throws -> End {
    // All steps' inputs are quantised by one scheme, as PyTorch does on this processor.
    let projected = try cell.fromInput(input)
    let steps = input.sizes[0]
    var state = start
    var outputs = [Tensor?](repeating: nil, count: steps)
    for index in 0..<steps {
      let step = isReversed ? steps - 1 - index : index
      state = try cell.step(projected.selectedView(0, step), state.hidden, state.memory)
      outputs[step] = state.hidden
    }
    guard steps > 0 else {
      throw MartletError(.shape, "expected a sequence of at least one step")
    }
    return (
      try Joining.stack(outputs.compactMap { $0 }.value, 0.value), state.hidden, state.memory
    )
  }

  /// Sequences that have ended keep their state; in reverse, they begin when their step comes.
  func run(_ input: Tensor, _ start: State, batchSizes: [Int]) throws -> End {
    guard let batch = batchSizes.first, batchSizes.reduce(0, +) == input.sizes[0],
      zip(batchSizes, batchSizes.dropFirst()).allSatisfy({ $0 >= $1 }),
      start.hidden.sizes[0] == batch
    else {
      throw MartletError(
        .shape,
        "batch sizes \(batchSizes) do not fit \(input.sizes[0]) elements and states "
          + "\(start.hidden.sizes)")
    }
    let projected = try cell.fromInput(input)
    var offsets = [0]
    for size in batchSizes { offsets.append(offsets[offsets.count - 1] + size) }
    var state = start
    var outputs = [Tensor?](repeating: nil, count: batchSizes.count)
    for index in batchSizes.indices {
      let step = isReversed ? batchSizes.count - 1 - index : index
      let size = batchSizes[step]
      let part = try cell.step(
        projected.narrowedView(0, offsets[step], size), state.hidden.narrowedView(0, 0, size),
        state.memory?.narrowedView(0, 0, size))
      outputs[step] = part.hidden
      state.hidden = try replacing(state.hidden, by: part.hidden)
      state.memory = try state.memory.flatMap { memory in
        try part.memory.map { try replacing(memory, by: $0) }
      }
    }
    return (
      try Joining.cat(outputs.compactMap { $0 }.value, 0.value), state.hidden, state.memory
    )
  }

  private func replacing(_ state: Tensor, by first: Tensor) throws -> Tensor {
    let (total, count) = (state.sizes[0], first.sizes[0])
    if total == count { return first }
    let others = state.narrowedView(0, count, total - count)
    return try Joining.cat([first, others].value, 0.value)
  }
}

/// One cell: its products and what it makes of them.
struct QuantizedCell {
  let kind: RecurrentCell
  private let input: PackedLinear
  private let hidden: PackedLinear
  private let reducesRange: Bool

  init(_ packed: PackedCell, kind: RecurrentCell) throws {
    guard case .linear(let input) = packed.inputProduct.content,
      case .linear(let hidden) = packed.hiddenProduct.content
    else { throw MartletError(.argument, "expected packed weights of linear layers") }
    (self.input, self.hidden, self.kind) = (input, hidden, kind)
    reducesRange = packed.reducesRange
  }

  /// From the arguments of a cell's operator.
  init(_ arguments: Arguments, kind: RecurrentCell) throws {
    input = try arguments.packedLinear("w_ih")
    hidden = try arguments.packedLinear("w_hh")
    self.kind = kind
    reducesRange = true
  }

  func fromInput(_ x: Tensor) throws -> Tensor {
    try QuantizedProducts.dynamic(x, input, reducesRange: reducesRange)
  }

  /// - Parameter projected: the input's product, with its bias.
  func step(_ projected: Tensor, _ state: Tensor, _ memory: Tensor?) throws -> (
    hidden: Tensor, memory: Tensor?
  ) {
    let product = try QuantizedProducts.dynamic(state, hidden, reducesRange: reducesRange)
    let width = projected.sizes[projected.dim - 1] / kind.gates
    func part(_ x: Tensor, _ gate: Int) -> Tensor {
      x.narrowedView(x.dim - 1, gate * width, width)
    }
    func add(_ a: Tensor, _ b: Tensor) throws -> Tensor {
      try Arithmetic.add[0](.tensor(a), .tensor(b), .int(1))
    }
    func multiply(_ a: Tensor, _ b: Tensor) throws -> Tensor {
      try Arithmetic.mul.operators[0](.tensor(a), .tensor(b))
    }
    func sigmoid(_ x: Tensor) throws -> Tensor { try Functions.sigmoid(.tensor(x)) }
    func tanh(_ x: Tensor) throws -> Tensor { try Functions.tanh(.tensor(x)) }
    guard product.sizes == projected.sizes else {
      throw MartletError(
        .shape,
        "the products of input and state have sizes \(projected.sizes) and "
          + "\(product.sizes)")
    }
    switch kind {
    case .lstm:
      guard let memory else { throw MartletError(.argument, "lstm expects two states") }
      let gates = try add(product, projected)
      let kept = try multiply(try sigmoid(part(gates, 1)), memory)
      let new = try multiply(try sigmoid(part(gates, 0)), try tanh(part(gates, 2)))
      let next = try add(kept, new)
      return (try multiply(try sigmoid(part(gates, 3)), try tanh(next)), next)
    case .gru:
      let reset = try sigmoid(try add(part(product, 0), part(projected, 0)))
      let update = try sigmoid(try add(part(product, 1), part(projected, 1)))
      let new = try tanh(try add(part(projected, 2), try multiply(part(product, 2), reset)))
      let difference = try Arithmetic.sub[0](.tensor(state), .tensor(new), .int(1))
      return (try add(try multiply(difference, update), new), nil)
    case .tanh: return (try tanh(try add(product, projected)), nil)
    case .relu: return (try Activations.relu(.tensor(try add(product, projected))), nil)
    }
  }
}
