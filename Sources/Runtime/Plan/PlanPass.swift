import MartletOps
import MartletTensor
import MartletTracer

/// One rewriting of a plan's instructions that keeps what they compute. Here, unlike in the graph,
/// every size and dtype is known, views are layouts, and nothing is written twice. Applied twice, a
/// pass changes nothing more.
package struct PlanPass: Sendable {
  package let name: String
  /// The lowest level of optimisation that it runs at.
  let level: Optimization
  private let body: @Sendable (inout InstructionList) throws -> Void

  init(
    _ name: String, from level: Optimization = .full,
    _ body: @escaping @Sendable (inout InstructionList) throws -> Void
  ) {
    self.name = name
    self.level = level
    self.body = body
  }

  /// Those that a fully optimised plan goes through, in order.
  package static let all: [PlanPass] = rewrites + [.epilogueFusion]

  static let rewrites: [PlanPass] = [
    .rowNorms, .expansion, .silu, .hardSwish, .gelu, .handwrittenNorms, .normWeights, .attention,
    .attentionInPlace, .imagesFromTokens,
  ]

  /// Runs the passes that the options want. Checks the list after the last, and after each where
  /// somebody looks on and in debug builds.
  static func runAll(_ list: inout InstructionList, _ options: CompileOptions) throws {
    #if DEBUG
      let checks = true
    #else
      let checks = options.onPass != nil
    #endif
    let passes = all.filter { options.runs($0.name, from: $0.level) }
    for (number, pass) in passes.enumerated() {
      try pass.run(
        &list, onPass: options.onPass, checks: checks || number == passes.count - 1)
    }
  }

  func run(
    _ list: inout InstructionList, onPass: (@Sendable (PassReport) -> Void)? = nil,
    checks: Bool = true
  ) throws {
    let before = onPass.map { _ in "\(list)" }
    try body(&list)
    list.compact()
    if checks, let problem = list.problem() {
      throw MartletError(.graph, "after the pass '\(name)': \(problem)")
    }
    if let onPass, let before {
      onPass(PassReport(name: name, before: before, after: "\(list)"))
    }
  }
}
