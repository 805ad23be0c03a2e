import MartletNN
import MartletOps
import MartletTensor

/// Self-attention and a two-layer network, each with a residual sum and a layer norm after it.
public final class BertLayer: ModuleBase {
  public let attention: BertAttention
  public let intermediate: BertIntermediate
  public let output: BertOutput

  init(_ config: BertConfig) {
    attention = BertAttention(config)
    intermediate = BertIntermediate(config)
    output = BertOutput(
      config, from: config.intermediateSize)
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertLayer"
  }

  /// `[N, S, hiddenSize] -> [N, S, hiddenSize]`.
  public func callAsFunction(
    _ hiddenStates: Tensor, attentionMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try step(hiddenStates, attentionMask, at: SourceLocation(file, line)) {
      let attended = try attention(hiddenStates, attentionMask: attentionMask)
      return try output(intermediate(attended), attended)
    }
  }
}

/// Self-attention with its output projection.
public final class BertAttention: ModuleBase {
  public let selfAttention: BertSelfAttention
  public let output: BertSelfOutput

  init(_ config: BertConfig) {
    selfAttention = BertSelfAttention(config)
    output = BertSelfOutput(config, from: config.hiddenSize)
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertAttention"
  }

  public override var attributeNames: [String: String] { ["selfAttention": "self"] }

  /// `[N, S, hiddenSize] -> [N, S, hiddenSize]`.
  public func callAsFunction(
    _ hiddenStates: Tensor, attentionMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try step(hiddenStates, attentionMask, at: SourceLocation(file, line)) {
      try output(
        selfAttention(hiddenStates, attentionMask: attentionMask), hiddenStates)
    }
  }
}

/// The attention itself: projections, scores, weighted sums of values.
public final class BertSelfAttention: ModuleBase {
  public let query, key, value: Linear
  public let dropout: Dropout
  let headCount, headSize: Int

  init(_ config: BertConfig) {
    let size = config.hiddenSize
    headCount = config.numAttentionHeads
    headSize = headCount > 0 ? size / headCount : 0
    query = Linear(size, size)
    key = Linear(size, size)
    value = Linear(size, size)
    dropout = Dropout(p: config.attentionProbsDropoutProb)
    super.init()
    require(
      headCount * headSize == size,
      "The hidden size (\(size)) is not a multiple of the number of attention heads (\(headCount))")
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertSelfAttention"
  }

  /// `[N, S, hiddenSize] -> [N, S, hiddenSize]`.
  public func callAsFunction(
    _ hiddenStates: Tensor, attentionMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try step(hiddenStates, attentionMask, at: SourceLocation(file, line)) {
      let shape = hiddenStates.shape
      func heads(_ x: Tensor) throws -> Tensor {
        try x.view([shape[0], shape[1], -1, Dim(headSize)]).transpose(1, 2)
      }
      let attended = try F.scaledDotProductAttention(
        heads(query(hiddenStates)), heads(key(hiddenStates)), heads(value(hiddenStates)),
        attnMask: attentionMask, dropoutP: training ? dropout.p : 0,
        scale: 1 / Double(headSize).squareRoot())
      return try attended.transpose(1, 2).contiguous(file: #fileID, line: #line).reshape([
        shape[0], shape[1], -1,
      ])
    }
  }
}

/// What ends both halves of a layer: a linear layer, dropout, the residual sum, a layer norm.
public class BertResidualOutput: Module {
  public let dense: Linear
  public let layerNorm: LayerNorm
  public let dropout: Dropout

  init(_ config: BertConfig, from size: Int) {
    dense = Linear(size, config.hiddenSize)
    layerNorm = LayerNorm(config.hiddenSize, eps: config.layerNormEps)
    dropout = Dropout(p: config.hiddenDropoutProb)
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.\(self)"
  }

  public override var attributeNames: [String: String] { ["layerNorm": "LayerNorm"] }

  /// The states and what is added to them.
  public func forward(_ inputs: (Tensor, Tensor)) throws -> Tensor {
    try layerNorm(dropout(dense(inputs.0)) + inputs.1)
  }
}

/// Ends the attention half.
public final class BertSelfOutput: BertResidualOutput {}

/// Ends the network half.
public final class BertOutput: BertResidualOutput {}

/// The first, wider layer of the network.
public final class BertIntermediate: Module {
  public let dense: Linear
  public let intermediateActFn: any UnaryModule

  init(_ config: BertConfig) {
    dense = Linear(config.hiddenSize, config.intermediateSize)
    intermediateActFn = config.hiddenAct == .gelu ? GELUActivation() : ReLU()
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertIntermediate"
  }

  public func forward(_ hiddenStates: Tensor) throws -> Tensor {
    try intermediateActFn(dense(hiddenStates))
  }
}

/// GELU under the name that Hugging Face gives it.
public final class GELUActivation: Module {
  public override class var torchTypeName: String { "transformers.activations.GELUActivation" }

  public func forward(_ x: Tensor) throws -> Tensor { try F.gelu(x) }
}
