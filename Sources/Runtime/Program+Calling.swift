import MartletOps
import MartletTensor
import MartletTracer

extension TracedModule {
  /// Compiles a method for running: fast, and by any number of threads at once.
  ///
  ///     let program = try traced.compile(threads: 2)
  ///     let y: Tensor = try program(x)
  ///
  /// The sizes and dtypes of the example that was traced are planned for now, others when they
  /// first come.
  ///
  /// - Parameters:
  ///   - method: `forward` when nil.
  ///   - threads: the most threads that one run uses; nil for as many as the process may use.
  /// - Throws: `MartletError` of kind `.argument` when there is no such method or `threads` is not
  ///   positive, `.unsupported` for operators that Martlet lacks.
  public func compile(
    method: String? = nil, threads: Int? = nil, optimization: Optimization = .full
  ) throws -> Program {
    let name = method ?? mainMethod
    let program: Program
    do {
      let graph = try frozenGraph(of: name)
      program = try Program(
        graph, unit: unit, threads: threads, optimization: optimization,
        defaults: scriptClass?.method(name)?.defaults.suffix(graph.inputs.count) ?? [])
    } catch is NotFreezable {
      program = try Program(changing: self, method: name, threads: threads)
    }
    if let example = exampleInputs[method ?? mainMethod] { try program.prepare(example) }
    return program
  }
}

extension Program {
  /// Runs with what the traced module is called with, and gives what it gives.
  ///
  ///     let y: Tensor = try program(x)
  ///     let (a, b): (Tensor, Tensor) = try program(x)
  ///
  /// - Throws: `MartletError` of kind `.argument` when inputs or the result's type do not fit, and
  ///   what the operators throw, with the module's path.
  public func callAsFunction<each Input, each Output: ValueConvertible>(
    _ inputs: repeat each Input
  ) throws -> (repeat each Output) {
    var values: [Value] = []
    for input in repeat each inputs { values.append(try Value(reflecting: input)) }
    var count = 0
    for _ in repeat (each Output).self { count += 1 }
    var items = try run(values)
    if items.count == 1, count != 1, case .tuple(let parts) = items[0] { items = parts }
    if items.count > 1, count == 1 { items = [.tuple(items)] }
    guard items.count == count else {
      throw MartletError(.argument, "the program gives \(items.count) outputs, not \(count)")
    }
    var next = items.makeIterator()
    func take<T: ValueConvertible>(_ type: T.Type) throws -> T {
      try T(next.next() ?? .none)
    }
    return (repeat try take((each Output).self))
  }
}
