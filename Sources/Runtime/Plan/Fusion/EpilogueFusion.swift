import MartletKernels
import MartletOps
import MartletTensor

extension PlanPass {
  /// Pointwise operations become part of the instruction that alone computes what they read, so
  /// that they never touch memory on their own: behind a convolution, a product or a norm, or
  /// behind another pointwise operation.
  static let epilogueFusion = PlanPass("epilogue fusion", from: .exact) { list in
    for position in list.indices { try list.absorb(position) }
  }
}

extension InstructionList {
  /// Moves the instruction into its producer where that computes nothing else.
  fileprivate mutating func absorb(_ position: Int) throws {
    guard let instruction = self[position], instruction.epilogue.isIdentity,
      instruction.outputs.count == 1, instruction.result.dtype == .float32,
      instruction.result.count > 0
    else { return }
    if let (tensor, function) = try instruction.unaryForm() {
      guard let producer = fusible(tensor, into: instruction.result) else { return }
      fuse(.function(function), from: position, into: producer)
    } else if let function = try instruction.pairwiseFunction() {
      try absorb(position, function)
    }
  }

  private mutating func absorb(_ position: Int, _ function: PairwiseFunction) throws {
    guard let instruction = self[position] else { return }
    let operands = try instruction.floatOperands()
    guard operands.count == 2 else { return }
    // The later producer takes the other operand, which is there by then.
    let candidates = [0, 1].compactMap { mine in
      fusible(operands[mine], into: instruction.result).map {
        (producer: $0, isReversed: mine == 1, other: operands[1 - mine])
      }
    }.sorted { $0.producer > $1.producer }
    for (producer, isReversed, other) in candidates {
      guard let target = self[producer], isKnown(other, before: producer),
        other.storage !== target.result.storage,
        let operand = expanded(other, instruction.result.sizes, target)
      else { continue }
      let isSwapped = isReversed && (function == .subtract || function == .divide)
      fuse(
        .combine(function, operand, isReversed: isSwapped), from: position, into: producer)
      return
    }
  }

  /// The operand as the producer's result walks it, where the producer can take one like it.
  private func expanded(_ operand: Tensor, _ sizes: [Int], _ producer: Instruction) -> Tensor? {
    let own = producer.result.sizes
    let strides = broadcastStrides(operand.layout, to: sizes)
    let layout: Layout
    if own == sizes {
      layout = Layout(sizes: sizes, strides: strides, offset: operand.layout.offset)
    } else if operand.sizes == sizes, operand.isContiguous {
      layout = Layout(
        sizes: own, strides: Layout.contiguousStrides(own), offset: operand.layout.offset)
    } else if operand.count == 1 {
      layout = Layout(sizes: own, strides: own.map { _ in 0 }, offset: operand.layout.offset)
    } else {
      return nil
    }
    let tensor = operand.viewed(layout)
    return Broadcasting(tensor, producer) == nil ? nil : tensor
  }

  /// The instruction that alone computes the tensor, for this reader alone.
  private func fusible(_ tensor: Tensor, into result: Tensor) -> Int? {
    guard tensor.isMeta, readerCount(tensor) == 1, let position = writer(of: tensor),
      let target = self[position], target.takesEpilogue, target.isFloat32,
      target.outputs.count == 1, tensor.isContiguous, tensor.count == target.result.count,
      tensor.count == result.count
    else { return nil }
    return position
  }

  /// The producer writes the result itself; its sizes stay those of the producer's own result,
  /// whose elements have the same order.
  private mutating func fuse(
    _ operation: FusedOperation, from position: Int, into producer: Int
  ) {
    guard let result = self[position]?.result, var target = self[producer] else { return }
    target.epilogue.operations.append(operation)
    target.results = [
      .tensor(
        Tensor(
          storage: result.storage, layout: Layout(contiguous: target.result.sizes),
          dtype: .float32))
    ]
    move(position, into: producer, target)
  }
}

extension Instruction {
  /// Whether a chain may follow where the result is computed.
  fileprivate var takesEpilogue: Bool {
    if KernelRegistry.chainedKernels.contains(name) { return true }
    return KernelRegistry.pointwiseKernels[name] != nil
      || KernelRegistry.pairwiseKernels[name] != nil
  }

  /// The pairwise function that it computes of two float32 tensors, or nil.
  func pairwiseFunction() throws -> PairwiseFunction? {
    guard let function = KernelRegistry.pairwiseFunctions[name] else { return nil }
    if function == .add || function == .subtract {
      guard try arguments.scalar("alpha").double == 1 else { return nil }
    }
    if name == "aten::div.Tensor", !inputs.allSatisfy({ $0.dtype == .float32 }) { return nil }
    return function
  }

  /// The two operands as float32, numbers converted; fewer where that is not possible.
  func floatOperands() throws -> [Tensor] {
    try arguments.values.prefix(2).flatMap(\.tensors).compactMap { tensor in
      if tensor.dtype == .float32 { return tensor }
      return tensor.dim == 0 && !tensor.isMeta ? try tensor.converted(to: .float32) : nil
    }
  }

  /// The one computed tensor and the function of it, or nil.
  func unaryForm() throws -> (Tensor, PointwiseFunction)? {
    guard result.dtype == .float32 else { return nil }
    if let function = try pointwiseFunction() {
      guard isFloat32, let input = inputs.first else { return nil }
      return (input, function)
    }
    guard let function = try pairwiseFunction() else { return nil }
    let operands = try floatOperands()
    guard operands.count == 2,
      let form = try KernelRegistry.constantOperand(function, operands),
      form.0.sizes == result.sizes
    else { return nil }
    return form
  }
}

extension KernelRegistry {
  /// Operators that chains follow, besides pointwise ones.
  static let chainedKernels: Set<String> = Set(
    [convolutionKernels, productKernels, normalizationKernels].flatMap(\.keys))
}
