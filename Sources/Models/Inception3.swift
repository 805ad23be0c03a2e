import MartletNN
import MartletOps
import MartletTensor

/// Inception v3 for images (Szegedy et al. 2015), with torchvision's names:
/// `[N, 3, H, W] -> [N, numClasses]`, made for 299 × 299 pixels, at least 75 × 75.
public final class Inception3: Module {
  public let conv2d1a3x3, conv2d2a3x3, conv2d2b3x3: BasicConv2d
  public let maxpool1: MaxPool2d
  public let conv2d3b1x1, conv2d4a3x3: BasicConv2d
  public let maxpool2: MaxPool2d
  public let mixed5b, mixed5c, mixed5d: InceptionA
  public let mixed6a: InceptionB
  public let mixed6b, mixed6c, mixed6d, mixed6e: InceptionC
  /// The second head, for training.
  public let auxLogits: InceptionAux?
  public let mixed7a: InceptionD
  public let mixed7b, mixed7c: InceptionE
  public let avgpool: AdaptiveAvgPool2d
  public let dropout: Dropout
  public let fc: Linear
  /// Whether images normalised as torchvision's other models want them are turned into what the
  /// published weights were trained on.
  public let transformInput: Bool

  /// - Parameters:
  ///   - auxLogits: whether there is a second head; the published weights have one.
  ///   - transformInput: what torchvision switches on for its published weights.
  public init(
    numClasses: Int = 1000, auxLogits: Bool = true, transformInput: Bool = false,
    dropout: Double = 0.5
  ) {
    conv2d1a3x3 = BasicConv2d(3, 32, kernelSize: 3, stride: 2)
    conv2d2a3x3 = BasicConv2d(32, 32, kernelSize: 3)
    conv2d2b3x3 = BasicConv2d(32, 64, kernelSize: 3, padding: 1)
    maxpool1 = MaxPool2d(kernelSize: 3, stride: 2)
    conv2d3b1x1 = BasicConv2d(64, 80, kernelSize: 1)
    conv2d4a3x3 = BasicConv2d(80, 192, kernelSize: 3)
    maxpool2 = MaxPool2d(kernelSize: 3, stride: 2)
    mixed5b = InceptionA(192, poolFeatures: 32)
    mixed5c = InceptionA(256, poolFeatures: 64)
    mixed5d = InceptionA(288, poolFeatures: 64)
    mixed6a = InceptionB(288)
    mixed6b = InceptionC(768, channels7x7: 128)
    mixed6c = InceptionC(768, channels7x7: 160)
    mixed6d = InceptionC(768, channels7x7: 160)
    mixed6e = InceptionC(768, channels7x7: 192)
    self.auxLogits = auxLogits ? InceptionAux(768, numClasses) : nil
    mixed7a = InceptionD(768)
    mixed7b = InceptionE(1280)
    mixed7c = InceptionE(2048)
    avgpool = AdaptiveAvgPool2d([1, 1])
    self.dropout = Dropout(p: dropout)
    fc = Linear(2048, numClasses)
    self.transformInput = transformInput
    super.init()
    initializeWeights()
  }

  private func initializeWeights() {
    for module in modules() {
      switch module {
      case let layer as Conv2d:
        initialize(layer.weight) { try Init.truncNormal(sizes(of: layer.weight), std: 0.1) }
      case let layer as Linear:
        let std = layer === auxLogits?.fc ? 0.001 : 0.1
        initialize(layer.weight) { try Init.truncNormal(sizes(of: layer.weight), std: std) }
      default: break
      }
    }
  }

  public override class var torchTypeName: String { "torchvision.models.inception.Inception3" }

  public override var attributeNames: [String: String] {
    [
      "conv2d1a3x3": "Conv2d_1a_3x3", "conv2d2a3x3": "Conv2d_2a_3x3",
      "conv2d2b3x3": "Conv2d_2b_3x3", "conv2d3b1x1": "Conv2d_3b_1x1",
      "conv2d4a3x3": "Conv2d_4a_3x3", "mixed5b": "Mixed_5b", "mixed5c": "Mixed_5c",
      "mixed5d": "Mixed_5d", "mixed6a": "Mixed_6a", "mixed6b": "Mixed_6b",
      "mixed6c": "Mixed_6c", "mixed6d": "Mixed_6d", "mixed6e": "Mixed_6e",
      "auxLogits": "AuxLogits", "mixed7a": "Mixed_7a", "mixed7b": "Mixed_7b",
      "mixed7c": "Mixed_7c",
    ]
  }

  public func forward(_ x: Tensor) throws -> Tensor { try run(x).logits }

  /// The classes' scores, and those of the second head where there is one and the model is in
  /// training mode, as torchvision's model gives them.
  public func withAuxLogits(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> (logits: Tensor, auxLogits: Tensor?)
  {
    try step(x, at: SourceLocation(file, line)) { try run(x) }
  }

  private func run(_ x: Tensor) throws -> (logits: Tensor, auxLogits: Tensor?) {
    let x = try transformInput ? transformed(x) : x
    let stem = try maxpool1(conv2d2b3x3(conv2d2a3x3(conv2d1a3x3(x))))
    let wide = try maxpool2(conv2d4a3x3(conv2d3b1x1(stem)))
    let fine = try mixed5d(mixed5c(mixed5b(wide)))
    let middle = try mixed6e(mixed6d(mixed6c(mixed6b(mixed6a(fine)))))
    let aux = try training ? auxLogits.map { try $0(middle) } : nil
    let coarse = try mixed7c(mixed7b(mixed7a(middle)))
    let pooled = try dropout(avgpool(coarse)).flatten(startDim: 1)
    return (try fc(pooled), aux)
  }

  /// From each channel's own mean and deviation to 0.5 and 0.5.
  private func transformed(_ x: Tensor) throws -> Tensor {
    let statistics = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)]
    return try Tensor.cat(
      statistics.enumerated().map { channel, numbers in
        let (mean, std) = numbers
        let plane = try x.select(dim: 1, index: channel).unsqueeze(1)
        return try plane * (std / 0.5) + (mean - 0.5) / 0.5
      }, dim: 1)
  }

  /// Inception v3.
  public static func inceptionV3(numClasses: Int = 1000) -> Inception3 {
    Inception3(numClasses: numClasses)
  }
}
