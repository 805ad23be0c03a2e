import MartletModels
import MartletNN
import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import Testing

/// The library's own models through the tracer, on tensors without values: their check compares
/// nodes and shapes.
@Suite struct ModelTests {
  @Test func tracesWithoutWarningsAndKeepsTheBatchOpen() throws {
    var config = BertConfig()
    (config.vocabSize, config.hiddenSize, config.numHiddenLayers) = (11, 8, 2)
    (config.numAttentionHeads, config.intermediateSize) = (2, 16)
    let image = [1, 3, 32, 32]
    try check(ResNet(.basic, layers: [1, 1, 1, 1], width: 4), image, .float32)
    try check(ResNet(.bottleneck, layers: [1, 1, 1, 1], width: 4), image, .float32)
    try check(MobileNetV2(numClasses: 3, widthMult: 0.1), image, .float32)
    try check(
      VisionTransformer(
        imageSize: 32, patchSize: 16, numLayers: 2, numHeads: 2, hiddenDim: 8, mlpDim: 16,
        numClasses: 3), image, .float32)
    try check(BertModel(config), [1, 7], .int64)
    var words = GPT2Config()
    (words.vocabSize, words.nPositions, words.nEmbd, words.nLayer, words.nHead) = (11, 9, 8, 2, 2)
    try check(GPT2LMHeadModel(words), [1, 7], .int64)
  }

  @Test func tracesNewerImageModelsWithoutWarnings() throws {
    let image = [1, 3, 40, 48]
    try check(MobileNetV3(.small, numClasses: 3, widthMult: 0.1), image, .float32)
    try check(
      EfficientNet(widthMult: 0.1, depthMult: 0.5, dropout: 0.2, numClasses: 3), image, .float32)
    try check(ConvNeXt(channels: [4, 8], blocks: [1, 1], numClasses: 3), image, .float32)
    try check(
      SwinTransformer(
        patchSize: [2, 2], embedDim: 4, depths: [2, 2], numHeads: [1, 2], windowSize: [3, 3],
        numClasses: 3), image, .float32)
    try check(
      DenseNet(growthRate: 4, blockConfig: [1, 2], numInitFeatures: 8, numClasses: 3), image,
      .float32)
    try check(Inception3(numClasses: 3), [1, 3, 75, 80], .float32)
    try check(
      DeepLabV3(
        backbone: ResNet(
          .bottleneck, layers: [1, 1, 1, 1], width: 4,
          replaceStrideWithDilation: [false, true, true]),
        numClasses: 3, auxLoss: true), image, .float32)
  }

  private func check(_ model: some CatalogModel, _ sizes: [Int], _ dtype: DType) throws {
    model.eval()
    let example = try Tensor.meta(sizes, dtype)
    let batch = try Tensor.meta([3] + sizes.dropFirst(), dtype)
    let traced = try trace(model, example, checkInputs: [batch], strict: false, onWarning: { _ in })
    #expect(traced.warnings.map(\.description) == [])
    #expect(traced.constants.isEmpty)
    try traced.frozenGraph().lint()
    for (_, module) in traced.namedModules {
      for method in module.methodNames {
        let graph = try module.graph(of: method)
        try graph.lint()
        #expect(try Graph(parsing: graph.description).description == graph.description)
        #expect(!(try module.code(of: method)).isEmpty)
      }
    }
    let parameters = model.namedParameters().map(\.path)
    #expect(traced.namedParameters.map(\.path) == parameters)
    let result = try traced.run([.tensor(batch)])
    #expect(result.tensors.first?.sizes.first == 3)
  }

  @Test func printsABlockAsTorchvision() throws {
    let model = ResNet(.basic, layers: [1, 1, 1, 1], width: 4)
    model.eval()
    let traced = try trace(model, try Tensor.meta([1, 3, 32, 32], .float32))
    #expect(
      traced["layer2.0"]?.code == """
        def forward(self,
            argument_1: Tensor) -> Tensor:
          downsample = self.downsample
          bn2 = self.bn2
          conv2 = self.conv2
          relu = self.relu
          bn1 = self.bn1
          conv1 = self.conv1
          _0 = (bn1).forward((conv1).forward(argument_1, ), )
          _1 = (conv2).forward((relu).forward(_0, ), )
          _2 = torch.add((bn2).forward(_1, ), (downsample).forward(argument_1, ))
          return (relu).forward1(_2, )

        """)
  }
}
