import MartletKernels
import MartletOps
import MartletTensor

extension StepBuilder {
  /// A step that runs the operator's reference evaluation over the run's memory.
  mutating func addReference(_ instruction: Instruction) throws {
    var inputs: [Operand] = []
    for tensor in instruction.arguments.values.flatMap(\.tensors) {
      inputs.append(try operand(tensor))
    }
    var outputs: [Operand] = []
    for tensor in instruction.outputs { outputs.append(try result(tensor)) }
    let schema = instruction.operation.schema
    let template = instruction.arguments.values
    let operation = instruction.operation
    let (sources, targets) = (inputs, outputs)
    add("reference", instruction.name, instruction.origin, inputs: inputs, outputs: outputs) {
      context in
      var next = 0
      let values = template.map { value in
        value.mapTensors { _ in
          defer { next += 1 }
          return sources[next].tensor(context)
        }
      }
      let arguments = try Arguments(schema, values)
      let results = targets.map { $0.resultTensor(context) }
      if case .kernel(_, let compute) = operation.body, !arguments.hasQuantizedTensor {
        try compute(arguments, results)
      } else {
        let computed = try operation.evaluate(arguments).flatMap(\.tensors)
        for (from, to) in zip(computed, results) { try to.overwrite(with: from) }
      }
    }
  }
}

extension Tensor {
  /// Copies the elements of a tensor of the same sizes and dtype over this dense one.
  fileprivate func overwrite(with other: Tensor) throws {
    guard other.sizes == sizes, other.dtype == dtype else {
      throw MartletError(
        .shape, "planned \(dtype)\(sizes), but the operator gave \(other.dtype)\(other.sizes)")
    }
    let source = try other.compacted()
    let from = try source.storage.bytes()
    let to = try storage.bytes()
    let bytes = count * dtype.byteCount
    copy(
      MemorySlice<UInt8>(from, offset: source.layout.offset * dtype.byteCount, count: bytes),
      into: MemorySlice<UInt8>(to, offset: layout.offset * dtype.byteCount, count: bytes),
      geometry: StridedGeometry(sizes: [bytes], strides: [[1], [1]]))
  }
}
