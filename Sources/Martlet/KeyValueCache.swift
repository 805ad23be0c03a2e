import MartletModels
import MartletTensor

/// The keys and values of a text's words, in tensors with room for more, so that the step's sizes
/// change seldom: `[nLayer, N, nHead, room, headSize]`.
struct KeyValueCache {
  private(set) var keys, values: Tensor
  /// How many words are kept.
  private(set) var count = 0
  private let longest: Int

  private static let granularity = 64

  /// - Parameters:
  ///   - room: how many words there is to be room for at first.
  ///   - longest: how many there can ever be.
  init(_ config: GPT2Config, batch: Int, room: Int, longest: Int) throws {
    let sizes = [
      config.nLayer, batch, config.nHead, Self.rounded(room, longest), config.headSize,
    ]
    keys = try .zeros(sizes)
    values = try .zeros(sizes)
    self.longest = longest
  }

  private static func rounded(_ room: Int, _ longest: Int) -> Int {
    min((max(room, 1) + granularity - 1) / granularity * granularity, longest)
  }

  /// Keeps new words' keys and values, `[nLayer, N, nHead, S, headSize]`. The room doubles when it
  /// is used up.
  mutating func append(keys newKeys: Tensor, values newValues: Tensor) throws {
    let wanted = count + newKeys.sizes[3]
    if wanted > keys.sizes[3] {
      let room = Self.rounded(max(wanted, 2 * keys.sizes[3]), longest)
      keys = try Self.grown(keys, count: count, room: room)
      values = try Self.grown(values, count: count, room: room)
    }
    try Self.write(newKeys, into: &keys, at: count)
    try Self.write(newValues, into: &values, at: count)
    count = wanted
  }

  private static func grown(_ tensor: Tensor, count: Int, room: Int) throws -> Tensor {
    var sizes = tensor.sizes
    sizes[3] = room
    var result = try Tensor.zeros(sizes)
    try write(tensor.slice(dim: 3, start: 0, end: count), into: &result, at: 0)
    return result
  }

  /// Writes over the words from `position` on, in place when nothing else holds the tensor.
  private static func write(_ part: Tensor, into whole: inout Tensor, at position: Int) throws {
    let dense = try part.contiguous()
    let (room, width) = (whole.sizes[3], whole.sizes[4])
    let row = part.sizes[3] * width
    guard row > 0 else { return }
    let heads = whole.sizes[0] * whole.sizes[1] * whole.sizes[2]
    try dense.read(as: Float.self) { from in
      try whole.withMutableElements(as: Float.self) { to in
        for head in 0..<heads {
          let start = (head * room + position) * width
          for i in 0..<row { to[start + i] = from[head * row + i] }
        }
      }
    }
  }
}
