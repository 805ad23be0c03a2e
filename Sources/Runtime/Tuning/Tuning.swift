/// How a convolution's algorithm is chosen among those that suit its sizes.
///
/// Algorithms round differently, within the operator's tolerance; the number of threads has no
/// say in the choice, so that results are the same bits for every number of them.
public enum Tuning: Sendable {
  /// From the sizes, by a model of what each costs.
  case modeled
  /// By timing each, on one thread, when a plan is made. What the record knows is not timed again,
  /// so that programs that share a record choose alike.
  case measured(TuningRecord)

  /// Timed, with a record of the program's own.
  public static var measured: Tuning { .measured(TuningRecord()) }

  /// Whether something is timed, which work beside it would disturb.
  var measures: Bool {
    if case .measured = self { true } else { false }
  }
}
