import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

/// A graph made ready for one input signature: steps, and where everything lies.
final class Plan: Sendable {
  /// The inputs' sizes and dtypes, as meta tensors; other values as given.
  let signature: [Value]
  let steps: [Step]
  /// The arena's size.
  let byteCount: Int
  /// The program's weights that were packed when the plan was made.
  let packedByteCount: Int
  /// The constants that its steps read where they lie.
  let constantByteCount: Int
  /// The storages of matrices that steps read from beginning to end where they are.
  let matricesInPlace: Set<ObjectIdentifier>
  /// The most that a run and its program hold: arena, outputs, packed weights and constants.
  var peakByteCount: Int { byteCount + outputByteCount + packedByteCount + constantByteCount }
  /// What a run allocates for its results.
  var outputByteCount: Int { written.reduce(0) { $0 + $1.byteCount } }

  private let threads: Int
  private let results: [Value]
  private let sources: [OutputSource]
  private let buffers: [PlannedBuffer]
  private let offsets: [Int?]
  /// The outputs that steps write, by `PlannedBuffer.Place.output`.
  private let written: [WrittenOutput]
  private let lists: [[Operand]]
  /// Which operands of the lists lie in inputs and outputs.
  private let moving: [(list: Int, position: Int)]
  /// What the buffers are bound to between runs.
  private let nowhere: RunContext.Place
  private let free: Locked<[RunContext]>

  /// What a run allocates.
  private struct WrittenOutput: Sendable {
    let byteCount: Int
    let dtype: DType
  }

  /// Where a tensor of the result comes from.
  private enum OutputSource: Sendable {
    case input(Int)
    case constant(Tensor)
    case written(Int, Layout)
  }

  /// - Throws: `ValuesNeeded` when sizes depend on values, or `MartletError`.
  init(
    _ graph: Graph, unit: CompilationUnit, inputs: [Value], threads: Int,
    options: CompileOptions = CompileOptions(), weights: PackedWeights = PackedWeights()
  ) throws {
    let placeholders = try inputs.map { value in
      try value.mapTensors { try $0.placeholder() }
    }
    signature = placeholders
    self.threads = threads
    let lowering = Lowering()
    let run = InterpreterRun(unit: unit, traits: GraphTraits(graph)) { operation, given, node in
      try lowering.call(operation, given, Origin(node))
    }
    let outputs = try run.results(graph, placeholders).map {
      lowering.current($0.resolvingReferences)
    }
    let outputTensors = outputs.flatMap(\.tensors)
    var list = InstructionList(
      lowering.instructions, inputs: placeholders.flatMap(\.tensors), outputs: outputTensors)
    try PlanPass.runAll(&list, options)

    let packing = WeightPacking(
      weights, of: list.instructions, threads: threads, isBeside: !options.tuning.measures)
    var builder = StepBuilder(threads, list, options, packing)
    for (index, tensor) in placeholders.flatMap(\.tensors).enumerated() {
      let buffer = builder.addBuffer(byteCount: tensor.storage.byteCount, place: .input(index))
      builder.bind(tensor.storage, to: buffer)
    }
    for instruction in list.instructions {
      let start = builder.steps.count
      packing.origin = instruction.origin
      do {
        try builder.add(instruction)
        builder.noteWork(instruction, from: start)
      } catch {
        throw instruction.origin.naming(error)
      }
    }
    var outputPlan = OutputPlan()
    try outputPlan.place(
      outputTensors, inputs: placeholders.flatMap(\.tensors), builder: &builder)
    let arena = ArenaPlan(builder.buffers)
    steps = builder.steps
    buffers = builder.buffers
    lists = builder.lists
    moving = builder.movingOperands
    offsets = arena.offsets
    byteCount = arena.byteCount
    packedByteCount = weights.byteCount
    constantByteCount = Self.constantBytes(of: steps, besides: weights)
    matricesInPlace = builder.matricesInPlace
    written = outputPlan.written
    sources = outputPlan.sources
    results = outputs
    nowhere = RunContext.Place(memory: try Plan.allocate(0), byteOffset: 0, byteCount: 0)
    free = Locked([])
    // The first run finds its memory there.
    let context = try makeContext { packing.fill($0) }
    try packing.finish()
    giveBack(context)
    options.onPass?(
      PassReport(name: LayoutAssignment.blocking, before: "\(list)", after: description))
  }

  /// Bytes of the memory that steps read and that was not packed, each counted once.
  private static func constantBytes(of steps: [Step], besides weights: PackedWeights) -> Int {
    var seen = weights.identities
    var count = 0
    for case .constant(let memory) in steps.lazy.flatMap(\.inputs).map(\.source)
    where seen.insert(ObjectIdentifier(memory)).inserted { count += memory.byteCount }
    return count
  }

  private static func allocate(_ byteCount: Int) throws -> AlignedMemory {
    do {
      return try AlignedMemory(keptByteCount: byteCount)
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes for the arena")
    }
  }

  /// The outputs' tensors, which the steps' results and the graph's own values turn into.
  private struct OutputPlan {
    var sources: [OutputSource] = []
    var written: [WrittenOutput] = []
    private var slotOfBuffer: [Int: Int] = [:]

    mutating func place(
      _ tensors: [Tensor], inputs: [Tensor], builder: inout StepBuilder
    ) throws {
      for tensor in tensors {
        guard tensor.isMeta else {
          sources.append(.constant(tensor))
          continue
        }
        if let index = inputs.firstIndex(where: { $0.storage === tensor.storage }),
          inputs[index].layout == tensor.layout, inputs[index].dtype == tensor.dtype
        {
          sources.append(.input(index))
          continue
        }
        try placeComputed(tensor, builder: &builder)
      }
    }

    private mutating func placeComputed(_ tensor: Tensor, builder: inout StepBuilder) throws {
      guard let buffer = try builder.plainBuffer(of: tensor.storage) else {
        throw MartletError(.graph, "a result is never computed")
      }
      // A result that fills its buffer is computed in place; a part of one is copied out.
      let bytes = tensor.count * tensor.dtype.byteCount
      if let slot = slotOfBuffer[buffer], written[slot].dtype == tensor.dtype {
        sources.append(.written(slot, tensor.layout))
      } else if slotOfBuffer[buffer] == nil, builder.buffers[buffer].place == .arena,
        tensor.layout.isDense,
        bytes == builder.buffers[buffer].byteCount
      {
        let slot = written.count
        builder.buffers[buffer].place = .output(slot)
        slotOfBuffer[buffer] = slot
        written.append(WrittenOutput(byteCount: bytes, dtype: tensor.dtype))
        sources.append(.written(slot, tensor.layout))
      } else {
        let copy = try tensor.placeholder()
        try builder.materialize(tensor, as: copy, origin: Origin())
        try placeComputed(copy, builder: &builder)
      }
    }
  }

  /// Whether the plan is for inputs like these.
  func accepts(_ inputs: [Value]) -> Bool {
    inputs.count == signature.count && zip(inputs, signature).allSatisfy { $0.isLike($1) }
  }

  /// Runs the steps on tensors of the signature's sizes and dtypes.
  func run(_ inputs: [Value]) throws -> [Value] {
    let context = try borrowContext(for: inputs)
    defer { giveBack(context) }
    // By number: a step's copy counts all of its references.
    for number in steps.indices {
      do {
        try steps[number].body(context)
      } catch {
        throw steps[number].origin.naming(error)
      }
    }
    return outputs(of: context)
  }

  /// A context of this run's own, with its inputs and outputs in their places.
  func borrowContext(for inputs: [Value]) throws -> RunContext {
    let context =
      try free.withLock { $0.popLast() } ?? makeContext { $0.fillPages(threads: threads) }
    for value in inputs { value.forEachTensor { context.inputs.append($0) } }
    do {
      try bind(context)
    } catch {
      giveBack(context)
      throw error
    }
    return context
  }

  func giveBack(_ context: RunContext) {
    release(context)
    free.withLock { $0.append(context) }
  }

  /// What the steps have computed, as the graph gives it.
  private func outputs(of context: RunContext) -> [Value] {
    var next = 0
    return results.map { value in
      value.mapTensors { template in
        defer { next += 1 }
        switch sources[next] {
        case .input(let index):
          var tensor = context.inputs[index]
          tensor.quantizer = template.quantizer
          return tensor
        case .constant(let tensor): return tensor
        case .written(let slot, let layout):
          return Tensor(
            storage: context.outputs[slot], layout: layout, dtype: written[slot].dtype,
            quantizer: template.quantizer)
        }
      }
    }
  }

  /// - Parameter fill: has the arena's pages given to it.
  private func makeContext(filling fill: (AlignedMemory) -> Void) throws -> RunContext {
    let arena = try Plan.allocate(byteCount)
    fill(arena)
    LargePages.shared.collect(arena)
    let context = RunContext(
      places: zip(offsets, buffers).map { offset, buffer in
        offset.map {
          RunContext.Place(memory: arena, byteOffset: $0, byteCount: buffer.byteCount)
        } ?? nowhere
      })
    context.lists = lists.map { operands in
      operands.map { $0.isMoving(buffers) ? nothing : $0.elements(context) }
    }
    return context
  }

  private var nothing: MemorySlice<Float> { MemorySlice(nowhere.memory, count: 0) }

  private func bind(_ context: RunContext) throws {
    for output in written {
      context.outputs.append(try .allocate(byteCount: output.byteCount))
    }
    for (index, buffer) in buffers.enumerated() {
      switch buffer.place {
      case .arena: break
      case .input(let position):
        var tensor = try context.inputs[position].compacted()
        // The widest elements that a view could make of it must be aligned.
        if tensor.layout.offset * tensor.dtype.byteCount % 16 != 0 { tensor = try tensor.copied() }
        context.places[index] = RunContext.Place(
          memory: try tensor.storage.bytes(),
          byteOffset: tensor.layout.count == 0 ? 0 : tensor.layout.offset * tensor.dtype.byteCount,
          byteCount: tensor.layout.count * tensor.dtype.byteCount)
      case .output(let slot):
        context.places[index] = RunContext.Place(
          memory: try context.outputs[slot].bytes(), byteOffset: 0,
          byteCount: context.outputs[slot].byteCount)
      }
    }
    for (list, position) in moving {
      context.lists[list][position] = lists[list][position].elements(context)
    }
  }

  /// Lets go of the run's inputs and outputs.
  private func release(_ context: RunContext) {
    for index in buffers.indices where buffers[index].place != .arena {
      context.places[index] = nowhere
    }
    for (list, position) in moving { context.lists[list][position] = nothing }
    context.inputs.removeAll(keepingCapacity: true)
    context.outputs.removeAll(keepingCapacity: true)
  }
}

extension Plan {
  /// Where a buffer lies, as `arena+4096` or `output 0`.
  func place(of buffer: Int) -> String {
    switch buffers[buffer].place {
    case .arena: "arena+\(offsets[buffer] ?? 0)"
    case .input(let index): "input \(index)"
    case .output(let index): "output \(index)"
    }
  }
}

extension Value {
  /// Whether tensors have the same sizes and dtypes and everything else is equal.
  func isLike(_ other: Value) -> Bool {
    switch (self, other) {
    case (.tensor(let a), .tensor(let b)):
      a.dtype == b.dtype && a.layout.sizes == b.layout.sizes && a.quantizer == b.quantizer
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isLike($1) }
    case (.dictionary(let a), .dictionary(let b)):
      a.count == b.count
        && zip(a, b).allSatisfy { $0.key.isLike($1.key) && $0.value.isLike($1.value) }
    case (.none, .none): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a.number == b.number
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
    case (.string(let a), .string(let b)): a == b
    default: summary == other.summary && kindName == other.kindName
    }
  }
}

extension Layout {
  /// Whether every element of a run of `count` elements from 0 on is shown exactly once.
  var isDense: Bool {
    if offset != 0 { return false }
    if count == 0 { return true }
    let axes = sizes.indices.filter { sizes[$0] != 1 }.sorted { strides[$0] < strides[$1] }
    var step = 1
    for axis in axes {
      if strides[axis] != step { return false }
      step *= sizes[axis]
    }
    return true
  }
}
