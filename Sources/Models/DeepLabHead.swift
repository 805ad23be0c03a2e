import MartletNN
import MartletOps
import MartletTensor

/// Dilated convolutions at several rates, then two more: `[N, C, H, W] -> [N, numClasses, H, W]`.
public final class DeepLabHead: Sequential {
  init(_ inChannels: Int, _ numClasses: Int, atrousRates: [Int] = [12, 24, 36]) {
    super.init([
      ASPP(inChannels, atrousRates), Conv2d(256, 256, kernelSize: 3, padding: 1, bias: false),
      BatchNorm2d(256), ReLU(), Conv2d(256, numClasses, kernelSize: 1),
    ])
  }

  public override class var torchTypeName: String {
    "torchvision.models.segmentation.deeplabv3.DeepLabHead"
  }
}

/// Convolutions of different reach and the mean of all pixels, side by side.
public final class ASPP: Module {
  public let convs: ModuleList<Sequential>
  public let project: Sequential

  init(_ inChannels: Int, _ atrousRates: [Int], outChannels: Int = 256) {
    let ones = Sequential(
      Conv2d(inChannels, outChannels, kernelSize: 1, bias: false), BatchNorm2d(outChannels),
      ReLU())
    let dilated = atrousRates.map { ASPPConv(inChannels, outChannels, dilation: $0) }
    convs = ModuleList([ones] + dilated + [ASPPPooling(inChannels, outChannels)])
    project = Sequential(
      Conv2d(convs.count * outChannels, outChannels, kernelSize: 1, bias: false),
      BatchNorm2d(outChannels), ReLU(), Dropout(p: 0.5))
  }

  public override class var torchTypeName: String {
    "torchvision.models.segmentation.deeplabv3.ASPP"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    try project(Tensor.cat(convs.map { try $0(x) }, dim: 1))
  }
}

/// A dilated 3×3 convolution, batch norm and ReLU.
public final class ASPPConv: Sequential {
  init(_ inChannels: Int, _ outChannels: Int, dilation: Int) {
    super.init([
      Conv2d(
        inChannels, outChannels, kernelSize: 3, padding: dilation, dilation: dilation,
        bias: false),
      BatchNorm2d(outChannels), ReLU(),
    ])
  }

  public override class var torchTypeName: String {
    "torchvision.models.segmentation.deeplabv3.ASPPConv"
  }
}

/// The mean of all pixels, mapped and spread over the image again.
public final class ASPPPooling: Sequential {
  init(_ inChannels: Int, _ outChannels: Int) {
    super.init([
      AdaptiveAvgPool2d(1), Conv2d(inChannels, outChannels, kernelSize: 1, bias: false),
      BatchNorm2d(outChannels), ReLU(),
    ])
  }

  public override class var torchTypeName: String {
    "torchvision.models.segmentation.deeplabv3.ASPPPooling"
  }

  public override func forward(_ x: Tensor) throws -> Tensor {
    let size: [Dim] = [x.shape[-2], x.shape[-1]]
    return try F.interpolate(
      super.forward(x), size: size, mode: .bilinear, alignCorners: false)
  }
}
