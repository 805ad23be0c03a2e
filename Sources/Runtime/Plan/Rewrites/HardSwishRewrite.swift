import MartletKernels
import MartletOps
import MartletTensor

extension PlanPass {
  /// relu6(x + 3) / 6 as one function, and that times x as another; divided or multiplied, with
  /// the clamp under any of its names.
  static let hardSwish = PlanPass("hard-swish and hard-sigmoid") { list in
    for position in list.indices {
      guard let instruction = list[position], let (number, factors) = list.product(instruction)
      else { continue }
      if factors.count == 1, isClose(number, 1.0 / 6), let x = list.raised(factors[0]) {
        list.replace(
          position, with: try instruction.replaced(by: "aten::hardsigmoid", [.tensor(x)]))
        continue
      }
      guard factors.count == 2 else { continue }
      for (x, gate) in [(factors[0], factors[1]), (factors[1], factors[0])] {
        let isHardSwish =
          isClose(number, 1.0 / 6) && list.raised(gate)?.isView(as: x) == true
          || number == 1 && list.argument(of: gate, .hardSigmoid)?.isView(as: x) == true
        guard isHardSwish else { continue }
        list.replace(position, with: try instruction.replaced(by: "aten::hardswish", [.tensor(x)]))
        break
      }
    }
  }
}

extension InstructionList {
  /// x where the tensor is relu6(x + 3).
  fileprivate func raised(_ tensor: Tensor) -> Tensor? {
    guard let sum = argument(of: tensor, .clamp(low: 0, high: 6)),
      let (x, shift) = summand(of: sum),
      shift == 3
    else { return nil }
    return x
  }
}
