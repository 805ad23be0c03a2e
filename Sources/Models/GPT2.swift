import MartletNN
import MartletOps
import MartletTensor

/// The sizes and settings of a `GPT2LMHeadModel`, with Hugging Face's names; the defaults are
/// those of `openai-community/gpt2`.
public struct GPT2Config: Sendable, Hashable {
  public var vocabSize = 50257
  /// How many elements a sequence may have.
  public var nPositions = 1024
  public var nEmbd = 768
  public var nLayer = 12
  public var nHead = 12
  /// The width of the network inside a block; four times `nEmbd` when nil.
  public var nInner: Int?
  public var activationFunction = Activation.geluNew
  public var residPdrop = 0.1
  public var embdPdrop = 0.1
  public var attnPdrop = 0.1
  public var layerNormEpsilon = 1e-5
  /// The deviation of the normal numbers that weights start as.
  public var initializerRange = 0.02
  /// Whether scores are divided by the root of the heads' width.
  public var scaleAttnWeights = true
  /// Whether scores are divided by the block's number, too.
  public var scaleAttnByInverseLayerIdx = false
  /// What ends a text.
  public var eosTokenID: Int? = 50256

  public init() {}

  /// The function inside a block.
  public enum Activation: String, Sendable, Hashable {
    case geluNew = "gelu_new"
    case gelu, relu
  }

  /// The width of one head.
  public var headSize: Int { nHead > 0 ? nEmbd / nHead : 0 }
}

/// GPT-2 (Radford et al. 2019) with its language head, whose weight is that of the word
/// embedding, with the names of Hugging Face's `GPT2LMHeadModel`:
/// int64 `[N, S]` to the scores of every next word, `[N, S, vocabSize]`.
public final class GPT2LMHeadModel: Module {
  public let transformer: GPT2Model
  public let lmHead: Linear
  public let config: GPT2Config

  public init(_ config: GPT2Config = GPT2Config()) {
    transformer = GPT2Model(config)
    lmHead = Linear(sharing: transformer.wte.weight)
    self.config = config
  }

  public override class var torchTypeName: String {
    "transformers.models.gpt2.modeling_gpt2.GPT2LMHeadModel"
  }

  public func forward(_ inputIDs: Tensor) throws -> Tensor {
    try lmHead(transformer(inputIDs))
  }

  /// Takes weights as published too: without the language head, with the blocks' masks, and with
  /// the names of the transformer alone.
  public override func adapt(_ stateDict: inout StateDict, prefix: String) {
    let parts = ["wte.", "wpe.", "h.", "ln_f."]
    for key in stateDict.keys where key.hasPrefix(prefix) {
      let name = String(key.dropFirst(prefix.count))
      if name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias") {
        stateDict[key] = nil
      } else if parts.contains(where: name.hasPrefix) {
        stateDict[prefix + "transformer." + name] = stateDict[key]
        stateDict[key] = nil
      }
    }
    let (head, words) = (prefix + "lm_head.weight", prefix + "transformer.wte.weight")
    if stateDict[head] == nil { stateDict[head] = stateDict[words] }
  }
}

/// The blocks of a `GPT2LMHeadModel`: int64 `[N, S]` to states `[N, S, nEmbd]`.
public final class GPT2Model: ModuleBase {
  public let wte, wpe: Embedding
  public let drop: Dropout
  public let h: ModuleList<GPT2Block>
  public let lnF: LayerNorm
  private let config: GPT2Config

  public init(_ config: GPT2Config = GPT2Config()) {
    wte = Embedding(config.vocabSize, config.nEmbd)
    wpe = Embedding(config.nPositions, config.nEmbd)
    drop = Dropout(p: config.embdPdrop)
    h = ModuleList((0..<max(config.nLayer, 0)).map { GPT2Block(config, position: $0) })
    lnF = LayerNorm(config.nEmbd, eps: config.layerNormEpsilon)
    self.config = config
    super.init()
    initializeWeights()
  }

  /// Draws every weight again, children first, as `PreTrainedModel.init_weights` does; those that
  /// end a residual branch more narrowly the more branches there are.
  private func initializeWeights() {
    let narrow = config.initializerRange / Double(max(2 * config.nLayer, 1)).squareRoot()
    func visit(_ module: ModuleBase) {
      for child in module.namedChildren() { visit(child.module) }
      switch module {
      case let layer as Embedding: drawNormal(layer.weight, std: config.initializerRange)
      case let layer as Conv1D: drawNormal(layer.weight, std: config.initializerRange)
      case let attention as GPT2Attention: drawNormal(attention.cProj.weight, std: narrow)
      case let network as GPT2MLP: drawNormal(network.cProj.weight, std: narrow)
      default: break
      }
    }
    visit(self)
  }

  public override class var torchTypeName: String {
    "transformers.models.gpt2.modeling_gpt2.GPT2Model"
  }

  /// Runs every block over whole sequences.
  public func callAsFunction(
    _ inputIDs: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try step(inputIDs, at: SourceLocation(file, line)) {
      try check(inputIDs)
      let states = try embedded(inputIDs, places: .arange(inputIDs.shape[1]))
      return try lnF(h.reduce(states) { try $1($0).states })
    }
  }

  /// Runs every block over the elements that follow kept ones, which are `position` in number.
  ///
  /// - Parameters:
  ///   - keys: `[nLayer, N, nHead, room, headSize]`, of which the first `position` are read.
  ///   - values: of the same sizes.
  /// - Returns: the states `[N, S, nEmbd]`, and the new elements' keys and values, of sizes
  ///   `[nLayer, N, nHead, S, headSize]`.
  public func callAsFunction(
    _ inputIDs: Tensor, position: Tensor, keys: Tensor, values: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> (states: Tensor, keys: Tensor, values: Tensor) {
    try step(inputIDs, position, keys, values, at: SourceLocation(file, line)) {
      try check(inputIDs)
      let (count, room) = (inputIDs.shape[1], keys.shape[-2])
      let places = try Tensor.arange(count)
      let kept = try Tensor.arange(room).lt(position).unsqueeze(0).expand([count, room])
      let visible = try Tensor.cat([kept, places.unsqueeze(0).le(places.unsqueeze(1))], dim: 1)
      var states = try embedded(inputIDs, places: places + position)
      var (newKeys, newValues): ([Tensor], [Tensor]) = ([], [])
      for (i, block) in h.enumerated() {
        let past = GPT2Attention.Past(
          key: try keys.select(dim: 0, index: i), value: try values.select(dim: 0, index: i),
          mask: visible)
        let result = try block(states, past: past)
        states = result.states
        newKeys.append(result.key)
        newValues.append(result.value)
      }
      return (try lnF(states), try Tensor.stack(newKeys), try Tensor.stack(newValues))
    }
  }

  private func check(_ inputIDs: Tensor) throws {
    guard inputIDs.dim == 2 else {
      throw MartletError(.shape, "expected input ids of sizes [N, S], got \(inputIDs.sizes)")
    }
    guard inputIDs.sizes[1] <= config.nPositions else {
      throw MartletError(
        .shape,
        "expected sequences of at most \(config.nPositions) elements, got \(inputIDs.sizes[1])")
    }
  }

  private func embedded(_ inputIDs: Tensor, places: Tensor) throws -> Tensor {
    try drop(wte(inputIDs) + wpe(places.unsqueeze(0)))
  }
}
