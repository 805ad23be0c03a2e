import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import Testing

/// What archives hold beside functions: classes, constants, older versions.
struct SourceCompilerTests {
  private func compile(
    _ text: String, constants: [Value] = [], version: Int? = nil
  ) throws -> CompilationUnit {
    try SourceCompiler.compile(
      [SourceFile(qualifier: "__torch__", path: "code/__torch__.py", text: text)],
      constants: constants, version: version)
  }

  private func graph(_ text: String, version: Int? = nil) throws -> String {
    let unit = try compile(text, version: version)
    let graph = try #require(unit.functions["__torch__.f"]).graph
    try graph.lint()
    return graph.description
  }

  @Test func moduleWithChildren() throws {
    let linear = SourceFile(
      qualifier: "__torch__.torch.nn.modules.linear",
      path: "code/__torch__/torch/nn/modules/linear.py",
      text: """
        class Linear(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = []
          weight : Tensor
          bias : Tensor
          in_features : Final[int] = 2
          def forward(self: __torch__.torch.nn.modules.linear.Linear,
            input: Tensor) -> Tensor:
            return torch.linear(input, self.weight, self.bias)
        """)
    let net = SourceFile(
      qualifier: "__torch__", path: "code/__torch__.py",
      text: """
        class Net(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          __annotations__["0"] = __torch__.torch.nn.modules.linear.Linear
          def forward(self: __torch__.Net, x: Tensor) -> Tensor:
            _0 = getattr(self, "0")
            _1 = torch.relu((_0).forward(x, ))
            return torch.mul(_1, (_0).in_features)
        """)
    let unit = try SourceCompiler.compile([net, linear])
    let type = try #require(unit.classes["__torch__.torch.nn.modules.linear.Linear"])
    #expect(type.kind == .module)
    #expect(type.parameters == ["weight", "bias"])
    #expect(type.constant("in_features")?.type == .int)
    #expect(unit.classes["__torch__.Net"]?.attribute("0")?.type == .module(type.name))
    let forward = try #require(unit.classes["__torch__.Net"]?.method("forward"))
    #expect(forward.parameterNames == ["self", "x"])
    #expect(
      forward.graph.description == """
        graph(%self : __torch__.Net,
              %x : Tensor):
          %0 : __torch__.torch.nn.modules.linear.Linear = prim::GetAttr[name="0"](%self) # \
        code/__torch__.py:7
          %1 : Tensor = prim::CallMethod[name="forward"](%0, %x) # code/__torch__.py:8
          %2 : Tensor = aten::relu(%1) # code/__torch__.py:8
          %3 : Tensor = aten::mul.Scalar(%2, 2) # code/__torch__.py:9
          return (%3)

        """)
  }

  @Test func constantsAreNodesOrLiterals() throws {
    let unit = try compile(
      "def f(x: Tensor) -> Tuple[Tensor, str]:\n"
        + "  return (torch.add(x, CONSTANTS.c0), CONSTANTS.c1)\n",
      constants: [.tensor(try Tensor([1, 2] as [Float])), "é"])
    let graph = try #require(unit.functions["__torch__.f"]).graph
    #expect(graph.constants["c0"] != nil)
    #expect(graph.description.contains("prim::Constant[name=\"c0\"]()"))
    #expect(graph.description.contains("\"é\""))
  }

  @Test func conversionsBecomeNodes() throws {
    let text = try graph(
      """
      def f(x: Tensor, y: Tensor) -> Tensor:
        _0 = annotate(number, torch.sum(y))
        a = torch.select(x, 0, y)
        return torch.add(a, _0)
      """)
    #expect(text.contains("aten::ScalarImplicit"))
    #expect(text.contains("aten::IntImplicit"))
    #expect(text.contains("aten::add.Scalar"))
  }

  @Test func listsThatAreOnlyReadAreArguments() throws {
    let read = try graph("def f(x: Tensor):\n  l = [2, 3]\n  return torch.reshape(x, l)\n")
    #expect(read.contains("aten::reshape(%x, [2, 3])"))
    let written = try graph(
      "def f(x: Tensor):\n  l = [2]\n  l.append(3)\n  return torch.reshape(x, l)\n")
    #expect(written.contains("prim::ListConstruct(2)"))
  }

  @Test func optionalsAreRefined() throws {
    let text = try graph(
      "def f(x: Optional[Tensor]):\n  if x is None:\n    x = torch.zeros(2)\n  return x + 1\n")
    #expect(text.contains("prim::unchecked_cast(%x)"))
    #expect(!text.contains("Tensor? = prim::If"))
  }

  @Test func anythingMayBeNone() throws {
    let text = try graph("def f(x: Any):\n  if x is None:\n    return 1\n  return 2\n")
    #expect(text.contains("aten::__is__(%x, None)"))
  }

  @Test func unknownOperatorsStay() throws {
    let text = try graph(
      "def f(x: Tensor):\n  a, b, = ops.my.split(x, 3, k=2.)\n  return torch.add(a, b)\n")
    #expect(text.contains("%a : Tensor, %b : Tensor = my::split(%x, 3, 2.0)"))
  }

  @Test func interfacesAskForMethods() throws {
    let text = """
      class I(Interface):
        def run(self, x: Tensor) -> Tensor:
          pass
      class A:
        def __init__(self):
          self.k = 2
        def run(self, x: Tensor) -> Tensor:
          return x * self.k
      def g(i: I, x: Tensor) -> Tensor:
        return i.run(x)
      def f(x: Tensor):
        return g(A(), x)
      """
    let unit = try compile(text)
    #expect(unit.classes["__torch__.I"]?.kind == .interface)
    #expect(unit.classes["__torch__.A"]?.attribute("k")?.type == .int)
    expectError("expected __torch__.I for 'i'", kind: .graph) {
      try compile(
        text.replacing(
          "def run(self, x: Tensor) -> Tensor:\n    return",
          with: "def go(self, x: Tensor) -> Tensor:\n    return"))
    }
  }

  @Test func divisionOfOldArchivesTruncates() throws {
    let text = "def f(x: Tensor, y: Tensor):\n  return torch.div(x, y)\n"
    #expect(try graph(text, version: 3).contains("aten::div.Tensor_mode(%x, %y, \"trunc\")"))
    #expect(try !graph(text, version: 4).contains("trunc"))
  }

  @Test func fullOfOldArchivesIsOfFloatingPoint() throws {
    let text = "def f():\n  return torch.full([2], 1)\n"
    #expect(try graph(text, version: 4).contains("aten::full([2], 1.0,"))
    #expect(try graph(text, version: 5).contains("aten::full([2], 1,"))
  }

  @Test func linspaceOfOldArchivesHasSteps() throws {
    #expect(
      try graph("def f():\n  return torch.linspace(0, 1)\n", version: 7)
        .contains("aten::linspace(0, 1, 100,"))
    #expect(
      try graph("def f():\n  return torch.logspace(0, 1, None)\n", version: 8)
        .contains("aten::logspace(0, 1, 100,"))
  }

  @Test func scriptedFunctionsAreCalledByName() throws {
    let unit = try script(
      source: """
        def twice(x: Tensor, k: float = 2.0) -> Tensor:
          return x * k
        def f(x: Tensor) -> Tensor:
          return twice(twice(x), k=0.5)
        """)
    #expect(unit.functionNames == ["twice", "f"])
    let x = try Tensor([1, 2] as [Float])
    let y: Tensor = try unit["f"](x)
    #expect(try y.array(of: Float.self) == [1, 2])
    let z: Tensor = try unit["twice"](x)
    #expect(try z.array(of: Float.self) == [2, 4])
    expectError("there is no function 'g'", kind: .argument) { try unit["g"] }
  }
}
