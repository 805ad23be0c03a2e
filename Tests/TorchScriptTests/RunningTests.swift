import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import Testing

/// Running what scripts hold beyond operators: objects, containers with identity, state.
@Suite struct RunningTests {
  /// A module of class `__torch__.Net` with these attributes.
  private func module(_ source: String, fields: [String: Value] = [:]) throws -> TracedModule {
    let unit = try SourceCompiler.compile([
      SourceFile(qualifier: "__torch__", path: "code/__torch__.py", text: source)
    ])
    let type = try #require(unit.classes["__torch__.Net"])
    return TracedModule(
      typeName: "Net", attributes: [], children: [],
      methods: type.methods.map { ($0.name, $0.graph) },
      fields: type.attributes.compactMap { attribute in
        fields[attribute.name].map { .init(attribute.name, attribute.type, $0) }
      },
      unit: unit, scriptClass: type)
  }

  private func ints(_ value: Value) throws -> [Int] { try [Int](value) }

  @Test func `a list is one object under all its names`() throws {
    let net = try module(
      """
      class Net(Module):
        def forward(self: __torch__.Net, n: int) -> List[int]:
          a = annotate(List[int], [])
          b = a
          for i in range(n):
            _0 = torch.append(b, i)
          nested = [a, b]
          _1 = torch.append(nested[-1], 9)
          return a
      """)
    #expect(try ints(net.run([3])) == [0, 1, 2, 9])
    #expect(try ints(net.run([1])) == [0, 9])
  }

  @Test func `an attribute that a method sets keeps its value between calls`() throws {
    let net = try module(
      """
      class Net(Module):
        count : int
        seen : List[int]
        def forward(self: __torch__.Net, n: int) -> int:
          count = self.count
          self.count = torch.add(count, n)
          seen = self.seen
          _0 = torch.append(seen, n)
          return torch.add(torch.mul(self.count, 100), torch.len(seen))
      """, fields: ["count": 0, "seen": []])
    #expect(try Int(net.run([2])) == 201)
    #expect(try Int(net.run([5])) == 702)
    #expect(throws: NotFreezable.self) { try net.frozenGraph() }
  }

  @Test func `objects have attributes and methods of their own`() throws {
    let net = try module(
      """
      class Counter:
        total : int
        def __init__(self: __torch__.Counter, start: int) -> NoneType:
          self.total = start
          return None
        def add(self: __torch__.Counter, n: int) -> int:
          total = self.total
          self.total = torch.add(total, n)
          return self.total
      class Net(Module):
        def forward(self: __torch__.Net, n: int) -> int:
          counter = __torch__.Counter.__new__(__torch__.Counter)
          _0 = (counter).__init__(n, )
          _1 = (counter).add(5, )
          other = counter
          _2 = (other).add(7, )
          return counter.total
      """)
    #expect(try Int(net.run([1])) == 13)
    let frozen = try net.frozenGraph()
    #expect(try Int(InterpreterRun(unit: net.unit, traits: .init()).results(frozen, [2])[0]) == 14)
  }

  @Test func `members of enumerations have names and values`() throws {
    let net = try module(
      """
      class Color(Enum):
        RED = 1
        BLUE = 2
      class Net(Module):
        def forward(self: __torch__.Net, n: int) -> Tuple[str, int, bool]:
          color = __torch__.Color.BLUE
          same = torch.eq(color, __torch__.Color.RED)
          return (color.name, color.value, same)
      """)
    guard case .tuple(let items) = try net.run([1]) else { return #expect(Bool(false)) }
    #expect(try String(items[0]) == "BLUE")
    #expect(try Int(items[1]) == 2)
    #expect(try !Bool(items[2]))
  }

  @Test func `an exception carries its message and the line`() throws {
    let net = try module(
      """
      class Net(Module):
        def forward(self: __torch__.Net, n: int) -> int:
          if torch.gt(n, 3):
            ops.prim.RaiseException("too many", "builtins.ValueError")
          else:
            pass
          return n
      """)
    #expect(try Int(net.run([3])) == 3)
    let error = try #require(throws: MartletError.self) { try net.run([4]) }
    #expect(error.kind == .raised)
    #expect(error.message == "ValueError: too many")
    #expect(error.location?.file == "code/__torch__.py")
    #expect(error.location?.line == 4)
  }

  @Test func `a model may write to its inputs, the caller's stay`() throws {
    let net = try module(
      """
      class Net(Module):
        def forward(self: __torch__.Net, x: Tensor) -> Tuple[Tensor, Tensor]:
          row = torch.select(x, 0, 0)
          _0 = torch.fill_(row, 5)
          return (x, row)
      """)
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let tensors = try net.run([.tensor(x)]).tensors
    #expect(try tensors[0].array(of: Float.self) == [5, 5, 3, 4])
    #expect(try tensors[1].array(of: Float.self) == [5, 5])
    #expect(try x.array(of: Float.self) == [1, 2, 3, 4])
  }

  @Test func `all operators that are missing are listed before anything runs`() throws {
    let net = try module(
      """
      class Net(Module):
        training : bool
        def forward(self: __torch__.Net, x: Tensor) -> Tensor:
          if self.training:
            y = torch.never_heard_of_a(x)
          else:
            y = torch.never_heard_of_b(x, 1)
          return torch.never_heard_of_b(y, 2)
      """, fields: ["training": false])
    let missing = try TorchScript.unsupportedOperators(of: net)
    #expect(missing.map(\.name) == ["aten::never_heard_of_b"])
    #expect(missing.map(\.count) == [2])
    let error = try #require(throws: MartletError.self) {
      try net.run([.tensor(try Tensor([1] as [Float]))])
    }
    #expect(error.kind == .unsupported)
    #expect(error.message.contains("aten::never_heard_of_b(Tensor, int) -> Tensor (2x)"))
  }

  @Test func `calls that never end are an error`() throws {
    var graph = Graph()
    let input = graph.addInput(.int, name: "n")
    let output = graph.append(
      .prim(.callFunction), label: "__torch__.f", [.value(input)], outputs: [.int])[0]
    graph.body.results = [.value(output)]
    let function = ScriptFunction(
      name: "f", graph: graph, parameterNames: ["n"], defaults: [nil], returnType: .int)
    let unit = CompilationUnit(functions: ["__torch__.f": function], order: ["__torch__.f"])
    let module = TracedModule(
      typeName: "", isFunction: true, attributes: [], children: [], methods: [("forward", graph)],
      unit: unit)
    let error = try #require(throws: MartletError.self) { try module.run([1]) }
    #expect(error.message.contains("deep"))
    #expect(throws: MartletError.self) { try module.frozenGraph() }
  }
}
