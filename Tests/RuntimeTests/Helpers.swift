import MartletKernels
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// A graph of one operator: tensors among the arguments become inputs, the rest literals.
func graph(calling operation: Operator, _ arguments: [Value]) throws -> (Graph, [Value]) {
  var graph = Graph()
  var inputs: [Value] = []
  func argument(_ value: Value) throws -> Argument {
    switch value {
    case .tensor(let tensor):
      inputs.append(value)
      return .value(graph.addInput(GraphType(of: .tensor(tensor))))
    case .list(let items): return .list(try items.map(argument))
    case .tuple(let items): return .tuple(try items.map(argument))
    case .dictionary(let entries):
      return .dictionary(try entries.map { (try argument($0.key), try argument($0.value)) })
    default:
      guard let literal = Argument(literal: value) else {
        throw MartletError(.argument, "no literal for \(value.summary)")
      }
      return literal
    }
  }
  let given = try Arguments(operation.schema, arguments).values.map(argument)
  let outputs = graph.append(
    .operation(operation), given,
    outputs: operation.schema.returns.map { GraphType($0.type) })
  graph.body.results = outputs.map { .value($0) }
  return (graph, inputs)
}

func named(_ name: String) throws -> Operator {
  try #require(Catalog.byName[name], "no operator \(name)")
}

/// Numbers in −1..<1 in a tensor of these sizes.
func noise(_ sizes: [Int], seed: UInt64 = 1) throws -> Tensor {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  let count = sizes.reduce(1, *)
  let values: [Float] = (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Float(Int64(truncatingIfNeeded: state >> 40) - (1 << 23)) / Float(1 << 23)
  }
  return try Tensor(values, shape: sizes)
}

/// A program's outputs agree with the operators' reference evaluations, and are the same bits for
/// 1 and 2 threads.
func checkAgainstReference(
  _ graph: Graph, _ inputs: [Value], tolerance: Double = 1e-5, disabling passes: Set<String> = [],
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> Program {
  let expected = try Program(graph, threads: 1, optimization: .none).run(inputs)
  let program = try Program(
    graph, options: CompileOptions(threads: 1, disabledPasses: passes))
  let got = try program.run(inputs)
  #expect(got.count == expected.count, sourceLocation: sourceLocation)
  for (a, b) in zip(got, expected) {
    if let found = try difference(a, b, tolerance: tolerance) {
      Issue.record("\(found)\n\(program)", sourceLocation: sourceLocation)
    }
  }
  let parallel = try Program(
    graph, options: CompileOptions(threads: 2, disabledPasses: passes)
  ).run(inputs)
  for (a, b) in zip(got.flatMap(\.tensors), parallel.flatMap(\.tensors)) {
    #expect(try bits(a) == bits(b), "2 threads differ", sourceLocation: sourceLocation)
  }
  let again = try program.run(inputs)
  for (a, b) in zip(got.flatMap(\.tensors), again.flatMap(\.tensors)) {
    #expect(try bits(a) == bits(b), "a second run differs", sourceLocation: sourceLocation)
  }
  return program
}

func bits(_ tensor: Tensor) throws -> [UInt8] {
  let dense = try tensor.contiguous()
  let start = dense.layout.offset * dense.dtype.byteCount
  return try dense.storage.bytes().withSpan(
    of: UInt8.self, offset: start, count: dense.count * dense.dtype.byteCount
  ) { span in
    span.indices.map { span[$0] }
  }
}
