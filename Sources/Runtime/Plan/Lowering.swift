import MartletOps
import MartletTensor

/// A graph asks for the values of tensors that only a run has; it runs node by node.
struct DependsOnValues: Error {}

/// Turns a graph into instructions by running it on meta tensors: sizes and numbers are computed
/// now, views only change layouts, constants stay real tensors and fold, and composite operators
/// come apart into what they call.
///
/// One thread alone uses an instance.
final class Lowering: OperatorRecorder, @unchecked Sendable {
  private(set) var instructions: [Instruction] = []
  private var origin = Origin()

  func call(_ operation: Operator, _ given: [Value], _ origin: Origin) throws -> [Value] {
    self.origin = origin
    do {
      return try lower(operation, try Arguments(operation.schema, given))
    } catch let error as MartletError where error.kind == .value {
      // Placeholders have no values; where values are wrong, the run says so.
      throw DependsOnValues()
    }
  }

  /// What they give depends on how an input lies in memory, which a plan does not ask.
  private static let readingStrides: Set = [
    "aten::stride", "aten::stride.int", "aten::is_contiguous", "aten::storage_offset",
  ]

  private func lower(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    if operation.schema.isMutating, arguments.hasMetaTensor { throw DependsOnValues() }
    switch operation.body {
    case .scalar(let evaluate):
      if arguments.hasMetaTensor, Self.readingStrides.contains(operation.name) {
        throw DependsOnValues()
      }
      return try evaluate(arguments).map(\.onProcessor)
    case .dataDependent(let evaluate):
      if arguments.hasMetaTensor { throw DependsOnValues() }
      return try evaluate(arguments)
    case .view(let evaluate):
      let results = try evaluate(arguments)
      return arguments.hasMetaTensor ? try note(operation, arguments, results) : results
    case .composite: return try expand(operation, arguments)
    case .kernel(let infer, _):
      if operation.isRandom {
        let specs = try infer(arguments)
        let results = try specs.map { Value.tensor(try .meta($0.sizes, $0.dtype)) }
        return try note(operation, arguments, results)
      }
      let results = try operation.evaluate(arguments)
      return arguments.isMeta ? try note(operation, arguments, results) : results
    }
  }

  /// Takes a composite operator apart: its inner calls come back through `record`. One with a
  /// kernel of its own stays whole, and so does one that computes past the dispatcher.
  private func expand(_ operation: Operator, _ arguments: Arguments) throws -> [Value] {
    if !arguments.hasMetaTensor, !operation.isRandom { return try operation.evaluate(arguments) }
    if KernelRegistry.kernels[operation.name] != nil {
      let results = try Dispatcher.$recorder.withValue(nil) { try operation.evaluate(arguments) }
      return try note(operation, arguments, results)
    }
    let start = instructions.count
    let results = try Dispatcher.$recorder.withValue(self) { try operation.evaluate(arguments) }
    var known = Set(arguments.values.flatMap(\.tensors).map { ObjectIdentifier($0.storage) })
    func areKnown(_ tensors: [Tensor]) -> Bool {
      tensors.allSatisfy { !$0.isMeta || known.contains(ObjectIdentifier($0.storage)) }
    }
    for instruction in instructions[start...] {
      guard areKnown(instruction.inputs) else {
        return try whole(operation, arguments, start, results)
      }
      for tensor in instruction.outputs { known.insert(ObjectIdentifier(tensor.storage)) }
    }
    return areKnown(results.flatMap(\.tensors))
      ? results : try whole(operation, arguments, start, results)
  }

  private func whole(
    _ operation: Operator, _ arguments: Arguments, _ start: Int, _ results: [Value]
  ) throws -> [Value] {
    instructions.removeSubrange(start...)
    return try note(operation, arguments, results)
  }

  /// Keeps the call as an instruction, unless all it gives are views. Results of anything but
  /// kernels are planned as dense copies.
  private func note(
    _ operation: Operator, _ arguments: Arguments, _ given: [Value]
  ) throws -> [Value] {
    let known = Set(arguments.values.flatMap(\.tensors).map { ObjectIdentifier($0.storage) })
    let isNew = given.contains { value in
      value.tensors.contains { $0.isMeta && !known.contains(ObjectIdentifier($0.storage)) }
    }
    guard isNew else { return given }
    var results = given
    if case .kernel = operation.body {
    } else {
      results = try given.map { value in
        try value.mapTensors { $0.isMeta ? try .meta($0.sizes, $0.dtype) : $0 }
      }
    }
    instructions.append(
      Instruction(operation: operation, arguments: arguments, results: results, origin: origin))
    return results
  }
}

/// The calls inside composite operators.
extension Lowering {
  func record(
    _ operation: Operator, _ arguments: [Value], results: [Value], at location: SourceLocation?
  ) throws -> [Value] {
    let arguments = try Arguments(operation.schema, arguments)
    switch operation.body {
    case .composite, .dataDependent: return try lower(operation, arguments)
    case .scalar: return results.map(\.onProcessor)
    case .view: return arguments.hasMetaTensor ? try note(operation, arguments, results) : results
    case .kernel:
      if operation.isRandom { return try lower(operation, arguments) }
      return arguments.isMeta ? try note(operation, arguments, results) : results
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

extension Value {
  /// Tensors are placeholders while a plan is made; their device is not.
  fileprivate var onProcessor: Value {
    if case .device("meta") = self { .device("cpu") } else { self }
  }
}
