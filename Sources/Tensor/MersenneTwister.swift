/// The 32-bit Mersenne Twister MT19937 of Matsumoto and Nishimura, seeded as PyTorch seeds it
/// (`at::mt19937`: the lower 32 bits of the seed).
struct MersenneTwister: Sendable {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = MersenneTwister.size

  init(seed: UInt64) {
    state = [UInt32](repeating: 0, count: Self.size)
    state[0] = UInt32(truncatingIfNeeded: seed)
    for i in 1..<Self.size {
      let previous = state[i - 1]
      state[i] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(i)
    }
  }

  mutating func next() -> UInt32 {
    if position == Self.size { twist() }
    var y = state[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    y ^= y >> 18
    return y
  }

  private mutating func twist() {
    func mix(_ u: UInt32, _ v: UInt32) -> UInt32 {
      (((u & 0x8000_0000) | (v & 0x7FFF_FFFF)) >> 1) ^ (v & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    let tail = Self.size - Self.middle
    for i in 0..<tail {
      state[i] = state[i + Self.middle] ^ mix(state[i], state[i + 1])
    }
    for i in tail..<(Self.size - 1) {
      state[i] = state[i - tail] ^ mix(state[i], state[i + 1])
    }
    state[Self.size - 1] = state[Self.middle - 1] ^ mix(state[Self.size - 1], state[0])
    position = 0
  }
}
