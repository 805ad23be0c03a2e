import MartletKernels
import MartletOps
import MartletTensor

extension PlanPass {
  /// Layer norm and RMS norm written by hand: (x − mean) / √(variance + ε) and
  /// x / √(mean square + ε), over the last axes, divided or multiplied by the reciprocal root.
  static let handwrittenNorms = PlanPass("handwritten norms") { list in
    for position in list.indices {
      guard let instruction = list[position], instruction.isFloatResult,
        instruction.epilogue.isIdentity, let norm = list.norm(instruction)
      else { continue }
      let axes = Value.list(norm.sizes.map { .int(Dim($0)) })
      let call =
        norm.isCentred
        ? try instruction.replaced(
          by: "aten::layer_norm", [.tensor(norm.input), axes, .none, .none, .double(norm.epsilon)])
        : try instruction.replaced(
          by: "aten::rms_norm", [.tensor(norm.input), axes, .none, .double(norm.epsilon)])
      list.replace(position, with: call)
    }
  }

  /// A norm's scale and shift, where they are a product and a sum behind it.
  static let normWeights = PlanPass("norm weights") { list in
    for position in list.indices {
      guard let instruction = list[position], instruction.epilogue.isIdentity,
        instruction.name == "aten::mul.Tensor" || instruction.name == "aten::add.Tensor",
        let (a, b) = instruction.operandPair()
      else { continue }
      for (x, weight) in [(a, b), (b, a)] {
        guard list.readerCount(x) == 1,
          let norm = list.definition(x, "aten::layer_norm", "aten::rms_norm"),
          let call = try norm.taking(weight, instruction)
        else { continue }
        list.replace(position, with: call)
        break
      }
    }
  }
}

extension Instruction {
  /// The norm with the other operand of the instruction behind it as its weight or bias.
  fileprivate func taking(_ operand: Tensor, _ next: Instruction) throws -> Instruction? {
    guard operand.sizes == (try arguments.ints("normalized_shape")), operand.dtype == .float32
    else { return nil }
    var values = arguments.values
    let hasWeight = try arguments.optionalTensor("weight") != nil
    if next.name == "aten::mul.Tensor" {
      guard !hasWeight else { return nil }
      if name == "aten::layer_norm", try arguments.optionalTensor("bias") != nil { return nil }
      values[2] = .tensor(operand)
    } else {
      guard name == "aten::layer_norm", try arguments.optionalTensor("bias") == nil else {
        return nil
      }
      values[3] = .tensor(operand)
    }
    return try next.replaced(by: name, values)
  }
}

private struct HandwrittenNorm {
  var input: Tensor
  var sizes: [Int]
  var epsilon: Double
  var isCentred: Bool
}

extension InstructionList {
  fileprivate func norm(_ instruction: Instruction) -> HandwrittenNorm? {
    guard let (a, b) = instruction.operandPair() else { return nil }
    if instruction.name == "aten::div.Tensor" {
      guard let inner = argument(of: b, .squareRoot) else { return nil }
      return norm(a, inner)
    }
    guard instruction.name == "aten::mul.Tensor" else { return nil }
    if let inner = argument(of: b, .reciprocalSquareRoot) { return norm(a, inner) }
    return argument(of: a, .reciprocalSquareRoot).flatMap { norm(b, $0) }
  }

  /// - Parameters:
  ///   - x: what is divided.
  ///   - inner: what the root is taken of.
  private func norm(_ x: Tensor, _ inner: Tensor) -> HandwrittenNorm? {
    guard let (moment, epsilon) = summand(of: inner), epsilon >= 0 else { return nil }
    if let (input, sizes) = variance(moment), let (whole, mean) = difference(x),
      whole.isView(as: input), isMean(mean, of: input, over: sizes)
    {
      return HandwrittenNorm(input: input, sizes: sizes, epsilon: epsilon, isCentred: true)
    }
    guard let (square, sizes) = mean(moment), isSquare(square, of: x) else { return nil }
    if let (input, average) = difference(x), isMean(average, of: input, over: sizes) {
      return HandwrittenNorm(input: input, sizes: sizes, epsilon: epsilon, isCentred: true)
    }
    return HandwrittenNorm(input: x, sizes: sizes, epsilon: epsilon, isCentred: false)
  }

  private func difference(_ tensor: Tensor) -> (Tensor, Tensor)? {
    definition(tensor, "aten::sub.Tensor")?.operandPair()
  }

  private func isMean(_ tensor: Tensor, of x: Tensor, over sizes: [Int]) -> Bool {
    guard let (input, axes) = mean(tensor) else { return false }
    return input.isView(as: x) && axes == sizes
  }

  private func isSquare(_ tensor: Tensor, of x: Tensor) -> Bool {
    let (number, factors) = product(tensor)
    // A difference of products must not come apart further than to x.
    return number == 1 && factors.count == 2 && factors.allSatisfy { $0.isView(as: x) }
  }

  /// What the tensor is the mean of, over its last axes, which are kept.
  private func mean(_ tensor: Tensor) -> (Tensor, [Int])? {
    guard let instruction = definition(tensor, "aten::mean.dim") else { return nil }
    return instruction.lastAxes().map { (instruction.inputs[0], $0) }
  }

  /// What the tensor is the variance of, not corrected, over its last axes, which are kept.
  private func variance(_ tensor: Tensor) -> (Tensor, [Int])? {
    guard let instruction = definition(tensor, "aten::var.dim", "aten::var.correction"),
      let sizes = instruction.lastAxes()
    else { return nil }
    if instruction.name == "aten::var.dim" {
      guard case false? = try? instruction.arguments.bool("unbiased") else { return nil }
    } else {
      guard let correction = try? instruction.arguments.scalar("correction"),
        correction.double == 0
      else { return nil }
    }
    return (instruction.inputs[0], sizes)
  }
}

extension Instruction {
  /// The sizes of the axes that a reduction takes together, where they are the last and are kept.
  fileprivate func lastAxes() -> [Int]? {
    guard isFloat32, case true? = try? arguments.bool("keepdim"), let x = inputs.first,
      let dims = try? arguments.ints("dim"), !dims.isEmpty,
      let axes = try? dims.map({ try wrapDim($0, rank: x.dim) }).sorted(),
      axes == Array(x.dim - axes.count..<x.dim)
    else { return nil }
    return axes.map { x.sizes[$0] }
  }
}
