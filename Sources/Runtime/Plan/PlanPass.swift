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

  static func runAll(_ list: inout InstructionList, _ options: CompileOptions) throws {
    for pass in all where options.runs(pass.name, from: pass.level) {
      try pass.run(&list, onPass: options.onPass)
    }
  }

  func run(
    _ list: inout InstructionList, onPass: (@Sendable (PassReport) -> Void)? = nil
  ) throws {
    let before = onPass.map { _ in "\(list)" }
    try body(&list)
    list.compact()
    if let problem = list.problem() {
      throw MartletError(.graph, "after the pass '\(name)': \(problem)")
    }
    if let onPass, let before {
      onPass(PassReport(name: name, before: before, after: "\(list)"))
    }
  }
}
