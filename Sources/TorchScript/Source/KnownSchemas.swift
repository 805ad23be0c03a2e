import MartletOps

/// Signatures of PyTorch's operators that the catalogue may lack: a call of one takes the right
/// overload and has the right type, although it cannot run. Operators that stand neither here nor
/// in the catalogue are taken to give one tensor.
enum KnownSchemas {
  /// Of an operator without its overload, in PyTorch's order.
  static func schemas(of name: String) -> [Schema] {
    (lines[name[...]] ?? []).compactMap { try? Schema(String($0)) }
  }

  /// By name without overload.
  private static let lines: [Substring: [Substring]] = Dictionary(
    grouping: text.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
  ) { line in
    Substring(line.utf8.prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ".") })
  }
}
