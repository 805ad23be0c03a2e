/// Every operator. A family lists its own beside their declarations; the contract test finds the
/// ones that were forgotten.
package enum Catalog {
  package static let operators: [Operator] =
    (functional + InPlace.operators).sorted { $0.name < $1.name }

  /// Those that leave their arguments as they are.
  private static let functional: [Operator] = [
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
    Copying.operators,
    Counting.operators,
    Creation.operators,
    Cumulative.operators,
    DeformableConvolution.operators,
    Detection.operators,
    Diagonals.operators,
    DropoutFamily.operators,
    EinsteinSum.operators,
    EmbeddingBagFamily.operators,
    EmbeddingFamily.operators,
    Expanding.operators,
    Extremes.operators,
    Functions.operators,
    FusedAttention.operators,
    Gathering.operators,
    GridSampling.operators,
    GroupNormalization.operators,
    Joining.operators,
    LayerNormalization.operators,
    Lists.operators,
    Logic.operators,
    Masking.operators,
    MatrixProducts.operators,
    MaxPooling.operators,
    Norms.operators,
    NumberConversion.operators,
    Numbers.operators,
    Padding.operators,
    Powers.operators,
    Quantization.operators,
    FakeQuantization.operators,
    QuantizedArithmetic.operators,
    QuantizedConvolutions.operators,
    QuantizedEmbeddings.operators,
    QuantizedFunctions.operators,
    QuantizedNormalization.operators,
    QuantizedProducts.operators,
    QuantizedPacking.operators,
    QuantizedRecurrent.operators,
    RandomNumbers.operators,
    Recurrent.operators,
    Repeating.operators,
    Reshaping.operators,
    Resizing.operators,
    Rounding.operators,
    Scattering.operators,
    Searching.operators,
    Selection.operators,
    Sequences.operators,
    Shuffling.operators,
    Similarity.operators,
    Slicing.operators,
    SoftmaxFamily.operators,
    Sorting.operators,
    Splitting.operators,
    Sums.operators,
    TensorProducts.operators,
    Truths.operators,
    Unfolding.operators,
    Variances.operators,
    VectorNorms.operators,
    Windows.operators,
    Writing.operators,
  ].flatMap { $0 }

  /// Where in-place operators look for what they are made from.
  static let functionalByName: [String: Operator] = Dictionary(
    functional.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// By name with overload, as `aten::add.Tensor`.
  package static let byName: [String: Operator] = Dictionary(
    operators.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
