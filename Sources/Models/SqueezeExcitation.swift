import MartletNN
import MartletOps
import MartletTensor

/// Scales each channel by a number from all channels' means (Hu et al. 2017), as torchvision's
/// block of this name: `[N, C, H, W] -> [N, C, H, W]`.
public final class SqueezeExcitation: Module {
  public let avgpool: AdaptiveAvgPool2d
  public let fc1, fc2: Conv2d
  public let activation, scaleActivation: any UnaryModule

  public init(
    _ inputChannels: Int, _ squeezeChannels: Int, activation: any UnaryModule = ReLU(),
    scaleActivation: any UnaryModule = Sigmoid()
  ) {
    avgpool = AdaptiveAvgPool2d(1)
    fc1 = Conv2d(inputChannels, squeezeChannels, kernelSize: 1)
    fc2 = Conv2d(squeezeChannels, inputChannels, kernelSize: 1)
    self.activation = activation
    self.scaleActivation = scaleActivation
  }

  public override class var torchTypeName: String { "torchvision.ops.misc.SqueezeExcitation" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let scale = try scaleActivation(fc2(activation(fc1(avgpool(x)))))
    return try scale * x
  }
}
