import MartletKernels
import MartletOps

/// Where the time of a run goes, step by step, over many runs.
public struct Profile: Sendable {
  /// One step of a plan, or one operator call of a program that runs node by node.
  public struct Step: Sendable {
    /// The operator, with what was fused behind it.
    public let operation: String
    /// What computes it, as `gemm` or `reference`.
    public let kernel: String
    /// The module's path below the program's, as in `layer1.0.conv1`.
    public let path: String
    /// Sizes of the first tensor that it writes.
    public let sizes: [Int]
    /// Bytes of the tensors that it reads and writes, constants included.
    public let byteCount: Int
    /// Additions and multiplications; nil where products are not the bulk of its work.
    public let floatingPointOperations: Int?
    /// The median over the runs.
    public internal(set) var duration = Duration.zero
    /// When it began and how long it took in the run of the median length.
    public internal(set) var begin = Duration.zero
    public internal(set) var typicalDuration = Duration.zero
  }

  /// What one thread did without a break.
  public struct Span: Sendable {
    /// 0 for the calling thread, then its helpers.
    public let thread: Int
    /// Since the run's begin.
    public let begin: Duration
    public let duration: Duration
  }

  public let steps: [Step]
  /// The threads' shares of the steps that are split, in the run of the median length; what the
  /// calling thread does alone is not among them.
  public let spans: [Span]
  public let runs: Int
  public let threads: Int
  /// The median length of a run.
  public let total: Duration
  /// Blocks of tensor memory that one run asks the system for; a planned one for its outputs
  /// alone.
  public let allocationCount: Int
  /// What the processor could do at most, measured beside the runs.
  public let peak: ProcessorPeak

  /// The sum of the steps' medians: shares refer to it.
  public var stepTotal: Duration { steps.reduce(.zero) { $0 + $1.duration } }

  /// Additions and multiplications a second, as a share of what `threads` cores could do.
  public func peakShare(of step: Step) -> Double? {
    guard let operations = step.floatingPointOperations, step.duration > .zero,
      peak.operationsPerSecond > 0
    else { return nil }
    return Double(operations) / (step.duration / .seconds(1))
      / (peak.operationsPerSecond * Double(threads))
  }
}

/// The moments between the steps of one run.
struct StepTimes {
  /// One more than there are steps.
  var moments: [ContinuousClock.Instant] = []
  var spans: [WorkLog.Span] = []

  var total: Duration {
    guard let first = moments.first, let last = moments.last else { return .zero }
    return last - first
  }

  func duration(_ step: Int) -> Duration { moments[step + 1] - moments[step] }
  func begin(_ step: Int) -> Duration { moments[step] - moments[0] }
}

extension Profile {
  /// The steps with their times over some runs, never none.
  init(
    _ steps: [Step], _ times: [StepTimes], allocationCount: Int, threads: Int,
    peak: ProcessorPeak
  ) {
    let runs = times.sorted { $0.total < $1.total }
    let typical = runs[runs.count / 2]
    self.steps = steps.enumerated().map { index, step in
      var step = step
      let durations = runs.map { $0.duration(index) }.sorted()
      step.duration = durations[durations.count / 2]
      step.begin = typical.begin(index)
      step.typicalDuration = typical.duration(index)
      return step
    }
    spans = typical.spans.map { span in
      Span(
        thread: span.thread, begin: span.begin - typical.moments[0],
        duration: span.end - span.begin)
    }.sorted { ($0.thread, $0.begin) < ($1.thread, $1.begin) }
    self.runs = runs.count
    self.threads = threads
    total = typical.total
    self.allocationCount = allocationCount
    self.peak = peak
  }
}
