import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct CheckTests {
  /// A layer that looks at its input's values.
  final class Gate: Module {
    func forward(_ x: Tensor) throws -> Tensor {
      let largest = try x.item(Float.self, asConstant: true)
      let y = try x.exp()
      if largest > 3 { return try y.tanh() }
      return try y.mul(Tensor(scalar: largest))
    }
  }

  final class Gated: Module {
    let gates = [Gate(), Gate()]
    override init() {
      super.init()
      eval()
    }
    func forward(_ x: Tensor) throws -> Tensor { try gates[1](gates[0](x)) }
  }

  @Test func namesTheFirstNodeWhoseValueDiffers() throws {
    let x = try Tensor([Float(1)])
    _ = try quietly(Gated(), x)
    let error = failure {
      try quietly(Gated(), x, checkInputs: [x, try Tensor([Float(0.5)])])
    }
    #expect(error?.kind == .check)
    #expect(error?.modulePath == "gates.0")
    #expect(
      error?.location
        == MartletTensor.SourceLocation(file: "TracerTests/CheckTests.swift", line: 14))
    #expect(
      error?.message == """
        the trace does not agree with the model on checkInputs[1]: the first node that differs is \
        %1 : Float(1) = aten::mul.Tensor(%0, %c0): largest absolute difference 0.8244, relative \
        1.0; allowed 1e-05 + 1e-05 of the model's value
        A trace holds one path through the model: it is wrong where Swift code branches on values \
        or sizes, uses constants read from tensors, keeps state between calls, or draws random \
        numbers
        """)
  }

  @Test func namesTheFirstNodeThatIsAnother() throws {
    let error = failure {
      try quietly(Gated(), try Tensor([Float(1)]), checkInputs: [try Tensor([Float(4)])])
    }
    #expect(error?.modulePath == "gates.0")
    #expect(
      error?.location
        == MartletTensor.SourceLocation(file: "TracerTests/CheckTests.swift", line: 13))
    #expect(
      error?.message.contains(
        "checkInputs[0]: the trace's %1 : Float(1) = aten::mul.Tensor(%0, %c0) is now "
          + "aten::tanh(Float(1))") == true)
  }

  @Test func showsLiteralsThatChanged() throws {
    let model = Custom { try $0.add(1) * Double($0.item(Float.self, asConstant: true)) }
    let error = failure {
      try quietly(model, try Tensor([Float(2)]), checkInputs: [try Tensor([Float(4)])])
    }
    #expect(
      error?.message.contains("('other' is 2.0 in the trace and 4.0 in this run)") == true,
      "\(error?.message ?? "none")")
    #expect(error?.message.contains("(after TracerTests/CheckTests.swift:") == true)
  }

  @Test func findsStateKeptBetweenCalls() throws {
    final class Counter: Module {
      var calls = 0.0
      override init() {
        super.init()
        eval()
      }
      func forward(_ x: Tensor) throws -> Tensor {
        calls += 1
        return try x * calls
      }
    }
    let error = failure { try quietly(Counter(), try numbers(2)) }
    #expect(error?.message.contains("on the same inputs: the first node that differs") == true)
    _ = try quietly(Counter(), try numbers(2), checkTrace: false)
  }

  @Test func findsSizesThatWereFixed() throws {
    let model = Custom { x in try x.reshape([Int(x.shape[0]), 1]) }
    let error = failure { try quietly(model, try numbers(2), checkInputs: [try numbers(3)]) }
    #expect(
      error?.message.contains(
        "the graph's %0 : Float(2, 1) = aten::reshape(%x, [2, 1]) fails where the model does not: "
          + "shape [2, 1] is invalid for input of size 3 ('shape' is [2, 1] in the trace and "
          + "[3, 1] in this run)") == true, "\(error?.message ?? "none")")
  }

  @Test func findsWhatIsMissingOrMore() throws {
    let model = Custom { x in
      try x.item(Float.self, asConstant: true) > 1 ? x.exp().tanh() : x.exp()
    }
    let (small, large) = (try Tensor([Float(1)]), try Tensor([Float(2)]))
    #expect(
      failure { try quietly(model, small, checkInputs: [large]) }?.message.contains(
        "the model now goes on with aten::tanh(Float(1)), where the trace ends") == true)
    #expect(
      failure { try quietly(model, large, checkInputs: [small]) }?.message.contains(
        "the model now stops before %1 : Float(1) = aten::tanh(%0)") == true)
    let chooser = Custom { x in
      let (a, b) = (try x.exp(), try x.tanh())
      return try x.item(Float.self, asConstant: true) > 1 ? a : b
    }
    #expect(
      failure { try quietly(chooser, small, checkInputs: [large]) }?.message.contains(
        "the model now returns another of its values") == true)
  }

  @Test func takesRandomNodesFromTheModel() throws {
    let model = Custom { x in try x.add(coinFlips(like: x)).exp() }
    #expect(try quietly(model, try numbers(2)).warnings.map(\.kind) == [.random])
  }

  @Test func passesTheModelsErrorsOnCheckInputs() throws {
    let error = failure {
      try quietly(Chain(1), try numbers(1, 2), checkInputs: [try numbers(1, 3)])
    }
    #expect(error?.kind == .shape || error?.kind == .check)
    #expect(error?.modulePath == "layers.0.fc")
  }

  @Test func allowsNaN() throws {
    let model = Custom { try $0.log() }
    _ = try quietly(model, try Tensor([Float(-1), 0, .nan]))
  }
}
