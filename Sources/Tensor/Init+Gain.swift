extension Init {
  /// Whose variance a kaiming initialisation keeps: the forward pass's or the backward pass's.
  public enum FanMode: String, Sendable, Hashable {
    case fanIn = "fan_in"
    case fanOut = "fan_out"
  }

  /// The function behind a layer; raw values are `torch.nn.functional`'s names.
  public enum Nonlinearity: String, Sendable, Hashable {
    case linear, sigmoid, tanh, relu, selu
    case leakyReLU = "leaky_relu"
  }

  /// What keeps the variance through the nonlinearity (`calculate_gain`).
  ///
  /// - Parameter parameter: the negative slope of `.leakyReLU`; 0.01 without one.
  public static func gain(_ nonlinearity: Nonlinearity, parameter: Double? = nil) -> Double {
    switch nonlinearity {
    case .linear, .sigmoid: return 1
    case .tanh: return 5.0 / 3
    case .relu: return 2.0.squareRoot()
    case .leakyReLU:
      let slope = parameter ?? 0.01
      return (2 / (1 + slope * slope)).squareRoot()
    case .selu: return 3.0 / 4
    }
  }

  /// The inputs of one output, and the outputs of one input, of a weight of these sizes:
  /// `[out, in, kernel…]`.
  ///
  /// - Throws: `MartletError` of kind `.shape` when there are fewer than two sizes.
  public static func fans(of sizes: [Int]) throws -> (in: Int, out: Int) {
    guard sizes.count >= 2 else {
      throw MartletError(
        .shape, "fan in and fan out need a weight of two or more dimensions, got \(sizes)")
    }
    let field = sizes.dropFirst(2).reduce(1, *)
    return (sizes[1] * field, sizes[0] * field)
  }
}
