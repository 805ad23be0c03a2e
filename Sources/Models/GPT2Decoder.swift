import MartletNN
import MartletOps
import MartletTensor

/// One step of writing a text: what a `GPT2LMHeadModel` gives for new elements when the keys and
/// values of earlier ones are kept. It is made for tracing; `GPT2Generator` runs it.
///
/// The kept ones lie in tensors with room to spare, so that sizes, and with them plans, stay the
/// same from word to word.
public final class GPT2Decoder: Module {
  public let model: GPT2LMHeadModel

  public init(_ model: GPT2LMHeadModel) { self.model = model }

  public override class var torchTypeName: String { "GPT2Decoder" }

  /// - inputIDs: int64 `[N, S]`, the new elements.
  /// - position: int64 of no axes, how many are kept.
  /// - keys, values: `[nLayer, N, nHead, room, headSize]`, of which `position` are read.
  /// - Returns: the scores of what follows the last element, `[N, vocabSize]`, and the new
  ///   elements' keys and values to keep, `[nLayer, N, nHead, S, headSize]`.
  public func forward(_ input: (Tensor, Tensor, Tensor, Tensor)) throws -> (
    logits: Tensor, keys: Tensor, values: Tensor
  ) {
    let (inputIDs, position, keys, values) = input
    let result = try model.transformer(
      inputIDs, position: position, keys: keys, values: values)
    let last = try result.states.select(dim: 1, index: -1)
    return (try model.lmHead(last), result.keys, result.values)
  }
}
