import MartletKernels
import MartletOps

extension PlanPass {
  /// x · sigmoid(x) as one function.
  static let silu = PlanPass("SiLU") { list in
    for position in list.indices {
      guard let instruction = list[position], instruction.name == "aten::mul.Tensor",
        instruction.epilogue.isIdentity, let (a, b) = instruction.operandPair()
      else { continue }
      for (x, gate) in [(a, b), (b, a)] {
        guard let source = list.argument(of: gate, .sigmoid), source.isView(as: x) else { continue }
        list.replace(position, with: try instruction.replaced(by: "aten::silu", [.tensor(x)]))
        break
      }
    }
  }
}
