import Martlet
import MartletKernels
import MartletOps
import MartletTracer

/// What an archive holds, for people and as JSON.
struct ArchiveReport: Encodable, CustomStringConvertible {
  struct Parameter: Encodable {
    let name: String
    let type: String
  }

  struct Parameters: Encodable {
    let count: Int
    let byteCount: Int
  }

  let file: String
  let fileByteCount: Int
  let type: String
  let methods: [String]
  let inputs: [Parameter]
  let moduleCount: Int
  /// The modules by class.
  let modules: [String: Int]
  let parameters: Parameters
  let buffers: Parameters
  let extraFiles: [String: Int]
  let operators: OperatorReport
  /// Sizes and dtypes of the inputs that were followed; nil where none are known.
  let example: String?
  /// Additions and multiplications of products in one call; twice the multiply-adds.
  let flops: Int?
  /// Arena, results and packed weights of a compiled run.
  let plannedByteCount: Int?
  let tree: ModuleTree

  init(
    _ path: String, _ module: TracedModule, _ inputs: InspectedInputs, depth: Int?
  ) throws {
    let (costs, note) = try inputs.costs(of: module)
    let values = try inputs.values(for: module)
    example = values.map(InspectedInputs.text)
    flops = costs?.isPartial == false ? costs?[path: ""]?.floatingPointOperations : nil
    plannedByteCount = try costs == nil ? nil : values.flatMap { try Self.planned(module, $0) }
    tree = ModuleTree(module, costs: costs, depth: depth, note: note)
    file = path
    fileByteCount = (try? MappedFile(path: path))?.byteCount ?? 0
    type = module.typeName
    methods = module.methodNames
    let graph = module.graph
    self.inputs = graph.inputs.dropFirst(module.isFunction ? 0 : 1).map {
      Parameter(name: graph.name(of: $0), type: "\(graph.type(of: $0))")
    }
    let all = module.namedModules
    moduleCount = all.count
    modules = Dictionary(all.map { ($0.module.typeName, 1) }, uniquingKeysWith: +)
    func total(_ tensors: [(path: String, tensor: Tensor)]) -> Parameters {
      Parameters(
        count: tensors.reduce(0) { $0 + $1.tensor.count },
        byteCount: tensors.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.byteCount })
    }
    parameters = total(module.namedParameters)
    buffers = total(module.namedBuffers)
    extraFiles = module.extraFiles.mapValues(\.count)
    operators = try OperatorReport(module)
  }

  /// What a compiled run holds; nil where nothing is planned.
  private static func planned(_ module: TracedModule, _ inputs: [Value]) throws -> Int? {
    let program = try module.compile(threads: 1)
    do { try program.prepare(inputs) } catch is MartletError { return nil }
    return program.plannedPeakByteCount > 0 ? program.plannedPeakByteCount : nil
  }

  var description: String {
    var lines = [
      "\(file): \(byteText(fileByteCount)), \(type)",
      "  methods     \(methods.joined(separator: ", "))",
      "  inputs      \(inputs.map { "\($0.name): \($0.type)" }.joined(separator: ", "))",
      "  modules     \(moduleCount)",
      "  parameters  \(parameters.count) (\(byteText(parameters.byteCount)))",
      "  buffers     \(buffers.count) (\(byteText(buffers.byteCount)))",
    ]
    if let example { lines.append("  example     \(example)") }
    if let flops {
      lines.append("  work        \(workText(flops)) (products; a multiply-add is two)")
    }
    if let plannedByteCount, plannedByteCount > 0 {
      lines.append("  memory      \(byteText(plannedByteCount)) for a compiled run and its weights")
    }
    for (name, count) in extraFiles.sorted(by: { $0.key < $1.key }) {
      lines.append("  extra file  \(name), \(byteText(count))")
    }
    lines.append(operators.verdict)
    lines.append("\n\(tree)")
    return lines.joined(separator: "\n")
  }
}

/// The operators that a module's `forward` calls, submodules in their places.
struct OperatorReport: Encodable, CustomStringConvertible {
  struct Row: Encodable {
    let name: String
    let schema: String
    let count: Int
  }

  /// Those that Martlet lacks, the most used first.
  let unsupported: [UnsupportedOperator]
  let supported: [Row]

  init(_ module: TracedModule) throws {
    var counts: [String: Int] = [:]
    var schemas: [String: String] = [:]
    try module.inlinedGraph.forEachNode { node in
      guard let operation = node.operation else { return }
      schemas[operation.name] = operation.schema.description
      counts[operation.name, default: 0] += 1
    }
    supported = counts.map { Row(name: $0.key, schema: schemas[$0.key] ?? $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    unsupported = try module.unsupportedOperators()
  }

  /// One line, and one for each operator that Martlet lacks.
  var verdict: String {
    let calls = supported.reduce(0) { $0 + $1.count }
    guard !unsupported.isEmpty else {
      return "\(calls) operator calls of \(supported.count) kinds, all supported"
    }
    let lines = unsupported.map { (count: $0.count, text: $0.name + $0.call) }
    return "\(unsupported.count) operators are not supported:\n" + Self.table(lines)
  }

  var description: String {
    "\(verdict)\n\(Self.table(supported.map { (count: $0.count, text: $0.schema) }))"
  }

  private static func table(_ rows: [(count: Int, text: String)]) -> String {
    let width = rows.map { "\($0.count)".count }.max() ?? 0
    return rows.map { row in
      let count = "\(row.count)"
      return String(repeating: " ", count: width - count.count + 2) + "\(count)  \(row.text)"
    }.joined(separator: "\n")
  }
}
