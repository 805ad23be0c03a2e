/// Every operator. A family lists its own beside their declarations; the contract test finds the
/// ones that were forgotten.
package enum Catalog {
  package static let operators: [Operator] =
    (functional + InPlace.mutating).sorted { $0.name < $1.name }

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
    ClassLosses.operators,
    Comparison.operators,
    ComplexNumbers.operators,
    ComplexScalars.operators,
    Containers.operators,
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
    FakeQuantization.operators,
    Fourier.operators,
    FourierTransforms.operators,
    Frequencies.operators,
    Functions.operators,
    FusedAttention.operators,
    Gathering.operators,
    GridSampling.operators,
    GroupNormalization.operators,
    Joining.operators,
    LayerNormalization.operators,
    LinearAlgebra.operators,
    ListSearching.operators,
    Lists.operators,
    Logic.operators,
    Losses.operators,
    Masking.operators,
    MathModule.operators,
    MatrixProducts.operators,
    MaxPooling.operators,
    MoreProducts.operators,
    NativeNorms.operators,
    Norms.operators,
    NumberConversion.operators,
    Numbers.operators,
    ObservedQuantization.operators,
    OtherNames.operators,
    Padding.operators,
    Powers.operators,
    Quantization.operators,
    QuantizedArithmetic.operators,
    QuantizedConvolutions.operators,
    QuantizedEmbeddings.operators,
    QuantizedFunctions.operators,
    QuantizedNormalization.operators,
    QuantizedPacking.operators,
    QuantizedProducts.operators,
    QuantizedRecurrent.operators,
    RandomFilling.operators,
    RandomNumbers.operators,
    Recurrent.operators,
    Repeating.operators,
    Reshaping.operators,
    Resizing.operators,
    Rounding.operators,
    Sampling.operators,
    Scattering.operators,
    Scripting.operators,
    Searching.operators,
    Selection.operators,
    Sequences.operators,
    ShortTimeFourier.operators,
    Shuffling.operators,
    Similarity.operators,
    Slicing.operators,
    SoftmaxFamily.operators,
    Sorting.operators,
    Splitting.operators,
    Statistics.operators,
    Strings.operators,
    Sums.operators,
    TensorFacts.operators,
    TensorProducts.operators,
    Texts.operators,
    Truths.operators,
    Unfolding.operators,
    Variances.operators,
    VectorNorms.operators,
    Windows.operators,
    Writing.operators,
  ].flatMap { $0 }

  private static let functionalByBase = Dictionary(grouping: functional) { base(of: $0.name) }
  /// Made when the first is asked for: most models have none.
  private static let mutatingByBase = Dictionary(grouping: InPlace.mutating) {
    base(of: $0.name)
  }

  /// Makes what lookups need, before the first one.
  package static func prepare() { _ = functionalByBase }

  /// The overloads of an operator by its name without one, as `aten::add`, by their names.
  package static func overloads(of base: String) -> [Operator] {
    let found = (functionalByBase[base[...]] ?? []) + mutating(base[...])
    return found.count > 1 ? found.sorted { $0.name < $1.name } : found
  }

  /// Where in-place operators look for what they are made from.
  static func functional(named name: String) -> Operator? {
    functionalByBase[base(of: name)]?.first { $0.name == name }
  }

  /// By name with overload, as `aten::add.Tensor`.
  package static let byName = Names()

  package struct Names: Sendable {
    package subscript(name: String) -> Operator? {
      functional(named: name) ?? mutating(Catalog.base(of: name)).first { $0.name == name }
    }
  }

  /// In-place operators by their names without overload, all of which end with an underscore.
  private static func mutating(_ base: Substring) -> [Operator] {
    base.utf8.last == UInt8(ascii: "_") ? mutatingByBase[base] ?? [] : []
  }

  /// A name without its overload.
  static func base(of name: String) -> Substring {
    Substring(name.utf8.prefix { $0 != UInt8(ascii: ".") })
  }
}
