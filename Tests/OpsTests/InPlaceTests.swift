import MartletOps
import MartletTensor
import TestSupport
import Testing

/// In-place operators write where their argument's elements lie.
@Suite struct InPlaceTests {
  private func named(_ name: String) throws -> Operator { try #require(Catalog.byName[name]) }

  /// `self` and `other` are views of one tensor: all is read before anything is written.
  @Test func readsOverlappingArgumentsFirst() throws {
    let base = try Tensor([1, 2, 3, 4, 5] as [Float])
    let (left, right) = (base.narrowedView(0, 0, 4), base.narrowedView(0, 1, 4))
    _ = try named("aten::add_.Tensor")(.tensor(right), .tensor(left))
    #expect(try base.elements(as: Float.self) == [1, 3, 5, 7, 9])
    _ = try named("aten::copy_")(.tensor(left), .tensor(right))
    #expect(try base.elements(as: Float.self) == [3, 5, 7, 9, 9])
    _ = try named("aten::mul_.Tensor")(.tensor(base), .tensor(base))
    #expect(try base.elements(as: Float.self) == [9, 25, 49, 81, 81])
  }

  @Test func everyViewSeesTheChange() throws {
    let base = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let column = base.selectedView(1, 1)
    let changed = try named("aten::neg_")(.tensor(column))
    #expect(try base.elements(as: Float.self) == [1, -2, 3, -4])
    #expect(try changed.elements(as: Float.self) == [-2, -4])
    #expect(changed.storage === base.storage)
  }

  @Test func saysWhatDoesNotFit() throws {
    let whole = try Tensor([1, 2] as [Int64])
    #expect {
      try named("aten::mul_.Scalar").call([.tensor(whole), 0.5], at: nil)
    } throws: {
      "\($0)".contains("result type Float can't be cast to the desired output type Long")
    }
    #expect {
      let many = Value.tensor(try .zeros([3, 2]))
      return try named("aten::add_.Tensor").call([.tensor(try .zeros([2])), many], at: nil)
    } throws: {
      "\($0)".contains("output with shape [2] doesn't match the broadcast shape [3, 2]")
    }
    #expect {
      let repeated = try Tensor([1] as [Float]).broadcastView([3])
      return try named("aten::relu_").call([.tensor(repeated)], at: nil)
    } throws: {
      "\($0)".contains("more than one element of the written-to tensor")
    }
    #expect(try whole.elements(as: Int64.self) == [1, 2])
  }

  /// Each has what it writes from the operator without the underscore.
  @Test func knowsItsFunctionalTwin() throws {
    #expect(try named("aten::add_.Tensor").functional?.name == "aten::add.Tensor")
    #expect(try named("aten::pow_.Scalar").functional?.name == "aten::pow.Tensor_Scalar")
    for operation in Catalog.operators where operation.schema.isMutating {
      guard case .mutating = operation.body else { continue }
      #expect(operation.schema.returns.count == 1, "\(operation.name)")
    }
  }
}
