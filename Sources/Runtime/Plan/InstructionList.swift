import MartletOps
import MartletTensor

/// A plan's instructions in the order they run, with who writes and who reads each storage.
package struct InstructionList {
  /// Nil where a pass took one out.
  private(set) var slots: [Instruction?]
  /// The storages of the plan's inputs.
  private let given: Set<ObjectIdentifier>
  let outputs: [Tensor]
  /// How often instructions read a storage; results of the plan count too.
  private var readers: [ObjectIdentifier: Int] = [:]
  /// Which instruction writes a storage.
  private var writers: [ObjectIdentifier: Int] = [:]

  init(_ instructions: [Instruction], inputs: [Tensor], outputs: [Tensor]) {
    slots = instructions
    given = Set(inputs.map { ObjectIdentifier($0.storage) })
    self.outputs = outputs
    index()
  }

  /// Puts what they expand to in the instructions' places.
  mutating func expand() throws {
    slots = try instructions.flatMap { try $0.expanded() }
    index()
  }

  private mutating func index() {
    readers = [:]
    writers = [:]
    for (position, instruction) in slots.enumerated() {
      guard let instruction else { continue }
      count(instruction, by: 1)
      for tensor in instruction.outputs { writers[ObjectIdentifier(tensor.storage)] = position }
    }
    for tensor in outputs { readers[ObjectIdentifier(tensor.storage), default: 0] += 1 }
  }

  private mutating func count(_ instruction: Instruction, by step: Int) {
    instruction.forEachInput { tensor in
      if tensor.isMeta { readers[ObjectIdentifier(tensor.storage), default: 0] += step }
    }
  }

  var instructions: [Instruction] { slots.compactMap { $0 } }
  var indices: Range<Int> { slots.indices }
  subscript(position: Int) -> Instruction? { slots[position] }

  /// How often the tensor's storage is read.
  func readerCount(_ tensor: Tensor) -> Int {
    readers[ObjectIdentifier(tensor.storage)] ?? 0
  }

  func writer(of tensor: Tensor) -> Int? { writers[ObjectIdentifier(tensor.storage)] }

  /// Where the instruction is that gives exactly this tensor, alone.
  func producer(of tensor: Tensor) -> Int? {
    guard tensor.isMeta, let position = writer(of: tensor), let instruction = slots[position],
      instruction.outputs.count == 1, instruction.result.layout == tensor.layout,
      instruction.result.dtype == tensor.dtype, instruction.epilogue.isIdentity
    else { return nil }
    return position
  }

  /// Whether the tensor is there before the instruction at the position runs.
  func isKnown(_ tensor: Tensor, before position: Int) -> Bool {
    guard tensor.isMeta, let other = writer(of: tensor) else { return true }
    return other < position
  }

  /// Puts another instruction in the place, or none; what nobody reads any more goes too.
  mutating func replace(_ position: Int, with instruction: Instruction?) {
    let old = slots[position]
    if let instruction { count(instruction, by: 1) }
    slots[position] = instruction
    if let old {
      for tensor in old.outputs where writer(of: tensor) == position {
        writers[ObjectIdentifier(tensor.storage)] = nil
      }
    }
    for tensor in instruction?.outputs ?? [] {
      writers[ObjectIdentifier(tensor.storage)] = position
    }
    if let old { release(old) }
  }

  /// Puts `target` in the earlier place; it computes what the instruction at the position did.
  mutating func move(_ position: Int, into producer: Int, _ target: Instruction) {
    guard let old = slots[position], let before = slots[producer] else { return }
    count(old, by: -1)
    count(before, by: -1)
    for tensor in before.outputs { writers[ObjectIdentifier(tensor.storage)] = nil }
    slots[position] = nil
    slots[producer] = target
    count(target, by: 1)
    for tensor in target.outputs { writers[ObjectIdentifier(tensor.storage)] = producer }
  }

  private mutating func release(_ instruction: Instruction) {
    count(instruction, by: -1)
    for tensor in instruction.inputs where tensor.isMeta && readerCount(tensor) == 0 {
      guard let position = writer(of: tensor), let dead = slots[position], !dead.hasEffects,
        dead.outputs.allSatisfy({ readerCount($0) == 0 })
      else { continue }
      slots[position] = nil
      for output in dead.outputs { writers[ObjectIdentifier(output.storage)] = nil }
      release(dead)
    }
  }

  /// Closes the gaps that passes left.
  mutating func compact() {
    if !slots.contains(where: { $0 == nil }) { return }
    slots = instructions
    index()
  }

  /// What is wrong: a tensor that is read before it is computed, or computed twice.
  func problem() -> String? {
    var known = given
    for (number, instruction) in slots.enumerated() {
      guard let instruction else { continue }
      for tensor in instruction.inputs where tensor.isMeta {
        guard known.contains(ObjectIdentifier(tensor.storage)) else {
          return "instruction \(number) (\(instruction.title)) reads what is not computed yet"
        }
      }
      let own = Set(instruction.inputs.map { ObjectIdentifier($0.storage) })
      for tensor in instruction.outputs where !own.contains(ObjectIdentifier(tensor.storage)) {
        guard known.insert(ObjectIdentifier(tensor.storage)).inserted else {
          return "instruction \(number) (\(instruction.title)) writes what is there already"
        }
      }
    }
    for tensor in outputs where tensor.isMeta && !known.contains(ObjectIdentifier(tensor.storage)) {
      return "a result is never computed"
    }
    return nil
  }
}

extension InstructionList: CustomStringConvertible {
  /// One line for each instruction, as `%3 float32[1, 8] = aten::linear(%2, constant[8, 4])`.
  package var description: String {
    var names: [ObjectIdentifier: Int] = [:]
    func name(_ tensor: Tensor) -> String {
      guard tensor.isMeta else { return "constant" }
      let key = ObjectIdentifier(tensor.storage)
      let number = names[key] ?? names.count
      names[key] = number
      return "%\(number)"
    }
    func text(_ value: Value) -> String {
      switch value {
      case .tensor(let tensor): "\(name(tensor)) \(tensor.dtype)\(tensor.sizes)"
      case .list(let items), .tuple(let items):
        "[\(items.map(text).joined(separator: ", "))]"
      default: value.summary
      }
    }
    return instructions.map { instruction in
      let arguments = instruction.arguments.values.map(text)
      let fused = instruction.epilogue.operands.map { text(.tensor($0)) }
      let results = instruction.results.map(text).joined(separator: ", ")
      return "\(results) = \(instruction.title)(\((arguments + fused).joined(separator: ", ")))"
    }.joined(separator: "\n")
  }
}
