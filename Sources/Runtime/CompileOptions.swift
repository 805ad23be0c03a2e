import MartletKernels
import MartletTensor

/// How much a program departs from the graph as it was recorded.
public enum Optimization: Int, Sendable, Hashable, Comparable {
  /// Node by node by the operators' reference evaluations.
  case none
  /// Planned memory and fast kernels; only rewrites that keep the arithmetic as it was written.
  case exact
  /// All rewrites, also those that round differently.
  case full

  public static func < (a: Optimization, b: Optimization) -> Bool { a.rawValue < b.rawValue }
}

/// How a graph is compiled.
public struct CompileOptions: Sendable {
  /// The most threads that one run uses; nil for as many as the process may use.
  public var threads: Int?
  public var optimization: Optimization
  public var tuning: Tuning
  /// Passes that do not run, of those in `passNames`.
  public var disabledPasses: Set<String>
  /// Told what every pass did: those over the graph when it is compiled, those over the
  /// instructions whenever a plan is made.
  public var onPass: (@Sendable (PassReport) -> Void)?

  public init(
    threads: Int? = nil, optimization: Optimization = .full, tuning: Tuning = .modeled,
    disabledPasses: Set<String> = [], onPass: (@Sendable (PassReport) -> Void)? = nil
  ) {
    self.threads = threads
    self.optimization = optimization
    self.tuning = tuning
    self.disabledPasses = disabledPasses
    self.onPass = onPass
  }

  /// The passes in the order they run.
  public static var passNames: [String] {
    Pass.all.map(\.name) + PlanPass.all.map(\.name) + LayoutAssignment.names
  }

  func check() throws {
    if let asked = KernelMode.unknownRequest {
      throw MartletError(
        .argument,
        "MARTLET_KERNELS must be one of \(KernelMode.names.joined(separator: ", ")), "
          + "got '\(asked)'")
    }
    if let threads, threads < 1 {
      throw MartletError(.argument, "threads must be at least 1, got \(threads)")
    }
    let names = Self.passNames
    if let unknown = disabledPasses.sorted().first(where: { !names.contains($0) }) {
      throw MartletError(
        .argument, "no pass is named '\(unknown)'; there are \(names.joined(separator: ", "))")
    }
  }

  /// Whether a pass of the name, from the level on, runs.
  func runs(_ name: String, from level: Optimization) -> Bool {
    optimization >= level && !disabledPasses.contains(name)
  }
}

/// What one pass did.
public struct PassReport: Sendable {
  public let name: String
  /// The graph, or the plan's instructions, as text.
  public let before: String
  public let after: String

  public var isChange: Bool { before != after }
}
