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
  public typealias Input = (inputIDs: Tensor, position: Tensor, keys: Tensor, values: Tensor)

  /// - logits: `[N, vocabSize]`, the scores of what follows the last element.
  /// - keys, values: `[nLayer, N, nHead, S, headSize]`, those of the new elements, to be kept.
  public typealias Output = (logits: Tensor, keys: Tensor, values: Tensor)

  public func forward(_ input: Input) throws -> Output {
    let result = try model.transformer(
      input.inputIDs, position: input.position, keys: input.keys, values: input.values)
    let last = try result.states.select(dim: 1, index: -1)
    return (try model.lmHead(last), result.keys, result.values)
  }
}
