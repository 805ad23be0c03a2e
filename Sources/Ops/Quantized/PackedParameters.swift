import MartletTensor

/// What PyTorch's quantised layers keep for their operators (`torch.classes.quantized`,
/// `torch.classes.rnn`): weights, biases and settings as one object, as `quantized::conv2d_prepack`
/// and its like make it.
///
/// PyTorch packs for the engine at hand; here the tensors stay as they were given.
public final class PackedParameters: Sendable {
  /// What is inside, by class.
  public enum Content: Sendable {
    case linear(PackedLinear)
    case convolution(PackedConvolution)
    case embedding(PackedEmbedding)
    case cell(PackedCell)
  }

  public let content: Content

  public init(_ content: Content) { self.content = content }
}

/// Weights `[O, I]` of a linear layer: qint8, or float32 that went through float16.
public struct PackedLinear: Sendable {
  public let weight: Tensor
  public let bias: Tensor?

  public init(weight: Tensor, bias: Tensor?) {
    self.weight = weight
    self.bias = bias
  }

  /// Whether the weights are floating-point ones.
  package var isHalf: Bool { !weight.isQuantized }
}

/// Weights `[O, I / groups, …]` of a convolution over two or three axes (transposed:
/// `[I, O / groups, …]`), and how it moves. One over a single axis has a first axis of size one.
public struct PackedConvolution: Sendable {
  public let weight: Tensor
  public let bias: Tensor?
  public let stride: [Int]
  public let padding: [Int]
  public let dilation: [Int]
  public let outputPadding: [Int]
  public let groups: Int
  public let isTransposed: Bool

  public init(
    weight: Tensor, bias: Tensor?, stride: [Int], padding: [Int], dilation: [Int],
    outputPadding: [Int], groups: Int, isTransposed: Bool
  ) {
    self.weight = weight
    self.bias = bias
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.outputPadding = outputPadding
    self.groups = groups
    self.isTransposed = isTransposed
  }

  package var spatialAxes: Int { weight.dim - 2 }
}

/// The table `[rows, width]` of an embedding, with a scale and zero point for each row.
public struct PackedEmbedding: Sendable {
  public let weight: Tensor

  public init(weight: Tensor) { self.weight = weight }
}

/// The two products of a recurrent cell.
public struct PackedCell: Sendable {
  /// How the cell computes, as it stands in archives.
  public enum Kind: String, Sendable {
    /// The input is quantised by its own range; biases are added in float32.
    case dynamic = "quantized_dynamic"
    /// Weights went through float16; biases are inside of the products.
    case half = "quantized_fp16"
  }

  public let kind: Kind
  public let inputProduct: PackedParameters
  public let hiddenProduct: PackedParameters
  public let inputBias: Tensor?
  public let hiddenBias: Tensor?
  /// Whether inputs are quantised to 7 bits.
  public let reducesRange: Bool

  public init(
    kind: Kind, inputProduct: PackedParameters, hiddenProduct: PackedParameters,
    inputBias: Tensor?, hiddenBias: Tensor?, reducesRange: Bool
  ) {
    self.kind = kind
    self.inputProduct = inputProduct
    self.hiddenProduct = hiddenProduct
    self.inputBias = inputBias
    self.hiddenBias = hiddenBias
    self.reducesRange = reducesRange
  }
}

extension PackedParameters {
  static let linearClass = "__torch__.torch.classes.quantized.LinearPackedParamsBase"
  static let convolution2dClass = "__torch__.torch.classes.quantized.Conv2dPackedParamsBase"
  static let convolution3dClass = "__torch__.torch.classes.quantized.Conv3dPackedParamsBase"
  static let embeddingClass = "__torch__.torch.classes.quantized.EmbeddingPackedParamsBase"
  static let cellClass = "__torch__.torch.classes.rnn.CellParamsBase"

  /// The qualified names of the classes, as archives spell them.
  public static let classNames = [
    linearClass, convolution2dClass, convolution3dClass, embeddingClass, cellClass,
  ]

  /// The class's qualified name, as `__torch__.torch.classes.quantized.LinearPackedParamsBase`.
  public var className: String {
    switch content {
    case .linear: Self.linearClass
    case .convolution(let packed):
      packed.spatialAxes == 3 ? Self.convolution3dClass : Self.convolution2dClass
    case .embedding: Self.embeddingClass
    case .cell: Self.cellClass
    }
  }

  /// A short text for messages.
  package var summary: String {
    let name = className.split(separator: ".").last.map(String.init) ?? className
    switch content {
    case .linear(let packed): return "\(name)(\(packed.weight.dtype)\(packed.weight.sizes))"
    case .convolution(let packed): return "\(name)(\(packed.weight.dtype)\(packed.weight.sizes))"
    case .embedding(let packed): return "\(name)(\(packed.weight.dtype)\(packed.weight.sizes))"
    case .cell(let packed): return "\(name)(\(packed.kind.rawValue))"
    }
  }
}
