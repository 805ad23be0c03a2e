import ArgumentParser
import Martlet
import MartletRuntime
import MartletTensor
import MartletTracer

/// The inputs that `martlet inspect` follows through a module.
struct InspectedInputs: ParsableArguments {
  @Option(
    help: """
      An input's sizes, as in 1,3,224,224, where the archive has none or others are wanted.
      """)
  var shape: [InputShape] = []

  @Option(
    help: """
      A .npy file for an input; where sizes depend on values, the operators' reference computes \
      them.
      """,
    completion: .numpy)
  var input: [String] = []

  func validate() throws {
    if !shape.isEmpty, !input.isEmpty {
      throw ValidationError("--shape and --input exclude each other")
    }
  }

  /// As given, or as the archive's example; nil where neither is there.
  func values(for module: TracedModule) throws -> [Value]? {
    let examples = module.exampleInputs[module.mainMethod]
    if !input.isEmpty {
      return try module.inputs(filledWith: try input.map { try Tensor(npy: $0) })
    }
    guard !shape.isEmpty else { return examples }
    let dtypes = (examples ?? []).flatMap(\.tensors).map(\.dtype)
    let tensors = try shape.enumerated().map { index, shape in
      try Tensor.zeros(shape.sizes, dtype: index < dtypes.count ? dtypes[index] : .float32)
    }
    return try module.inputs(filledWith: tensors)
  }

  /// What the modules give and cost, and what to tell where that is not all.
  func costs(of module: TracedModule) throws -> (costs: ModuleCosts?, note: String?) {
    guard let inputs = try values(for: module) else {
      return (
        nil, "the archive does not tell its inputs' sizes: --shape gives outputs and FLOPs"
      )
    }
    guard try module.unsupportedOperators().isEmpty else { return (nil, nil) }
    let costs = try module.costs(for: inputs)
    guard costs.isPartial else { return (costs, nil) }
    if !input.isEmpty { return (try module.costs(for: inputs, evaluating: true), nil) }
    return (
      costs,
      "sizes depend on values from some point on; --input with a .npy file follows a real one"
    )
  }

  /// The tensors of the inputs, for people.
  static func text(_ inputs: [Value]) -> String {
    inputs.flatMap(\.tensors).map { "\($0.dtype) \($0.sizes)" }.joined(separator: ", ")
  }
}
