import MartletOps

/// Signatures of PyTorch's operators that the catalogue may lack: a call of one takes the right
/// overload and has the right type, although it cannot run. Operators that stand neither here nor
/// in the catalogue are taken to give one tensor.
enum KnownSchemas {
  /// By name without overload, in PyTorch's order.
  static let byName: [String: [Schema]] = {
    var table: [String: [Schema]] = [:]
    for line in text.split(separator: "\n") {
      guard let schema = try? Schema(String(line)) else { continue }
      table[schema.name, default: []].append(schema)
    }
    return table
  }()
}
