import MartletKernels
import MartletOps
import MartletTensor

extension PlanPass {
  /// x · ½ · (1 + erf(x / √2)) and its approximation by the hyperbolic tangent,
  /// x · ½ · (1 + tanh(√(2/π) (x + 0.044715 x³))), in any order of the factors.
  static let gelu = PlanPass("GELU") { list in
    for position in list.indices {
      guard let instruction = list[position], let (number, factors) = list.product(instruction),
        factors.count == 2, isClose(number, 0.5)
      else { continue }
      for (x, gate) in [(factors[0], factors[1]), (factors[1], factors[0])] {
        guard let (curve, one) = list.summand(of: gate), one == 1 else { continue }
        let approximation: String
        if let inner = list.argument(of: curve, .erf), list.isErfArgument(inner, of: x) {
          approximation = "none"
        } else if let inner = list.argument(of: curve, .tanh), list.isTanhArgument(inner, of: x) {
          approximation = "tanh"
        } else {
          continue
        }
        list.replace(
          position,
          with: try instruction.replaced(by: "aten::gelu", [.tensor(x), .string(approximation)]))
        break
      }
    }
  }
}

extension InstructionList {
  fileprivate func isErfArgument(_ tensor: Tensor, of x: Tensor) -> Bool {
    let (number, factors) = product(tensor)
    return factors.count == 1 && factors[0].isView(as: x) && isClose(number, 0.5.squareRoot())
  }

  fileprivate func isTanhArgument(_ tensor: Tensor, of x: Tensor) -> Bool {
    let (number, factors) = product(tensor)
    guard isClose(number, (2 / Double.pi).squareRoot()) else { return false }
    if factors.count == 1 {
      // x + 0.044715 x³
      guard let position = producer(of: factors[0]), let sum = self[position],
        sum.name == "aten::add.Tensor", let (a, b) = sum.operandPair()
      else { return false }
      return a.isView(as: x) && isCubic(b, 3, of: x) || b.isView(as: x) && isCubic(a, 3, of: x)
    }
    // x (1 + 0.044715 x²)
    guard factors.count == 2 else { return false }
    return [(factors[0], factors[1]), (factors[1], factors[0])].contains { y, curve in
      guard y.isView(as: x), let (square, one) = summand(of: curve) else { return false }
      return one == 1 && isCubic(square, 2, of: x)
    }
  }

  private func isCubic(_ tensor: Tensor, _ exponent: Int, of x: Tensor) -> Bool {
    let (number, factors) = product(tensor)
    return isClose(number, 0.044715) && factors.count == exponent
      && factors.allSatisfy { $0.isView(as: x) }
  }
}
