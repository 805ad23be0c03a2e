import MartletKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A source of random numbers: PyTorch's own CPU numbers for the same seed and the same calls.
///
/// ```swift
/// let generator = Generator(seed: 0)
/// let weights = try Tensor.randn([64, 3, 7, 7], generator: generator)  // torch.manual_seed(0)
/// ```
/// Whatever draws numbers holds the generator's lock for one tensor, so that generators can be
/// shared between tasks; the order of their draws is then theirs to settle.
public final class Generator: Sendable {
  /// The seed of a generator that was given none, as PyTorch's.
  public static let defaultSeed = 67_280_421_310_721

  /// The process-wide generator that is used where none is given, as PyTorch's default one.
  public static let `default` = Generator()

  // The thread sanitizer does not know `Mutex`.
  private let state: Locked<RandomState>

  public init(seed: Int = Generator.defaultSeed) {
    state = Locked(RandomState(seed: UInt64(bitPattern: Int64(seed))))
  }

  /// Starts the numbers that belong to the seed (`torch.manual_seed`, `Generator.manual_seed`).
  public func manualSeed(_ seed: Int) {
    state.withLock { $0 = RandomState(seed: UInt64(bitPattern: Int64(seed))) }
  }

  /// The seed that was last given.
  public var initialSeed: Int { state.withLock { Int(truncatingIfNeeded: $0.seed) } }

  /// Draws from the generator while nobody else does.
  func draw<R: Sendable>(_ body: (inout RandomState) -> R) -> R {
    TraceObservation.observer?.willDraw()
    return state.withLock { body(&$0) }
  }
}

/// What a generator holds: the engine, and the second number of the last pair of normal ones.
struct RandomState: Sendable {
  let seed: UInt64
  private var engine: MersenneTwister
  private var nextNormal: Double?

  init(seed: UInt64) {
    self.seed = seed
    engine = MersenneTwister(seed: seed)
  }

  mutating func random() -> UInt32 { engine.next() }

  mutating func random64() -> UInt64 {
    let high = UInt64(engine.next())
    return high << 32 | UInt64(engine.next())
  }

  /// A multiple of 2⁻²⁴ in [0, 1).
  mutating func uniform() -> Float { Float(random() & 0xFF_FFFF) * 0x1p-24 }

  /// A multiple of 2⁻⁵³ in [0, 1).
  mutating func uniform64() -> Double {
    Double(random64() & 0x1F_FFFF_FFFF_FFFF) * 0x1p-53
  }

  /// A normal number by the Box-Muller transform, which makes two: the other is kept for the
  /// next call.
  mutating func normal(mean: Double, std: Double) -> Double {
    if let kept = nextNormal {
      nextNormal = nil
      return mean.addingProduct(kept, std)
    }
    let u1 = uniform64()
    let u2 = uniform64()
    let radius = (-2 * log1p(-u2)).squareRoot()
    let angle = 2 * Double.pi * u1
    nextNormal = radius * sin(angle)
    return mean.addingProduct(radius * cos(angle), std)
  }
}
