import MartletNN
import MartletOps
import MartletTensor

/// One layer of a dense block: `growthRate` new channels from all that came before.
public final class DenseLayer: Module {
  public let norm1: BatchNorm2d
  public let relu1 = ReLU(inplace: true)
  public let conv1: Conv2d
  public let norm2: BatchNorm2d
  public let relu2 = ReLU(inplace: true)
  public let conv2: Conv2d
  /// The probability that dropout drops an element in training.
  public let dropRate: Double

  init(_ numInputFeatures: Int, growthRate: Int, bnSize: Int, dropRate: Double) {
    norm1 = BatchNorm2d(numInputFeatures)
    conv1 = Conv2d(numInputFeatures, bnSize * growthRate, kernelSize: 1, bias: false)
    norm2 = BatchNorm2d(bnSize * growthRate)
    conv2 = Conv2d(bnSize * growthRate, growthRate, kernelSize: 3, padding: 1, bias: false)
    self.dropRate = dropRate
  }

  public override class var torchTypeName: String { "torchvision.models.densenet._DenseLayer" }

  /// `[[N, C₁, H, W], [N, C₂, H, W], …] -> [N, growthRate, H, W]`.
  public func forward(_ features: [Tensor]) throws -> Tensor {
    let narrow = try conv1(relu1(norm1(Tensor.cat(features, dim: 1))))
    let grown = try conv2(relu2(norm2(narrow)))
    return dropRate > 0 ? try F.dropout(grown, p: dropRate, training: training) : grown
  }
}

/// Layers that each see the input and what all layers before them made:
/// `[N, C, H, W] -> [N, C + layers · growthRate, H, W]`.
public final class DenseBlock: ModuleDict<DenseLayer>, Forward {
  init(
    numLayers: Int, numInputFeatures: Int, bnSize: Int, growthRate: Int, dropRate: Double
  ) {
    super.init(
      named: (0..<max(numLayers, 0)).map { i in
        let layer = DenseLayer(
          numInputFeatures + i * growthRate, growthRate: growthRate, bnSize: bnSize,
          dropRate: dropRate)
        return ("denselayer\(i + 1)", layer)
      })
  }

  public override class var torchTypeName: String { "torchvision.models.densenet._DenseBlock" }

  public func forward(_ x: Tensor) throws -> Tensor {
    var features = [x]
    for layer in values { features.append(try layer(features)) }
    return try Tensor.cat(features, dim: 1)
  }
}

/// Halves the channels and the resolution between dense blocks.
public final class DenseTransition: Sequential {
  init(_ numInputFeatures: Int, _ numOutputFeatures: Int) {
    super.init(named: [
      ("norm", BatchNorm2d(numInputFeatures)), ("relu", ReLU(inplace: true)),
      ("conv", Conv2d(numInputFeatures, numOutputFeatures, kernelSize: 1, bias: false)),
      ("pool", AvgPool2d(2, stride: 2)),
    ])
  }

  public override class var torchTypeName: String { "torchvision.models.densenet._Transition" }
}

/// A network for images in which every layer sees all before it (Huang et al. 2016), with
/// torchvision's names: `[N, 3, H, W] -> [N, numClasses]`.
public final class DenseNet: Module {
  public let features: Sequential
  public let classifier: Linear

  /// One of the paper's networks.
  public enum Size: Int, Sendable, CaseIterable {
    case densenet121 = 121
    case densenet161 = 161
    case densenet169 = 169
    case densenet201 = 201

    var settings: (growthRate: Int, blockConfig: [Int], numInitFeatures: Int) {
      switch self {
      case .densenet121: (32, [6, 12, 24, 16], 64)
      case .densenet161: (48, [6, 12, 36, 24], 96)
      case .densenet169: (32, [6, 12, 32, 32], 64)
      case .densenet201: (32, [6, 12, 48, 32], 64)
      }
    }
  }

  /// One of the paper's networks.
  public convenience init(_ size: Size, numClasses: Int = 1000) {
    let (growthRate, blockConfig, numInitFeatures) = size.settings
    self.init(
      growthRate: growthRate, blockConfig: blockConfig, numInitFeatures: numInitFeatures,
      numClasses: numClasses)
  }

  /// - Parameters:
  ///   - growthRate: how many channels each layer adds.
  ///   - blockConfig: how many layers each block has.
  ///   - bnSize: how much wider than `growthRate` the layers are inside.
  public init(
    growthRate: Int = 32, blockConfig: [Int] = [6, 12, 24, 16], numInitFeatures: Int = 64,
    bnSize: Int = 4, dropRate: Double = 0, numClasses: Int = 1000
  ) {
    var modules: [(name: String, module: any UnaryModule)] = [
      ("conv0", Conv2d(3, numInitFeatures, kernelSize: 7, stride: 2, padding: 3, bias: false)),
      ("norm0", BatchNorm2d(numInitFeatures)), ("relu0", ReLU(inplace: true)),
      ("pool0", MaxPool2d(kernelSize: 3, stride: 2, padding: 1)),
    ]
    var channels = numInitFeatures
    for (i, count) in blockConfig.enumerated() {
      modules.append(
        (
          "denseblock\(i + 1)",
          DenseBlock(
            numLayers: count, numInputFeatures: channels, bnSize: bnSize, growthRate: growthRate,
            dropRate: dropRate)
        ))
      channels += count * growthRate
      if i + 1 < blockConfig.count {
        modules.append(("transition\(i + 1)", DenseTransition(channels, channels / 2)))
        channels /= 2
      }
    }
    modules.append(("norm5", BatchNorm2d(channels)))
    features = Sequential(named: modules)
    classifier = Linear(channels, numClasses)
    super.init()
    for module in self.modules() {
      guard let layer = module as? Conv2d else { continue }
      initialize(layer.weight) { try Init.kaimingNormal(sizes(of: layer.weight)) }
    }
    clear(classifier.bias)
  }

  public override class var torchTypeName: String { "torchvision.models.densenet.DenseNet" }

  /// The published weights call a layer's parts `norm.1` where its names are `norm1`.
  public override func adapt(_ stateDict: inout StateDict, prefix: String) {
    for key in stateDict.keys where key.hasPrefix(prefix) {
      var words = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard let layer = words.firstIndex(where: { $0.hasPrefix("denselayer") }),
        words.count > layer + 3, ["norm", "relu", "conv"].contains(words[layer + 1]),
        ["1", "2"].contains(words[layer + 2])
      else { continue }
      words[layer + 1] += words.remove(at: layer + 2)
      stateDict[words.joined(separator: ".")] = stateDict[key]
      stateDict[key] = nil
    }
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let pooled = try F.adaptiveAvgPool2d(F.relu(features(x)), [1, 1])
    return try classifier(pooled.flatten(startDim: 1))
  }
}
