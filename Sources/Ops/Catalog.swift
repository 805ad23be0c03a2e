/// Every operator. A family lists its own beside their declarations; the contract test finds the
/// ones that were forgotten.
package enum Catalog {
  package static let operators: [Operator] = [
    Activations.operators,
    AffineProducts.operators,
    Arithmetic.operators,
    Attention.operators,
    AveragePooling.operators,
    Axes.operators,
    BatchNormalization.operators,
    Clamping.operators,
    Comparison.operators,
    Conversion.operators,
    Convolution.operators,
    Creation.operators,
    Dropout.operators,
    EinsteinSum.operators,
    Embedding.operators,
    Expanding.operators,
    Functions.operators,
    GridSampling.operators,
    GroupNormalization.operators,
    LayerNormalization.operators,
    Logic.operators,
    MatrixProducts.operators,
    MaxPooling.operators,
    NumberConversion.operators,
    Numbers.operators,
    Powers.operators,
    RandomNumbers.operators,
    Recurrent.operators,
    Reshaping.operators,
    Resizing.operators,
    Rounding.operators,
    Selection.operators,
    Sequences.operators,
    Shuffling.operators,
    Similarity.operators,
    Slicing.operators,
    Softmax.operators,
    Splitting.operators,
    Unfolding.operators,
    Windows.operators,
  ].flatMap { $0 }.sorted { $0.name < $1.name }

  /// By name with overload, as `aten::add.Tensor`.
  package static let byName: [String: Operator] = Dictionary(
    operators.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
