import MartletOps
import MartletTensor
import MartletTracer

/// Turns a graph into instructions by running it on meta tensors: sizes and numbers are computed
/// now, views only change layouts, constants stay real tensors and fold, and composite operators
/// come apart into what they call.
///
/// One thread alone uses an instance.
final class Lowering: OperatorRecorder, @unchecked Sendable {
  private(set) var instructions: [Instruction] = []
  private var origin = Origin()
  /// The placeholders that inputs and instructions give; instructions and callers hold them.
  private var computed: Set<ObjectIdentifier> = []
  /// What holds the contents of storages that were written to.
  private var versions: [ObjectIdentifier: Storage] = [:]
  /// Keeps the storages alive whose identities are the keys.
  private var written: [Storage] = []

  func call(_ operation: Operator, _ given: [Value], _ origin: Origin) throws -> [Value] {
    self.origin = origin
    let given = operation.resolving(given).map(current)
    computed.formUnion(placeholders(given))
    let arguments = try Arguments(operation.schema, given)
    do {
      return try lower(operation, arguments)
    } catch let error as MartletError where error.kind == .value && arguments.hasMetaTensor {
      // It asked a placeholder for its elements.
      throw ValuesNeeded()
    }
  }

  /// What they give depends on how an input lies in memory, which a plan does not ask.
  private static let readingStrides: Set = [
    "aten::stride", "aten::stride.int", "aten::is_contiguous",
    "aten::is_contiguous.memory_format", "aten::storage_offset",
  ]

  /// The value with the storages that hold its contents now.
  func current(_ value: Value) -> Value {
    if versions.isEmpty { return value }
    // A container with an identity stays the one it is: what is taken out of it comes here.
    if case .reference = value { return value }
    return value.mapTensors { tensor in
      var tensor = tensor
      while let newer = versions[ObjectIdentifier(tensor.storage)] { tensor.storage = newer }
      return tensor
    }
  }

  func replace(_ storage: Storage, by newer: Storage) {
    written.append(storage)
    versions[ObjectIdentifier(storage)] = newer
  }

  /// Whether a value that was given before lies there.
  func isHeld(_ storage: Storage) -> Bool { !storage.isMeta }

  func lower(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    if operation.body.makesTensors, arguments.hasQuantizedTensor {
      return try lowerWhole(operation, arguments)
    }
    switch operation.body {
    case .scalar(let evaluate):
      if arguments.hasMetaTensor, Self.readingStrides.contains(operation.name) {
        throw ValuesNeeded()
      }
      return try evaluate(arguments).map(\.onProcessor)
    case .containers(let evaluate):
      return try evaluate(arguments)
    case .dataDependent(let evaluate):
      guard arguments.hasMetaTensor else { return try evaluate(arguments) }
      return try repetitions(operation, arguments)
    case .mutating: return try write(operation, arguments)
    case .view(let evaluate):
      let results = try evaluate(arguments)
      return arguments.hasMetaTensor ? note(operation, arguments, results) : results
    case .composite:
      return try takeApart(operation, arguments)
    case .kernel(let infer, let compute):
      if Creation.names.contains(operation.name) {
        // Of a tensor they ask sizes and dtype, which are known: what is computed from the result
        // alone is known too.
        let specs = try infer(arguments)
        if specs.allSatisfy({ $0.sizes.reduce(1, *) <= Pass.keptElementLimit }) {
          let results = try specs.map { try Tensor.allocate($0.sizes, $0.dtype) }
          try compute(arguments, results)
          return results.map { .tensor($0) }
        }
      }
      if operation.isRandom {
        let specs = try infer(arguments)
        let results = try specs.map { Value.tensor(try .meta($0.sizes, $0.dtype)) }
        return note(operation, arguments, results)
      }
      let results = try operation.evaluate(arguments)
      return arguments.isMeta ? note(operation, arguments, results) : results
    }
  }

  /// A composite operator's inner calls come back through `record`. One that makes a tensor of
  /// its own between them stays whole.
  private func takeApart(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    let (start, known, versions) = (instructions.count, computed, versions)
    let results = try Dispatcher.$recorder.withValue(self) { try operation.evaluate(arguments) }
    let read = instructions[start...].flatMap(\.inputs).map(Value.tensor)
    if placeholders(read + results).isSubset(of: computed) { return results }
    instructions.removeSubrange(start...)
    computed = known
    self.versions = versions
    // Whatever views it made inside, a run fills dense tensors.
    return note(
      operation, arguments,
      try results.map { try $0.mapTensors { try $0.placeholder() } })
  }

  /// Repetitions by known counts, as the indices that these are.
  private func repetitions(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    guard operation.name == "aten::repeat_interleave.self_Tensor",
      let dim = try arguments.optionalInt("dim"), !(try arguments.tensor("repeats").isMeta),
      let selection = Catalog.byName["aten::index_select"]
    else { throw ValuesNeeded() }
    let places = try Tensor(try Repeating.repetitions(arguments).map { Int64($0) })
    return try lower(
      selection,
      try Arguments(selection.schema, [arguments["self"], dim.value, .tensor(places)]))
  }

  /// Calls on quantised tensors stay whole: their rules are not made of recorded calls.
  private func lowerWhole(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    let results = try Dispatcher.$recorder.withValue(nil) { try operation.evaluate(arguments) }
    return arguments.isMeta ? note(operation, arguments, results) : results
  }

  private func placeholders(_ values: [Value]) -> Set<ObjectIdentifier> {
    Set(values.flatMap(\.tensors).filter(\.isMeta).map { ObjectIdentifier($0.storage) })
  }

  /// Keeps the call as an instruction, unless all it gives are views.
  private func note(_ operation: Operator, _ arguments: Arguments, _ results: [Value]) -> [Value] {
    let given = placeholders(results)
    if !given.isSubset(of: placeholders(arguments.values)) {
      computed.formUnion(given)
      instructions.append(
        Instruction(
          operation: operation, arguments: arguments, results: results, origin: origin))
    }
    return results
  }
}

/// The calls inside composite operators.
extension Lowering {
  func record(
    _ operation: Operator, _ arguments: [Value], results: [Value], at location: SourceLocation?
  ) throws -> [Value] {
    let arguments = try Arguments(
      operation.schema, operation.resolving(arguments).map(current))
    if operation.body.makesTensors, arguments.hasQuantizedTensor {
      return try lowerWhole(operation, arguments)
    }
    switch operation.body {
    case .composite, .dataDependent, .mutating: return try lower(operation, arguments)
    case .scalar, .containers: return results.map(\.onProcessor)
    case .view: return arguments.hasMetaTensor ? note(operation, arguments, results) : results
    case .kernel:
      if operation.isRandom || Creation.names.contains(operation.name) {
        return try lower(operation, arguments)
      }
      return arguments.isMeta ? note(operation, arguments, results) : results
    }
  }

  func beginCall(
    of module: AnyObject, method: String, inputs: [Value], at location: SourceLocation?
  ) {}

  func endCall(of module: AnyObject, output: Value?) {}

  func tag(of tensor: Tensor) -> TraceTag? { nil }

  func willRead(_ tensor: Tensor, by use: String, allowed: Bool, at location: SourceLocation?) {}

  func didBake(_ dim: Dim, by use: String, at location: SourceLocation?) {}
}

extension Operator.Body {
  /// Whether calls are kept to compute in a run.
  fileprivate var makesTensors: Bool {
    switch self {
    case .kernel, .composite: true
    case .view, .scalar, .containers, .dataDependent, .mutating: false
    }
  }
}

extension Value {
  /// Tensors are placeholders while a plan is made; their device is not.
  fileprivate var onProcessor: Value {
    if case .device("meta") = self { .device("cpu") } else { self }
  }
}
