import MartletNN
import MartletOps
import MartletTensor

extension LayerCase {
  static let activations: [LayerCase] = [
    unary("ReLU") { ReLU() },
    unary("ReLU6") { ReLU6() },
    unary("SiLU") { SiLU() },
    unary("Mish") { Mish() },
    unary("SELU") { SELU() },
    unary("Hardsigmoid") { Hardsigmoid() },
    unary("Hardswish") { Hardswish() },
    unary("Sigmoid") { Sigmoid() },
    unary("LogSigmoid") { LogSigmoid() },
    unary("Tanh") { Tanh() },
    unary("Tanhshrink") { Tanhshrink() },
    unary("Softsign") { Softsign() },
    unary("ELU") { ELU() },
    unary("CELU") { CELU() },
    unary("LeakyReLU") { LeakyReLU() },
    unary("RReLU") { RReLU() },
    unary("Hardtanh") { Hardtanh() },
    unary("GELU") { GELU() },
    unary("Softplus") { Softplus() },
    unary("Hardshrink") { Hardshrink() },
    unary("Softshrink") { Softshrink() },
    unary("PReLU") { PReLU() },
    unary("ReLU.inplace") { ReLU(inplace: true) },
    unary("Hardswish.inplace") { Hardswish(inplace: true) },
    unary("ELU.alpha") { ELU(alpha: 0.5, inplace: true) },
    unary("CELU.alpha") { CELU(alpha: 2) },
    unary("LeakyReLU.slope") { LeakyReLU(negativeSlope: 0.2, inplace: true) },
    unary("RReLU.training") { RReLU() },
    unary("RReLU.range") { RReLU(lower: 0.1, upper: 0.4) },
    unary("Hardtanh.range") { Hardtanh(minVal: -2, maxVal: 0.5) },
    unary("Threshold") { Threshold(threshold: 0.1, value: 20) },
    unary("GELU.tanh") { GELU(approximate: .tanh) },
    unary("Softplus.beta") { Softplus(beta: 2, threshold: 5) },
    unary("Hardshrink.wide") { Hardshrink(lambd: 1.5) },
    unary("Softshrink.wide") { Softshrink(lambd: 1.5) },
    unary("PReLU.channels") { PReLU(numParameters: 3, initial: 0.1) },
    unary("GLU") { GLU() },
    unary("GLU.dim") { GLU(dim: 1) },
    unary("Softmax") { Softmax(dim: -1) },
    unary("Softmax.implicit") { Softmax() },
    unary("Softmin") { Softmin(dim: -1) },
    unary("Softmin.implicit") { Softmin() },
    unary("LogSoftmax") { LogSoftmax(dim: -1) },
    unary("LogSoftmax.implicit") { LogSoftmax() },
    unary("Softmax2d") { Softmax2d() },
    called("cosineSimilarity", { CosineSimilarity() }) { [try $0($1[0], $1[1])] },
    called("cosineSimilarity.dim", { CosineSimilarity(dim: 0, eps: 1e-6) }) {
      [try $0($1[0], $1[1])]
    },
  ]

  static let recurrent: [LayerCase] = [
    called("rnn", { RNN(3, 4) }) { try pair($0($1[0])) },
    called(
      "rnn.relu",
      { RNN(3, 2, numLayers: 2, nonlinearity: .relu, bias: false, batchFirst: true) }
    ) { try pair($0($1[0], $1[1])) },
    called("gru", { GRU(3, 4, numLayers: 2, bidirectional: true) }) { try pair($0($1[0])) },
    called("gru.state", { GRU(2, 3, batchFirst: true) }) { try pair($0($1[0], $1[1])) },
    called("lstm", { LSTM(3, 4) }) { try triple($0($1[0])) },
    called(
      "lstm.deep", { LSTM(3, 2, numLayers: 2, batchFirst: true, bidirectional: true) }
    ) { try triple($0($1[0])) },
    called("lstm.unbatched", { LSTM(3, 2, bias: false) }) {
      try triple($0($1[0], ($1[1], $1[2])))
    },
    called("lstm.dropout", { LSTM(2, 2, numLayers: 2, dropout: 0.5) }) { try triple($0($1[0])) },
    unary("rnnCell") { RNNCell(3, 4) },
    called("rnnCell.relu", { RNNCell(3, 2, bias: false, nonlinearity: .relu) }) {
      [try $0($1[0], $1[1])]
    },
    called("gruCell", { GRUCell(3, 4) }) { [try $0($1[0], $1[1])] },
    called("lstmCell", { LSTMCell(3, 2) }) { try pair($0($1[0])) },
    called("lstmCell.unbatched", { LSTMCell(3, 2) }) { try pair($0($1[0], ($1[1], $1[2]))) },
  ]

  private static func pair(_ result: (Tensor, Tensor)) -> [Tensor] { [result.0, result.1] }

  private static func triple(_ result: (output: Tensor, state: LSTM.State)) -> [Tensor] {
    [result.output, result.state.hidden, result.state.cell]
  }

  private static func some(_ result: (output: Tensor, weights: Tensor?)) -> [Tensor] {
    [result.output] + (result.weights.map { [$0] } ?? [])
  }

  static let attention: [LayerCase] = [
    called("attention", { MultiheadAttention(6, 2) }) { try some($0($1[0], $1[0], $1[0])) },
    called("attention.fused", { MultiheadAttention(6, 3, batchFirst: true) }) {
      try some($0($1[0], $1[0], $1[0], needWeights: false))
    },
    called("attention.cross", { MultiheadAttention(4, 2, bias: false) }) {
      try some($0($1[0], $1[1], $1[1], averageAttnWeights: false))
    },
    called("attention.sizes", { MultiheadAttention(4, 2, kdim: 3, vdim: 5, batchFirst: true) }) {
      try some($0($1[0], $1[1], $1[2]))
    },
    called(
      "attention.extra",
      { MultiheadAttention(4, 2, dropout: 0.1, addBiasKV: true, addZeroAttn: true) }
    ) { try some($0($1[0], $1[1], $1[2], keyPaddingMask: $1[3])) },
    called("attention.masks", { MultiheadAttention(4, 2, batchFirst: true) }) {
      try some(
        $0(
          $1[0], $1[0], $1[0], keyPaddingMask: $1[1], needWeights: false, attnMask: $1[2]))
    },
    called("attention.unbatched", { MultiheadAttention(4, 2) }) {
      try some($0($1[0], $1[0], $1[0], attnMask: $1[1]))
    },
    called("attention.headMasks", { MultiheadAttention(4, 2) }) {
      try some($0($1[0], $1[0], $1[0], attnMask: $1[1]))
    },
    called("attention.causal", { MultiheadAttention(4, 2) }) {
      try some($0($1[0], $1[0], $1[0], needWeights: false, attnMask: $1[1], isCausal: true))
    },
    unary("encoderLayer") { TransformerEncoderLayer(4, 2, dimFeedforward: 6) },
    called(
      "encoderLayer.normFirst",
      {
        TransformerEncoderLayer(
          4, 2, dimFeedforward: 6, dropout: 0, activation: .gelu, batchFirst: true,
          normFirst: true)
      }
    ) { [try $0($1[0], srcMask: $1[1])] },
  ]

  static let containers: [LayerCase] = [
    unary("sequential") {
      Sequential(Linear(3, 4), ReLU(), Sequential(Linear(4, 2), Tanh()))
    },
    called("blocks", { Blocks() }) { try pair($0($1[0])) },
  ]
}

/// Every way of holding children, parameters and buffers.
final class Blocks: Module {
  let blocks = [
    Linear(3, 3), Linear(3, 3), Linear(3, 3), Linear(3, 3, bias: false),
  ]
  let scale: Parameter
  let heads: [String: any UnaryModule] = [
    "left": Linear(3, 1),
    "right": Sequential {
      ReLU(); Linear(3, 1)
    },
  ]
  let offset, hidden: Buffer
  let tied: Linear
  let absent: Linear? = nil

  override init() {
    scale = Parameter(.unset)
    offset = Buffer(.unset)
    hidden = Buffer(.unset, persistent: false)
    tied = blocks[0]
    super.init()
    construct {
      scale.value = try Tensor([Float](repeating: 1, count: 3))
      offset.value = try Tensor([Float](repeating: 0, count: 3))
      hidden.value = offset.value
    }
  }

  func forward(_ x: Tensor) throws -> (Tensor, Tensor) {
    let y = try blocks.reduce(x) { try $1($0) }
    let z = try tied(y * scale.value + offset.value)
    guard let left = heads["left"], let right = heads["right"] else {
      throw MartletError(.argument, "a head is missing")
    }
    return (try left(z), try right(z))
  }
}
