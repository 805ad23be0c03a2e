import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct TraceTests {
  @Test func keepsTheModuleTree() throws {
    let traced = try trace(try Net(scale: 2), try numbers(2, 4), try numbers(2, 4))
    let line = "TracerTests/Models.swift"
    #expect(
      traced.graph.description == """
        graph(%self : __torch__.Net,
              %x1 : Float(2, 4),
              %x2 : Float(2, 4)):
          %head : __torch__.torch.nn.modules.linear.Linear = prim::GetAttr[name="head"](%self)
          %scale : Float(1) = prim::GetAttr[name="scale"](%self)
          %layers : __torch__.torch.nn.modules.container.ModuleList = \
        prim::GetAttr[name="layers"](%self)
          %_1 : __torch__.Block = prim::GetAttr[name="1"](%layers)
          %_0 : __torch__.Block = prim::GetAttr[name="0"](%layers)
          %0 : Float(2, 4) = prim::CallMethod[name="forward"](%_0, %x1) # \(line):31
          %1 : Float(2, 4) = prim::CallMethod[name="forward"](%_1, %0) # \(line):31
          %2 : Float(2, 4) = aten::mul.Tensor(%1, %scale)
          %3 : Float(2, 4) = aten::add.Tensor(%2, %x2, 1)
          %4 : int = aten::size.int(%x1, 0) # \(line):32
          %5 : int = aten::mul.int(%4, 2) # \(line):32
          %6 : Float(4, 2) = aten::reshape(%3, [%5, -1]) # \(line):32
          %7 : Tensor[] = aten::split.Tensor(%6, 1, 1) # \(line):33
          %8 : Float(4, 1), %9 : Float(4, 1) = prim::ListUnpack(%7) # \(line):33
          %10 : Float(2, 4) = aten::reshape(%6, [-1, 4]) # \(line):34
          %11 : Float(2, 2) = prim::CallMethod[name="forward"](%head, %10) # \(line):34
          return ((%11, (%8, %x1)))

        """)
    let block = try #require(traced["layers.1"])
    #expect(
      block.graph.description == """
        graph(%self : __torch__.Block,
              %argument_1 : Float(2, 4)):
          %relu : __torch__.torch.nn.modules.activation.ReLU = \
        prim::GetAttr[name="relu"](%self) # layers.1
          %fc : __torch__.torch.nn.modules.linear.Linear = \
        prim::GetAttr[name="fc"](%self) # layers.1
          %0 : Float(2, 4) = \
        prim::CallMethod[name="forward"](%fc, %argument_1) # layers.1, \(line):13
          %1 : Float(2, 4) = prim::CallMethod[name="forward"](%relu, %0) # layers.1, \(line):13
          %2 : Float(2, 4) = prim::CallMethod[name="forward1"](%relu, %1) # layers.1, \(line):13
          %3 : Float(2, 4) = aten::add.Tensor(%2, %argument_1, 1) # layers.1
          return (%3)

        """)
    #expect(block["relu"]?.methodNames == ["forward", "forward1"])
    #expect(traced["layers.2"] == nil)
    #expect(traced.warnings.isEmpty)
    for (path, module) in traced.namedModules {
      for method in module.methodNames {
        let graph = try module.graph(of: method)
        try graph.lint()
        #expect(try Graph(parsing: graph.description).description == graph.description, "\(path)")
      }
    }
  }

  @Test func inlinesAndFreezes() throws {
    let traced = try trace(try Net(scale: 2), try numbers(2, 4), try numbers(2, 4))
    for graph in [try traced.inlinedGraph, try traced.frozenGraph()] {
      try graph.lint()
      #expect(graph.nodes.contains { $0.prim == .callMethod } == false)
      let text = graph.description
      #expect(try Graph(parsing: text, constants: graph.constants).description == text)
    }
    let frozen = try traced.frozenGraph()
    #expect(Set(frozen.constants.keys) == Set(traced.namedParameters.map(\.path)))
    #expect(frozen.inputs.count == 2)
    let relu = try #require(frozen.nodes.first { $0.name == "aten::relu" })
    #expect(relu.scope?.path == "layers.0.relu")
    #expect(relu.scope?.typeName == "torch.nn.modules.activation.ReLU")
  }

  @Test func runsAsTheModel() throws {
    let model = try Net(scale: 0.5)
    let traced = try trace(model, try numbers(2, 4), try numbers(2, 4))
    let (x, y) = (try numbers(3, 4), try numbers(3, 4))
    let expected = try model(x, y)
    let (head, rest): (Tensor, Value) = try traced(x, y)
    #expect(try head.elements(as: Float.self) == expected.0.elements(as: Float.self))
    let (part, same) = try trace(x, y) { try model($0, $1).1 }(x, y) as (Tensor, Tensor)
    #expect(try part.elements(as: Float.self) == expected.1.0.elements(as: Float.self))
    #expect(try same.elements(as: Float.self) == x.elements(as: Float.self))
    #expect(rest.tensors.count == 2)
    let error = failure { try traced(x) as Tensor }
    #expect(error?.message == "expected 2 inputs (x1, x2), got 1")
  }

  @Test func keepsStateDictionariesAndSharedParameters() throws {
    let first = Linear(3, 3)
    let second = Linear(3, 3)
    second.weight.value = first.weight.value
    let model = Sequential(first, second)
    model.eval()
    let sequence = try trace(model, try numbers(1, 3))
    #expect(sequence.stateDict.map(\.path) == ["0.weight", "0.bias", "1.weight", "1.bias"])
    #expect(sequence.namedParameters.map(\.path) == ["0.weight", "0.bias", "1.bias"])
    #expect(sequence["1"]?.graph.nodes.map(\.label) == ["bias", "weight", nil])
    #expect(try sequence.frozenGraph().constants.keys.sorted() == ["0.bias", "0.weight", "1.bias"])
  }

  @Test func takesAndGivesNestedValues() throws {
    let x = try numbers(2)
    let y = try numbers(1, 2)
    let traced = try trace(
      (x, [y, x]), ["b": y, "a": x], strict: false, inputNames: ["pair", "named"]
    ) { (pair: (Tensor, [Tensor]), named: [String: Tensor]) in
      (try pair.0 + named["b"]!, ["k": try pair.1[0] * named["a"]!, "l": pair.1[1]])
    }
    #expect(
      traced.graph.description == """
        graph(%pair : (Float(2), Tensor[]),
              %named : Dict(str, Tensor)):
          %0 : Float(2), %1 : Tensor[] = prim::TupleUnpack(%pair)
          %2 : Float(1, 2), %3 : Float(2) = prim::ListUnpack(%1)
          %4 : Float(2) = aten::__getitem__.Dict_str(%named, "a")
          %5 : Float(1, 2) = aten::__getitem__.Dict_str(%named, "b")
          %6 : Float(1, 2) = aten::add.Tensor(%0, %5, 1)
          %7 : Float(1, 2) = aten::mul.Tensor(%2, %4)
          return ((%6, {"k": %7, "l": %0}))

        """)
    let result = try traced.run([
      .tuple([.tensor(x), .list([.tensor(y), .tensor(x)])]),
      .dictionary([
        .init(key: "a", value: .tensor(x)), .init(key: "b", value: .tensor(y)),
      ]),
    ])
    #expect(result.tensors.map(\.sizes) == [[1, 2], [1, 2], [2]])
    #expect(
      failure { try traced.run([.tensor(x), .none]) }?.message
        == "input 'pair': expected (Float(2), Tensor[]), got float32[2] (Tensor)")
  }

  @Test func tellsOneTensorGivenTwiceApart() throws {
    let x = try numbers(2)
    let traced = try trace(x, x) { try $0 * 2 + $1 }
    #expect(traced.graph.nodes[1].arguments[1].graphValue == traced.graph.inputs[1])
    let inArray = try trace([x, x]) { (items: [Tensor]) in try items[0] * 2 + items[1] }
    #expect(inArray.graph.text(of: inArray.graph.nodes[2].arguments[1]) == "%1")
    let asPair = try trace(try Net(scale: 1), (try numbers(2, 4), try numbers(2, 4)))
    #expect(asPair.graph.inputs.count == 3)
  }

  @Test func recordsSizes() throws {
    let traced = try quietly(
      Custom { x in
        let (n, c) = (x.shape[0], x.shape[-1])
        let half = (n + c * 2 - 1) / 2 % 5
        let y = try x.reshape([n * c, 1])
        return try y.expand([n * c, half]).reshape([n * c * half])
      }, try numbers(2, 3), checkInputs: [try numbers(4, 2)])
    #expect(
      traced.graph.nodes.map { traced.graph.line(of: $0) } == [
        "%0 : int = aten::size.int(%x, 0)", "%1 : int = aten::size.int(%x, 1)",
        "%2 : int = aten::mul.int(%0, %1)", "%3 : Float(6, 1) = aten::reshape(%x, [%2, 1])",
        "%4 : int = aten::mul.int(%1, 2)", "%5 : int = aten::add.int(%0, %4)",
        "%6 : int = aten::sub.int(%5, 1)", "%7 : int = aten::floordiv.int(%6, 2)",
        "%8 : int = aten::remainder.int(%7, 5)",
        "%9 : Float(6, 3) = aten::expand(%3, [%2, %8], False)",
        "%10 : int = aten::mul.int(%2, %8)", "%11 : Float(18) = aten::reshape(%9, [%10])",
      ])
    #expect(traced.warnings.isEmpty)
    let y: Tensor = try traced(try numbers(5, 4))
    #expect(y.sizes == [20])
  }

  @Test func passesSizesAndSideValuesBetweenModules() throws {
    final class Inner: Module {
      var seen: Tensor?
      func forward(_ input: (Tensor, Tensor)) throws -> Tensor {
        seen = try input.0.exp()
        return try input.0.reshape([input.1.shape[0], -1])
      }
    }
    final class Outer: Module {
      let inner = Inner()
      func forward(_ x: Tensor) throws -> Tensor {
        let y = try inner(x, x)
        return try y + (inner.seen ?? x).reshape([x.shape[0], -1])
      }
    }
    let model = Outer()
    model.eval()
    let traced = try trace(model, try numbers(2, 3))
    let inner = try #require(traced["inner"])
    #expect(inner.graph.outputs.count == 1)
    #expect(
      inner.graph.description.hasSuffix("return ((%2, %0))\n"), "\(inner.graph)")
    #expect(traced.graph.nodes.contains { $0.prim == .tupleUnpack })
    let frozen = try traced.frozenGraph()
    #expect(!frozen.nodes.contains { $0.prim == .tupleUnpack })
    // A size that another module recorded is recorded again where it is used.
    #expect(frozen.nodes.count { $0.name == "aten::size.int" } == 2)
  }

  @Test func namesConstantsFromOutside() throws {
    let offset = try numbers(2)
    let line = #line + 2
    let traced = try quietly(
      Custom { try $0.add(offset).mul(offset).sub(Tensor([Float(7)])) }, try numbers(2))
    #expect(traced.constants.map(\.name) == ["c0", "c1"])
    #expect(traced.constants[0].shape == [2])
    #expect(
      traced.constants[0].location
        == MartletTensor.SourceLocation(file: "TracerTests/TraceTests.swift", line: line))
    #expect(traced.graph.nodes.map(\.label) == ["c1", "c0", nil, nil, nil])
    #expect(traced.graph.constants.count == 2)
  }

  @Test func takesInModulesMadeOnTheWay() throws {
    let shared = Linear(2, 2)
    shared.eval()
    final class Maker: Module {
      let outside: Linear
      override var attributeNames: [String: String] { [:] }
      private let box: () -> Linear
      init(_ linear: Linear) {
        outside = Linear(2, 2)
        box = { linear }
        super.init()
        eval()
      }
      func forward(_ x: Tensor) throws -> Tensor {
        try ReLU()(box()(outside(box()(x))))
      }
    }
    let traced = try trace(Maker(shared), try numbers(1, 2))
    #expect(traced.children.map(\.name) == ["outside", "linear", "re_lu"])
    #expect(traced["linear"]?.methodNames == ["forward", "forward1"])
    #expect(
      traced.namedParameters.map(\.path) == [
        "outside.weight", "outside.bias", "linear.weight", "linear.bias",
      ])
  }

  @Test func tracesFunctionsIntoOneGraph() throws {
    let chain = Chain(2)
    let traced = try trace({ try chain($0) * 2 }, try numbers(1, 2))
    #expect(traced.isFunction)
    #expect(traced.children.isEmpty)
    #expect(
      traced.constants.map(\.name) == [
        "chain.layers.0.fc.weight", "chain.layers.0.fc.bias", "chain.layers.1.fc.weight",
        "chain.layers.1.fc.bias",
      ])
    #expect(traced.graph.nodes.count == 4 + 2 * 4 + 1)
    #expect(traced.graph.nodes[4].scope?.path == "chain.layers.0.fc")
    #expect(traced.graph.description == (try traced.inlinedGraph.description))
    let y: Tensor = try traced(try numbers(3, 2))
    let expected = try chain(try numbers(3, 2)) * 2
    #expect(try y.elements(as: Float.self) == expected.elements(as: Float.self))
  }

  @Test func tracesSeveralMethods() throws {
    let model = Chain(1)
    let x = try numbers(1, 2)
    let traced = try traceModule(
      model,
      [
        TraceMethod("forward", x) { try $0($1) },
        TraceMethod("twice", x, checkInputs: [try numbers(4, 2)]) { try $0($0($1)) },
        TraceMethod("pair", x, x) { try $0.layers[0]($1) + $2 },
      ])
    #expect(traced.methodNames == ["forward", "twice", "pair"])
    #expect(
      traced["layers.0"]?.methodNames == ["forward", "forward1", "forward2", "forward3"])
    let y = try traced.run([.tensor(x)], method: "twice")
    let expected = try model(model(x))
    #expect(try Tensor(y).elements(as: Float.self) == expected.elements(as: Float.self))
    #expect(
      failure { try traced.graph(of: "none") }?.message
        == "there is no method 'none': the methods are forward, twice, pair")
  }

  @Test func isRecordedWhereItIsCalledInATrace() throws {
    let inner = try quietly(Chain(1), try numbers(1, 2))
    let outer = try trace(try numbers(1, 2)) { (x: Tensor) in try (inner(x) as Tensor) * 2 }
    #expect(outer.graph.nodes.count { $0.prim == nil } == 5)
  }
}
