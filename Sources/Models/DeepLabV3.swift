import MartletNN
import MartletOps
import MartletTensor

/// What a segmentation model gives: scores for each class and pixel, `[N, numClasses, H, W]`. In
/// a trace and an archive it is a dictionary of `out` and, where there is one, `aux`.
public struct SegmentationOutput: ValueConvertible, Sendable {
  public let out: Tensor
  /// Those of the second head.
  public let aux: Tensor?

  public init(out: Tensor, aux: Tensor? = nil) {
    self.out = out
    self.aux = aux
  }

  public init(_ value: Value) throws {
    let tensors = try [String: Tensor](value)
    guard let out = tensors["out"] else {
      throw MartletError(
        .argument, "expected a dictionary with 'out', got \(tensors.keys.sorted())")
    }
    self.init(out: out, aux: tensors["aux"])
  }

  public var value: Value {
    let entries = [("out", out)] + (aux.map { [("aux", $0)] } ?? [])
    return .dictionary(entries.map { .init(key: .string($0), value: .tensor($1)) })
  }
}

/// Segmentation by dilated convolutions at several rates (Chen et al. 2017) over a ResNet, with
/// torchvision's names: `[N, 3, H, W]` to scores of the same height and width.
///
/// Its output is a dictionary: trace it with `strict: false`.
public final class DeepLabV3: Module {
  public let backbone: SegmentationBackbone
  public let classifier: DeepLabHead
  public let auxClassifier: FCNHead?

  /// - Parameters:
  ///   - backbone: a ResNet of bottlenecks, made with `replaceStrideWithDilation`.
  ///   - auxLoss: whether there is a second head on the third stage; the published weights have
  ///     one.
  public init(backbone: ResNet, numClasses: Int = 21, auxLoss: Bool = false) {
    self.backbone = SegmentationBackbone(backbone, givesAux: auxLoss)
    let channels = backbone.fc.inFeatures
    // PyTorch draws the second head first.
    let auxHead = auxLoss ? FCNHead(channels / 2, numClasses) : nil
    classifier = DeepLabHead(channels, numClasses)
    auxClassifier = auxHead
  }

  public override class var torchTypeName: String {
    "torchvision.models.segmentation.deeplabv3.DeepLabV3"
  }

  public func forward(_ x: Tensor) throws -> SegmentationOutput {
    guard x.dim == 4 else {
      throw MartletError(.shape, "expected images of sizes [N, 3, H, W], got \(x.sizes)")
    }
    let size: [Dim] = [x.shape[2], x.shape[3]]
    func resized(_ scores: Tensor) throws -> Tensor {
      try F.interpolate(scores, size: size, mode: .bilinear, alignCorners: false)
    }
    let features = try backbone(x)
    let out = try resized(classifier(features.out))
    guard let auxClassifier, let middle = features.aux else { return SegmentationOutput(out: out) }
    return SegmentationOutput(out: out, aux: try resized(auxClassifier(middle)))
  }

  /// DeepLabV3 over a ResNet-50.
  public static func deeplabv3ResNet50(numClasses: Int = 21, auxLoss: Bool = false) -> DeepLabV3 {
    DeepLabV3(
      backbone: ResNet(
        .bottleneck, layers: [3, 4, 6, 3], replaceStrideWithDilation: [false, true, true]),
      numClasses: numClasses, auxLoss: auxLoss)
  }

  /// DeepLabV3 over a ResNet-101.
  public static func deeplabv3ResNet101(numClasses: Int = 21, auxLoss: Bool = false) -> DeepLabV3 {
    DeepLabV3(
      backbone: ResNet(
        .bottleneck, layers: [3, 4, 23, 3], replaceStrideWithDilation: [false, true, true]),
      numClasses: numClasses, auxLoss: auxLoss)
  }
}

/// A ResNet without its head: the last stage's features, and the third's for a second head.
public final class SegmentationBackbone: Module {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let relu: ReLU
  public let maxpool: MaxPool2d
  public let layer1, layer2, layer3, layer4: Sequential
  private let givesAux: Bool

  init(_ network: ResNet, givesAux: Bool) {
    conv1 = network.conv1
    bn1 = network.bn1
    relu = network.relu
    maxpool = network.maxpool
    layer1 = network.layer1
    layer2 = network.layer2
    layer3 = network.layer3
    layer4 = network.layer4
    self.givesAux = givesAux
    super.init()
    constructionError = network.constructionError
  }

  public override class var torchTypeName: String {
    "torchvision.models._utils.IntermediateLayerGetter"
  }

  public func forward(_ x: Tensor) throws -> SegmentationOutput {
    let stem = try maxpool(relu(bn1(conv1(x))))
    let middle = try layer3(layer2(layer1(stem)))
    return SegmentationOutput(out: try layer4(middle), aux: givesAux ? middle : nil)
  }
}

/// The second head: two convolutions.
public final class FCNHead: Sequential {
  init(_ inChannels: Int, _ channels: Int) {
    let width = inChannels / 4
    super.init([
      Conv2d(inChannels, width, kernelSize: 3, padding: 1, bias: false), BatchNorm2d(width),
      ReLU(), Dropout(p: 0.1), Conv2d(width, channels, kernelSize: 1),
    ])
  }

  public override class var torchTypeName: String {
    "torchvision.models.segmentation.fcn.FCNHead"
  }
}
