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
    try Program(self, method: method, threads: threads, optimization: optimization)
  }

  /// Compiles a method with all that can be chosen.
  ///
  /// - Throws: as `compile(method:threads:optimization:)`, and of kind `.argument` when the options
  ///   name a pass that is none.
  public func compile(method: String? = nil, options: CompileOptions) throws -> Program {
    try Program(self, method: method, options: options)
  }
}

extension Program {
  /// Compiles a method of a module; see `TracedModule.compile`.
  public convenience init(
    _ module: TracedModule, method: String? = nil, threads: Int? = nil,
    optimization: Optimization = .full
  ) throws {
    try self.init(
      module, method: method,
      options: CompileOptions(threads: threads, optimization: optimization))
  }

  /// Compiles a method of a module; see `TracedModule.compile`.
  public convenience init(
    _ module: TracedModule, method: String? = nil, options: CompileOptions
  ) throws {
    try options.check()
    let name = method ?? module.mainMethod
    let graph: Graph
    do {
      graph = try module.frozenGraph(of: name)
    } catch is NotFreezable {
      try self.init(changing: module, method: name, threads: options.threads)
      return
    }
    let defaults = module.scriptClass?.method(name)?.defaults.suffix(graph.inputs.count)
    try self.init(
      graph, unit: module.unit, options: options, defaults: defaults.map { Array($0) } ?? [])
    if let example = module.exampleInputs[name] { try prepare(example) }
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
