import MartletKernels
import MartletOps
import MartletTensor

/// A fast kernel for an operator. It adds its steps and says true, or says false when these
/// arguments are not for it; the reference evaluation runs then.
typealias KernelBuild = @Sendable (Instruction, inout StepBuilder) throws -> Bool

/// The fast kernels by operator name; each file lists its own.
enum KernelRegistry {
  static let kernels: [String: KernelBuild] = {
    let families = [
      pointwiseKernels, pairwiseKernels, convolutionKernels, productKernels,
      normalizationKernels, poolingKernels, rowKernels, movingKernels, attentionKernels,
      writingKernels,
    ]
    return families.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }()

  /// Operators whose kernels compute an epilogue where they write.
  static let takingEpilogues: Set<String> = Set(
    [convolutionKernels, productKernels].flatMap(\.keys) + [
      "aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor", "aten::div.Tensor",
      "aten::batch_norm",
    ])
}

extension StepBuilder {
  /// Adds the instruction by its fast kernel, or by its reference evaluation.
  mutating func add(_ instruction: Instruction) throws {
    if let build = KernelRegistry.kernels[instruction.name],
      !instruction.arguments.hasQuantizedTensor, try build(instruction, &self)
    {
      return
    }
    try addReference(instruction)
    if !instruction.epilogue.isIdentity { try addEpilogue(instruction) }
  }

  /// The fused operations as a step of their own, in place.
  private mutating func addEpilogue(_ instruction: Instruction) throws {
    let target = try result(instruction.outputs[0])
    let addend = try instruction.epilogue.addend.map { try operand($0) }
    let function = instruction.epilogue.function
    let count = target.layout.count
    let threads = threads
    let geometry = StridedGeometry(sizes: [count], strides: [[1], [1], [1]])
    add(
      "pointwise", "\(function)", instruction.origin,
      inputs: [target] + [addend].compactMap { $0 }, outputs: [target]
    ) { context in
      let y = target.elements(context)
      if let addend {
        combine(
          .add, y, addend.elements(context), into: y, geometry: geometry, then: function,
          threads: threads)
      } else {
        map(function, y, into: y, threads: threads)
      }
    }
  }
}

extension Instruction {
  /// Whether every tensor in it is float32.
  var isFloat32: Bool {
    inputs.allSatisfy { $0.dtype == .float32 } && outputs.allSatisfy { $0.dtype == .float32 }
  }

  var result: Tensor { outputs[0] }

  /// The operator's name with what was fused behind it.
  var title: String {
    var text = name
    if epilogue.addend != nil { text += " + add" }
    if epilogue.function != .identity { text += " + \(epilogue.function)" }
    return text
  }
}

extension StepBuilder {
  /// The instruction's epilogue for a kernel that writes float32, with its bias.
  mutating func epilogue(
    _ instruction: Instruction, bias: Operand?, axis: Epilogue.BiasAxis
  ) throws -> PlannedEpilogue {
    PlannedEpilogue(
      bias: bias, axis: axis, addend: try instruction.epilogue.addend.map { try operand($0) },
      function: instruction.epilogue.function)
  }
}

/// An epilogue whose operands a run has yet to place.
struct PlannedEpilogue: Sendable {
  let bias: Operand?
  let axis: Epilogue.BiasAxis
  let addend: Operand?
  let function: PointwiseFunction

  var operands: [Operand] { [bias, addend].compactMap { $0 } }

  func placed(_ context: RunContext) -> Epilogue {
    Epilogue(
      bias: bias?.elements(context), biasAxis: axis, addend: addend?.elements(context),
      function: function)
  }
}
