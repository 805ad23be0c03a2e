import MartletTensor

/// What a program says or sets on its way.
package enum Texts {
  package static let operators: [Operator] = [print, printText, manualSeed]

  /// Its values on standard output, with spaces between.
  static let print = Operator(
    "prim::Print(...) -> ()",
    .mutating { arguments in
      Swift.print(arguments.values.map { StringForm.text(of: $0) }.joined(separator: " "))
      return []
    })
  static let printText = Operator(
    "aten::_print(str s) -> ()",
    .mutating { arguments in
      Swift.print(try arguments.string("s"))
      return []
    })

  /// Starts the current generator's numbers that belong to the seed.
  static let manualSeed = Operator(
    "aten::manual_seed(int seed) -> ()",
    .mutating { arguments in
      MartletTensor.manualSeed(try arguments.int("seed"))
      return []
    })
}
