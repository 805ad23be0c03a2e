import MartletNN
import MartletOps
import MartletTensor

/// Self-attention and a two-layer network, each after a layer norm and within a residual sum.
public final class GPT2Block: ModuleBase {
  public let ln1: LayerNorm
  public let attn: GPT2Attention
  public let ln2: LayerNorm
  public let mlp: GPT2MLP

  init(_ config: GPT2Config, position: Int) {
    ln1 = LayerNorm(config.nEmbd, eps: config.layerNormEpsilon)
    attn = GPT2Attention(config, position: position)
    ln2 = LayerNorm(config.nEmbd, eps: config.layerNormEpsilon)
    mlp = GPT2MLP(config)
  }

  public override class var torchTypeName: String {
    "transformers.models.gpt2.modeling_gpt2.GPT2Block"
  }

  public override var attributeNames: [String: String] { ["ln1": "ln_1", "ln2": "ln_2"] }

  /// The states `[N, S, nEmbd]` after the block, and the keys and values that it made of them.
  public func callAsFunction(
    _ states: Tensor, past: GPT2Attention.Past? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> (states: Tensor, key: Tensor, value: Tensor) {
    try step(
      states, past?.key, past?.value, past?.mask, at: SourceLocation(file, line)
    ) {
      let attended = try attn(ln1(states), past: past)
      let sum = try attended.output + states
      return (try sum + mlp(ln2(sum)), attended.key, attended.value)
    }
  }
}

/// Self-attention in which every element sees itself and those before it.
public final class GPT2Attention: ModuleBase {
  /// Queries, keys and values at once.
  public let cAttn: Conv1D
  public let cProj: Conv1D
  public let attnDropout, residDropout: Dropout
  private let headCount, headSize: Int
  private let scale: Double

  /// What earlier elements left.
  public struct Past {
    /// `[N, nHead, room, headSize]`.
    public let key, value: Tensor
    /// Truth values `[S, room + S]`: which earlier and which new elements a new one sees.
    public let mask: Tensor

    public init(key: Tensor, value: Tensor, mask: Tensor) {
      self.key = key
      self.value = value
      self.mask = mask
    }
  }

  init(_ config: GPT2Config, position: Int) {
    cAttn = Conv1D(3 * config.nEmbd, config.nEmbd)
    cProj = Conv1D(config.nEmbd, config.nEmbd)
    attnDropout = Dropout(p: config.attnPdrop)
    residDropout = Dropout(p: config.residPdrop)
    headCount = config.nHead
    headSize = config.headSize
    let base = config.scaleAttnWeights ? 1 / Double(max(headSize, 1)).squareRoot() : 1
    scale = config.scaleAttnByInverseLayerIdx ? base / Double(position + 1) : base
    super.init()
    require(
      headCount > 0 && headCount * headSize == config.nEmbd,
      "`embed_dim` must be divisible by num_heads (got `embed_dim`: \(config.nEmbd) and "
        + "`num_heads`: \(config.nHead))")
  }

  public override class var torchTypeName: String {
    "transformers.models.gpt2.modeling_gpt2.GPT2Attention"
  }

  /// `[N, S, nEmbd] -> [N, S, nEmbd]`, and the new elements' keys and values
  /// `[N, nHead, S, headSize]`.
  public func callAsFunction(
    _ states: Tensor, past: Past? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (output: Tensor, key: Tensor, value: Tensor) {
    try step(
      states, past?.key, past?.value, past?.mask, at: SourceLocation(file, line)
    ) {
      let shape = states.shape
      let parts = try cAttn(states).split(headCount * headSize, dim: 2).map {
        try $0.view([shape[0], shape[1], -1, Dim(headSize)]).transpose(1, 2)
      }
      let (query, key, value) = (parts[0], parts[1], parts[2])
      let attended = try F.scaledDotProductAttention(
        query, past.map { try Tensor.cat([$0.key, key], dim: 2) } ?? key,
        past.map { try Tensor.cat([$0.value, value], dim: 2) } ?? value,
        attnMask: past?.mask, dropoutP: training ? attnDropout.p : 0, isCausal: past == nil,
        scale: scale)
      let joined = try attended.transpose(1, 2).reshape([shape[0], shape[1], -1])
      return (try residDropout(cProj(joined)), key, value)
    }
  }
}

/// Two layers, the first one wider.
public final class GPT2MLP: Module {
  public let cFc, cProj: Conv1D
  public let act: any UnaryModule
  public let dropout: Dropout

  init(_ config: GPT2Config) {
    let width = config.nInner ?? 4 * config.nEmbd
    cFc = Conv1D(width, config.nEmbd)
    cProj = Conv1D(config.nEmbd, width)
    act =
      switch config.activationFunction {
      case .geluNew: NewGELUActivation()
      case .gelu: GELUActivation()
      case .relu: ReLU()
      }
    dropout = Dropout(p: config.residPdrop)
  }

  public override class var torchTypeName: String {
    "transformers.models.gpt2.modeling_gpt2.GPT2MLP"
  }

  public func forward(_ states: Tensor) throws -> Tensor {
    try dropout(cProj(act(cFc(states))))
  }
}

/// `y = x W + b` over the last axis, a linear layer with its weight transposed:
/// `[…, nx] -> […, nf]`.
public final class Conv1D: Module {
  /// `[nx, nf]`.
  public let weight = Parameter()
  /// `[nf]`.
  public let bias = Parameter()
  public let nf, nx: Int

  public init(_ nf: Int, _ nx: Int) {
    self.nf = nf
    self.nx = nx
    super.init()
    initialize(weight) { try Init.normal([nx, nf], std: 0.02) }
    initialize(bias) { try Init.zeros([nf]) }
  }

  public override class var torchTypeName: String { "transformers.pytorch_utils.Conv1D" }

  public override var extraDescription: String { "nf=\(nf), nx=\(nx)" }

  public func forward(_ x: Tensor) throws -> Tensor {
    guard x.dim > 0 else {
      throw MartletError(.shape, "expected an input of sizes […, \(nx)], got a single number")
    }
    let rows = try bias.value.addmm(x.reshape([-1, x.shape[-1]]), weight.value)
    return try rows.view(x.shape.dropLast() + [Dim(nf)])
  }
}

/// GELU by `tanh` under the name that Hugging Face gives it.
public final class NewGELUActivation: Module {
  public override class var torchTypeName: String { "transformers.activations.NewGELUActivation" }

  public func forward(_ x: Tensor) throws -> Tensor { try F.gelu(x, approximate: .tanh) }
}
