import MartletModels
import MartletNN
import MartletOps
import MartletTensor
import Testing

/// What torchvision's blocks do in training, and with arguments that do not fit.
@Suite struct BlockTests {
  @Test func `stochastic depth drops whole images and scales the others`() throws {
    let layer = StochasticDepth(p: 0.4)
    let x = try Init.ones([200, 2, 3])
    let rows = try withGenerator(seed: 3) { try layer(x) }.array(of: Float.self)
    let firsts = stride(from: 0, to: rows.count, by: 6).map { rows[$0] }
    #expect(rows == firsts.flatMap { Array(repeating: $0, count: 6) })
    #expect(Set(firsts) == [0, 1 / 0.6])
    #expect(50..<110 ~= firsts.count { $0 == 0 })
    let batch = StochasticDepth(p: 0.5, mode: .batch)
    let whole = try withGenerator(seed: 3) { try batch(x) }.array(of: Float.self)
    #expect(Set(whole).count == 1)
    #expect(try layer.eval()(x).array(of: Float.self) == x.array(of: Float.self))
    let error = #expect(throws: MartletError.self) { try StochasticDepth(p: 1.5)(x) }
    #expect(error?.message == "drop probability has to be between 0 and 1, but got 1.5")
  }

  @Test func `Inception v3 has a second head in training alone`() throws {
    let model = Inception3(numClasses: 4)
    let images = try Tensor.meta([2, 3, 299, 299], .float32)
    let trained = try model.withAuxLogits(images)
    #expect(trained.logits.sizes == [2, 4] && trained.auxLogits?.sizes == [2, 4])
    model.eval()
    #expect(try model.withAuxLogits(images).auxLogits == nil)
    let single = Inception3(numClasses: 4, auxLogits: false)
    #expect(try single.withAuxLogits(images).auxLogits == nil)
  }

  @Test func `a segmentation model's output is read from a dictionary`() throws {
    let (a, b) = (try Init.ones([1]), try Init.zeros([1]))
    let both = try SegmentationOutput(SegmentationOutput(out: a, aux: b).value)
    #expect(both.aux != nil)
    #expect(try SegmentationOutput(SegmentationOutput(out: a).value).aux == nil)
    let error = #expect(throws: MartletError.self) {
      try SegmentationOutput(.dictionary([.init(key: "aux", value: .tensor(a))]))
    }
    #expect(error?.message == "expected a dictionary with 'out', got [\"aux\"]")
  }

  @Test func `arguments that do not fit are told at the first call`() throws {
    func message(_ model: any UnaryModule, _ sizes: [Int]) -> String? {
      #expect(throws: MartletError.self) { _ = try model(Tensor.meta(sizes, .float32)) }?.message
    }
    #expect(
      message(
        ShiftedWindowAttention(8, windowSize: [3, 3], shiftSize: [1, 1], numHeads: 3), [1, 4, 4, 8]
      ) == "8 channels cannot be divided among 3 heads")
    #expect(
      message(
        ShiftedWindowAttention(8, windowSize: [3, 0], shiftSize: [1, 1], numHeads: 2), [1, 4, 4, 8]
      ) == "a shift is less than its window, got windows of [3, 0] and shifts of [1, 1]")
    #expect(
      message(
        ShiftedWindowAttention(8, windowSize: [3, 3], shiftSize: [1, 1], numHeads: 2), [1, 0, 4, 8]
      ) == "expected features of sizes [N, H, W, C] without zeros, got [1, 0, 4, 8]")
    #expect(
      message(ConvNeXt(channels: [8], blocks: []), [1, 3, 32, 32])?
        .hasPrefix("expected the channels and blocks") == true)
    #expect(
      message(
        ResNet(
          .basic, layers: [1, 1, 1, 1], width: 4, replaceStrideWithDilation: [false, true, true]),
        [1, 3, 32, 32])?.hasPrefix("replaceStrideWithDilation") == true)
  }
}
