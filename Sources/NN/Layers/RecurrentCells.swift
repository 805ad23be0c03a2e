import MartletOps
import MartletTensor

/// What `RNNCell`, `GRUCell` and `LSTMCell` share: one step of a recurrent network,
/// `[N, inputSize]` and a state `[N, hiddenSize]`, or both without the batch axis.
public class RecurrentCellLayer: ModuleBase {
  /// `[gates · hiddenSize, inputSize]`.
  public let weightIH: Parameter
  /// `[gates · hiddenSize, hiddenSize]`.
  public let weightHH: Parameter
  /// `[gates · hiddenSize]`.
  public let biasIH, biasHH: Parameter?
  public let inputSize, hiddenSize: Int

  class var gateCount: Int { 1 }

  public init(_ inputSize: Int, _ hiddenSize: Int, bias: Bool = true) {
    weightIH = Parameter()
    weightHH = Parameter()
    biasIH = bias ? Parameter() : nil
    biasHH = bias ? Parameter() : nil
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    super.init()
    let gates = Self.gateCount * hiddenSize
    let bound = hiddenSize > 0 ? 1 / Double(hiddenSize).squareRoot() : 0
    func draw(_ parameter: Parameter?, _ sizes: [Int]) {
      initialize(parameter) { try Init.uniform(sizes, from: -bound, to: bound) }
    }
    draw(weightIH, [gates, inputSize])
    draw(weightHH, [gates, hiddenSize])
    draw(biasIH, [gates])
    draw(biasHH, [gates])
  }

  public override class var torchTypeName: String { "torch.nn.modules.rnn.\(self)" }

  public override var extraDescription: String {
    "\(inputSize), \(hiddenSize)" + (biasIH == nil ? ", bias=False" : "")
  }

  /// Runs the operator; states that are not given are zeros.
  func run(_ operatorName: String, _ input: Tensor, states given: [Tensor]?, stateCount: Int) throws
    -> [Tensor]
  {
    guard input.dim == 1 || input.dim == 2 else {
      throw MartletError(
        .shape, "\(Self.self): Expected input to be 1D or 2D, got \(input.dim)D instead")
    }
    if let state = given?.first(where: { $0.dim != 1 && $0.dim != 2 }) {
      throw MartletError(
        .shape, "\(Self.self): Expected hidden to be 1D or 2D, got \(state.dim)D instead")
    }
    let isBatched = input.dim == 2
    let x = isBatched ? input : try input.unsqueeze(0)
    let states: [Tensor]
    if let given {
      states = isBatched ? given : try given.map { try $0.unsqueeze(0) }
    } else {
      let zeros = try Tensor.zeros([x.shape[0], Dim(hiddenSize)], dtype: x.dtype)
      states = Array(repeating: zeros, count: stateCount)
    }
    let results = try operation(operatorName).call(
      [
        .tensor(x), stateCount == 1 ? .tensor(states[0]) : states.value,
        .tensor(weightIH.value), .tensor(weightHH.value), (biasIH?.value).value,
        (biasHH?.value).value,
      ], at: nil)
    return try results.map { isBatched ? try Tensor($0) : try Tensor($0).squeeze(0) }
  }
}

/// One step of an `RNN`.
public final class RNNCell: RecurrentCellLayer, Forward {
  public let nonlinearity: RecurrentNonlinearity

  public init(
    _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true,
    nonlinearity: RecurrentNonlinearity = .tanh
  ) {
    self.nonlinearity = nonlinearity
    super.init(inputSize, hiddenSize, bias: bias)
  }

  public override var extraDescription: String {
    super.extraDescription
      + (nonlinearity == .tanh ? "" : ", nonlinearity=\(nonlinearity.rawValue)")
  }

  public func forward(_ input: Tensor) throws -> Tensor { try run(input, nil) }

  /// The state after one from a given state.
  public func callAsFunction(
    _ input: Tensor, _ hidden: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try step(input, hidden, at: SourceLocation(file, line)) { try run(input, [hidden]) }
  }

  private func run(_ input: Tensor, _ states: [Tensor]?) throws -> Tensor {
    try run("aten::rnn_\(nonlinearity.rawValue)_cell", input, states: states, stateCount: 1)[0]
  }
}

/// One step of a `GRU`.
public final class GRUCell: RecurrentCellLayer, Forward {
  override class var gateCount: Int { 3 }

  public func forward(_ input: Tensor) throws -> Tensor {
    try run("aten::gru_cell", input, states: nil, stateCount: 1)[0]
  }

  /// The state after one from a given state.
  public func callAsFunction(
    _ input: Tensor, _ hidden: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try step(input, hidden, at: SourceLocation(file, line)) {
      try run("aten::gru_cell", input, states: [hidden], stateCount: 1)[0]
    }
  }
}

/// One step of an `LSTM`.
public final class LSTMCell: RecurrentCellLayer, Forward {
  override class var gateCount: Int { 4 }

  public func forward(_ input: Tensor) throws -> LSTM.State { try run(input, nil) }

  /// The states after one from given states.
  public func callAsFunction(
    _ input: Tensor, _ state: LSTM.State, file: StaticString = #fileID, line: UInt = #line
  ) throws -> LSTM.State {
    try step(input, state, at: SourceLocation(file, line)) {
      try run(input, [state.hidden, state.cell])
    }
  }

  private func run(_ input: Tensor, _ states: [Tensor]?) throws -> LSTM.State {
    let states = try run("aten::lstm_cell", input, states: states, stateCount: 2)
    return (states[0], states[1])
  }
}
