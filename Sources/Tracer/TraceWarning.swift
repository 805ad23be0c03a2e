import MartletTensor

/// Something in a trace that may not hold for other inputs.
public struct TraceWarning: Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable {
    /// A value read out of a tensor became a constant.
    case constant
    /// A size taken as a plain number, or compared.
    case bakedSize
    /// An operator whose results differ from run to run.
    case random
    /// An operator that behaves as in training.
    case training
    /// A result that does not depend on the inputs.
    case constantOutput
  }

  public let kind: Kind
  public let message: String
  /// The Swift line, where it is known: Swift's operators (`+`, `==`) do not tell theirs.
  public let location: SourceLocation?
  /// The module's path below the traced one; empty for itself.
  public let modulePath: String

  /// `Net.swift:42: warning: … (in layer1.0)`
  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    let module = modulePath.isEmpty ? "" : " (in \(modulePath))"
    return "\(place)warning: \(message)\(module)"
  }
}

/// A tensor from outside of the traced model that the trace holds as a constant.
public struct TracedConstant: Sendable {
  /// As in the graph.
  public let name: String
  public let tensor: Tensor
  public var shape: Shape { tensor.shape }
  /// Where it was first used.
  public let location: SourceLocation?
  /// The module it was first used in.
  public let modulePath: String
}

/// What a trace notices besides the graph.
struct TraceNotes {
  private(set) var warnings: [TraceWarning] = []
  private(set) var constants: [TracedConstant] = []
  private var seen: Set<String> = []
  private var constantCount = 0

  enum Finding {
    case read(String)
    case bakedSize(String, Int)
    case random(String)
    case drawn
    case training(String)
    case constantOutput
  }

  /// Adds the warning, once for each source line.
  ///
  /// - Parameter last: the last line that was known before, where the own one is not.
  mutating func warn(
    _ finding: Finding, at location: SourceLocation?, after last: SourceLocation? = nil,
    in scope: Scope
  ) {
    let warning = finding.warning(at: location, after: last, in: scope)
    let place = location.map { "\($0)" } ?? "\(scope.path) \(last.map { "\($0)" } ?? "")"
    if seen.insert("\(warning.kind)\u{0}\(place)").inserted { warnings.append(warning) }
  }

  mutating func nextConstantName() -> String {
    defer { constantCount += 1 }
    return "c\(constantCount)"
  }

  mutating func addConstant(
    _ name: String, _ tensor: Tensor, at location: SourceLocation?, in scope: Scope
  ) {
    constants.append(
      TracedConstant(name: name, tensor: tensor, location: location, modulePath: scope.path))
  }
}

extension TraceNotes.Finding {
  fileprivate func warning(
    at location: SourceLocation?, after last: SourceLocation?, in scope: Scope
  ) -> TraceWarning {
    let (kind, message): (TraceWarning.Kind, String) =
      switch self {
      case .read(let use):
        (
          .constant,
          "\(use) reads a traced tensor's value: it becomes a constant of the trace, which will "
            + "not follow other inputs"
        )
      case .bakedSize(let use, let number):
        (
          .bakedSize,
          "\(use) fixes a size to \(number): the trace will not follow inputs of other sizes; "
            + "compute with Dim to keep it open"
        )
      case .random(let name):
        (
          .random,
          "\(name) gives other results in every run: the check does not compare them; for dropout "
            + "call eval() on the model first"
        )
      case .drawn:
        (
          .random,
          "random numbers are drawn outside of the recorded operators: the trace holds them as a "
            + "constant; draw them like a tensor, or pass them as an input"
        )
      case .training(let name):
        (.training, "\(name) is recorded as it behaves in training")
      case .constantOutput:
        (
          .constantOutput,
          "the output does not depend on any input: the trace gives the same result always"
        )
      }
    let place = location == nil ? last.map { "; after \($0)" } ?? "" : ""
    return TraceWarning(
      kind: kind, message: message + place, location: location, modulePath: scope.path)
  }
}
