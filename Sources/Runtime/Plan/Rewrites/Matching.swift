import MartletKernels
import MartletOps
import MartletTensor

/// What rewrites ask of the instructions.
extension InstructionList {
  /// The instruction of one of these names that gives exactly this tensor.
  func definition(_ tensor: Tensor, _ names: String...) -> Instruction? {
    guard let position = producer(of: tensor), let instruction = self[position],
      names.contains(instruction.name)
    else { return nil }
    return instruction
  }

  /// The tensor that this one is f of.
  func argument(of tensor: Tensor, _ function: PointwiseFunction) -> Tensor? {
    guard let position = producer(of: tensor), let form = try? self[position]?.unaryForm(),
      form.1 == function
    else { return nil }
    return form.0
  }

  /// A product taken apart: a number, and tensors of the result's sizes that are not products.
  func product(_ tensor: Tensor) -> (number: Double, factors: [Tensor]) {
    guard let position = producer(of: tensor), let instruction = self[position] else {
      return (1, [tensor])
    }
    return product(instruction) ?? (1, [tensor])
  }

  func product(_ instruction: Instruction) -> (number: Double, factors: [Tensor])? {
    guard instruction.isFloatResult, instruction.epilogue.isIdentity else { return nil }
    if let (tensor, number) = instruction.factor() {
      let inner = product(tensor)
      return (inner.number * number, inner.factors)
    }
    if let (base, exponent) = instruction.power() {
      let inner = product(base)
      guard inner.factors.count == 1 else { return (1, Array(repeating: base, count: exponent)) }
      let number = (0..<exponent).reduce(1.0) { product, _ in product * inner.number }
      return (number, Array(repeating: inner.factors[0], count: exponent))
    }
    guard instruction.name == "aten::mul.Tensor", let (a, b) = instruction.operandPair(),
      a.sizes == instruction.result.sizes, b.sizes == instruction.result.sizes
    else { return nil }
    let (left, right) = (product(a), product(b))
    return (left.number * right.number, left.factors + right.factors)
  }

  /// x where the tensor is x + number.
  func summand(of tensor: Tensor) -> (Tensor, Double)? {
    guard let position = producer(of: tensor), let instruction = self[position] else { return nil }
    return instruction.summand()
  }
}

extension Instruction {
  var isFloatResult: Bool { outputs.count == 1 && result.dtype == .float32 }

  /// The two tensors of a sum, product, difference or quotient.
  func operandPair() -> (Tensor, Tensor)? {
    guard (try? pairwiseFunction()) != nil, let operands = try? floatOperands(),
      operands.count == 2
    else { return nil }
    return (operands[0], operands[1])
  }

  /// x and the number where the result is x · number.
  func factor() -> (Tensor, Double)? {
    guard isFloatResult else { return nil }
    switch name {
    case "aten::mul.Scalar", "aten::div.Scalar":
      guard isFloat32, let number = try? arguments.scalar("other").double else { return nil }
      return (inputs[0], name == "aten::mul.Scalar" ? number : 1 / number)
    case "aten::mul.Tensor", "aten::div.Tensor":
      guard let (a, b) = operandPair() else { return nil }
      if let number = b.constantNumber, a.sizes == result.sizes {
        return (a, name == "aten::mul.Tensor" ? number : 1 / number)
      }
      guard name == "aten::mul.Tensor", b.sizes == result.sizes else { return nil }
      return a.constantNumber.map { (b, $0) }
    default: return nil
    }
  }

  /// x and the number where the result is x + number.
  func summand() -> (Tensor, Double)? {
    guard isFloatResult else { return nil }
    if case .affine(scale: 1, let shift)? = try? pointwiseFunction(), isFloat32 {
      return (inputs[0], Double(shift))
    }
    guard name == "aten::add.Tensor", let (a, b) = operandPair() else { return nil }
    if let number = b.constantNumber, a.sizes == result.sizes { return (a, number) }
    if let number = a.constantNumber, b.sizes == result.sizes { return (b, number) }
    return nil
  }

  /// The base and exponent of a square or cube.
  func power() -> (Tensor, Int)? {
    guard isFloat32, let function = try? pointwiseFunction() else { return nil }
    switch function {
    case .square: return (inputs[0], 2)
    case .cube: return (inputs[0], 3)
    default: return nil
    }
  }

  /// A call in this one's place that gives the same result.
  func replaced(by name: String, _ given: [Value]) throws -> Instruction? {
    guard let operation = Catalog.byName[name] else { return nil }
    return Instruction(
      operation: operation, arguments: try Arguments(operation.schema, given), results: results,
      origin: origin)
  }
}

extension Tensor {
  /// The number that a constant of one element is.
  var constantNumber: Double? {
    guard !isMeta, count == 1, dtype.isFloatingPoint || dtype == .int64 else { return nil }
    return try? scalar(as: Double.self)
  }

  /// Whether both show the same elements.
  func isView(as other: Tensor) -> Bool {
    storage === other.storage && layout == other.layout && dtype == other.dtype
  }
}

/// Whether a number is the other one, as it is rounded in programs.
func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-4 * abs(b) }
