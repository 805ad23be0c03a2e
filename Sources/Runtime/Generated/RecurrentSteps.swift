import MartletKernels
import MartletOps
import MartletTensor

/// Recurrent networks by generated kernels: for each layer and direction the product of all steps'
/// inputs, then the steps one after the other.
extension GeneratedRegistry {
  static let recurrent: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [:]
    let units: [(String, String, RecurrentUnit)] = [
      ("lstm.input", "lstm_cell", .lstm), ("gru.input", "gru_cell", .gru),
      ("rnn_tanh.input", "rnn_tanh_cell", .tanh), ("rnn_relu.input", "rnn_relu_cell", .relu),
    ]
    for (network, cell, unit) in units {
      kernels["aten::\(network)"] = { try buildNetwork(unit, $0, &$1) }
      kernels["aten::\(cell)"] = { try buildCell(unit, $0, &$1) }
    }
    return kernels
  }()

  private static func buildNetwork(
    _ unit: RecurrentUnit, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let layerCount = try arguments.int("num_layers")
    let directions = try arguments.bool("bidirectional") ? 2 : 1
    let states = try unit == .lstm ? arguments.tensors("hx") : [arguments.tensor("hx")]
    guard
      let weights = RecurrentWeights(
        try arguments.tensors("params"), unit, hasBiases: try arguments.bool("has_biases"),
        count: layerCount * directions),
      instruction.isFloat32, try !arguments.bool("train") || arguments.double("dropout") == 0,
      instruction.outputs.count == states.count + 1
    else { return false }
    let isBatchFirst = try arguments.bool("batch_first")
    var input = try arguments.tensor("input")
    let (steps, batch) =
      isBatchFirst ? (input.sizes[1], input.sizes[0]) : (input.sizes[0], input.sizes[1])
    guard let set = builder.instructionSet,
      let layer = try RecurrentKernel(
        unit, steps: steps, batch: batch, width: weights.width, directions: directions,
        isBatchFirst: isBatchFirst, hasBias: weights.hasBiases, instructionSet: set)
    else { return false }
    for number in 0..<layerCount {
      let sizes = input.sizes.dropLast() + [directions * weights.width]
      let y =
        number == layerCount - 1
        ? instruction.outputs[0] : try Tensor.meta(Array(sizes), .float32)
      try builder.addRecurrentKernel(
        layer, instruction, input, weights, first: number * directions, states: states,
        lastStates: Array(instruction.outputs.dropFirst()), y)
      input = y
    }
    return true
  }

  private static func buildCell(
    _ unit: RecurrentUnit, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let states = try unit == .lstm ? arguments.tensors("hx") : [arguments.tensor("hx")]
    let biases = try ["b_ih", "b_hh"].compactMap { try arguments.optionalTensor($0) }
    let parameters = [try arguments.tensor("w_ih"), try arguments.tensor("w_hh")] + biases
    let input = try arguments.tensor("input")
    guard biases.count != 1, instruction.isFloat32, input.dim == 2,
      instruction.outputs.count == states.count,
      let weights = RecurrentWeights(parameters, unit, hasBiases: !biases.isEmpty, count: 1),
      let set = builder.instructionSet,
      let layer = try RecurrentKernel(
        unit, steps: 1, batch: input.sizes[0], width: weights.width,
        hasBias: weights.hasBiases, instructionSet: set)
    else { return false }
    try builder.addRecurrentKernel(
      layer, instruction, input, weights, first: 0, states: states,
      lastStates: instruction.outputs, nil)
    try builder.addOperations(instruction.epilogue.operations, of: instruction)
    return true
  }
}

/// Constant parameters of layers and directions, one after the other.
private struct RecurrentWeights {
  let tensors: [Tensor]
  let width: Int
  let hasBiases: Bool

  /// Nil where one is computed, or there are projections.
  init?(_ tensors: [Tensor], _ unit: RecurrentUnit, hasBiases: Bool, count: Int) {
    guard tensors.count == count * (hasBiases ? 4 : 2),
      tensors.allSatisfy({ !$0.isMeta && $0.dtype == .float32 && $0.isContiguous })
    else { return nil }
    self.tensors = tensors
    self.hasBiases = hasBiases
    width = tensors[1].sizes[1]
  }

  func of(_ index: Int) -> (input: Tensor, hidden: Tensor, biases: (Tensor, Tensor)?) {
    let first = index * (hasBiases ? 4 : 2)
    return (
      tensors[first], tensors[first + 1],
      hasBiases ? (tensors[first + 2], tensors[first + 3]) : nil
    )
  }
}

extension StepBuilder {
  /// - Parameters:
  ///   - first: the place of the layer's first direction among all.
  ///   - states: before the first step, [layers · directions, B, H]; of a cell [B, H].
  ///   - y: nil of a cell.
  fileprivate mutating func addRecurrentKernel(
    _ layer: RecurrentKernel, _ instruction: Instruction, _ input: Tensor,
    _ weights: RecurrentWeights, first: Int, states: [Tensor], lastStates: [Tensor], _ y: Tensor?
  ) throws {
    var passes: [RecurrentPass] = []
    let starts = try states.map { try dense($0) }
    for direction in 0..<layer.directions {
      let own = weights.of(first + direction)
      let gates = try Tensor.meta(
        Array(input.sizes.dropLast()) + [own.input.sizes[0]], .float32)
      var product = try instruction.replaced(
        by: "aten::linear",
        [.tensor(input), .tensor(own.input), own.biases.map { .tensor($0.0) } ?? .none])
      product?.results = [.tensor(gates)]
      if let product { try add(product) }
      let memory = try packing.packed(
        own.hidden, own.biases?.1, form: "recurrent \(layer.packing)", count: layer.packedCount
      ) {
        layer.pack(weight: $0, bias: $1, into: $2, threads: $3)
      }
      passes.append(
        RecurrentPass(
          inputs: try dense(gates), packed: MemorySlice(memory, count: layer.packedCount),
          constants: Operand(source: .constant(memory), offset: 0, count: layer.packedCount),
          place: (first + direction) * layer.batch * layer.width,
          count: layer.batch * layer.width))
    }
    let lasts = try lastStates.map { try result($0) }
    let output = try y.map { try result($0) }
    let scratch = scratch(layer.scratchCount)
    let threads = threads
    let (forward, backward) = (passes[0], passes.count > 1 ? passes[1] : nil)
    add(
      layer.kernelName, instruction.title, instruction.origin,
      inputs: passes.flatMap { [$0.inputs, $0.constants] } + starts,
      outputs: lasts + [output].compactMap { $0 }, scratch: [scratch]
    ) { context in
      layer.run(
        forward.placed(starts, lasts, context), backward?.placed(starts, lasts, context),
        into: output?.elements(context), scratch: scratch.elements(context), threads: threads)
    }
  }
}

/// One direction's operands before a run places them.
private struct RecurrentPass: Sendable {
  let inputs: Operand
  let packed: MemorySlice<Float>
  let constants: Operand
  /// Where its states lie among those of all layers and directions.
  let place: Int
  let count: Int

  func placed(
    _ starts: [Operand], _ lasts: [Operand], _ context: RunContext
  ) -> RecurrentKernel.Pass {
    func state(_ operands: [Operand], _ index: Int) -> MemorySlice<Float>? {
      operands.count > index ? operands[index].elements(context)[from: place, count: count] : nil
    }
    guard let start = state(starts, 0), let last = state(lasts, 0) else {
      preconditionFailure("a layer has states")
    }
    return RecurrentKernel.Pass(
      inputs: inputs.elements(context), packed: packed, hiddenStart: start,
      cellStart: state(starts, 1), hidden: last, cell: state(lasts, 1))
  }
}
