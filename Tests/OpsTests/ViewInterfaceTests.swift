import MartletOps
import MartletTensor
import Testing

/// The Swift names of views, joints, picks and reductions reach the operators they stand for.
@Suite struct ViewInterfaceTests {
  private func ramp(_ shape: [Int]) throws -> Tensor {
    try Tensor((0..<shape.reduce(1, *)).map { Float($0) }, shape: shape)
  }

  @Test func viewsKeepElements() throws {
    let x = try ramp([2, 3, 4])
    #expect(try x.permute([2, 0, 1]).shape == [4, 2, 3])
    #expect(try x.transpose(-1, 0).shape == [4, 3, 2])
    #expect(try x.flatten(startDim: 1).shape == [2, 12])
    #expect(try x.unflatten(dim: 2, [2, -1]).shape == [2, 3, 2, 2])
    #expect(try x.unsqueeze(-1).squeeze(-1).shape == [2, 3, 4])
    #expect(try x.reshape([x.shape[0], -1]).view([24]).shape == [24])
    #expect(try x.select(dim: 1, index: -1).array(of: Float.self)[0] == 8)
    #expect(try x.slice(dim: 2, start: 1, end: -1).shape == [2, 3, 2])
    #expect(try x.narrow(dim: 1, start: 1, length: 2).shape == [2, 2, 4])
    #expect(try x.unbind(dim: 1).count == 3)
    #expect(try x.split(3, dim: 2).map { $0.shape[2].description } == ["3", "1"])
    #expect(try x.split([1, 3], dim: -1)[1].shape == [2, 3, 3])
    #expect(try x.chunk(2, dim: 2).count == 2)
    #expect(try x.movedim(0, -1).shape == [3, 4, 2])
    #expect(try ramp([3, 1]).expand([3, 4]).shape == [3, 4])
    #expect(try x.diagonal(dim1: 1, dim2: 2).shape == [2, 3])
    #expect(try x.unfold(dim: 2, size: 2, step: 1).shape == [2, 3, 3, 2])
  }

  @Test func jointsAndPicks() throws {
    let x = try ramp([2, 3])
    #expect(try Tensor.cat([x, x], dim: 1).shape == [2, 6])
    #expect(try Tensor.stack([x, x]).shape == [2, 2, 3])
    #expect(try x.repeat([2, 1]).shape == [4, 3])
    #expect(try x.pad([1, 1]).shape == [2, 5])
    #expect(try x.pad([1, 1], mode: "reflect").array(of: Float.self)[0] == 1)
    #expect(try x.roll([1], dims: [1]).array(of: Float.self) == [2, 0, 1, 5, 3, 4])
    #expect(try x.flip([1]).array(of: Float.self) == [2, 1, 0, 5, 4, 3])
    let index = try Tensor([1, 0] as [Int64])
    #expect(try x.indexSelect(dim: 1, index).array(of: Float.self) == [1, 0, 4, 3])
    #expect(try x.maskedSelect(x.gt(3)).array(of: Float.self) == [4, 5])
    #expect(try Tensor.meshgrid([index, index], indexing: "xy").count == 2)
  }

  @Test func reductionsFold() throws {
    let x = try ramp([2, 3])
    #expect(try x.sum().item(Float.self) == 15)
    #expect(try x.mean(dim: 1).array(of: Float.self) == [1, 4])
    #expect(try x.max().item(Float.self) == 5)
    let top = try x.topk(2, dim: 1)
    #expect(try top.values.array(of: Float.self) == [2, 1, 5, 4])
    #expect(try top.indices.array(of: Int64.self) == [2, 1, 2, 1])
    #expect(try x.argmax(dim: 1, keepdim: true).shape == [2, 1])
    #expect(try x.amax(dim: [0]).array(of: Float.self) == [3, 4, 5])
    #expect(try x.var(dim: [1]).array(of: Float.self) == [1, 1])
    #expect(try x.norm(p: 1).item(Float.self) == 15)
    #expect(try x.cumsum(dim: 1).array(of: Float.self) == [0, 1, 3, 3, 7, 12])
    #expect(try x.sort(descending: true).values.array(of: Float.self) == [2, 1, 0, 5, 4, 3])
    #expect(try x.any().item(Bool.self))
    #expect(throws: MartletError.self) { try Tensor([1, 2] as [Int64]).mean() }
  }
}
