import MartletModels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Small models, compiled, give what their modules give, for one image and more.
struct ModelProgramTests {
  @Test(arguments: [
    "resnet", "bottleneck", "mobilenet", "mobilenet_v3", "efficientnet", "squeezenet", "vgg",
    "densenet", "convnext", "swin", "vit",
  ])
  func images(name: String) throws {
    switch name {
    case "resnet": try check(ResNet(.basic, layers: [2, 1, 1, 1], numClasses: 10))
    case "bottleneck": try check(ResNet(.bottleneck, layers: [2, 1, 1, 1], numClasses: 5))
    case "mobilenet": try check(MobileNetV2(numClasses: 7, widthMult: 0.25))
    case "mobilenet_v3": try check(MobileNetV3(.large, numClasses: 7, widthMult: 0.25))
    case "efficientnet":
      try check(EfficientNet(widthMult: 0.25, depthMult: 0.5, dropout: 0.2, numClasses: 5))
    case "densenet":
      try check(DenseNet(growthRate: 8, blockConfig: [2, 3], numInitFeatures: 16, numClasses: 5))
    case "convnext":
      try check(ConvNeXt(channels: [8, 16], blocks: [1, 2], layerScale: 0.5, numClasses: 4))
    case "swin":
      try check(
        SwinTransformer(
          patchSize: [2, 2], embedDim: 8, depths: [2, 2], numHeads: [2, 4], windowSize: [5, 3],
          numClasses: 5))
    case "squeezenet": try check(SqueezeNet(.v1_1, numClasses: 4))
    case "vgg": try check(VGG.features(.vgg11, batchNorm: true, width: 16))
    default:
      try check(
        VisionTransformer(
          imageSize: 64, patchSize: 8, numLayers: 2, numHeads: 2, hiddenDim: 24, mlpDim: 40,
          numClasses: 6))
    }
  }

  private func check<Model: Module>(_ model: Model) throws
  where Model.Input == Tensor, Model.Output == Tensor {
    model.eval()
    let traced = try trace(model, try noise([1, 3, 64, 64]), checkTrace: false)
    let programs = try [1, 2, 4].map { try traced.compile(threads: $0) }
    for batch in [1, 2] {
      let x = try noise([batch, 3, 64, 64], seed: UInt64(batch))
      let expected: Tensor = try traced(x)
      let got = try programs[0].run([x])[0]
      let found = try difference(got, expected, tolerance: 1e-4)
      #expect(found == nil, "\(found ?? "")\n\(programs[0])")
      for program in programs[1...] { #expect(try bits(program.run([x])[0]) == bits(got)) }
    }
  }

  @Test func sentences() throws {
    var config = BertConfig()
    config.vocabSize = 31
    config.hiddenSize = 32
    config.numHiddenLayers = 2
    config.numAttentionHeads = 4
    config.intermediateSize = 48
    config.maxPositionEmbeddings = 64
    let model = BertModel(config)
    model.eval()
    func words(_ batch: Int, _ count: Int) throws -> Tensor {
      try Tensor((0..<(batch * count)).map { Int64($0 * 7 % 31) }, shape: [batch, count])
    }
    let traced = try trace(model, try words(1, 24), checkTrace: false)
    let programs = try [1, 2, 4].map { try traced.compile(threads: $0) }
    for batch in [1, 2] {
      let x = try words(batch, 24)
      let expected = try traced.run([.tensor(x)]).tensors
      let got = try programs[0].run([x])
      #expect(got.count == expected.count)
      for (a, b) in zip(got, expected) {
        let found = try difference(a, b, tolerance: 1e-4)
        #expect(found == nil, "\(found ?? "")\n\(programs[0])")
      }
      for program in programs[1...] {
        #expect(try program.run([x]).map { try bits($0) } == got.map { try bits($0) })
      }
    }
  }
}
