import MartletOps
import MartletTensor

/// One call of what is traced, on one set of inputs.
struct TraceRun {
  let inputs: [Value]
  /// Whether the inputs are others than those that `call` was made with.
  private(set) var isResized = false
  /// Calls with the inputs that `mark` gives for the untouched ones, and gives the result.
  let call: (_ mark: InputMarker) throws -> Value

  init<each T, Output>(
    _ inputs: repeat each T, spreadsTuple: Bool = false,
    call: @escaping (repeat each T) throws -> Output
  ) throws {
    var values: [Value] = []
    for input in repeat each inputs { values.append(try Value(reflecting: input)) }
    // `trace(model, (a, b))` is `trace(model, a, b)`.
    if spreadsTuple, values.count == 1, case .tuple(let items) = values[0] { values = items }
    self.inputs = values
    self.call = { mark in
      try Value(reflecting: try call(repeat mark.marked(each inputs)))
    }
  }
}

extension TraceRun {
  private init(resized inputs: [Value], _ call: @escaping (InputMarker) throws -> Value) {
    self.inputs = inputs
    self.call = call
    isResized = true
  }

  /// The same call on other inputs.
  func with(_ inputs: [Value]) -> TraceRun { TraceRun(resized: inputs, call) }

  /// - Throws: `MartletError` of kind `.argument` when the call went on with inputs of its own.
  func checkReplaced(by marker: InputMarker) throws {
    guard isResized, marker.keptInput else { return }
    throw MartletError(
      .argument,
      "dynamic: the check at a second size can build tensors and arrays and dictionaries of them "
        + "anew, no tuples among them: give the tuple's items one by one")
  }
}

/// Puts the trace's marks on the tensors that a model is called with.
final class InputMarker {
  private let values: [Value]
  private var position = 0
  /// Whether an input stayed as it was given.
  private(set) var keptInput = false

  init(_ values: [Value]) { self.values = values }

  /// The next input with marked tensors, where its static type allows to build it anew; a tuple
  /// stays as it is, and its tensors are known by their storage.
  func marked<T>(_ input: T) -> T {
    defer { position += 1 }
    guard position < values.count, let convertible = input as? any ValueConvertible else {
      keptInput = true
      return input
    }
    guard let rebuilt = try? type(of: convertible).init(values[position]) as? T else {
      keptInput = true
      return input
    }
    return rebuilt
  }
}

/// A method to trace with the inputs to trace and to check it on.
struct TraceRequest {
  let method: String
  let example: TraceRun
  let checks: [TraceRun]
}
