import MartletOps
import MartletTensor
import MartletTracer

/// One operator call of a plan that is being made: tensors in it are meta tensors where they are
/// computed in the run, and real where they are constants. Which tensors share memory shows in
/// their storages.
struct Instruction {
  let operation: Operator
  var arguments: Arguments
  /// What it gives; every tensor among them is new, dense memory.
  var results: [Value]
  let origin: Origin
  /// What was fused behind it.
  var epilogue = FusedEpilogue()
  /// Whether its result, which the operator gives as [N, H, W, C], is an image [N, C, H, W].
  var isImage = false

  var name: String { operation.name }
  var inputs: [Tensor] {
    var inputs: [Tensor] = []
    forEachInput { inputs.append($0) }
    return inputs
  }
  var outputs: [Tensor] {
    var outputs: [Tensor] = []
    for result in results { result.forEachTensor { outputs.append($0) } }
    return outputs
  }

  /// The inputs one by one.
  func forEachInput(_ body: (Tensor) throws -> Void) rethrows {
    for argument in arguments.values { try argument.forEachTensor(body) }
    for operand in epilogue.operands { try body(operand) }
  }

  /// Whether it must run even when nobody reads what it gives.
  var hasEffects: Bool { operation.schema.isMutating || operation.isRandom }
}

/// The place in the model that an instruction comes from.
struct Origin: Sendable {
  var path = ""
  var location: SourceLocation?

  init() {}

  init(_ node: Node) {
    path = node.scope?.path ?? ""
    location = node.location
  }

  /// The error with what is known of its place.
  func naming(_ error: any Error) -> any Error {
    guard var error = error as? MartletError else { return error }
    if error.modulePath == nil, !path.isEmpty { error.modulePath = path }
    if error.location == nil { error.location = location }
    return error
  }
}
