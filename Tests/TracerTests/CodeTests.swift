import MartletNN
import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import Testing

/// Traced code against what `torch.jit.trace(…).code` prints for the same model.
@Suite struct CodeTests {
  final class Net: Module {
    let c = Conv2d(3, 4, kernelSize: 3, stride: 2, padding: 1)
    let bn = BatchNorm2d(4)
    let relu = ReLU()
    let pool = MaxPool2d(kernelSize: 3, stride: 2, padding: 1)
    let ln = LayerNorm(4)

    func forward(_ x: Tensor) throws -> Tensor {
      let y = try ln(pool(relu(relu(bn(c(x))))).flatten(startDim: 1))
      return try Tensor.cat([y.tanh(), y.softmax(dim: 1), y + y.sigmoid()], dim: 1)
    }
  }

  @Test func printsLayersAsPyTorch() throws {
    let model = Net()
    model.eval()
    let traced = try trace(model, try numbers(1, 3, 2, 2))
    #expect(
      traced.code == """
        def forward(self,
            x: Tensor) -> Tensor:
          ln = self.ln
          pool = self.pool
          relu = self.relu
          bn = self.bn
          c = self.c
          _0 = (relu).forward((bn).forward((c).forward(x, ), ), )
          _1 = (pool).forward((relu).forward1(_0, ), )
          _2 = (ln).forward(torch.flatten(_1, 1), )
          _3 = [torch.tanh(_2), torch.softmax(_2, 1), torch.add(_2, torch.sigmoid(_2))]
          return torch.cat(_3, 1)

        """)
    #expect(
      traced["bn"]?.code == """
        def forward(self,
            argument_1: Tensor) -> Tensor:
          running_var = self.running_var
          running_mean = self.running_mean
          bias = self.bias
          weight = self.weight
          _0 = torch.batch_norm(argument_1, weight, bias, running_mean, running_var, False, \
        0.10000000000000001, 1.0000000000000001e-05, True)
          return _0

        """)
    #expect(
      traced["relu"]?.code == """
        def forward(self,
            argument_1: Tensor) -> Tensor:
          return torch.relu(argument_1)

        """)
    #expect(
      try traced["relu"]?.code(of: "forward1") == """
        def forward1(self,
            argument_1: Tensor) -> Tensor:
          return torch.relu(argument_1)

        """)
  }

  @Test func printsStructuresAndSizes() throws {
    let x = try numbers(2, 2)
    let offset = try numbers(2)
    let traced = try trace(
      x, [x, x], strict: false, inputNames: ["x", "class"]
    ) { (x: Tensor, items: [Tensor]) in
      let parts = try x.split(1)
      let y = try (items[0] + offset).reshape([x.shape[0] * x.shape[1]])
      return (y, ["k": (parts[0], [parts[1], items[1]])])
    }
    #expect(
      traced.code == """
        def forward(x: Tensor,
            class0: List[Tensor]) -> Tuple[Tensor, Dict[str, Tuple[Tensor, List[Tensor]]]]:
          _0, _1, = class0
          _2, _3, = torch.split(x, 1)
          _4 = torch.add(_0, CONSTANTS.c0)
          _5 = torch.mul(torch.size(x, 0), torch.size(x, 1))
          _6 = (torch.reshape(_4, [_5]), {"k": (_2, [_3, _1])})
          return _6

        """)
  }

  @Test func printsControlFlowAndLiterals() throws {
    let graph = try Graph(
      parsing: """
        graph(%self : __torch__.Net, %x : Tensor, %n : int):
          %c : bool = aten::gt.int(%n, 2)
          %1 : Tensor = prim::If(%c)
            block0():
              %2 : Tensor = aten::clamp(%x, -1.0, inf)
              -> (%2)
            block1():
              -> (%x)
          %3 : Tensor = prim::Loop(%n, True, %1)
            block0(%i : int, %y : Tensor):
              %4 : Tensor = aten::add.Scalar(%y, 0.1, 1)
              -> (True, %4)
          %5 : int = aten::Int.Tensor(%3)
          %6 : Tensor = aten::zeros([], 6, None, device("cpu"), None)
          prim::SetAttr[name="state"](%self, %6)
          return ((%3, %5, None, "a\\"b", (1,)))
        """)
    let module = TracedModule(
      typeName: "Net", attributes: [], children: [], methods: [("forward", graph)])
    #expect(
      module.code == """
        def forward(self,
            x: Tensor,
            n: int) -> Tuple[Tensor, int, NoneType, str, Tuple[int]]:
          c = torch.gt(n, 2)
          if c:
            _0 = torch.clamp(x, -1., inf)
          else:
            _0 = x
          _1 = _0
          for i in range(n):
            _1 = torch.add(_1, 0.10000000000000001)
          _2 = int(_1)
          _3 = torch.zeros(annotate(List[int], []), dtype=6, layout=None, \
        device=torch.device("cpu"))
          self.state = _3
          return (_1, _2, None, "a\\"b", (1,))

        """)
  }
}
