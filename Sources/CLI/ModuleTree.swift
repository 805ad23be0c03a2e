import Martlet
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer

/// The modules of an archive with what each gives, holds and costs, for people and as JSON.
struct ModuleTree: Encodable, CustomStringConvertible {
  struct Row: Encodable {
    /// Below the archive's module; empty for itself.
    let path: String
    let type: String
    /// How deep it lies; the archive's module lies at 0.
    let depth: Int
    /// Sizes of the tensors that its last call gave; nil where no input is known, or none came.
    let outputs: [[Int]]?
    let outputDtypes: [String]?
    /// Elements and bytes of the parameters here and below.
    let parameters: Int
    let parameterBytes: Int
    /// Additions and multiplications of products here and below: twice the multiply-adds.
    let flops: Int?
    /// Bytes of what the operators here and below write.
    let writtenBytes: Int?
    let calls: Int?
    let hasModulesBelow: Bool

    enum CodingKeys: String, CodingKey {
      case path, type = "class", depth, outputs = "output_shapes", outputDtypes = "output_dtypes"
      case parameters, parameterBytes = "parameter_bytes", flops, writtenBytes = "written_bytes"
      case calls, hasModulesBelow = "has_modules_below"
    }
  }

  /// Parents first.
  let rows: [Row]
  /// How deep the deepest module lies.
  let depth: Int
  /// What cannot be told, and what to do about it.
  let note: String?

  init(_ module: TracedModule, costs: ModuleCosts?, depth limit: Int?, note: String?) {
    var builder = Builder(costs: costs, limit: limit ?? .max)
    builder.visit(module, path: "", name: "", depth: 0)
    rows = builder.rows
    depth = builder.deepest
    self.note = note
  }

  enum CodingKeys: String, CodingKey { case rows = "modules", note }

  private struct Builder {
    let costs: ModuleCosts?
    let limit: Int
    var rows: [Row] = []
    var deepest = 0
    /// The modules above, so that a file whose modules contain each other ends somewhere.
    var above: Set<ObjectIdentifier> = []

    init(costs: ModuleCosts?, limit: Int) {
      self.costs = costs
      self.limit = limit
    }

    mutating func visit(_ module: TracedModule, path: String, name: String, depth: Int) {
      guard above.insert(ObjectIdentifier(module)).inserted else { return }
      defer { above.remove(ObjectIdentifier(module)) }
      deepest = max(deepest, depth)
      if depth <= limit {
        let parameters = module.namedParameters.map(\.tensor)
        let entry = costs?[path: path]
        let outputs = entry?.result?.tensors
        // What did not come to its end is not counted to the end either.
        let counted = costs?.isPartial == true && entry?.result == nil ? nil : entry
        rows.append(
          Row(
            path: path, type: module.typeName, depth: depth, outputs: outputs?.map(\.sizes),
            outputDtypes: outputs?.map { "\($0.dtype)" },
            parameters: parameters.reduce(0) { $0 + $1.count },
            parameterBytes: parameters.reduce(0) { $0 + $1.count * $1.dtype.byteCount },
            flops: counted?.floatingPointOperations, writtenBytes: counted?.writtenByteCount,
            calls: entry?.callCount, hasModulesBelow: !module.children.isEmpty))
      }
      for child in module.children {
        let below = path.isEmpty ? child.name : "\(path).\(child.name)"
        visit(child.module, path: below, name: child.name, depth: depth + 1)
      }
    }
  }

  var description: String {
    var table = [["module", "output", "parameters", "GFLOP", "writes"]]
    for (index, row) in rows.enumerated() {
      table.append([
        branches(index) + label(row), shapes(row),
        row.parameters > 0 ? grouped(row.parameters) : "",
        row.flops.map(billions) ?? "",
        row.writtenBytes.map { $0 > 0 ? byteText($0) : "" } ?? "",
      ])
    }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    // Where no input is known, only the parameters have something to say.
    let columns = rows.contains { $0.calls != nil } ? [0, 1, 2, 3, 4] : [0, 2]
    var lines = table.map { cells in
      let parts = columns.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return column < 2 ? cells[column] + space : space + cells[column]
      }
      var line = parts.joined(separator: "  ")[...]
      while line.last == " " { line.removeLast() }
      return String(line)
    }
    let shown = rows.map(\.depth).max() ?? 0
    if shown < depth { lines.append("(deeper ones are summed; --depth \(depth) shows all)") }
    if let note { lines.append("(\(note))") }
    return lines.joined(separator: "\n")
  }

  private func billions(_ count: Int) -> String {
    if count == 0 { return "" }
    return count < 500_000 ? "<0.001" : fixed(Double(count) / 1e9, digits: 3)
  }

  /// The lines from a module's relatives down to it.
  private func branches(_ index: Int) -> String {
    let depth = rows[index].depth
    guard depth > 0 else { return "" }
    let parts = (1...depth).map { level -> String in
      // Whether one more module of the level comes before its parent's list ends.
      let next = rows[(index + 1)...].first { $0.depth <= level }
      let goesOn = next?.depth == level
      return level == depth ? (goesOn ? "├─ " : "└─ ") : (goesOn ? "│  " : "   ")
    }
    return parts.joined()
  }

  private func label(_ row: Row) -> String {
    let type = row.type.split(separator: ".").last.map(String.init) ?? "function"
    let times = (row.calls ?? 1) > 1 ? " ×\(row.calls ?? 1)" : ""
    let name = row.path.split(separator: ".").last.map { "\($0): " } ?? ""
    return "\(name)\(type)\(times)"
  }

  private func shapes(_ row: Row) -> String {
    guard let outputs = row.outputs, let dtypes = row.outputDtypes else { return "" }
    let texts = zip(outputs, dtypes).prefix(3).map { sizes, dtype in
      dtype == "float32" ? "\(sizes)" : "\(dtype) \(sizes)"
    }
    let more = outputs.count > 3 ? ", … (\(outputs.count) tensors)" : ""
    return texts.joined(separator: ", ") + more
  }
}

/// A whole number with a comma at every thousand.
func grouped(_ number: Int) -> String {
  var text = ""
  for (index, digit) in String(number).reversed().enumerated() {
    if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}
