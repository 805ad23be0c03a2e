import MartletOps
import MartletTensor
import TestSupport
import Testing

/// Creation, conversion and choice as Swift code writes them.
@Suite struct CreationInterfaceTests {
  private func named(_ name: String) throws -> Operator { try #require(Catalog.byName[name]) }

  @Test func constants() throws {
    #expect(try Tensor.zeros([2, 1]).array(of: Float.self) == [0, 0])
    #expect(try Tensor.ones([2], dtype: .int8).array(of: Int8.self) == [1, 1])
    #expect(try Tensor.full([2], 3).array(of: Int64.self) == [3, 3])
    #expect(try Tensor.full([Int](), 2.5).array(of: Float.self) == [2.5])
    let error = #expect(throws: MartletError.self) { try Tensor.zeros([2, -1]) }
    #expect(error?.message == "a size cannot be negative, got [2, -1]")
  }

  @Test func sequences() throws {
    #expect(try Tensor.arange(3).array(of: Int64.self) == [0, 1, 2])
    #expect(try Tensor.arange(1.5, 4).array(of: Float.self) == [1.5, 2.5, 3.5])
    #expect(try Tensor.arange(5, 0, step: -2).array(of: Int64.self) == [5, 3, 1])
    #expect(try Tensor.linspace(0, 1, steps: 3).array(of: Float.self) == [0, 0.5, 1])
    #expect(try Tensor.eye(2).array(of: Float.self) == [1, 0, 0, 1])
    #expect(try Tensor.hammingWindow(4).dim == 1)
  }

  @Test func afterTheFashionOfAnother() throws {
    let x = try Tensor([1, 2, 3] as [Int32])
    #expect(try Tensor.onesLike(x).array(of: Int32.self) == [1, 1, 1])
    #expect(try x.newFull([2], 7).array(of: Int32.self) == [7, 7])
    #expect(try x.to(.float16).dtype == .float16)
    #expect(try x.typeAs(try Tensor.zeros([1])).array(of: Float.self) == [1, 2, 3])
    #expect(try Tensor.where(x .> 1, x, 0).array(of: Int32.self) == [0, 2, 3])
    #expect(try x.maskedFill(x .== 2, -1).array(of: Int32.self) == [1, -1, 3])
    #expect(try Tensor.ones([2, 2]).tril().array(of: Float.self) == [1, 0, 1, 1])
  }

  @Test func metaTensorsStayMeta() throws {
    let x = try Tensor.meta([2, 3], .float32)
    #expect(try x.to(.int64).isMeta)
    #expect(try Tensor.zerosLike(x).isMeta)
    #expect(try (x * 2 + 1).clamp(min: 0).isMeta)
    let made = try named("aten::zeros")([2, 3], nil, nil, .device("meta"))
    #expect(made.isMeta && made.shape == [2, 3])
  }

  @Test func devicesOtherThanTheProcessorAreRefused() throws {
    let error = #expect(throws: MartletError.self) {
      try named("aten::zeros")([2], nil, nil, .device("cuda:0"))
    }
    #expect(error?.kind == .unsupported)
  }

  @Test(arguments: ["aten::rand", "aten::randn"])
  func randomTensorsDiffer(name: String) throws {
    let operation = try named(name)
    #expect(operation.isRandom)
    let (a, b) = (try operation([64]), try operation([64]))
    #expect(a.dtype == .float32 && a.shape == [64])
    #expect(try a.array(of: Float.self) != b.array(of: Float.self))
  }

  @Test func randomPermutationsHoldEveryNumber() throws {
    let permutation = try named("aten::randperm")(100)
    #expect(try permutation.array(of: Int64.self).sorted() == Array(0..<100))
  }

  @Test func bernoulliFollowsItsProbabilities() throws {
    let p = try Tensor.full([10_000], 0.25)
    let ones = try named("aten::bernoulli")(.tensor(p)).array(of: Float.self)
      .filter { $0 == 1 }
    #expect(abs(Double(ones.count) / 10_000 - 0.25) < 0.03)
  }
}
