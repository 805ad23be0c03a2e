/// Every operator. A family lists its own beside their declarations; the contract test finds the
/// ones that were forgotten.
package enum Catalog {
  package static let operators: [Operator] = [
    Activations.operators,
    AffineProducts.operators,
    Arithmetic.operators,
    Clamping.operators,
    Attention.operators,
    AveragePooling.operators,
    BatchNormalization.operators,
    Convolution.operators,
    Dropout.operators,
    Embedding.operators,
    GridSampling.operators,
    GroupNormalization.operators,
    LayerNormalization.operators,
    MatrixProducts.operators,
    MaxPooling.operators,
    Comparison.operators,
    Functions.operators,
    Logic.operators,
    NumberConversion.operators,
    Numbers.operators,
    Powers.operators,
    Rounding.operators,
    Softmax.operators,
    Axes.operators,
    Expanding.operators,
    Reshaping.operators,
    Slicing.operators,
    Splitting.operators,
    Reshaping.operators,
    Resizing.operators,
    Shuffling.operators,
    Similarity.operators,
    Softmax.operators,
    Unfolding.operators,
  ].flatMap { $0 }.sorted { $0.name < $1.name }

  /// By name with overload, as `aten::add.Tensor`.
  package static let byName: [String: Operator] = Dictionary(
    operators.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
