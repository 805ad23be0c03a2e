import MartletKernels
import MartletTensor

/// A chain of fused operations in a generated kernel's terms.
struct BlockedChain {
  private(set) var operations: [EpilogueOperation] = []
  /// The operands in the order of their numbers, with the way each repeats.
  private(set) var operands: [(tensor: Tensor, broadcast: OperandBroadcast)] = []

  /// Nil where an operand repeats in a way that kernels do not walk.
  ///
  /// - Parameter channelAxis: 1 for images, the last axis for rows.
  init?(_ fused: [FusedOperation], channelAxis: Int) {
    for operation in fused {
      switch operation {
      case .function(let function): operations.append(.function(function))
      case .combine(let function, let tensor, let isReversed):
        guard let broadcast = OperandBroadcast(tensor.layout, channelAxis: channelAxis) else {
          return nil
        }
        operations.append(
          .combine(
            OperandCombination(function, isReversed: isReversed), operand: operands.count,
            broadcast))
        operands.append((tensor, broadcast))
      }
    }
  }
}

extension StepBuilder {
  /// The operands of a chain on an image in NCHWc.
  mutating func blockedOperands(_ chain: BlockedChain) throws -> [Operand] {
    var result: [Operand] = []
    for (tensor, broadcast) in chain.operands {
      switch broadcast {
      case .full: result.append(try blockedOperand(tensor))
      case .channel, .image:
        // Kernels read whole blocks of channels.
        var layout = tensor.layout
        if broadcast == .channel { layout.sizes[0] = 1 }
        layout.sizes[2] = 1
        layout.sizes[3] = 1
        result.append(try blockedOperand(tensor.viewed(layout)))
      case .scalar: result.append(try run(of: tensor, count: 1))
      }
    }
    return result
  }

  /// The floats from the tensor's first one on.
  mutating func run(of tensor: Tensor, count: Int) throws -> Operand {
    let operand = try operand(tensor)
    return Operand(source: operand.source, offset: operand.layout.offset, count: count)
  }
}

extension OperandBroadcast {
  init?(_ layout: Layout, channelAxis: Int) {
    switch Broadcasting(layout, channelAxis: channelAxis) {
    case .full: self = .full
    case .channel: self = .channel
    case .image: self = .image
    case .scalar: self = .scalar
    case .strided: return nil
    }
  }
}

extension OperandCombination {
  init(_ function: PairwiseFunction, isReversed: Bool) {
    switch function {
    case .add: self = .add
    case .subtract: self = isReversed ? .subtractReversed : .subtract
    case .multiply: self = .multiply
    case .divide: self = isReversed ? .divideReversed : .divide
    case .maximum: self = .maximum
    case .minimum: self = .minimum
    }
  }
}
