import MartletOps
import MartletTensor

/// What `RNN`, `GRU` and `LSTM` share: layers of recurrent cells over a sequence.
///
/// Shape: `[L, N, inputSize]`, with `batchFirst` `[N, L, inputSize]`, or without the batch axis ->
/// the same with `hiddenSize` times the number of directions. States are
/// `[numLayers · directions, N, hiddenSize]`.
public class RecurrentLayer: ModuleBase {
  /// Of each layer and direction `weight_ih`, `weight_hh`, then `bias_ih`, `bias_hh`, under
  /// PyTorch's names, as `weight_ih_l0_reverse`.
  public let parameters: [(name: String, parameter: Parameter)]
  public let inputSize, hiddenSize, numLayers: Int
  public let hasBias, batchFirst, bidirectional: Bool
  /// Between the layers, in training.
  public let dropout: Double

  /// How many times the hidden size a cell's weights hold.
  class var gateCount: Int { 1 }

  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false
  ) {
    parameters = (0..<max(numLayers, 0)).flatMap { layer in
      ["", "_reverse"].prefix(bidirectional ? 2 : 1).flatMap { direction in
        (["weight_ih", "weight_hh"] + (bias ? ["bias_ih", "bias_hh"] : [])).map {
          ("\($0)_l\(layer)\(direction)", Parameter())
        }
      }
    }
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.numLayers = numLayers
    self.hasBias = bias
    self.batchFirst = batchFirst
    self.bidirectional = bidirectional
    self.dropout = dropout
    super.init()
    require(inputSize > 0, "input_size must be greater than zero, got \(inputSize)")
    require(hiddenSize > 0, "hidden_size must be greater than zero, got \(hiddenSize)")
    require(numLayers > 0, "num_layers must be greater than zero, got \(numLayers)")
    require(
      dropout >= 0 && dropout <= 1,
      "dropout should be a number in range [0, 1] representing the probability of an element "
        + "being zeroed, got \(dropout)")
    initializeParameters()
  }

  private func initializeParameters() {
    let gates = Self.gateCount * hiddenSize
    let bound = hiddenSize > 0 ? 1 / Double(hiddenSize).squareRoot() : 0
    for (name, parameter) in parameters {
      let deeper = bidirectional ? 2 * hiddenSize : hiddenSize
      let input = name.hasPrefix("weight_ih_l0") ? inputSize : deeper
      let sizes =
        name.hasPrefix("bias")
        ? [gates] : [gates, name.hasPrefix("weight_hh") ? hiddenSize : input]
      initialize(parameter) { try Init.uniform(sizes, from: -bound, to: bound) }
    }
  }

  package override func entries() -> [ModuleEntry] {
    parameters.map { ModuleEntry(name: $0.name, content: .parameter($0.parameter)) }
  }

  public override class var torchTypeName: String { "torch.nn.modules.rnn.\(self)" }

  public override var extraDescription: String {
    var parts = ["\(inputSize)", "\(hiddenSize)"]
    if numLayers != 1 { parts.append("num_layers=\(numLayers)") }
    if !hasBias { parts.append("bias=False") }
    if batchFirst { parts.append("batch_first=True") }
    if dropout != 0 { parts.append("dropout=\(dropout)") }
    if bidirectional { parts.append("bidirectional=True") }
    return parts.joined(separator: ", ")
  }

  /// Runs the operator; states that are not given are zeros.
  ///
  /// - Returns: the output and the last states.
  func run(_ operatorName: String, _ input: Tensor, states given: [Tensor]?, stateCount: Int) throws
    -> (output: Tensor, states: [Tensor])
  {
    let isBatched = try checkedRank(of: input)
    let axis = batchFirst ? 0 : 1
    let x = isBatched ? input : try input.unsqueeze(axis)
    try check(x)
    let batch = x.shape[axis]
    let count = numLayers * (bidirectional ? 2 : 1)
    var states: [Tensor]
    if let given {
      states = isBatched ? given : try given.map { try $0.unsqueeze(1) }
      try check(states, [count, x.sizes[axis], hiddenSize])
    } else {
      let zeros = try (0..<stateCount).map { _ in
        try Tensor.zeros([Dim(count), batch, Dim(hiddenSize)], dtype: x.dtype)
      }
      states = zeros
    }
    let results = try operation(operatorName).call(
      [
        .tensor(x), stateCount == 1 ? .tensor(states[0]) : states.value,
        parameters.map(\.parameter.value).value, .bool(hasBias), .int(Dim(numLayers)),
        .double(dropout), .bool(training), .bool(bidirectional), .bool(batchFirst),
      ], at: nil)
    let output = try Tensor(results[0])
    states = try results.dropFirst().map { try Tensor($0) }
    if isBatched { return (output, states) }
    return (try output.squeeze(axis), try states.map { try $0.squeeze(1) })
  }

  private func checkedRank(of input: Tensor) throws -> Bool {
    guard input.dim == 2 || input.dim == 3 else {
      throw MartletError(
        .shape,
        "\(Self.self): Expected input to be 2D or 3D, got \(input.dim)D tensor instead")
    }
    return input.dim == 3
  }

  private func check(_ x: Tensor) throws {
    let dtype = parameters[0].parameter.value.dtype
    guard x.dtype == dtype else {
      throw MartletError(
        .dtype, "RNN input dtype (\(x.dtype)) does not match weight dtype (\(dtype))")
    }
    guard x.sizes[2] == inputSize else {
      throw MartletError(
        .shape,
        "input.size(-1) must be equal to input_size. Expected \(inputSize), got \(x.sizes[2])")
    }
  }

  private func check(_ states: [Tensor], _ expected: [Int]) throws {
    for (index, state) in states.enumerated() where state.sizes != expected {
      let name = states.count == 1 ? "hidden" : "hidden[\(index)]"
      throw MartletError(
        .shape, "Expected \(name) size \(Python.tuple(expected)), got \(state.sizes)")
    }
  }
}

/// The operator of a full name, as `aten::lstm.input`.
func operation(_ name: String) throws -> Operator {
  guard let found = Catalog.byName[name] else {
    throw MartletError(.unsupported, "the operator \(name) does not exist")
  }
  return found
}

/// The function of a plain recurrent cell.
public enum RecurrentNonlinearity: String, Sendable, Hashable {
  case tanh, relu
}

/// A recurrent network: h′ = tanh(W x + b + W′ h + b′), or with ReLU.
public final class RNN: RecurrentLayer, Forward {
  public let nonlinearity: RecurrentNonlinearity

  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1,
    nonlinearity: RecurrentNonlinearity = .tanh, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) {
    self.nonlinearity = nonlinearity
    super.init(
      inputSize, hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional)
  }

  public func forward(_ input: Tensor) throws -> (output: Tensor, hidden: Tensor) {
    try run(input, nil)
  }

  /// Runs from a given state.
  public func callAsFunction(
    _ input: Tensor, _ hidden: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (output: Tensor, hidden: Tensor) {
    try step(input, hidden, at: SourceLocation(file, line)) { try run(input, hidden) }
  }

  private func run(_ input: Tensor, _ hidden: Tensor?) throws -> (output: Tensor, hidden: Tensor) {
    let result = try run(
      "aten::rnn_\(nonlinearity.rawValue).input", input, states: hidden.map { [$0] },
      stateCount: 1)
    return (result.output, result.states[0])
  }
}

/// A network of gated recurrent units.
public final class GRU: RecurrentLayer, Forward {
  override class var gateCount: Int { 3 }

  public func forward(_ input: Tensor) throws -> (output: Tensor, hidden: Tensor) {
    try run(input, nil)
  }

  /// Runs from a given state.
  public func callAsFunction(
    _ input: Tensor, _ hidden: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (output: Tensor, hidden: Tensor) {
    try step(input, hidden, at: SourceLocation(file, line)) { try run(input, hidden) }
  }

  private func run(_ input: Tensor, _ hidden: Tensor?) throws -> (output: Tensor, hidden: Tensor) {
    let result = try run("aten::gru.input", input, states: hidden.map { [$0] }, stateCount: 1)
    return (result.output, result.states[0])
  }
}

/// A network of long short-term memory cells. Projections (`proj_size`) are not supported.
public final class LSTM: RecurrentLayer, Forward {
  override class var gateCount: Int { 4 }

  /// The hidden and the cell states.
  public typealias State = (hidden: Tensor, cell: Tensor)

  public func forward(_ input: Tensor) throws -> (output: Tensor, state: State) {
    try run(input, nil)
  }

  /// Runs from a given state.
  public func callAsFunction(
    _ input: Tensor, _ state: State, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (output: Tensor, state: State) {
    try step(input, state, at: SourceLocation(file, line)) { try run(input, state) }
  }

  private func run(_ input: Tensor, _ state: State?) throws -> (output: Tensor, state: State) {
    let result = try run(
      "aten::lstm.input", input, states: state.map { [$0.hidden, $0.cell] }, stateCount: 2)
    return (result.output, (result.states[0], result.states[1]))
  }
}
