import Martlet
import MartletKernels
import Synchronization

/// A program that has run once, and how long it took to come so far.
struct BenchSubject: Sendable {
  let program: Program
  let inputs: [Value]
  let loadTime: Duration
  /// Passes, plan and packing for the inputs at hand.
  let compileTime: Duration
  let firstRunTime: Duration
  let outputs: [Value]

  init(_ benched: Benched, threads: Int?, tuning: TuningOptions) throws {
    let clock = ContinuousClock()
    var start = clock.now
    let program = try tuning.compile(
      benched.module, threads: threads, preparing: benched.inputs)
    compileTime = clock.now - start
    start = clock.now
    outputs = try program.run(benched.inputs)
    firstRunTime = clock.now - start
    self.program = program
    inputs = benched.inputs
    loadTime = benched.loadTime
  }

  func run() throws { _ = try program.run(inputs) }

  /// The runs' durations, over as many threads as there are streams, each run after run.
  func measure(seconds: Double, streams: Int, minimumCalls: Int = 3) throws -> Latency {
    if streams == 1 {
      return try .measure(seconds: seconds, minimumCalls: minimumCalls) { try run() }
    }
    let results = Mutex<[Result<Latency, any Error>]>([])
    let clock = ContinuousClock()
    let start = clock.now
    BesideWork.onThreads(streams) { _ in
      let result = Result {
        try Latency.measure(seconds: seconds, minimumCalls: minimumCalls) { try run() }
      }
      results.withLock { $0.append(result) }
    }
    let elapsed = clock.now - start
    let durations = try results.withLock { try $0.flatMap { try $0.get().durations } }
    return Latency(durations: durations, elapsed: elapsed)
  }
}
