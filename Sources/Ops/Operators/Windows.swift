import MartletKernels
import MartletTensor

/// Windows for spectra, `window_length` numbers in [0, 1].
///
/// A periodic window is a symmetric one of one more number without the last.
package enum Windows {
  package static let operators: [Operator] =
    hann + hamming + bartlett + blackman + kaiser

  /// `0.5 - 0.5 cos(2πn/N)`
  static let hann = ["aten::hann_window(int window_length", periodic("aten::hann_window")].map {
    window($0) { _ in { 0.5 - 0.5 * Libm.cos(2 * .pi * $0) } }
  }

  /// `alpha - beta cos(2πn/N)`
  static let hamming = [
    "aten::hamming_window(int window_length", periodic("aten::hamming_window"),
    "aten::hamming_window.periodic_alpha(int window_length, bool periodic, float alpha",
    "aten::hamming_window.periodic_alpha_beta(int window_length, bool periodic, float alpha, "
      + "float beta",
  ].map {
    window($0) { arguments in
      let alpha = arguments.has("alpha") ? try arguments.double("alpha") : 0.54
      let beta = arguments.has("beta") ? try arguments.double("beta") : 0.46
      return { alpha - beta * Libm.cos(2 * .pi * $0) }
    }
  }

  /// `1 - |2n/N - 1|`
  static let bartlett = [
    "aten::bartlett_window(int window_length", periodic("aten::bartlett_window"),
  ].map { window($0) { _ in { 1 - abs(2 * $0 - 1) } } }

  /// `0.42 - 0.5 cos(2πn/N) + 0.08 cos(4πn/N)`
  static let blackman = [
    "aten::blackman_window(int window_length", periodic("aten::blackman_window"),
  ].map {
    window($0) { _ in
      { 0.42 - 0.5 * Libm.cos(2 * .pi * $0) + 0.08 * Libm.cos(4 * .pi * $0) }
    }
  }

  /// `I₀(beta √(1 - (2n/N - 1)²)) / I₀(beta)`
  static let kaiser = [
    "aten::kaiser_window(int window_length", periodic("aten::kaiser_window"),
    "aten::kaiser_window.beta(int window_length, bool periodic, float beta",
  ].map {
    window($0) { arguments in
      let beta = arguments.has("beta") ? try arguments.double("beta") : 12
      return { position in
        let x = 2 * position - 1
        return SpecialFunctions.i0(beta * max(1 - x * x, 0).squareRoot())
          / SpecialFunctions.i0(beta)
      }
    }
  }

  private static func periodic(_ name: String) -> String {
    name + ".periodic(int window_length, bool periodic"
  }

  /// - Parameter shape: makes the function of the position from 0 to 1.
  private static func window(
    _ head: String,
    _ shape: @escaping @Sendable (Arguments) throws -> (@Sendable (Double) -> Double)
  ) -> Operator {
    Operator(
      head + Creation.options,
      .kernel(
        infer: { arguments in
          let length = try arguments.int("window_length")
          guard length >= 0 else {
            throw MartletError(
              .value,
              "\(arguments.schema.name) requires non-negative window_length, got \(length)")
          }
          let dtype = try Creation.dtype(arguments, default: .float32)
          try DTypeGroup.floating.check(dtype, for: arguments.schema.name)
          return [TensorSpec([length], dtype)]
        },
        compute: { arguments, results in
          let (count, shape) = (results[0].count, try shape(arguments))
          let periodic = arguments.has("periodic") ? try arguments.bool("periodic") : true
          let span = Double(periodic ? count : count - 1)
          let values = (0..<count).map { count == 1 ? 1 : shape(Double($0) / span) }
          try Tensor(values).convert(into: results[0])
        }))
  }
}
