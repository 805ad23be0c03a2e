import MartletNN
import MartletOps
import MartletTensor

/// Two 3×3 convolutions around a residual sum, of ResNet-18 and 34.
public final class BasicBlock: Module {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let relu = ReLU(inplace: true)
  public let conv2: Conv2d
  public let bn2: BatchNorm2d
  public let downsample: Sequential?

  public init(_ inplanes: Int, _ planes: Int, stride: Int, downsample: Sequential?) {
    conv1 = Conv2d(inplanes, planes, kernelSize: 3, stride: stride, padding: 1, bias: false)
    bn1 = BatchNorm2d(planes)
    conv2 = Conv2d(planes, planes, kernelSize: 3, padding: 1, bias: false)
    bn2 = BatchNorm2d(planes)
    self.downsample = downsample
  }

  public override class var torchTypeName: String { "torchvision.models.resnet.BasicBlock" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let y = try bn2(conv2(relu(bn1(conv1(x)))))
    return try relu(y + (downsample?(x) ?? x))
  }
}

/// A 3×3 convolution between two 1×1 ones, around a residual sum, of ResNet-50 and 101.
public final class Bottleneck: Module {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let conv2: Conv2d
  public let bn2: BatchNorm2d
  public let conv3: Conv2d
  public let bn3: BatchNorm2d
  public let relu = ReLU(inplace: true)
  public let downsample: Sequential?

  public init(
    _ inplanes: Int, _ planes: Int, stride: Int, downsample: Sequential?, dilation: Int = 1
  ) {
    conv1 = Conv2d(inplanes, planes, kernelSize: 1, bias: false)
    bn1 = BatchNorm2d(planes)
    conv2 = Conv2d(
      planes, planes, kernelSize: 3, stride: stride, padding: dilation, dilation: dilation,
      bias: false)
    bn2 = BatchNorm2d(planes)
    conv3 = Conv2d(planes, 4 * planes, kernelSize: 1, bias: false)
    bn3 = BatchNorm2d(4 * planes)
    self.downsample = downsample
  }

  public override class var torchTypeName: String { "torchvision.models.resnet.Bottleneck" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let y = try bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x))))))))
    return try relu(y + (downsample?(x) ?? x))
  }
}

/// A residual network for images (He et al. 2015), with torchvision's names:
/// `[N, 3, H, W] -> [N, numClasses]`.
public final class ResNet: Module {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let relu = ReLU(inplace: true)
  public let maxpool: MaxPool2d
  public let layer1, layer2, layer3, layer4: Sequential
  public let avgpool: AdaptiveAvgPool2d
  public let fc: Linear

  /// The block a network is made of.
  public enum Block: Sendable {
    case basic, bottleneck
  }

  /// - Parameters:
  ///   - layers: how many blocks each of the four stages has.
  ///   - width: the channels of the first stage; 64 in the paper.
  ///   - replaceStrideWithDilation: which of the last three stages keep the resolution and dilate
  ///     their kernels instead, as for segmentation; bottlenecks only.
  public init(
    _ block: Block, layers: [Int], numClasses: Int = 1000, width: Int = 64,
    replaceStrideWithDilation: [Bool] = [false, false, false]
  ) {
    func dilates(_ stage: Int) -> Bool {
      stage < replaceStrideWithDilation.count && replaceStrideWithDilation[stage]
    }
    var stages = Stages(block: block, inplanes: width)
    conv1 = Conv2d(3, width, kernelSize: 7, stride: 2, padding: 3, bias: false)
    bn1 = BatchNorm2d(width)
    maxpool = MaxPool2d(kernelSize: 3, stride: 2, padding: 1)
    func count(_ stage: Int) -> Int { stage < layers.count ? layers[stage] : 0 }
    layer1 = stages.next(width, blocks: count(0), stride: 1)
    layer2 = stages.next(2 * width, blocks: count(1), stride: 2, dilates: dilates(0))
    layer3 = stages.next(4 * width, blocks: count(2), stride: 2, dilates: dilates(1))
    layer4 = stages.next(8 * width, blocks: count(3), stride: 2, dilates: dilates(2))
    avgpool = AdaptiveAvgPool2d([1, 1])
    fc = Linear(stages.inplanes, numClasses)
    super.init()
    require(
      layers.count == 4 && layers.allSatisfy { $0 > 0 },
      "a ResNet has four stages of one or more blocks, got \(layers)")
    require(
      replaceStrideWithDilation.count == 3
        && (block == .bottleneck || !replaceStrideWithDilation.contains(true)),
      "replaceStrideWithDilation names three stages of bottlenecks, got "
        + "\(replaceStrideWithDilation)")
    for module in modules() {
      guard let layer = module as? Conv2d else { continue }
      initialize(layer.weight) {
        try Init.kaimingNormal(sizes(of: layer.weight), mode: .fanOut, nonlinearity: .relu)
      }
    }
  }

  public override class var torchTypeName: String { "torchvision.models.resnet.ResNet" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let stem = try maxpool(relu(bn1(conv1(x))))
    let features = try layer4(layer3(layer2(layer1(stem))))
    return try fc(avgpool(features).flatten(startDim: 1))
  }

  /// ResNet-18.
  public static func resnet18(numClasses: Int = 1000) -> ResNet {
    ResNet(.basic, layers: [2, 2, 2, 2], numClasses: numClasses)
  }

  /// ResNet-34.
  public static func resnet34(numClasses: Int = 1000) -> ResNet {
    ResNet(.basic, layers: [3, 4, 6, 3], numClasses: numClasses)
  }

  /// ResNet-50.
  public static func resnet50(numClasses: Int = 1000) -> ResNet {
    ResNet(.bottleneck, layers: [3, 4, 6, 3], numClasses: numClasses)
  }

  /// ResNet-101.
  public static func resnet101(numClasses: Int = 1000) -> ResNet {
    ResNet(.bottleneck, layers: [3, 4, 23, 3], numClasses: numClasses)
  }
}

/// Makes the stages one after the other.
private struct Stages {
  let block: ResNet.Block
  /// The channels that the next block gets.
  var inplanes: Int
  private var dilation = 1

  init(block: ResNet.Block, inplanes: Int) {
    self.block = block
    self.inplanes = inplanes
  }

  mutating func next(_ planes: Int, blocks: Int, stride wanted: Int, dilates: Bool = false)
    -> Sequential
  {
    let stride = dilates ? 1 : wanted
    let firstDilation = dilation
    if dilates { dilation *= wanted }
    let outplanes = block == .bottleneck ? 4 * planes : planes
    let downsample =
      stride == 1 && inplanes == outplanes
      ? nil
      : Sequential(
        Conv2d(inplanes, outplanes, kernelSize: 1, stride: stride, bias: false),
        BatchNorm2d(outplanes))
    var modules: [any UnaryModule] = []
    for i in 0..<max(blocks, 0) {
      let stride = i == 0 ? stride : 1
      let downsample = i == 0 ? downsample : nil
      switch block {
      case .basic:
        modules.append(BasicBlock(inplanes, planes, stride: stride, downsample: downsample))
      case .bottleneck:
        modules.append(
          Bottleneck(
            inplanes, planes, stride: stride, downsample: downsample,
            dilation: i == 0 ? firstDilation : dilation))
      }
      inplanes = outplanes
    }
    return Sequential(modules)
  }
}
