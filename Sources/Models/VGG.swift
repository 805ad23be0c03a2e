import MartletNN
import MartletOps
import MartletTensor

/// A plain deep network for images (Simonyan and Zisserman 2014), with torchvision's names:
/// `[N, 3, H, W] -> [N, numClasses]`.
public final class VGG: Module {
  public let features: Sequential
  public let avgpool: AdaptiveAvgPool2d
  public let classifier: Sequential

  /// How many convolutional and linear layers there are.
  public enum Depth: Int, Sendable, CaseIterable {
    case vgg11 = 11
    case vgg13 = 13
    case vgg16 = 16
    case vgg19 = 19

    /// The convolutions of each stage, before its pooling.
    var convolutions: [Int] {
      switch self {
      case .vgg11: [1, 1, 2, 2, 2]
      case .vgg13: [2, 2, 2, 2, 2]
      case .vgg16: [2, 2, 3, 3, 3]
      case .vgg19: [2, 2, 4, 4, 4]
      }
    }
  }

  /// - Parameters:
  ///   - batchNorm: whether a batch norm follows each convolution.
  ///   - width: the channels of the first stage; 64 in the paper.
  ///   - hidden: the size of the classifier's layers; 4096 in the paper.
  public init(
    _ depth: Depth, batchNorm: Bool = false, numClasses: Int = 1000, dropout: Double = 0.5,
    width: Int = 64, hidden: Int = 4096
  ) {
    features = Self.features(depth, batchNorm: batchNorm, width: width)
    avgpool = AdaptiveAvgPool2d([7, 7])
    classifier = Sequential(
      Linear(8 * width * 49, hidden), ReLU(inplace: true), Dropout(p: dropout),
      Linear(hidden, hidden), ReLU(inplace: true), Dropout(p: dropout),
      Linear(hidden, numClasses))
    super.init()
    initializeForReLU()
  }

  /// The convolutions and pools of a network, as they stand before its classifier.
  public static func features(_ depth: Depth, batchNorm: Bool = false, width: Int = 64)
    -> Sequential
  {
    var channels = 3
    var modules: [any UnaryModule] = []
    for (stage, count) in depth.convolutions.enumerated() {
      let output = width * min(1 << stage, 8)
      for _ in 0..<count {
        modules.append(Conv2d(channels, output, kernelSize: 3, padding: 1))
        if batchNorm { modules.append(BatchNorm2d(output)) }
        modules.append(ReLU(inplace: true))
        channels = output
      }
      modules.append(MaxPool2d(kernelSize: 2, stride: 2))
    }
    return Sequential(modules)
  }

  public override class var torchTypeName: String { "torchvision.models.vgg.VGG" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try classifier(avgpool(features(x)).flatten(startDim: 1))
  }

  /// VGG-16.
  public static func vgg16(numClasses: Int = 1000) -> VGG { VGG(.vgg16, numClasses: numClasses) }
}
