import MartletOps
import MartletTensor

/// How the next word is chosen from its scores.
public enum TokenSampling: Sendable, Hashable {
  /// The word with the highest score.
  case greedy
  /// Drawn at random from the current generator, as Hugging Face's `generate` draws.
  ///
  /// - temperature: what scores are divided by: below 1 for likelier words, above 1 for rarer.
  /// - topK: how many of the likeliest words take part; all when nil.
  case random(temperature: Double = 1, topK: Int? = nil)

  /// The words chosen for scores `[N, vocabSize]`: int64 `[N]`.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless the temperature is above 0 and `topK`
  ///   positive, and what the operators throw.
  public func next(_ logits: Tensor) throws -> Tensor {
    guard case .random(let temperature, let topK) = self else { return try logits.argmax(dim: -1) }
    guard temperature > 0, temperature.isFinite else {
      throw MartletError(.argument, "a temperature is above 0, got \(temperature)")
    }
    var scores = temperature == 1 ? logits : try logits / temperature
    if let topK {
      guard topK > 0 else {
        throw MartletError(.argument, "topK has to be a positive number of words, got \(topK)")
      }
      let least = try scores.topk(min(topK, scores.sizes.last ?? 0)).values
        .slice(dim: -1, start: -1)
      scores = try scores.maskedFill(scores.lt(least), -Double.infinity)
    }
    return try scores.softmax(dim: -1).multinomial(1).squeeze(-1)
  }
}
