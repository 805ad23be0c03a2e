import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

/// A graph compiled for running.
///
/// Immutable: any number of threads may run it at once, each in memory of its own. The first run
/// with inputs of new sizes or dtypes makes a plan for them; plans are kept, the latest
/// `planLimit` of them. A graph whose sizes depend on the values of tensors runs node by node.
public final class Program: Sendable {
  /// How many plans a program keeps.
  public static let planLimit = 16

  /// The graph after the passes.
  public let graph: Graph
  /// The most threads that one run uses.
  public let threads: Int
  public let optimization: Optimization

  private let options: CompileOptions
  private let weights: PackedWeights
  let unit: CompilationUnit
  let traits: GraphTraits

  /// A module whose attributes change in a run, so that its graph alone is not enough.
  private struct ChangingModule {
    let module: TracedModule
    let method: String
  }

  /// One run at a time.
  private let changing: Locked<ChangingModule>?
  /// Whether runs change the module, so that there is nothing but running it.
  var isChanging: Bool { changing != nil }
  /// What stands for inputs that are missing at the end; nil where they must be given.
  private let defaults: [Value?]

  enum Prepared {
    case plan(Plan)
    /// Depends on values: node by node.
    case walk
  }

  private struct State {
    var plans: [Plan] = []
    var dependsOnValues = false
  }

  private let state = Locked(State())

  /// - Parameters:
  ///   - graph: a graph without modules; their tensors are its constants.
  ///   - threads: the most threads that one run uses; nil for as many as the process may use.
  /// - Throws: `MartletError` of kind `.graph` when the graph is malformed.
  public convenience init(
    _ graph: Graph, threads: Int? = nil, optimization: Optimization = .full
  ) throws {
    try self.init(graph, options: CompileOptions(threads: threads, optimization: optimization))
  }

  /// - Throws: as the other, and of kind `.argument` when the options name a pass that is none.
  public convenience init(_ graph: Graph, options: CompileOptions) throws {
    try self.init(graph, unit: .empty, options: options)
  }

  /// - Parameter unit: the classes that the graph's objects are of.
  package init(
    _ graph: Graph, unit: CompilationUnit, options: CompileOptions, defaults: [Value?] = []
  ) throws {
    try options.check()
    self.options = options
    threads = options.threads ?? ProcessorCount.default
    optimization = options.optimization
    var graph = graph
    try graph.requireSupport()
    try graph.lint()
    try Pass.runAll(&graph, options)
    self.graph = graph
    self.unit = unit
    self.defaults = defaults
    traits = GraphTraits(graph)
    weights = PackedWeights()
    changing = nil
  }

  /// A program that runs a module node by node, and keeps what runs change in it, as PyTorch does.
  package init(changing module: TracedModule, method: String, threads: Int? = nil) throws {
    graph = try module.inlinedGraph(of: method)
    try graph.requireSupport()
    unit = module.unit
    traits = module.traits
    self.threads = threads ?? ProcessorCount.default
    optimization = .none
    options = CompileOptions(threads: threads, optimization: .none)
    defaults = []
    weights = PackedWeights()
    changing = Locked(ChangingModule(module: module, method: method))
  }

  /// Makes the plan for inputs of these sizes and dtypes ahead of their first run.
  public func prepare(_ inputs: [Value]) throws {
    if changing == nil { _ = try prepared(completed(inputs)) }
  }

  /// Runs on the graph's inputs and gives its outputs.
  ///
  /// - Throws: `MartletError` of kind `.argument` for a wrong number of inputs, and what the
  ///   operators throw for sizes and dtypes that do not fit, with the module's path.
  public func run(_ inputs: [Value]) throws -> [Value] {
    if let changing {
      return try changing.withLock { [try $0.module.run(inputs, method: $0.method)] }
    }
    let inputs = completed(inputs)
    switch try prepared(inputs) {
    case .plan(let plan): return try plan.run(inputs)
    case .walk: return try walk(inputs)
    }
  }

  /// Runs on tensors and gives the tensors of the outputs, in order.
  public func run(_ inputs: [Tensor]) throws -> [Tensor] {
    try run(inputs.map { .tensor($0) }).flatMap(\.tensors)
  }

  func completed(_ inputs: [Value]) -> [Value] {
    guard inputs.count < defaults.count else { return inputs }
    return inputs + defaults.dropFirst(inputs.count).prefix { $0 != nil }.compactMap { $0 }
  }

  func prepared(_ inputs: [Value]) throws -> Prepared {
    guard inputs.count == graph.inputs.count else {
      throw MartletError(
        .argument, "the program takes \(graph.inputs.count) inputs, got \(inputs.count)")
    }
    // In a trace, the calls are recorded one by one.
    if optimization == .none || Dispatcher.recorder != nil { return .walk }
    // A plan's inputs lie apart, which shows where one is written to.
    if traits.changesTensors, inputs.shareMemory { return .walk }
    let known: Prepared? = state.withLock { state in
      if state.dependsOnValues { return .walk }
      guard let index = state.plans.lastIndex(where: { $0.accepts(inputs) }) else { return nil }
      // The last one to be used is the last to go.
      if index < state.plans.count - 1 { state.plans.append(state.plans.remove(at: index)) }
      return state.plans.last.map { .plan($0) }
    }
    if let known { return known }
    do {
      let plan = try makePlan(inputs)
      ThreadPool.shared.prepare(threads: threads)
      state.withLock { state in
        state.plans.append(plan)
        if state.plans.count > Self.planLimit { state.plans.removeFirst() }
      }
      return .plan(plan)
    } catch is ValuesNeeded {
      state.withLock { $0.dependsOnValues = true }
      return .walk
    }
  }

  private func makePlan(_ inputs: [Value]) throws -> Plan {
    // Where making it fails too, nothing stays behind.
    defer {
      FilePages.releaseAll(threads: threads, isBeside: threads < ProcessorCount.default)
      ProcessHeap.trim()
    }
    let plan = try Plan(
      graph, unit: unit, inputs: inputs, threads: threads, options: options, weights: weights)
    // What steps read of the others comes back by the page.
    for tensor in graph.constants.values
    where !plan.matricesInPlace.contains(ObjectIdentifier(tensor.storage)) {
      tensor.storage.letGo()
    }
    return plan
  }

  private func walk(_ inputs: [Value]) throws -> [Value] {
    let run = InterpreterRun(unit: unit, traits: traits)
    let given = try CallInputs(inputs, graph.inputs, of: graph)
    return try run.results(graph, given.values(copying: traits.changesTensors))
      .map(\.resolvingReferences)
  }

  /// The weights that were put in the order that kernels read them, in bytes.
  public var packedByteCount: Int { weights.byteCount }

  /// The arena of the latest plan, in bytes; 0 before the first run.
  public var plannedByteCount: Int { state.withLock { $0.plans.last?.byteCount ?? 0 } }

  /// The arena of the latest plan, the results of one run, the packed weights and the constants
  /// that are read where they lie, in bytes; 0 before the first plan.
  public var plannedPeakByteCount: Int { state.withLock { $0.plans.last?.peakByteCount ?? 0 } }
}

extension [Value] {
  /// Whether two of the tensors lie in one storage.
  fileprivate var shareMemory: Bool {
    var (count, isShared) = (0, false)
    forEachTensor { tensor in
      var position = 0
      forEachTensor { other in
        isShared = isShared || position < count && other.storage === tensor.storage
        position += 1
      }
      count += 1
    }
    return isShared
  }

  private func forEachTensor(_ body: (Tensor) -> Void) {
    for value in self { value.forEachTensor(body) }
  }
}

extension Program: CustomStringConvertible {
  /// The latest plan: its steps, kernels, module paths and offsets.
  public var description: String {
    state.withLock { state in
      state.plans.last?.description
        ?? (state.dependsOnValues || optimization == .none
          ? "runs node by node:\n\(graph)" : "not planned yet:\n\(graph)")
    }
  }
}
