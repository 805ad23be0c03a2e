import MartletTensor

/// The frequencies that a transform's results stand for, and their order.
package enum Frequencies {
  package static let operators: [Operator] = [fftfreq, rfftfreq, fftshift, ifftshift]

  /// Zero, the positive frequencies, then the negative ones: `k / (n d)`.
  static let fftfreq = frequencies("aten::fft_fftfreq") {
    $0
  } index: { k, n in
    k < (n + 1) / 2 ? k : k - n
  }

  /// Zero and the positive frequencies.
  static let rfftfreq = frequencies("aten::fft_rfftfreq") {
    $0 / 2 + 1
  } index: { k, _ in
    k
  }

  private static func frequencies(
    _ name: String, count: @escaping @Sendable (Int) -> Int,
    index: @escaping @Sendable (Int, Int) -> Int
  ) -> Operator {
    Operator(
      name + "(int n, float d=1." + Creation.options,
      .kernel(
        infer: { arguments in
          let dtype = try Creation.dtype(arguments, default: .float32)
          guard dtype.isFloatingPoint else {
            throw MartletError(
              .dtype, "\(name.dropFirst(10)) requires a floating point dtype, got \(dtype)")
          }
          let n = try arguments.int("n")
          guard count(n) >= 0 else {
            throw MartletError(
              .shape,
              "Trying to create tensor with negative dimension \(count(n)): [\(count(n))]")
          }
          return [TensorSpec([count(n)], dtype)]
        },
        compute: { arguments, results in
          let n = try arguments.int("n")
          let scale = 1 / (Double(n) * (try arguments.double("d")))
          let numbers = try Tensor((0..<results[0].count).map { Double(index($0, n)) })
          let dtype = results[0].dtype
          try Arithmetic.product.apply(
            numbers, try Tensor(scalar: scale), computingIn: dtype.computeType, into: results[0])
        }))
  }

  /// Moves the zero frequency to the middle of the axes.
  static let fftshift = shift("aten::fft_fftshift") { $0 / 2 }
  static let ifftshift = shift("aten::fft_ifftshift") { ($0 + 1) / 2 }

  private static func shift(_ name: String, _ distance: @escaping @Sendable (Int) -> Int)
    -> Operator
  {
    Operator(
      name + "(Tensor self, int[1]? dim=None) -> Tensor",
      .composite { arguments in
        let x = try arguments.tensor("self")
        let axes = try (try arguments.optionalInts("dim") ?? Array(0..<x.dim)).map {
          try Fourier.axis($0, of: x)
        }
        return [
          .tensor(
            try Repeating.roll(
              .tensor(x), axes.map { distance(x.sizes[$0]) }.value, axes.value))
        ]
      })
  }
}
