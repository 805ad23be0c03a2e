import MartletNN
import MartletOps
import MartletTensor

/// Narrows the channels and widens them by 1×1 and 3×3 convolutions side by side.
public final class Fire: Module {
  public let squeeze: Conv2d
  public let squeezeActivation = ReLU(inplace: true)
  public let expand1x1: Conv2d
  public let expand1x1Activation = ReLU(inplace: true)
  public let expand3x3: Conv2d
  public let expand3x3Activation = ReLU(inplace: true)

  public init(_ inplanes: Int, squeeze: Int, expand1x1: Int, expand3x3: Int) {
    self.squeeze = Conv2d(inplanes, squeeze, kernelSize: 1)
    self.expand1x1 = Conv2d(squeeze, expand1x1, kernelSize: 1)
    self.expand3x3 = Conv2d(squeeze, expand3x3, kernelSize: 3, padding: 1)
  }

  public override class var torchTypeName: String { "torchvision.models.squeezenet.Fire" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let narrow = try squeezeActivation(squeeze(x))
    let ones = try expand1x1Activation(expand1x1(narrow))
    let threes = try expand3x3Activation(expand3x3(narrow))
    return try Tensor.cat([ones, threes], dim: 1)
  }
}

/// A network for images with few parameters (Iandola et al. 2016), with torchvision's names:
/// `[N, 3, H, W] -> [N, numClasses]`.
public final class SqueezeNet: Module {
  public let features, classifier: Sequential

  /// The paper's first version, and the lighter second one.
  public enum Version: Sendable {
    case v1_0, v1_1
  }

  public init(_ version: Version, numClasses: Int = 1000, dropout: Double = 0.5) {
    func pool() -> MaxPool2d { MaxPool2d(kernelSize: 3, stride: 2, ceilMode: true) }
    func fire(_ inplanes: Int, _ squeeze: Int, _ expand: Int) -> Fire {
      Fire(inplanes, squeeze: squeeze, expand1x1: expand, expand3x3: expand)
    }
    switch version {
    case .v1_0:
      features = Sequential(
        Conv2d(3, 96, kernelSize: 7, stride: 2), ReLU(inplace: true), pool(),
        fire(96, 16, 64), fire(128, 16, 64), fire(128, 32, 128), pool(),
        fire(256, 32, 128), fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), pool(),
        fire(512, 64, 256))
    case .v1_1:
      features = Sequential(
        Conv2d(3, 64, kernelSize: 3, stride: 2), ReLU(inplace: true), pool(),
        fire(64, 16, 64), fire(128, 16, 64), pool(),
        fire(128, 32, 128), fire(256, 32, 128), pool(),
        fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), fire(512, 64, 256))
    }
    let last = Conv2d(512, numClasses, kernelSize: 1)
    classifier = Sequential(
      Dropout(p: dropout), last, ReLU(inplace: true), AdaptiveAvgPool2d([1, 1]))
    super.init()
    for module in modules() {
      guard let layer = module as? Conv2d else { continue }
      if layer === last {
        drawNormal(layer.weight, std: 0.01)
      } else {
        initialize(layer.weight) { try Init.kaimingUniform(sizes(of: layer.weight)) }
      }
      clear(layer.bias)
    }
  }

  public override class var torchTypeName: String { "torchvision.models.squeezenet.SqueezeNet" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try classifier(features(x)).flatten(startDim: 1)
  }

  /// SqueezeNet 1.0.
  public static func squeezenet1_0(numClasses: Int = 1000) -> SqueezeNet {
    SqueezeNet(.v1_0, numClasses: numClasses)
  }

  /// SqueezeNet 1.1.
  public static func squeezenet1_1(numClasses: Int = 1000) -> SqueezeNet {
    SqueezeNet(.v1_1, numClasses: numClasses)
  }
}
