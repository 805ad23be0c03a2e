import MartletOps
import MartletTensor

/// Running the recorded graph, node by node with the operators' reference evaluation. For speed,
/// compile it.
extension TracedModule {
  /// Calls `forward`. Inputs are what was traced with: tensors, or tuples, arrays and dictionaries
  /// of them; the result's type says how to give the output.
  ///
  ///     let y: Tensor = try traced(x)
  ///     let (a, b): (Tensor, Tensor) = try traced(x)
  ///
  /// - Throws: `MartletError` of kind `.argument` when inputs or the result's type do not fit, and
  ///   what the operators throw, with the node's module path and source line.
  public func callAsFunction<each Input, each Output: ValueConvertible>(
    _ inputs: repeat each Input
  ) throws -> (repeat each Output) {
    var values: [Value] = []
    for input in repeat each inputs { values.append(try Value(reflecting: input)) }
    var count = 0
    for _ in repeat (each Output).self { count += 1 }
    var results = OutputReader(try run(values), count: count)
    return (repeat try results.next((each Output).self))
  }

  /// Calls a method with values and gives its result as one.
  public func run(_ inputs: [Value], method: String? = nil) throws -> Value {
    try Interpreter.run(method ?? mainMethod, of: self, inputs)
  }
}

/// Gives a result's items one by one.
private struct OutputReader {
  private var items: [Value]
  private let count: Int

  init(_ result: Value, count: Int) {
    self.count = count
    if count != 1, case .tuple(let items) = result { self.items = items } else { items = [result] }
  }

  mutating func next<T: ValueConvertible>(_ type: T.Type) throws -> T {
    guard items.count <= count, !items.isEmpty else {
      throw MartletError(
        .argument,
        "the traced module does not give \(count) outputs; ask for as many, or use run(_:)")
    }
    return try T(items.removeFirst())
  }
}
