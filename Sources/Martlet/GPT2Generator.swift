import MartletModels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer

/// Writes texts with a GPT-2, one word after the other, by a compiled trace of its step that
/// keeps the keys and values of what is written.
///
///     let generator = try GPT2Generator(GPT2LMHeadModel(), threads: 2)
///     let ids = try generator.generate(prompt, maxNewTokens: 40)       // the likeliest words
///     let more = try withGenerator(seed: 1) {
///       try generator.generate(prompt, maxNewTokens: 40, sampling: .random(topK: 50))
///     }
///
/// It may be called from any number of threads at once.
public final class GPT2Generator: Sendable {
  /// The trace of `GPT2Decoder`, which can be saved.
  public let traced: TracedModule
  /// The same, compiled.
  public let program: Program
  public let config: GPT2Config

  /// Traces and compiles a model, which is set to inference; changes to it later make no
  /// difference here.
  ///
  /// - Parameter threads: the most threads that one text uses; nil for as many as the process may
  ///   use.
  /// - Throws: what tracing, compiling and the model throw.
  public convenience init(_ model: GPT2LMHeadModel, threads: Int? = nil) throws {
    let config = model.config
    let decoder = GPT2Decoder(model)
    decoder.eval()
    let room = try Tensor.zeros([config.nLayer, 1, config.nHead, 4, config.headSize])
    let count = max(min(2, config.nPositions), 0)
    let position = min(3, config.nPositions - count)
    let traced = try trace(
      decoder, Tensor.zeros([1, count], dtype: .int64), Tensor(scalar: Int64(position)), room, room,
      inputNames: ["input_ids", "position", "keys", "values"])
    try self.init(traced, config: config, threads: threads)
  }

  /// Compiles a trace of `GPT2Decoder`, as one that `TorchScript.load` gives.
  ///
  /// - Throws: `MartletError` as `TracedModule.compile`.
  public init(_ traced: TracedModule, config: GPT2Config, threads: Int? = nil) throws {
    self.traced = traced
    self.config = config
    program = try traced.compile(threads: threads)
  }

  /// The given texts with up to `maxNewTokens` words more each.
  ///
  /// A text that has reached the configuration's `eosTokenID` goes on with it until all have.
  ///
  /// - Parameters:
  ///   - inputIDs: int64 `[N, S]`: texts of one length.
  ///   - maxNewTokens: how many words are written at most.
  ///   - sampling: how each word is chosen; random ones come from the current generator.
  ///   - onToken: told of each step's words, int64 `[N]`, as they come; false stops.
  /// - Returns: int64 `[N, S + written]`.
  /// - Throws: `MartletError` of kind `.shape` for empty texts and ones that would grow longer
  ///   than the model can read, `.index` for words beyond its vocabulary.
  public func generate(
    _ inputIDs: Tensor, maxNewTokens: Int, sampling: TokenSampling = .greedy,
    onToken: (Tensor) throws -> Bool = { _ in true }
  ) throws -> Tensor {
    guard inputIDs.dim == 2, inputIDs.dtype == .int64, !inputIDs.sizes.contains(0) else {
      throw MartletError(
        .shape,
        "expected int64 input ids of sizes [N, S], N and S at least 1, got \(inputIDs.dtype) "
          + "\(inputIDs.sizes)")
    }
    guard maxNewTokens > 0 else {
      throw MartletError(.argument, "maxNewTokens has to be positive, got \(maxNewTokens)")
    }
    let (batch, length) = (inputIDs.sizes[0], inputIDs.sizes[1])
    let longest = config.nPositions
    guard maxNewTokens <= longest - length else {
      throw MartletError(
        .shape,
        "\(length) words and \(maxNewTokens) more are more than the \(longest) that the model can "
          + "read")
    }
    var cache = try KeyValueCache(config, batch: batch, room: length, longest: longest)
    var texts = [inputIDs]
    var next = inputIDs
    var isDone = [Bool](repeating: false, count: batch)
    for _ in 0..<maxNewTokens {
      var chosen: [Int64] = try sampling.next(scores(after: next, &cache)).array()
      if let eosTokenID = config.eosTokenID {
        for i in chosen.indices {
          if isDone[i] { chosen[i] = Int64(eosTokenID) }
          isDone[i] = isDone[i] || chosen[i] == Int64(eosTokenID)
        }
      }
      next = try Tensor(chosen, shape: [batch, 1])
      texts.append(next)
      guard try onToken(next.squeeze(1)), isDone.contains(false) else { break }
    }
    return try Tensor.cat(texts, dim: 1)
  }

  /// Runs the step over new words, keeps what it made of them, and gives the scores of the next.
  private func scores(after words: Tensor, _ cache: inout KeyValueCache) throws -> Tensor {
    let (logits, keys, values): (Tensor, Tensor, Tensor) = try program(
      words, Tensor(scalar: Int64(cache.count)), cache.keys, cache.values)
    try cache.append(keys: keys, values: values)
    return logits
  }
}

extension GPT2LMHeadModel {
  /// The given texts with up to `maxNewTokens` words more each. Traces and compiles the model's
  /// step; to write several texts, keep a `GPT2Generator`.
  ///
  /// - Parameters:
  ///   - inputIDs: int64 `[N, S]`: texts of one length.
  ///   - seed: where random choices begin; the current generator goes on when nil.
  ///   - threads: the most threads used; nil for as many as the process may use.
  /// - Returns: int64 `[N, S + written]`.
  /// - Throws: as `GPT2Generator`.
  public func generate(
    _ inputIDs: Tensor, maxNewTokens: Int, sampling: TokenSampling = .greedy, seed: Int? = nil,
    threads: Int? = nil
  ) throws -> Tensor {
    let generator = try GPT2Generator(self, threads: threads)
    func write() throws -> Tensor {
      try generator.generate(inputIDs, maxNewTokens: maxNewTokens, sampling: sampling)
    }
    return try seed.map { try withGenerator(seed: $0, write) } ?? write()
  }
}
