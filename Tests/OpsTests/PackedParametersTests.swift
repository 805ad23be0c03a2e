import MartletOps
import MartletTensor
import Testing

@Suite struct PackedParametersTests {
  private let name = "__torch__.torch.classes.quantized.Conv2dPackedParamsBase"

  private func weight() throws -> Tensor {
    try Tensor((0..<8).map { Float($0) }, shape: [2, 1, 2, 2])
      .quantized(as: .qint8, by: .perTensor(scale: 0.1, zeroPoint: 0))
  }

  private func check(_ state: Value) throws {
    let packed = try PackedParameters(className: name, state: state)
    guard case .convolution(let own) = packed.content else {
      Issue.record("not a convolution")
      return
    }
    #expect(own.stride == [2, 1] && own.padding == [1, 0] && own.dilation == [1, 3])
    #expect(own.outputPadding == [0, 0] && own.groups == 2 && !own.isTransposed)
    #expect(own.bias == nil && own.weight.sizes == [2, 1, 2, 2])
    #expect(packed.className == name)
    let again = try PackedParameters(className: name, state: packed.state)
    #expect(again.state.summary == packed.state.summary)
  }

  @Test func convolutionsOfEveryVersion() throws {
    let weight = Value.tensor(try weight())
    func numbers(_ list: [Int16]) throws -> Value {
      .list(try list.map { .tensor(try Tensor([$0])) })
    }
    try check(
      .tuple([
        weight, .none, try numbers([2, 1]), try numbers([1, 0]), try numbers([1, 3]),
        .tensor(try Tensor([Int16(2)])),
      ]))
    let settings = [2, 2, 1, 1, 0, 1, 3, 0, 0, 2, 0]
    let tensor = try Tensor(settings.map { Int16($0) })
    try check(.tuple([.string("2"), .list([.tensor(tensor), weight]), .list([.none])]))
    try check(
      .tuple([.int(3), settings.value, .list([.none, weight, .none])]))
  }

  @Test func malformedStatesAreErrors() throws {
    let weight = Value.tensor(try weight())
    let settings = try Tensor([2, 2, 1] as [Int16])
    let states: [Value] = [
      .none, .tuple([]), .tuple([weight]), .tuple([.string("9"), .list([]), .list([])]),
      .tuple([.string("2"), .list([.tensor(settings), weight]), .list([.none])]),
      .tuple([.string("2"), .list([weight, weight]), .list([.none])]),
      .tuple([.int(3), .list([]), .list([.none, .none, .none])]),
    ]
    for state in states {
      for name in PackedParameters.classNames + ["__torch__.Other"] {
        #expect(throws: MartletError.self) {
          try PackedParameters(className: name, state: state)
        }
      }
    }
  }
}
