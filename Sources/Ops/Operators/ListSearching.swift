import MartletTensor

/// Questions to lists that `Containers` and `Lists` do not answer.
package enum ListSearching {
  package static let operators: [Operator] = extremes + [select, anyString]

  // The lesser or greater of truth values.
  static let extremes: [Operator] = [
    Operator(
      "prim::max.self_bool(bool[] self) -> bool",
      .scalar { [.bool(try truths($0).contains(true))] }),
    Operator(
      "prim::min.self_bool(bool[] self) -> bool",
      .scalar { [.bool(try !truths($0).contains(false))] }),
  ]

  private static func truths(_ arguments: Arguments) throws -> [Bool] {
    let truths = try [Bool](arguments["self"])
    guard !truths.isEmpty else {
      throw MartletError(.value, "\(arguments.schema.name) of an empty list")
    }
    return truths
  }

  static let select = Operator(
    "aten::select.t(t[](a) list, int idx) -> t(*)",
    .containers { try atenResults("__getitem__.t", $0.values) })
  static let anyString = Operator(
    "aten::any.str(str[] self) -> bool",
    .scalar { [.bool(try [String]($0["self"]).contains { !$0.isEmpty })] })
}
