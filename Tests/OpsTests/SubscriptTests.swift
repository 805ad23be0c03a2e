import MartletOps
import MartletTensor
import Testing

/// Subscripts against what Python's give; `x` is `torch.arange(24).reshape(2, 3, 4)`.
@Suite struct SubscriptTests {
  let x: Tensor

  init() throws {
    x = try Tensor((0..<24).map { Int64($0) }, shape: [2, 3, 4])
  }

  private func expect(
    _ got: Tensor, _ shape: [Int], _ values: [Int64], _ location: Testing.SourceLocation
  ) throws {
    #expect(got.shape == shape, sourceLocation: location)
    let elements = try got.array(of: Int64.self)
    #expect(elements == values, sourceLocation: location)
  }

  private func expect(
    _ got: Tensor, _ shape: [Int], _ values: Int64...,
    location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    try expect(got, shape, values, location)
  }

  @Test func numbersAndRangesGiveViews() throws {
    let i = 2
    try expect(x[0, -1, 3], [], 11)
    try expect(x[1, i], [4], 20, 21, 22, 23)
    try expect(x[1, 1..<(-1), 1..<3], [1, 2], 17, 18)
    try expect(x[0, 1..., ..<2], [2, 2], 4, 5, 8, 9)
    try expect(x[0, i..., 7...], [1, 0])
    try expect(x[.all, 0, .slice(step: 3)], [2, 2], 0, 3, 12, 15)
    try expect(x[0, 0, .slice(1, nil, step: 2)], [2], 1, 3)
    try expect(x[.ellipsis, 1, 0], [2], 4, 16)
    try expect(x[0, .ellipsis, 0], [3], 0, 4, 8)
    try expect(x[1, .newAxis, 2, .newAxis, ..<1], [1, 1, 1], 20)
    try expect(x[x.shape[0] - 1, 0, 0], [], 12)
  }

  @Test func tensorsAndMasksPick() throws {
    let index = try Tensor([2, 0] as [Int64])
    try expect(x[0, index, 0], [2], 8, 0)
    try expect(x[.all, index, 3], [2, 2], 11, 3, 23, 15)
    try expect(x[.ellipsis, index], [2, 3, 2], 2, 0, 6, 4, 10, 8, 14, 12, 18, 16, 22, 20)
    let mask = try Tensor([false, true])
    try expect(x[mask, 1, 1], [1], 17)
    let wide = try Tensor([true, false, false, false, false, true], shape: [2, 3])
    try expect(x[wide, 0], [2], 0, 20)
    try expect(x[wide, ..<1], [2, 1], 0, 20)
  }

  @Test func assignmentChangesOneCopy() throws {
    var y = x
    try y.assign(-1, at: 0, 1)
    try expect(y[0], [3, 4], 0, 1, 2, 3, -1, -1, -1, -1, 8, 9, 10, 11)
    try expect(x[0, 1], [4], 4, 5, 6, 7)
    try y.assign(Tensor([7, 8] as [Int64]), at: 1, .all, 1..<3)
    try expect(y[1, .all, 2], [3], 8, 8, 8)
    try y.assign(0, at: .ellipsis)
    try expect(y.sum(), [], 0)
    try y.assign(5, at: Tensor([1] as [Int64]), .newAxis, .ellipsis, .slice(step: 2))
    try expect(y.sum(dim: [1, 2]), [2], 0, 30)
    try y.assign(2.0, at: y.gt(0))
    try expect(y.sum(), [], 12)
    var scalar = try Tensor(scalar: 1 as Float)
    try scalar.assign(3, at: .ellipsis)
    #expect(try scalar.item(Float.self) == 3)
  }

  @Test func wrongPlacesThrow() throws {
    #expect(throws: MartletError.self) { try x[2] }
    #expect(throws: MartletError.self) { try x[0, 0, 0, 0] }
    #expect(throws: MartletError.self) { try x[.ellipsis, .ellipsis] }
    #expect(throws: MartletError.self) { try x[Tensor([3] as [Int64]), 0] }
    #expect(throws: MartletError.self) { try x[.slice(step: -1)] }
    var y = x
    #expect(throws: MartletError.self) {
      try y.assign(Tensor([1, 2, 3] as [Int64]), at: 0)
    }
    do {
      _ = try x[5]
    } catch let error as MartletError {
      #expect(error.kind == .index)
      #expect(error.location?.file.hasSuffix("SubscriptTests.swift") == true)
    }
  }
}
