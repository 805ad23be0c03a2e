import MartletKernels
import MartletOps
import MartletTensor

/// Additions and activations become part of the instruction that computes what they read, so
/// that they never touch memory on their own.
struct EpilogueFusion {
  private var instructions: [Instruction?]
  /// How many instructions read a storage; results of the graph count too.
  private var readers: [ObjectIdentifier: Int] = [:]
  /// Which instruction writes a storage.
  private var writer: [ObjectIdentifier: Int] = [:]

  static func apply(_ instructions: [Instruction], outputs: [Tensor]) throws -> [Instruction] {
    var fusion = EpilogueFusion(instructions, outputs)
    for index in instructions.indices { try fusion.absorb(index) }
    return fusion.instructions.compactMap { $0 }
  }

  private init(_ instructions: [Instruction], _ outputs: [Tensor]) {
    self.instructions = instructions
    for (index, instruction) in instructions.enumerated() {
      for tensor in instruction.inputs {
        readers[ObjectIdentifier(tensor.storage), default: 0] += 1
      }
      for tensor in instruction.outputs { writer[ObjectIdentifier(tensor.storage)] = index }
    }
    for tensor in outputs { readers[ObjectIdentifier(tensor.storage), default: 0] += 1 }
  }

  /// Moves the instruction into its producer where that computes nothing else.
  private mutating func absorb(_ index: Int) throws {
    guard let instruction = instructions[index], instruction.epilogue.isIdentity,
      instruction.isFloat32, instruction.outputs.count == 1
    else { return }
    if instruction.name == "aten::add.Tensor" {
      try absorbAddition(index, instruction)
    } else if let function = try instruction.pointwiseFunction(),
      let producer = producer(of: instruction.inputs[0], like: instruction.result),
      let target = instructions[producer], target.epilogue.function == .identity
    {
      instructions[producer]?.epilogue.function = function
      redirect(producer, from: index, instruction.result)
    }
  }

  private mutating func absorbAddition(_ index: Int, _ instruction: Instruction) throws {
    let operands = instruction.inputs
    guard operands.count == 2, try instruction.arguments.scalar("alpha").double == 1,
      operands.allSatisfy({ $0.sizes == instruction.result.sizes && $0.isContiguous })
    else { return }
    // The later producer takes the other operand, which is there by then.
    let candidates = [(0, 1), (1, 0)].compactMap { mine, other in
      producer(of: operands[mine], like: instruction.result).map { ($0, operands[other]) }
    }.sorted { $0.0 > $1.0 }
    for (producer, addend) in candidates {
      guard let target = instructions[producer], target.epilogue.isIdentity,
        KernelRegistry.takingAddends.contains(target.name),
        isKnown(addend, before: producer)
      else { continue }
      instructions[producer]?.epilogue.addend = addend
      redirect(producer, from: index, instruction.result)
      return
    }
  }

  /// The instruction that alone computes the tensor, for this reader alone.
  private func producer(of tensor: Tensor, like result: Tensor) -> Int? {
    let storage = ObjectIdentifier(tensor.storage)
    guard let index = writer[storage], readers[storage] == 1, let target = instructions[index],
      KernelRegistry.takingEpilogues.contains(target.name), target.isFloat32,
      target.outputs.count == 1, tensor.isContiguous, tensor.count == target.result.count,
      tensor.count == result.count
    else { return nil }
    return index
  }

  private func isKnown(_ tensor: Tensor, before index: Int) -> Bool {
    guard tensor.isMeta else { return true }
    guard let other = writer[ObjectIdentifier(tensor.storage)] else { return true }
    return other < index
  }

  /// The producer writes the result itself; its sizes stay those of the producer's own result,
  /// whose elements have the same order.
  private mutating func redirect(_ producer: Int, from index: Int, _ result: Tensor) {
    guard let own = instructions[producer]?.result else { return }
    instructions[index] = nil
    instructions[producer]?.results = [
      .tensor(
        Tensor(
          storage: result.storage, layout: Layout(contiguous: own.sizes), dtype: own.dtype))
    ]
    writer[ObjectIdentifier(result.storage)] = producer
  }
}

extension KernelRegistry {
  /// Operators whose kernels can add another tensor where they write.
  static let takingAddends = Set([convolutionKernels, productKernels].flatMap(\.keys))
}
