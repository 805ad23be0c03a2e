import MartletModels
import MartletNN
import Testing

/// A small model built as Tests/Fixtures/make_models.py does under the same name.
struct ModelCase: Sendable, Testing.CustomTestStringConvertible {
  let name: String
  let make: @Sendable () -> ModuleBase

  var testDescription: String { name }

  static let all: [ModelCase] = [
    ModelCase(name: "resnet.basic") { ResNet(.basic, layers: [1, 1, 1, 1], numClasses: 10) },
    ModelCase(name: "resnet.bottleneck") {
      ResNet(.bottleneck, layers: [2, 1, 1, 1], numClasses: 5)
    },
    ModelCase(name: "mobilenet") { MobileNetV2(numClasses: 7, widthMult: 0.25) },
    ModelCase(name: "squeezenet1_0") { SqueezeNet(.v1_0, numClasses: 4) },
    ModelCase(name: "squeezenet1_1") { SqueezeNet(.v1_1, numClasses: 4) },
    ModelCase(name: "vgg.features") { VGG.features(.vgg11, width: 8) },
    ModelCase(name: "vgg.bnFeatures") { VGG.features(.vgg11, batchNorm: true, width: 8) },
    ModelCase(name: "vit") {
      VisionTransformer(
        imageSize: 32, patchSize: 8, numLayers: 2, numHeads: 2, hiddenDim: 16, mlpDim: 24,
        numClasses: 6)
    },
    ModelCase(name: "mobilenet_v3.small") {
      MobileNetV3(.small, numClasses: 7, widthMult: 0.25)
    },
    ModelCase(name: "mobilenet_v3.dilated") {
      MobileNetV3(.large, numClasses: 4, widthMult: 0.25, reducedTail: true, dilated: true)
    },
    ModelCase(name: "efficientnet") {
      EfficientNet(widthMult: 0.25, depthMult: 0.5, dropout: 0.2, numClasses: 5)
    },
    ModelCase(name: "convnext") {
      ConvNeXt(
        channels: [8, 16], blocks: [1, 2], stochasticDepthProb: 0.1, layerScale: 0.5,
        numClasses: 4)
    },
    ModelCase(name: "swin") {
      SwinTransformer(
        patchSize: [2, 2], embedDim: 8, depths: [2, 2], numHeads: [2, 4], windowSize: [3, 3],
        numClasses: 5)
    },
    ModelCase(name: "densenet") {
      DenseNet(growthRate: 8, blockConfig: [2, 3], numInitFeatures: 16, numClasses: 5)
    },
    ModelCase(name: "inception") { Inception3(numClasses: 4, transformInput: true) },
    ModelCase(name: "deeplab") {
      DeepLabV3(
        backbone: ResNet(
          .bottleneck, layers: [1, 1, 1, 2], replaceStrideWithDilation: [false, true, true]),
        numClasses: 5, auxLoss: true)
    },
    ModelCase(name: "gpt2") { GPT2LMHeadModel(smallGPT2) },
    ModelCase(name: "bert") { BertModel(smallBert) },
    ModelCase(name: "bert.relu") {
      var config = smallBert
      config.hiddenAct = .relu
      return BertModel(config, addPoolingLayer: false)
    },
  ]

  static var smallBert: BertConfig {
    var config = BertConfig()
    config.vocabSize = 31
    config.hiddenSize = 16
    config.numHiddenLayers = 2
    config.numAttentionHeads = 4
    config.intermediateSize = 24
    config.maxPositionEmbeddings = 12
    return config
  }

  static var smallGPT2: GPT2Config {
    var config = GPT2Config()
    config.vocabSize = 31
    config.nPositions = 96
    config.nEmbd = 16
    config.nLayer = 2
    config.nHead = 4
    config.initializerRange = 0.3
    config.eosTokenID = nil
    return config
  }
}
