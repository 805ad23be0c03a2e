import MartletNN
import MartletOps
import MartletTensor
import Synchronization

/// Listens to one run of a model and writes down what it does.
///
/// `@unchecked Sendable`: all state is touched only while `lock` is held, or by the one task that
/// made the recorder, before and after the run.
final class Recorder: OperatorRecorder, @unchecked Sendable {
  private static let sessions = Atomic<UInt64>(0)

  let session = Recorder.sessions.wrappingAdd(1, ordering: .relaxed).newValue
  let options: TraceOptions
  let modules: ModuleTable
  /// Compares what is recorded with an earlier trace.
  let verifier: Verifier?
  var recording = Recording()
  var notes: TraceNotes
  var openFrames: [Int] = []
  /// The branches and loop bodies around what happens now, the outermost first.
  var openBlocks: [Recording.OpenBlock] = []
  var blockCount = 0
  /// Inputs that carry no tag, by what they share with the tensor that was given.
  var inputsByKey: [TensorKey: GraphValue] = [:]
  /// Parameters, buffers and constants that have been used.
  var capturedByKey: [TensorKey: GraphValue] = [:]
  var sizes = SizeMemo()
  /// The last line that a call told: Swift's operators do not tell theirs.
  var lastLocation: SourceLocation?
  private let lock = Mutex(())

  init(
    _ options: TraceOptions, modules: ModuleTable, notes: TraceNotes, method: String,
    verifier: Verifier? = nil
  ) {
    self.options = options
    self.modules = modules
    self.notes = notes
    self.verifier = verifier
    let top = modules.records[0]
    recording.frames.append(
      Recording.Frame(
        home: 0, parent: nil, depth: 0, module: 0, chain: [], method: method,
        scope: Scope(path: "", typeName: top.typeName), location: nil))
    openFrames = [0]
  }

  func withLock<R: Sendable>(_ body: () throws -> R) rethrows -> R {
    try lock.withLock { _ in try body() }
  }

  /// Whether the traced thing is a module, so that calls become methods.
  var hasModule: Bool { modules.records[0].module != nil }

  /// The frame that what happens now belongs to.
  var frame: Int { openFrames[openFrames.count - 1] }
  var home: Int { recording.frames[frame].home }

  func record(
    _ operation: Operator, _ arguments: [Value], results: [Value], at location: SourceLocation?
  ) throws -> [Value] {
    try lock.withLock { _ in
      let location = outsideOfLayers(location)
      if let location { lastLocation = location }
      let given = try arguments.map { try argument(for: $0, at: location) }
      let depends = given.contains(where: recording.dependsOnInputs)
      try inspect(operation, arguments, results, dependsOnInputs: depends, at: location)
      let outputs = results.map { newValue(of: $0, dependsOnInputs: depends) }
      try append(
        Node(.operation(operation), given, outputs: outputs, location: location), results)
      return try zip(results, outputs).map {
        try traced($0, as: $1, dependsOnInputs: depends, at: location)
      }
    }
  }

  /// The line, or for one within Martlet's layers the line that called the layer.
  private func outsideOfLayers(_ location: SourceLocation?) -> SourceLocation? {
    guard let location, location.isInLayers else { return location }
    return openFrames.reversed().lazy.compactMap { [frames = recording.frames] in
      frames[$0].location
    }.first ?? location
  }

  func beginCall(
    of module: AnyObject, method: String, inputs: [Value], at location: SourceLocation?
  ) throws {
    guard let module = module as? ModuleBase else { return }
    lock.withLock { _ in
      let location = outsideOfLayers(location)
      if let location { lastLocation = location }
      let caller = home
      let callerModule = recording.frames[caller].module
      let number = modules.number(of: module) ?? modules.adopt(module, into: callerModule)
      let record = modules.records[number]
      let isRoot = number == 0 && openFrames.count == 1
      // What runs in a branch or loop body stands in it, whichever module it is in.
      let isOutlined = hasModule && !isRoot && openBlocks.isEmpty
      let chain = isOutlined ? modules.chain(from: callerModule, to: number) : nil
      let index = recording.frames.count
      let path = chain.map { joined(recording.frames[caller].scope.path, $0.dotted) }
      recording.frames.append(
        Recording.Frame(
          home: chain == nil ? caller : index, parent: caller,
          depth: recording.frames[caller].depth + 1, module: number, chain: chain ?? [],
          method: method, scope: Scope(path: path ?? record.path, typeName: record.typeName),
          location: location, inputs: inputs.flatMap(\.tensors).compactMap(knownValue)))
      if chain != nil { recording.frames[caller].items.append(.call(index)) }
      openFrames.append(index)
    }
  }

  func endCall(of module: AnyObject, output: Value?) throws {
    lock.withLock { _ in
      guard openFrames.count > 1 else { return }
      recording.frames[frame].outputs = output?.tensors.compactMap(knownValue) ?? []
      recording.frames[frame].isOpen = false
      openFrames.removeLast()
    }
  }

  func tag(of tensor: Tensor) -> TraceTag? {
    lock.withLock { _ in
      // Sizes of tensors that no input reaches are the same in every run.
      guard let value = knownValue(tensor), recording.values[value.index].dependsOnInputs else {
        return nil
      }
      return TraceTag(session: session, value: value.index)
    }
  }

  func willRead(
    _ tensor: Tensor, by use: String, allowed: Bool, at location: SourceLocation?
  ) throws {
    try lock.withLock { _ in try noteRead(of: use, allowed: allowed, at: location) }
  }

  func didBake(_ dim: Dim, by use: String, at location: SourceLocation?) {
    lock.withLock { _ in
      guard dim.isTraced(in: session) else { return }
      notes.warn(
        .bakedSize(use, dim.number), at: location, after: lastLocation,
        in: recording.frames[frame].scope)
    }
  }

  func willDraw() {
    lock.withLock { _ in
      notes.warn(.drawn, at: nil, after: lastLocation, in: recording.frames[frame].scope)
    }
  }

  /// Ends the recording with what the model returned.
  func finish(_ output: Value) throws {
    try lock.withLock { _ in
      recording.output = try argument(for: output, at: nil)
      recording.frames[0].isOpen = false
      if !recording.dependsOnInputs(recording.output) {
        notes.warn(.constantOutput, at: nil, in: recording.frames[0].scope)
      }
    }
  }
}

/// Writing down.
extension Recorder {
  /// The value that a tensor is known as, without taking it for a constant.
  func knownValue(_ tensor: Tensor) -> GraphValue? {
    if let tag = tensor.tag, tag.session == session { return GraphValue(index: tag.value) }
    return inputsByKey.isEmpty ? nil : inputsByKey[TensorKey(tensor)]
  }

  func argument(for value: Value, at location: SourceLocation?) throws -> Argument {
    switch value {
    case .tensor(let tensor):
      .value(try visible(knownValue(tensor) ?? captured(tensor, at: location), at: location))
    case .int(let dim): try argument(for: dim, at: location)
    case .list(let items): .list(try items.map { try argument(for: $0, at: location) })
    case .tuple(let items): .tuple(try items.map { try argument(for: $0, at: location) })
    case .dictionary(let entries):
      .dictionary(
        try entries.map {
          (try argument(for: $0.key, at: location), try argument(for: $0.value, at: location))
        })
    case .none: .none
    case .bool(let flag): .bool(flag)
    case .double(let number): .double(number)
    case .complex(let real, let imaginary): .complex(real, imaginary)
    case .string(let text): .string(text)
    case .device(let name): .device(name)
    case .packed(let object): .packed(object)
    case .reference(let reference): try argument(for: reference.snapshot, at: location)
    case .enumeration, .object:
      throw MartletError(
        .tracing,
        "a trace cannot record \(value.summary): tensors, numbers, strings and "
          + "containers of them can be recorded")
    }
  }

  func newValue(
    of value: Value, name: String? = nil, origin: Recording.Origin = .node,
    dependsOnInputs: Bool
  ) -> GraphValue {
    newValue(
      GraphType(of: value), name: name, origin: origin, dependsOnInputs: dependsOnInputs)
  }

  func newValue(
    _ type: GraphType, name: String? = nil, origin: Recording.Origin = .node,
    dependsOnInputs: Bool, tensor: Tensor? = nil
  ) -> GraphValue {
    recording.values.append(
      Recording.Value(
        type: type, name: name, origin: origin, frame: home, block: definingBlock(origin),
        dependsOnInputs: dependsOnInputs, tensor: tensor))
    return GraphValue(index: recording.values.count - 1)
  }

  /// - Parameter results: what the node's outputs are in this run.
  func append(_ node: Node, _ results: [Value]) throws {
    var node = node
    node.scope = recording.frames[frame].scope
    guard openBlocks.isEmpty else {
      openBlocks[openBlocks.count - 1].nodes.append(node)
      return
    }
    let place = home
    recording.frames[place].items.append(.node(recording.nodes.count))
    recording.nodes.append(Recording.RecordedNode(node: node, frame: place))
    guard let verifier else { return }
    // What the graph computes to compare is no part of the recording.
    try Dispatcher.$recorder.withValue(nil) {
      try TraceObservation.$observer.withValue(nil) {
        try verifier.verify(node, results, recorded: recording, after: lastLocation)
      }
    }
  }

  /// The result as the model goes on with it: marked as the trace's value.
  func traced(
    _ result: Value, as value: GraphValue, dependsOnInputs: Bool, at location: SourceLocation?
  ) throws -> Value {
    let tag = TraceTag(session: session, value: value.index)
    switch result {
    case .tensor(var tensor):
      tensor.tag = tag
      return .tensor(tensor)
    case .int(let dim) where dependsOnInputs:
      return .int(Dim(number: dim.number, expression: DimExpression(.value(tag))))
    case .list(let items):
      return .list(try unpack(.listUnpack, value, items, dependsOnInputs, at: location))
    case .tuple(let items):
      return .tuple(try unpack(.tupleUnpack, value, items, dependsOnInputs, at: location))
    case .dictionary(let entries):
      return .dictionary(
        try entries.map { entry in
          let output = newValue(of: entry.value, dependsOnInputs: dependsOnInputs)
          let key = try argument(for: entry.key, at: location)
          try append(
            Node(.prim(.dictItem), [.value(value), key], outputs: [output], location: location),
            [entry.value])
          return Value.DictionaryEntry(
            key: entry.key,
            value: try traced(
              entry.value, as: output, dependsOnInputs: dependsOnInputs, at: location))
        })
    default:
      return result
    }
  }

  /// Makes the example inputs values of the trace, taken apart down to their tensors.
  ///
  /// - Returns: the same inputs, their tensors marked.
  func start(_ inputs: [Value]) throws -> [Value] {
    verifier?.start(inputs)
    return try inputs.map { input in
      let value = newValue(of: input, origin: .input, dependsOnInputs: true)
      recording.inputs.append(value)
      let marked = try traced(input, as: value, dependsOnInputs: true, at: nil)
      for tensor in marked.tensors {
        guard let tag = tensor.tag, inputsByKey[TensorKey(tensor)] == nil else { continue }
        inputsByKey[TensorKey(tensor)] = GraphValue(index: tag.value)
      }
      return marked
    }
  }

  /// Records that a list or tuple is taken apart, unless it holds only literals.
  func unpack(
    _ prim: Prim, _ value: GraphValue, _ items: [Value], _ dependsOnInputs: Bool,
    at location: SourceLocation?
  ) throws -> [Value] {
    guard !items.isEmpty, items.contains(where: { dependsOnInputs || !$0.tensors.isEmpty }) else {
      return items
    }
    let outputs = items.map { newValue(of: $0, dependsOnInputs: dependsOnInputs) }
    try append(Node(.prim(prim), [.value(value)], outputs: outputs, location: location), items)
    return try zip(items, outputs).map {
      try traced($0, as: $1, dependsOnInputs: dependsOnInputs, at: location)
    }
  }

  /// The value of a tensor that the trace has not made: a parameter or buffer of the tree, or a
  /// constant from outside.
  private func captured(_ tensor: Tensor, at location: SourceLocation?) -> GraphValue {
    let key = TensorKey(tensor)
    if let known = capturedByKey[key] { return known }
    let references = modules.references(to: tensor)
    let origin: Recording.Origin
    let name: String
    if let first = references.first, hasModule {
      origin = .attribute(references)
      name = first.name
    } else {
      name =
        references.first.map { joined(modules.records[$0.module].path, $0.name) }
        ?? notes.nextConstantName()
      origin = .constant(name)
      notes.addConstant(name, tensor, at: location, in: recording.frames[frame].scope)
    }
    let value = newValue(
      GraphType(of: .tensor(tensor)), name: name, origin: origin, dependsOnInputs: false,
      tensor: tensor)
    capturedByKey[key] = value
    return value
  }
}

extension [String] {
  fileprivate var dotted: String { joined(separator: ".") }
}
