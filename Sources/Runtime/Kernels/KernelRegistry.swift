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
      writingKernels, borderKernels, selectionKernels, comparisonKernels,
    ]
    return families.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }()

  /// How much of a chain the portable kernels compute where they write.
  static func epilogueSupport(_ name: String) -> EpilogueSupport {
    if takingAddends.contains(name) { return .addendAndFunction }
    return takingFunctions.contains(name) ? .function : .nothing
  }

  /// Operators whose kernels can add another tensor where they write.
  private static let takingAddends = Set([convolutionKernels, productKernels].flatMap(\.keys))
  private static let takingFunctions = Set(pairwiseKernels.keys).union(["aten::batch_norm"])
}

extension StepBuilder {
  /// Adds the instruction by its fast kernel, or by its reference evaluation.
  mutating func add(_ instruction: Instruction) throws {
    if try addBlocked(instruction) { return }
    if instruction.isImage { return try addTurned(instruction) }
    if try addGenerated(instruction) { return }
    var head = instruction
    let (taken, rest) = instruction.epilogue.split(
      KernelRegistry.epilogueSupport(instruction.name))
    head.epilogue = taken
    if let build = KernelRegistry.kernels[instruction.name],
      !instruction.arguments.hasQuantizedTensor, try build(head, &self)
    {
      return try addOperations(rest, of: instruction)
    }
    try addReference(head)
    try addOperations(instruction.epilogue.operations, of: instruction)
  }

  /// Fused operations as steps of their own, in place.
  mutating func addOperations(
    _ operations: [FusedOperation], of instruction: Instruction
  ) throws {
    for operation in operations {
      let target = try result(instruction.result)
      let threads = threads
      switch operation {
      case .function(let function):
        add(
          "pointwise", operation.title, instruction.origin, inputs: [target], outputs: [target]
        ) {
          map(function, target.elements($0), into: target.elements($0), threads: threads)
        }
      case .combine(let function, let tensor, let isReversed):
        let other = try operand(tensor)
        let strides = Layout.contiguousStrides(instruction.result.sizes)
        let geometry = StridedGeometry(
          sizes: instruction.result.sizes,
          strides: isReversed
            ? [strides, tensor.strides, strides] : [strides, strides, tensor.strides])
        add(
          "pairwise", operation.title, instruction.origin, inputs: [target, other],
          outputs: [target]
        ) {
          let (y, x) = (target.elements($0), other.elements($0))
          combine(
            function, isReversed ? x : y, isReversed ? y : x, into: y, geometry: geometry,
            threads: threads)
        }
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
    ([name] + epilogue.operations.map(\.title)).joined(separator: " + ")
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
