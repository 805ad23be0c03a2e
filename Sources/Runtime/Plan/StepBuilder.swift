import MartletKernels
import MartletOps
import MartletTensor

/// What a step does in a run; it touches nothing but its operands' memory.
typealias StepBody = @Sendable (RunContext) throws -> Void

/// One step of a plan.
struct Step: Sendable {
  /// The kernel, as `gemm` or `reference`.
  let kernel: String
  /// The operator it computes, with what was fused behind it.
  let operation: String
  let origin: Origin
  let inputs: [Operand]
  let outputs: [Operand]
  let body: StepBody
  /// Additions and multiplications of its instruction, where they are the bulk of its work.
  var floatingPointOperations: Int?
}

/// The memory that steps write, and when they touch it.
package struct PlannedBuffer: Sendable {
  package enum Place: Sendable, Equatable {
    case arena
    case input(Int)
    /// A new tensor of every run, by the position among the plan's outputs.
    case output(Int)
  }

  package let byteCount: Int
  package var place: Place
  package var firstStep: Int
  package var lastStep: Int
  /// An operand's buffer that this one may take over: the step reads each element before it
  /// writes the same place.
  package var mayReplace: Int?

  package init(byteCount: Int, place: Place, firstStep: Int, lastStep: Int) {
    self.byteCount = byteCount
    self.place = place
    self.firstStep = firstStep
    self.lastStep = lastStep
  }
}

/// Makes steps and keeps account of buffers.
struct StepBuilder {
  let threads: Int
  private(set) var steps: [Step] = []
  var buffers: [PlannedBuffer] = []
  private(set) var lists: [[Operand]] = []
  private var bufferOfStorage: [ObjectIdentifier: Int] = [:]
  /// Keeps identities from being reused.
  private var storages: [Storage] = []
  private var blockedPlaces: [ObjectIdentifier: BlockedPlace] = [:]
  /// What images may be kept in NCHWc for; nil where all is plain.
  let instructionSet: InstructionSet?
  let packing: WeightPacking
  /// Of matrices that steps read from beginning to end where they are.
  private(set) var matricesInPlace: Set<ObjectIdentifier> = []
  let tuning: Tuning
  /// Images that are computed within a concatenation's.
  let homes: [ObjectIdentifier: ConcatenationHome]
  /// Convolutions that one step computes, by the storage between them.
  let pairs: [ObjectIdentifier: ConvolvedDepthwisePair]

  init(
    threads: Int, instructionSet: InstructionSet? = nil,
    packing: WeightPacking = WeightPacking(PackedWeights()),
    homes: [ObjectIdentifier: ConcatenationHome] = [:],
    pairs: [ObjectIdentifier: ConvolvedDepthwisePair] = [:], tuning: Tuning = .modeled
  ) {
    self.tuning = tuning
    self.threads = threads
    self.instructionSet = instructionSet
    self.packing = packing
    self.homes = homes
    self.pairs = pairs
  }

  mutating func noteInPlace(_ matrix: Tensor) {
    matricesInPlace.insert(ObjectIdentifier(matrix.storage))
  }

  mutating func addBuffer(byteCount: Int, place: PlannedBuffer.Place = .arena) -> Int {
    buffers.append(
      PlannedBuffer(
        byteCount: byteCount, place: place, firstStep: .max, lastStep: -1))
    return buffers.count - 1
  }

  mutating func bind(_ storage: Storage, to buffer: Int) {
    storages.append(storage)
    bufferOfStorage[ObjectIdentifier(storage)] = buffer
  }

  func buffer(of storage: Storage) -> Int? { bufferOfStorage[ObjectIdentifier(storage)] }

  func blockedPlace(of storage: Storage) -> BlockedPlace? {
    blockedPlaces[ObjectIdentifier(storage)]
  }

  mutating func setBlockedPlace(_ place: BlockedPlace, of storage: Storage) {
    storages.append(storage)
    blockedPlaces[ObjectIdentifier(storage)] = place
  }

  /// The dense buffer of a storage, with a conversion where it was computed in NCHWc.
  mutating func plainBuffer(of storage: Storage) throws -> Int? {
    if let index = buffer(of: storage) { return index }
    guard blockedPlace(of: storage) != nil else { return nil }
    try addPlainTwin(of: storage)
    return buffer(of: storage)
  }

  /// The tensor as a step reads it.
  mutating func operand(_ tensor: Tensor) throws -> Operand {
    if !tensor.isMeta {
      return Operand(
        source: .constant(try tensor.storage.bytes()), layout: tensor.layout, dtype: tensor.dtype,
        quantizer: tensor.quantizer)
    }
    guard let index = try plainBuffer(of: tensor.storage) else {
      throw MartletError(.graph, "a tensor is used before it is computed")
    }
    return Operand(
      source: .buffer(index), layout: tensor.layout, dtype: tensor.dtype,
      quantizer: tensor.quantizer)
  }

  /// The tensor in row-major order without gaps; a copying step comes first where it is not.
  mutating func dense(_ tensor: Tensor) throws -> Operand {
    if tensor.isContiguous { return try operand(tensor) }
    let copy = try tensor.placeholder()
    return try materialize(tensor, as: copy, origin: Origin())
  }

  /// New memory that a step writes.
  mutating func result(_ tensor: Tensor) throws -> Operand {
    let index: Int
    if let known = buffer(of: tensor.storage) {
      index = known
    } else {
      index = addBuffer(byteCount: tensor.storage.byteCount)
      bind(tensor.storage, to: index)
    }
    return Operand(
      source: .buffer(index), layout: tensor.layout, dtype: tensor.dtype,
      quantizer: tensor.quantizer)
  }

  /// The operands as a step takes them that has any number of them.
  mutating func list(_ operands: [Operand]) -> OperandList {
    lists.append(operands)
    return OperandList(index: lists.count - 1)
  }

  /// Memory that only one step uses.
  mutating func scratch(_ count: Int) -> Operand {
    let index = addBuffer(byteCount: count * MemoryLayout<Float>.stride)
    return Operand(
      source: .buffer(index), layout: Layout(contiguous: [count]), dtype: .float32)
  }

  /// Lets a step's result take over the operand's memory when nothing needs it after the step.
  mutating func mayReplace(_ operand: Operand, by result: Operand) {
    guard case .buffer(let old) = operand.source, case .buffer(let new) = result.source,
      operand.layout.offset == 0, operand.layout.isContiguous, result.layout.offset == 0,
      buffers[old].byteCount == buffers[new].byteCount
    else { return }
    buffers[new].mayReplace = old
  }

  /// Adds a step. The operands are all that it touches: buffers live as long as steps name them.
  mutating func add(
    _ kernel: String, _ operation: String, _ origin: Origin, inputs: [Operand],
    outputs: [Operand], scratch: [Operand] = [], _ body: @escaping StepBody
  ) {
    for operand in inputs + outputs + scratch {
      guard case .buffer(let index) = operand.source else { continue }
      buffers[index].firstStep = min(buffers[index].firstStep, steps.count)
      buffers[index].lastStep = steps.count
    }
    steps.append(
      Step(
        kernel: kernel, operation: operation, origin: origin, inputs: inputs, outputs: outputs,
        body: body))
  }

  /// Tells of the work of an instruction, at the last of its steps that bears its name; those
  /// before and behind that one move data for it.
  mutating func noteWork(_ instruction: Instruction, from start: Int) {
    guard var count = instruction.floatingPointOperations, start < steps.count else { return }
    if BlockedRegistry.convolutions[instruction.name] != nil,
      let input = try? instruction.arguments.tensor("input"),
      let pair = pairs[ObjectIdentifier(input.storage)], steps.count == start + 1,
      steps[start].operation.hasPrefix(pair.first.title + " + ")
    {
      count += pair.first.floatingPointOperations ?? 0
    }
    let index =
      steps[start...].lastIndex { $0.operation.hasPrefix(instruction.name) } ?? steps.count - 1
    steps[index].floatingPointOperations = count
  }

  /// A step that copies the tensor's elements, in row-major order, into new memory.
  @discardableResult
  mutating func materialize(_ tensor: Tensor, as copy: Tensor, origin: Origin) throws -> Operand {
    if let tokens = try materializeTokens(tensor, as: copy, origin) { return tokens }
    let source = try operand(tensor)
    let target = try result(copy)
    let move = ElementMove(
      from: source, tensor.layout, to: target, 0, Layout(contiguous: tensor.sizes), instructionSet)
    let threads = threads
    add(move.kernelName, "copy", origin, inputs: [source], outputs: [target]) {
      move.run($0, threads: threads)
    }
    return target
  }
}

extension StepBuilder {
  /// The operands of lists that each run binds anew.
  var movingOperands: [(list: Int, position: Int)] {
    lists.indices.flatMap { list in
      lists[list].indices.filter { lists[list][$0].isMoving(buffers) }.map { (list, $0) }
    }
  }
}

extension Operand {
  /// Whether it lies in an input or output of a run.
  func isMoving(_ buffers: [PlannedBuffer]) -> Bool {
    if case .buffer(let index) = source { buffers[index].place != .arena } else { false }
  }
}
