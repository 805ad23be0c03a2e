import MartletKernels
import MartletOps
import MartletTensor

/// Arithmetic of two operands that broadcast, with a float32 result.
extension KernelRegistry {
  static let pairwiseKernels: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [:]
    for (name, function) in pairwiseFunctions {
      kernels[name] = { try buildPairwise(function, $0, &$1) }
    }
    return kernels
  }()

  /// The operators of two tensors that are pairwise functions.
  static let pairwiseFunctions: [String: PairwiseFunction] = [
    "aten::add.Tensor": .add, "aten::sub.Tensor": .subtract, "aten::mul.Tensor": .multiply,
    "aten::div.Tensor": .divide, "aten::maximum": .maximum, "aten::minimum": .minimum,
  ]

  private static func buildPairwise(
    _ function: PairwiseFunction, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let operands = instruction.arguments.values.prefix(2).flatMap(\.tensors)
    guard instruction.result.dtype == .float32, operands.count == 2 else { return false }
    if function == .add || function == .subtract {
      guard try instruction.arguments.scalar("alpha").double == 1 else { return false }
    }
    if let simple = try constantOperand(function, operands) {
      let (tensor, pointwise) = simple
      guard tensor.dtype == .float32, tensor.sizes == instruction.result.sizes else {
        return false
      }
      if instruction.epilogue.function == .identity {
        try builder.addPointwise(instruction, tensor, pointwise)
        return true
      }
    }
    var tensors: [Tensor] = []
    for operand in operands {
      if operand.dtype == .float32 {
        tensors.append(operand)
      } else if operand.dim == 0, !operand.isMeta {
        tensors.append(try operand.converted(to: .float32))
      } else {
        return false
      }
    }
    try add(function, instruction, tensors, &builder)
    return true
  }

  private static func add(
    _ function: PairwiseFunction, _ instruction: Instruction, _ tensors: [Tensor],
    _ builder: inout StepBuilder
  ) throws {
    let a = try builder.operand(tensors[0])
    let b = try builder.operand(tensors[1])
    let y = try builder.result(instruction.result)
    let sizes = instruction.result.sizes
    // Taking over memory needs the operand walked element by element beside the result.
    let isShared = tensors[0].storage === tensors[1].storage && a.layout != b.layout
    for (tensor, operand) in zip(tensors, [a, b]) where tensor.sizes == sizes && !isShared {
      builder.mayReplace(operand, by: y)
    }
    let geometry = StridedGeometry(
      sizes: sizes,
      strides: [
        Layout.contiguousStrides(sizes), broadcastStrides(tensors[0].layout, to: sizes),
        broadcastStrides(tensors[1].layout, to: sizes),
      ])
    let last = instruction.epilogue.function
    let threads = builder.threads
    builder.add(
      "pairwise", instruction.title, instruction.origin, inputs: [a, b], outputs: [y]
    ) {
      combine(
        function, a.elements($0), b.elements($0), into: y.elements($0), geometry: geometry,
        then: last, threads: threads)
    }
  }

  /// The other operand and the function of it, where one operand is a constant number.
  static func constantOperand(
    _ function: PairwiseFunction, _ operands: [Tensor]
  ) throws -> (Tensor, PointwiseFunction)? {
    let (a, b) = (operands[0], operands[1])
    if b.dim == 0, !b.isMeta {
      let number = Float(try b.scalar(as: Double.self))
      switch function {
      case .add: return (a, .affine(scale: 1, shift: number))
      case .subtract: return (a, .affine(scale: 1, shift: -number))
      case .multiply: return (a, .affine(scale: number, shift: -0.0))
      default: return nil
      }
    }
    if a.dim == 0, !a.isMeta {
      let number = Float(try a.scalar(as: Double.self))
      switch function {
      case .add: return (b, .affine(scale: 1, shift: number))
      case .subtract: return (b, .affine(scale: -1, shift: number))
      case .multiply: return (b, .affine(scale: number, shift: -0.0))
      default: return nil
      }
    }
    return nil
  }
}

/// The strides that repeat an operand along the axes it lacks.
func broadcastStrides(_ layout: Layout, to sizes: [Int]) -> [Int] {
  let missing = sizes.count - layout.rank
  return sizes.indices.map { axis in
    axis < missing || layout.sizes[axis - missing] == 1 ? 0 : layout.strides[axis - missing]
  }
}
