import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

extension Pass {
  /// Scales a convolution's weights by the batch normalisation that follows it and nothing else
  /// reads: BN(W ∗ x + b) = (s W) ∗ x + (s b + t).
  static let batchNormFolding = Pass("batch-norm folding") { graph in
    let uses = graph.useCounts()
    let nodes = graph.definitions()
    var folded: [GraphValue: FoldedConvolution] = [:]
    graph.forEachNode { node in
      guard node.name == "aten::batch_norm", let input = node["input"]?.graphValue,
        uses[input.index] == 1, let convolution = nodes[input.index],
        let result = try? FoldedConvolution(convolution, node, graph, nodes)
      else { return }
      folded[input] = result
      folded[node.outputs[0]] = result
    }
    graph.rewrite { node, rewriter in
      guard let output = node.outputs.first, let result = folded[output] else {
        return rewriter.emit(node)
      }
      if node.name == "aten::batch_norm" {
        if let input = node["input"] { rewriter.replace(output, with: input) }
      } else {
        rewriter.emit(result.rewritten(node, &rewriter))
      }
    }
    graph.dropUnusedConstants()
  }
}

/// The convolution's new weights and where they go.
private struct FoldedConvolution {
  private let weight: Tensor
  private let bias: Tensor
  private let weightIndex: Int
  private let biasIndex: Int

  /// Nil unless every tensor is a float32 constant.
  init?(_ node: Node, _ norm: Node, _ graph: Graph, _ definitions: [Node?]) throws {
    let names = [
      "aten::_convolution", "aten::_convolution.deprecated", "aten::convolution", "aten::conv1d",
      "aten::conv2d", "aten::conv3d", "aten::conv_transpose1d", "aten::conv_transpose2d.input",
      "aten::conv_transpose3d.input",
    ]
    guard names.contains(node.name), let operation = node.operation,
      let weightIndex = operation.schema.arguments.firstIndex(where: { $0.name == "weight" }),
      let biasIndex = operation.schema.arguments.firstIndex(where: { $0.name == "bias" })
    else { return nil }
    var isTransposed = node.name.hasPrefix("aten::conv_transpose")
    if let transposed = node["transposed"] {
      guard case .bool(let flag) = transposed else { return nil }
      isTransposed = flag
    }
    guard case .int(let groups)? = node["groups"], groups > 0 else { return nil }
    func constant(_ argument: Argument?) -> Value? {
      guard let argument else { return nil }
      guard let value = argument.graphValue else { return argument.literal }
      guard let definition = definitions[value.index], definition.prim == .constant,
        let label = definition.label, let tensor = graph.constants[label]
      else { return nil }
      return .tensor(tensor)
    }
    let values = norm.arguments.enumerated().map { index, argument in
      // The first argument is the convolution's result, which only gives the dtype.
      index == 0 ? constant(node.arguments[weightIndex]) : constant(argument)
    }
    guard values.allSatisfy({ $0 != nil }), let normOperation = norm.operation,
      case .tensor(let weight)? = constant(node.arguments[weightIndex]),
      weight.dtype == .float32, weight.dim > 2, weight.sizes[0] % groups == 0,
      let old = constant(node.arguments[biasIndex]),
      let affine = try BatchNormAffine(
        try Arguments(normOperation.schema, values.compactMap { $0 }))
    else { return nil }
    let channels = isTransposed ? weight.sizes[1] * groups : weight.sizes[0]
    // Otherwise a run tells that they do not fit.
    guard affine.scale.count == channels else { return nil }
    let oldBias: [Float]
    switch old {
    case .tensor(let tensor) where tensor.dtype == .float32: oldBias = try tensor.elements()
    case .none: oldBias = [Float](repeating: 0, count: channels)
    default: return nil
    }
    guard oldBias.count == channels else { return nil }
    self.weight = FoldedConvolution.scaled(
      weight, by: affine.scale, groups: isTransposed ? groups : nil)
    bias = try Tensor(
      zip(oldBias, zip(affine.scale, affine.shift)).map { $0 * $1.0 + $1.1 },
      shape: [channels])
    self.weightIndex = weightIndex
    self.biasIndex = biasIndex
  }

  /// The weights by their output channels' scales, computed when they are read: they are packed
  /// soon and not needed after. `groups` is nil unless the convolution is transposed, when weights
  /// are [in channels, out channels of a group, …].
  private static func scaled(_ weight: Tensor, by scale: [Float], groups: Int?) -> Tensor {
    let rows = weight.sizes[0]
    let columns = groups == nil ? 1 : weight.sizes[1]
    let kernel = weight.sizes.dropFirst(groups == nil ? 1 : 2).reduce(1, *)
    let rowsPerGroup = groups.map { rows / $0 } ?? 1
    let factors = (0..<rows * columns).map {
      scale[$0 / columns / rowsPerGroup * columns + $0 % columns]
    }
    let byteCount = weight.count * MemoryLayout<Float>.stride
    let layout = Layout(contiguous: weight.sizes)
    let storage = Storage.derived(byteCount: byteCount) {
      let memory = try Storage.allocatePassing(byteCount: byteCount)
      let scaled = Tensor(storage: memory, layout: layout, dtype: .float32)
      let none = try Tensor.filled([factors.count], .float32, with: 0)
      scaleChannels(
        try weight.compacted().constantFloats(),
        scale: try Tensor(factors, shape: [factors.count]).constantFloats(),
        shift: try none.constantFloats(), into: try scaled.constantFloats(), inner: kernel)
      weight.storage.letGo()
      return try scaled.storage.bytes()
    }
    return Tensor(storage: storage, layout: layout, dtype: .float32)
  }

  func rewritten(_ node: Node, _ rewriter: inout GraphRewriter) -> Node {
    var node = node
    for (index, tensor, suffix) in [(weightIndex, weight, "weight"), (biasIndex, bias, "bias")] {
      let path = node.scope.map { $0.path + "." } ?? ""
      let label = rewriter.graph.freeConstantLabel("\(path)\(suffix).normalized")
      rewriter.graph.constants[label] = tensor
      let value = rewriter.newValue(GraphType(of: .tensor(tensor)))
      rewriter.emit(Node(.prim(.constant), label: label, [], outputs: [value], scope: node.scope))
      node.arguments[index] = .value(value)
    }
    return node
  }
}
