import MartletTensor

/// Recurrent networks and their single steps.
///
/// `input: [T, B, I]` (`[B, T, I]` with `batch_first`), `hx: [layers · directions, B, H]`;
/// `params` holds for each layer and direction `w_ih`, `w_hh`, then `b_ih`, `b_hh` where there are
/// biases. The results are the last layer's states at every step and the last states.
package enum Recurrent {
  package static let operators: [Operator] = [
    lstm, gru, tanh, relu, lstmCell, gruCell, tanhCell, reluCell,
  ]

  /// `c' = σ(f)·c + σ(i)·tanh(g)`, `h' = σ(o)·tanh(c')`
  static let lstm = make(
    "aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, "
      + "int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> "
      + "(Tensor, Tensor, Tensor)", .lstm)

  /// `h' = (1 - z)·tanh(n + r·(W_hn h + b_hn)) + z·h`
  static let gru = make(
    "aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, "
      + "float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)", .gru
  )

  static let tanh = make(
    "aten::rnn_tanh.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, "
      + "int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> "
      + "(Tensor, Tensor)", .tanh)

  static let relu = make(
    "aten::rnn_relu.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, "
      + "int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> "
      + "(Tensor, Tensor)", .relu)

  static let lstmCell = makeCell(
    "aten::lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, "
      + "Tensor? b_hh=None) -> (Tensor, Tensor)", .lstm)

  static let gruCell = makeCell(
    "aten::gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, "
      + "Tensor? b_hh=None) -> Tensor", .gru)

  static let tanhCell = makeCell(
    "aten::rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, "
      + "Tensor? b_hh=None) -> Tensor", .tanh)

  static let reluCell = makeCell(
    "aten::rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, "
      + "Tensor? b_hh=None) -> Tensor", .relu)

  /// The hidden state and, for an LSTM, the cell state.
  private static func states(_ arguments: Arguments, _ cell: RecurrentCell) throws -> (
    Tensor, Tensor?
  ) {
    guard cell == .lstm else { return (try arguments.tensor("hx"), nil) }
    let states = try arguments.tensors("hx")
    guard states.count == 2 else {
      throw MartletError(.argument, "lstm expects two hidden states, got \(states.count)")
    }
    return (states[0], states[1])
  }

  private static func make(_ schema: String, _ cell: RecurrentCell) -> Operator {
    Operator(
      schema, isRandom: true,
      .composite { arguments in
        let isBatchFirst = try arguments.bool("batch_first")
        let input = try arguments.tensor("input")
        guard input.dim == 3 else {
          throw MartletError(.shape, "expected an input of 3 axes, got \(input.sizes)")
        }
        let (hidden, memory) = try states(arguments, cell)
        let network = try RecurrentNetwork(
          cell: cell, input: isBatchFirst ? input.transposedView(0, 1) : input, hidden: hidden,
          memory: memory, parameters: try arguments.tensors("params"),
          hasBiases: try arguments.bool("has_biases"), layerCount: try arguments.int("num_layers"),
          dropout: try arguments.bool("train") ? try arguments.double("dropout") : 0,
          isBidirectional: try arguments.bool("bidirectional"))
        var results =
          arguments.hasMetaTensor
          ? try network.specs.map { try Tensor.meta($0.sizes, $0.dtype) } : try network.evaluate()
        if isBatchFirst { results[0] = results[0].transposedView(0, 1) }
        return results.map { .tensor($0) }
      })
  }

  private static func makeCell(_ schema: String, _ cell: RecurrentCell) -> Operator {
    Operator(
      schema,
      .composite { arguments in
        let input = try arguments.tensor("input")
        let (hidden, memory) = try states(arguments, cell)
        let biases = [
          try arguments.optionalTensor("b_ih"), try arguments.optionalTensor("b_hh"),
        ].compactMap { $0 }
        guard biases.count != 1 else {
          throw MartletError(.argument, "b_ih and b_hh must both be given or both be missing")
        }
        let network = try RecurrentNetwork(
          cell: cell, input: input.unsqueezedView(0), hidden: hidden.unsqueezedView(0),
          memory: memory?.unsqueezedView(0),
          parameters: [try arguments.tensor("w_ih"), try arguments.tensor("w_hh")] + biases,
          hasBiases: !biases.isEmpty, layerCount: 1)
        let results =
          arguments.hasMetaTensor
          ? try network.specs.map { try Tensor.meta($0.sizes, $0.dtype) } : try network.evaluate()
        return results.dropFirst().map { .tensor($0.selectedView(0, 0)) }
      })
  }
}
