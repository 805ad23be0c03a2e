import MartletKernels
import MartletOps
import MartletTensor

/// Fused chains of pointwise operations by one generated kernel.
extension StepBuilder {
  /// A chain on an image in NCHWc; where it lies, or as a new result.
  mutating func addPointwise(
    _ chain: BlockedChain, on x: Operand, into target: Operand?, _ shape: BlockedShape,
    _ title: String, _ origin: Origin, result: Tensor? = nil
  ) throws {
    guard let set = instructionSet,
      let kernel = try PointwiseKernel(
        steps: chain.pointwiseSteps, format: .blocked, batch: shape.batch,
        channels: shape.channels, spatial: shape.pixels,
        inputs: [.full] + chain.operands.map(\.broadcast), instructionSet: set)
    else { throw MartletError(.graph, "no pointwise kernel for \(shape)") }
    let inputs = [x] + (try blockedOperands(chain))
    let y: Operand
    if let target {
      y = target
    } else if let result {
      y = blockedResult(result, shape)
    } else {
      return
    }
    if target == nil {
      for (operand, broadcast) in zip(inputs, [.full] + chain.operands.map(\.broadcast))
      where broadcast == .full {
        mayReplace(operand, by: y)
      }
    }
    addPointwise(kernel, inputs, y, title, origin)
  }

  /// A step of the kernel.
  mutating func addPointwise(
    _ kernel: PointwiseKernel, _ inputs: [Operand], _ y: Operand, _ title: String,
    _ origin: Origin
  ) {
    let (list, threads) = (list(inputs), threads)
    add(kernel.kernelName, title, origin, inputs: inputs, outputs: [y]) { context in
      kernel.run(list.elements(context), into: y.elements(context), threads: threads)
    }
  }
}

extension BlockedChain {
  /// The chain as a pointwise kernel's program: its value is the first input.
  var pointwiseSteps: [PointwiseStep] {
    var steps: [PointwiseStep] = []
    for operation in operations {
      let value: PointwiseValue = steps.isEmpty ? .input(0) : .step(steps.count - 1)
      switch operation {
      case .function(let function): steps.append(.function(function, value))
      case .combine(let combination, let operand, _):
        steps.append(.combine(combination, value, .input(operand + 1)))
      }
    }
    return steps.isEmpty ? [.function(.identity, .input(0))] : steps
  }
}
