import Foundation
import Martlet
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

  init(_ path: String, _ module: TracedModule) throws {
    file = path
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    fileByteCount = (attributes?[.size] as? NSNumber)?.intValue ?? 0
    type = module.typeName
    methods = module.methodNames
    let graph = module.graph
    inputs = graph.inputs.dropFirst(module.isFunction ? 0 : 1).map {
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

  var description: String {
    var lines = [
      "\(file): \(byteText(fileByteCount)), \(type)",
      "  methods     \(methods.joined(separator: ", "))",
      "  inputs      \(inputs.map { "\($0.name): \($0.type)" }.joined(separator: ", "))",
      "  modules     \(moduleCount)",
      "  parameters  \(parameters.count) (\(byteText(parameters.byteCount)))",
      "  buffers     \(buffers.count) (\(byteText(buffers.byteCount)))",
    ]
    for (name, count) in modules.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("    \(count)  \(name)")
    }
    for (name, count) in extraFiles.sorted(by: { $0.key < $1.key }) {
      lines.append("  extra file  \(name), \(byteText(count))")
    }
    lines.append(operators.verdict)
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
