import MartletKernels
import MartletTensor

/// A class that a picture may belong to.
public struct Classification: Sendable, Hashable {
  /// The class's number, from 0.
  public var label: Int
  /// Its probability.
  public var score: Float

  public init(label: Int, score: Float) {
    self.label = label
    self.score = score
  }
}

/// The most probable classes of each picture of a batch, best first.
///
/// - Parameters:
///   - rawOutput: `[N, classes]` (or `[classes]` for one picture), probabilities or logits. Rows
///     of which none is negative and that sum to 1 are probabilities; others go through a softmax.
///   - count: how many classes; all where there are fewer.
///   - isProbability: tells what is guessed otherwise.
/// - Throws: `MartletError` of kind `.shape` for other sizes, `.dtype` when the output is not of
///   floats.
public func classifications(
  rawOutput: Tensor, count: Int = 5, isProbability: Bool? = nil
) throws -> [[Classification]] {
  guard rawOutput.dim == 1 || rawOutput.dim == 2, rawOutput.sizes.last != 0 else {
    throw MartletError(
      .shape, "expected a raw output of sizes [N, classes], got \(rawOutput.shape)")
  }
  guard rawOutput.dtype.isFloatingPoint else {
    throw MartletError(.dtype, "expected a raw output of floats, got \(rawOutput.dtype)")
  }
  let output = rawOutput.dtype == .float32 ? rawOutput : try rawOutput.converted(to: .float32)
  let values: [Float] = try output.array()
  let classes = rawOutput.sizes.last ?? 1
  return stride(from: 0, to: values.count, by: classes).map { first in
    let row = Array(values[first..<first + classes])
    let scores = isProbability ?? areProbabilities(row) ? row : softmax(row)
    // What is no number comes last; the first of equals stays first.
    let order = scores.indices.sorted {
      scores[$0] > scores[$1] || (!scores[$0].isNaN && scores[$1].isNaN)
    }
    return order.prefix(max(count, 0)).map { Classification(label: $0, score: scores[$0]) }
  }
}

private func areProbabilities(_ row: [Float]) -> Bool {
  guard row.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return false }
  return abs(row.reduce(0) { $0 + Double($1) } - 1) < 1e-3
}

private func softmax(_ row: [Float]) -> [Float] {
  let largest = row.reduce(-Float.infinity) { max($0, $1) }
  let powers = row.map { Libm.exp(Double($0) - Double(largest)) }
  let sum = powers.reduce(0, +)
  return powers.map { Float($0 / sum) }
}
