/// Every operator. A family lists its own beside their declarations; the contract test finds the
/// ones that were forgotten.
package enum Catalog {
  package static let operators: [Operator] = [
    Arithmetic.operators,
    Axes.operators,
    Expanding.operators,
    Gathering.operators,
    Joining.operators,
    Masking.operators,
    Padding.operators,
    Repeating.operators,
    Reshaping.operators,
    Scattering.operators,
    Slicing.operators,
    Splitting.operators,
    Writing.operators,
  ].flatMap { $0 }.sorted { $0.name < $1.name }

  /// By name with overload, as `aten::add.Tensor`.
  package static let byName: [String: Operator] = Dictionary(
    operators.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
