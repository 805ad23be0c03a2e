/// How long one call takes, over many of them.
public struct Latency: Sendable {
  /// The calls' durations, the shortest first; never empty.
  public let durations: [Duration]
  /// From the first call's begin to the last one's end.
  public let elapsed: Duration

  public init(durations: [Duration], elapsed: Duration) {
    precondition(!durations.isEmpty, "a latency is of at least one call")
    self.durations = durations.sorted()
    self.elapsed = elapsed
  }

  /// Calls `body` again and again for about a time, at least `minimumCalls` times.
  ///
  /// - Parameter onProgress: told after each call how much of the time has passed, from 0 to 1.
  public static func measure(
    seconds: Double, minimumCalls: Int = 3, onProgress: (Double) -> Void = { _ in },
    _ body: () throws -> Void
  ) rethrows -> Latency {
    let clock = ContinuousClock()
    let wanted = Duration.seconds(seconds)
    var durations: [Duration] = []
    let start = clock.now
    repeat {
      durations.append(try clock.measure(body))
      onProgress(min((clock.now - start) / wanted, 1))
    } while clock.now - start < wanted || durations.count < minimumCalls
    return Latency(durations: durations, elapsed: clock.now - start)
  }

  public var count: Int { durations.count }
  public var callsPerSecond: Double { Double(count) / (elapsed / .seconds(1)) }
  public var minimum: Duration { percentile(0) }
  public var median: Duration { percentile(50) }

  /// The least duration that this share of the calls, in percent, does not exceed.
  public func percentile(_ percent: Double) -> Duration {
    let rank = (percent / 100 * Double(durations.count)).rounded(.up)
    return durations[min(max(Int(rank) - 1, 0), durations.count - 1)]
  }
}
