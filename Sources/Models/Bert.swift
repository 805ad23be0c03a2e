import MartletNN
import MartletOps
import MartletTensor

/// The sizes and settings of a `BertModel`, with Hugging Face's names; the defaults are those of
/// `bert-base-uncased`.
public struct BertConfig: Sendable, Hashable {
  public var vocabSize = 30522
  public var hiddenSize = 768
  public var numHiddenLayers = 12
  public var numAttentionHeads = 12
  public var intermediateSize = 3072
  public var hiddenAct = Activation.gelu
  public var hiddenDropoutProb = 0.1
  public var attentionProbsDropoutProb = 0.1
  public var maxPositionEmbeddings = 512
  public var typeVocabSize = 2
  /// The deviation of the normal numbers that weights start as.
  public var initializerRange = 0.02
  public var layerNormEps = 1e-12
  public var padTokenID: Int? = 0

  public init() {}

  /// The function of the layers between the attentions.
  public enum Activation: String, Sendable, Hashable {
    case gelu, relu
  }
}

/// A BERT encoder (Devlin et al. 2018), with the names of Hugging Face's `BertModel`.
///
///     let (states, pooled) = try bert(ids)                          // ids: int64 [N, S]
///     let masked = try bert(ids, attentionMask: mask)               // mask: 1 to keep, 0 to hide
///
/// The states are `[N, S, hiddenSize]`, the pooled first element `[N, hiddenSize]`.
public final class BertModel: Module {
  public let embeddings: BertEmbeddings
  public let encoder: BertEncoder
  public let pooler: BertPooler?
  public let config: BertConfig

  public typealias Result = (lastHiddenState: Tensor, poolerOutput: Tensor?)

  public init(_ config: BertConfig = BertConfig(), addPoolingLayer: Bool = true) {
    embeddings = BertEmbeddings(config)
    encoder = BertEncoder(config)
    pooler = addPoolingLayer ? BertPooler(config) : nil
    self.config = config
    super.init()
    initializeWeights()
  }

  /// Draws every weight again, children first, as `PreTrainedModel.init_weights` does.
  private func initializeWeights() {
    func visit(_ module: ModuleBase) {
      for child in module.namedChildren() { visit(child.module) }
      if let layer = module as? Linear {
        drawNormal(layer.weight, std: config.initializerRange)
        clear(layer.bias)
      } else if let layer = module as? Embedding {
        drawNormal(layer.weight, std: config.initializerRange)
        layer.clearPaddingRow()
      }
    }
    visit(self)
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertModel"
  }

  public func forward(_ inputIDs: Tensor) throws -> Result {
    try encode(inputIDs, nil, nil, nil)
  }

  /// Runs the model.
  ///
  /// - Parameters:
  ///   - inputIDs: int64 `[N, S]`, the words' numbers.
  ///   - attentionMask: `[N, S]`; where it is 0 nobody attends.
  ///   - tokenTypeIDs: int64 `[N, S]`; zeros if not given.
  ///   - positionIDs: int64 `[1, S]` or `[N, S]`; from 0 if not given.
  /// - Throws: `MartletError` when shapes do not fit or a sequence is too long.
  public func callAsFunction(
    _ inputIDs: Tensor, attentionMask: Tensor?, tokenTypeIDs: Tensor? = nil,
    positionIDs: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Result {
    try step(
      inputIDs, attentionMask, tokenTypeIDs, positionIDs, at: SourceLocation(file, line)
    ) { try encode(inputIDs, attentionMask, tokenTypeIDs, positionIDs) }
  }

  private func encode(
    _ inputIDs: Tensor, _ attentionMask: Tensor?, _ tokenTypeIDs: Tensor?, _ positionIDs: Tensor?
  ) throws -> Result {
    let embedded = try embeddings(
      inputIDs, tokenTypeIDs: tokenTypeIDs, positionIDs: positionIDs)
    // True where a key takes part, for every head and query.
    let mask = try attentionMask.map { try $0.ne(0).unsqueeze(1).unsqueeze(1) }
    let states = try encoder(embedded, attentionMask: mask)
    return (states, try pooler.map { try $0(states) })
  }
}

/// Sums the embeddings of words, positions and sentence parts.
public final class BertEmbeddings: ModuleBase {
  public let wordEmbeddings, positionEmbeddings, tokenTypeEmbeddings: Embedding
  public let layerNorm: LayerNorm
  public let dropout: Dropout
  /// int64 `[1, maxPositionEmbeddings]`: 0, 1, ….
  public let positionIDs = Buffer(.unset, persistent: false)
  /// int64 `[1, maxPositionEmbeddings]`: zeros.
  public let tokenTypeIDs = Buffer(.unset, persistent: false)

  init(_ config: BertConfig) {
    wordEmbeddings = Embedding(
      config.vocabSize, config.hiddenSize, paddingIdx: config.padTokenID)
    positionEmbeddings = Embedding(config.maxPositionEmbeddings, config.hiddenSize)
    tokenTypeEmbeddings = Embedding(config.typeVocabSize, config.hiddenSize)
    layerNorm = LayerNorm(config.hiddenSize, eps: config.layerNormEps)
    dropout = Dropout(p: config.hiddenDropoutProb)
    super.init()
    construct {
      let count = config.maxPositionEmbeddings
      positionIDs.value = try Tensor((0..<count).map { Int64($0) }, shape: [1, count])
      tokenTypeIDs.value = try Tensor([Int64](repeating: 0, count: count), shape: [1, count])
    }
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertEmbeddings"
  }

  public override var attributeNames: [String: String] {
    ["layerNorm": "LayerNorm", "positionIDs": "position_ids", "tokenTypeIDs": "token_type_ids"]
  }

  /// The embedding of each element of a sequence: `[N, S] -> [N, S, hiddenSize]`.
  public func callAsFunction(
    _ inputIDs: Tensor, tokenTypeIDs: Tensor? = nil, positionIDs: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try step(inputIDs, tokenTypeIDs, positionIDs, at: SourceLocation(file, line)) {
      guard inputIDs.dim == 2 else {
        throw MartletError(.shape, "expected input ids of sizes [N, S], got \(inputIDs.sizes)")
      }
      let (batch, length) = (inputIDs.shape[0], inputIDs.shape[1])
      let longest = self.positionIDs.value.sizes[1]
      guard positionIDs != nil || inputIDs.sizes[1] <= longest else {
        throw MartletError(
          .shape,
          "expected sequences of at most \(longest) elements, got \(inputIDs.sizes[1])")
      }
      let positions =
        try positionIDs ?? self.positionIDs.value.slice(dim: 1, start: 0, end: length)
      let types =
        try tokenTypeIDs
        ?? self.tokenTypeIDs.value.expand([positions.shape[0], -1])
        .gather(dim: 1, positions).expand([batch, length])
      let sum = try wordEmbeddings(inputIDs) + tokenTypeEmbeddings(types)
      return try dropout(layerNorm(sum + positionEmbeddings(positions)))
    }
  }
}

/// The layers, one after the other.
public final class BertEncoder: ModuleBase {
  public let layer: ModuleList<BertLayer>

  init(_ config: BertConfig) {
    layer = ModuleList((0..<max(config.numHiddenLayers, 0)).map { _ in BertLayer(config) })
  }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertEncoder"
  }

  /// Runs every layer; the mask is true where a key takes part.
  public func callAsFunction(
    _ hiddenStates: Tensor, attentionMask: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try step(hiddenStates, attentionMask, at: SourceLocation(file, line)) {
      try layer.reduce(hiddenStates) { try $1($0, attentionMask: attentionMask) }
    }
  }
}

/// The first element of each sequence, through a linear layer and tanh.
public final class BertPooler: Module {
  public let dense: Linear
  public let activation = Tanh()

  init(_ config: BertConfig) { dense = Linear(config.hiddenSize, config.hiddenSize) }

  public override class var torchTypeName: String {
    "transformers.models.bert.modeling_bert.BertPooler"
  }

  public func forward(_ hiddenStates: Tensor) throws -> Tensor {
    let first = try hiddenStates.select(dim: 1, index: 0)
    return try activation(dense(first))
  }
}
