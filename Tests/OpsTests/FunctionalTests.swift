import MartletOps
import MartletTensor
import TestSupport
import Testing

/// The functions of `F`: which operators they call, and what they say of wrong use.
@Suite struct FunctionalTests {
  private func numbers(_ sizes: [Int]) throws -> Tensor {
    let count = sizes.reduce(1, *)
    return try Tensor((0..<count).map { Float($0 % 7) - 3 }, shape: sizes)
  }

  private func agree(_ a: Tensor, _ b: Tensor) throws -> Bool {
    try difference(a, b, tolerance: 1e-6) == nil
  }

  private func message(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "did not throw"
    } catch {
      return "\(error)"
    }
  }

  /// What a trace would hold.
  private func recorded(_ body: () throws -> some Any) throws -> [String] {
    let recorder = NameRecorder()
    _ = try Dispatcher.$recorder.withValue(recorder) { try body() }
    return recorder.names
  }

  @Test func convolutionsRecordWhatPyTorchRecords() throws {
    let x = try numbers([1, 2, 5, 5])
    let w = try numbers([4, 2, 3, 3])
    #expect(try recorded { try F.conv2d(x, w) } == ["aten::_convolution"])
    #expect(try recorded { try F.conv2d(x, w, padding: .same) } == ["aten::_convolution_mode"])
    #expect(
      try recorded { try F.conv2d(try numbers([2, 5, 5]), w) }
        == ["aten::unsqueeze", "aten::_convolution", "aten::squeeze.dim"])
    #expect(
      try recorded { try F.normalize(x) } == [
        "aten::linalg_vector_norm", "aten::clamp_min", "aten::expand_as", "aten::div.Tensor",
      ])
    #expect(
      try recorded { try F.convTranspose2d(x, try numbers([2, 3, 2, 2]), stride: 2) }
        == ["aten::_convolution"])
    #expect(
      try recorded { try F.interpolate(x, scaleFactor: 2) } == ["aten::upsample_nearest2d.vec"])
    #expect(
      try recorded { try F.interpolate(x, size: [3, 4], mode: .area) }
        == ["aten::adaptive_avg_pool2d"])
  }

  @Test func oneNumberStandsForAllAxes() throws {
    let x = try numbers([2, 2, 6, 5])
    let w = try numbers([4, 1, 3, 3])
    #expect(
      try agree(
        F.conv2d(x, w, stride: 2, padding: 1, groups: 2),
        F.conv2d(x, w, stride: [2, 2], padding: [1, 1], dilation: [1, 1], groups: 2)))
    #expect(try agree(F.maxPool2d(x, 2), F.maxPool2d(x, [2, 2], stride: [2, 2])))
    #expect(try agree(F.avgPool2d(x, 2, stride: 1), F.avgPool2d(x, [2, 2], stride: [1, 1])))
  }

  /// Against the definitions, in plain Swift.
  @Test func normalizingFunctionsKeepTheirDefinitions() throws {
    let x = try Tensor([Float(3), 4, 0, 0, 1, -1], shape: [3, 2])
    let root = Float(0.5).squareRoot()
    #expect(
      try agree(F.normalize(x), Tensor([Float(0.6), 0.8, 0, 0, root, -root], shape: [3, 2])))
    #expect(
      try agree(
        F.pairwiseDistance(x, try Tensor([Float(0), 0]), eps: 0),
        Tensor([Float(5), 0, Float(2).squareRoot()])))
    #expect(
      try agree(
        F.lpPool1d(try Tensor([Float(3), 4, 6, 8], shape: [1, 1, 4]), normType: 2, 2),
        Tensor([Float(5), 10], shape: [1, 1, 2])))
    // Five channels of ones, windows of three: two neighbours in the middle, one at the ends.
    let ones = try Tensor.full([1, 5, 1, 1], 1.0)
    let y = try F.localResponseNorm(ones, size: 3, alpha: 3, beta: 1, k: 1)
    let expected: [Float] = [1 / 3, 1 / 4, 1 / 4, 1 / 4, 1 / 3]
    #expect(try agree(y, Tensor(expected, shape: [1, 5, 1, 1])))
  }

  @Test func batchesAreOptional() throws {
    let x = try numbers([2, 6, 5])
    let w = try numbers([4, 2, 3, 3])
    let batched = try x.reshape([1, 2, 6, 5])
    #expect(try agree(F.conv2d(x, w), F.conv2d(batched, w).reshape([4, 4, 3])))
    #expect(try agree(F.maxPool2d(x, 2), F.maxPool2d(batched, 2).reshape([2, 3, 2])))
  }

  @Test func dropoutDropsInTrainingOnly() throws {
    let x = try Tensor.full([1000], 1.0)
    #expect(try agree(F.dropout(x, p: 0.5, training: false), x))
    let values = try F.dropout(x, p: 0.25, training: true).array(of: Float.self)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect((150...350).contains(values.filter { $0 == 0 }.count))
    let channels = try F.dropout2d(try Tensor.full([4, 8, 2, 2], 1.0)).array(of: Float.self)
    for start in stride(from: 0, to: channels.count, by: 4) {
      #expect(Set(channels[start..<(start + 4)]).count == 1)
    }
  }

  @Test func errorsSayWhatWasExpectedAndGot() throws {
    let x = try numbers([1, 3, 5, 5])
    #expect(
      message { try F.conv2d(x, try numbers([4, 2, 3, 3])) }.hasPrefix(
        "given groups=1, weight of size [4, 2, 3, 3], expected input[1, 3, 5, 5] to have 2 "
          + "channels, but got 3 channels instead"))
    #expect(
      message { try F.linear(try numbers([2, 4]), try numbers([5, 3])) }.hasPrefix(
        "mat1 and mat2 shapes cannot be multiplied (2x4 and 3x5)"))
    #expect(
      message { try F.layerNorm(x, [4]) }.hasPrefix(
        "given normalized_shape=[4], expected input with shape [*, 4], but got input of size "
          + "[1, 3, 5, 5]"))
    #expect(
      message {
        try F.batchNorm(try numbers([1, 3]), runningMean: nil, runningVar: nil, training: true)
      }
      .hasPrefix("expected more than 1 value per channel when training, got input size [1, 3]"))
    #expect(
      message { try F.interpolate(x, size: 4, mode: .trilinear) }.hasPrefix(
        "trilinear interpolation needs an input of 5 axes, got [1, 3, 5, 5]"))
    #expect(
      message { try F.embedding(try Tensor([Int64(7)]), try numbers([5, 2])) }.hasPrefix(
        "index out of range: embedding expects 0 ..< 5, got 7"))
  }

  /// Wide products go through BLAS in tiles and batches; whole numbers in plain loops.
  @Test(arguments: [(1, 700, 3), (257, 31, 65), (40, 300, 40)])
  func productsAgreeWithPlainLoops(rows: Int, depth: Int, columns: Int) throws {
    let a = try numbers([rows, depth])
    let b = try numbers([depth, columns])
    let whole = try a.converted(to: .int64).matmul(b.converted(to: .int64))
    #expect(try agree(a.matmul(b), whole.converted(to: .float32)))
    let transposed = b.viewed(
      Layout(sizes: [columns, depth], strides: [1, columns], offset: 0))
    #expect(try agree(F.linear(a, transposed), whole.converted(to: .float32)))
  }

  /// Convolutions wider than a block of columns are computed in parts.
  @Test func largeConvolutionsAgreeWithTheirParts() throws {
    let x = try numbers([1, 32, 96, 96])
    let w = try numbers([2, 32, 3, 3])
    let whole = try F.conv2d(x, w, padding: 1)
    let top = try F.conv2d(x.viewed(x.layout.rows(0, 40)), w, padding: 1)
    for row in [0, 17, 38] {
      let a = whole.viewed(whole.layout.rows(row, 1))
      let b = top.viewed(top.layout.rows(row, 1))
      #expect(try agree(try a.contiguous(), try b.contiguous()))
    }
  }
}

extension Layout {
  /// Some rows of `[N, C, H, W]`.
  fileprivate func rows(_ start: Int, _ count: Int) -> Layout {
    var result = self
    result.sizes[2] = count
    result.offset += start * strides[2]
    return result
  }
}

/// Notes the operators' names. Unchecked: a test calls it from its own task alone.
private final class NameRecorder: OperatorRecorder, @unchecked Sendable {
  var names: [String] = []

  func record(
    _ operation: Operator, _ arguments: [Value], results: [Value],
    at location: MartletTensor.SourceLocation?
  ) throws -> [Value] {
    names.append(operation.name)
    return results
  }

  func beginCall(
    of module: AnyObject, method: String, inputs: [Value],
    at location: MartletTensor.SourceLocation?
  ) throws {}
  func endCall(of module: AnyObject, output: Value?) throws {}
  func tag(of tensor: Tensor) -> TraceTag? { nil }
  func willRead(
    _ tensor: Tensor, by use: String, allowed: Bool, at location: MartletTensor.SourceLocation?
  ) throws {}
  func didBake(_ dim: Dim, by use: String, at location: MartletTensor.SourceLocation?) {}
}
