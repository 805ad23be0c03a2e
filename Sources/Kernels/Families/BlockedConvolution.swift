/// A convolution over NCHWc, by the algorithm that suits its sizes.
///
/// x [N, C, H, W] in the input's format, weights packed once, y [N, O, H', W'] blocked.
package struct BlockedConvolution: Sendable {
  package enum Algorithm: String, Sendable, Hashable, CaseIterable {
    /// Products of each kernel tap.
    case direct
    /// A 1×1 kernel over all pixels at once.
    case pointwise
    /// 3×3 kernels by transforms of tiles with so many outputs along an edge.
    case winograd2, winograd4, winograd6
    case depthwise
    /// Groups that begin or end within a block of channels.
    case grouped
  }

  package let algorithm: Algorithm
  private let implementation: Implementation

  private enum Implementation: Sendable {
    case tiles(TileConvolution)
    case winograd(WinogradConvolution)
    case groupedWinograd(GroupedWinograd)
    case depthwise(BlockedDepthwise)
    case grouped(BlockedGrouped)
  }

  /// Nil where no kernel takes these sizes and formats.
  package init?(
    window: WindowGeometry, groups: Int, outChannels: Int, input: ImageFormat,
    output: ImageFormat, hasBias: Bool, epilogue: [EpilogueOperation],
    instructionSet: InstructionSet, algorithm: Algorithm? = nil
  ) throws {
    guard output == .blocked else { return nil }
    if groups > 1, groups == window.channels, groups == outChannels {
      guard input == .blocked, (algorithm ?? .depthwise) == .depthwise,
        let depthwise = try BlockedDepthwise(
          window: window, hasBias: hasBias, epilogue: epilogue, instructionSet: instructionSet)
      else { return nil }
      self.algorithm = .depthwise
      implementation = .depthwise(depthwise)
      return
    }
    // A group of whole blocks is a convolution of its own.
    let part =
      groups == 1 ? window : GroupedWinograd.part(window, groups, outChannels, instructionSet)
    let outputs: Int? =
      if let algorithm {
        algorithm.winogradOutputs
      } else if input == .blocked, let part, groups == 1 || epilogue.operandCount == 0 {
        WinogradModel.outputs(
          window: part, outChannels: outChannels / groups, instructionSet: instructionSet)
      } else {
        nil
      }
    if let outputs {
      guard input == .blocked else { return nil }
      if groups == 1 {
        guard
          let winograd = try WinogradConvolution(
            window: window, outChannels: outChannels, hasBias: hasBias, epilogue: epilogue,
            instructionSet: instructionSet, outputs: outputs)
        else { return nil }
        implementation = .winograd(winograd)
      } else {
        guard
          let winograd = try GroupedWinograd(
            window: window, groups: groups, outChannels: outChannels, hasBias: hasBias,
            epilogue: epilogue, instructionSet: instructionSet, outputs: outputs)
        else { return nil }
        implementation = .groupedWinograd(winograd)
      }
      self.algorithm = outputs == 2 ? .winograd2 : outputs == 4 ? .winograd4 : .winograd6
      return
    }
    let suited: Algorithm = window.isPointwise ? .pointwise : .direct
    if groups > 1, input == .blocked,
      window.channels / groups % instructionSet.lanes != 0
        || outChannels / groups % instructionSet.lanes != 0
    {
      guard (algorithm ?? .grouped) == .grouped,
        let grouped = try BlockedGrouped(
          window: window, groups: groups, outChannels: outChannels, hasBias: hasBias,
          epilogue: epilogue, instructionSet: instructionSet)
      else { return nil }
      self.algorithm = .grouped
      implementation = .grouped(grouped)
      return
    }
    guard (algorithm ?? suited) == suited,
      let tiles = try TileConvolution(
        window: window, groups: groups, outChannels: outChannels, input: input,
        hasBias: hasBias, epilogue: epilogue, instructionSet: instructionSet,
        quarters: .whereFaster)
    else { return nil }
    self.algorithm = suited
    implementation = .tiles(tiles)
  }

  /// Floats of packed weights and bias.
  package var packedCount: Int {
    switch implementation {
    case .tiles(let tiles): tiles.packedCount
    case .winograd(let winograd): winograd.packedCount
    case .groupedWinograd(let winograd): winograd.packedCount
    case .depthwise(let depthwise): depthwise.packedCount
    case .grouped(let grouped): grouped.packedCount
    }
  }

  /// Packs w [O, C / groups, kh, kw] and the bias [O].
  ///
  /// - Precondition: `packed` holds `packedCount` floats, and there is a bias where one was
  ///   announced.
  package func pack(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>,
    threads: Int = 1
  ) {
    switch implementation {
    case .tiles(let tiles):
      tiles.pack(weight: weight, bias: bias, into: packed, threads: threads)
    case .winograd(let winograd):
      winograd.pack(weight: weight, bias: bias, into: packed, threads: threads)
    case .groupedWinograd(let winograd):
      winograd.pack(weight: weight, bias: bias, into: packed, threads: threads)
    case .depthwise(let depthwise): depthwise.pack(weight: weight, bias: bias, into: packed)
    case .grouped(let grouped): grouped.pack(weight: weight, bias: bias, into: packed)
    }
  }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int {
    switch implementation {
    case .depthwise, .grouped: 0
    case .tiles(let tiles): tiles.scratchCount(threads: threads)
    case .winograd(let winograd): winograd.scratchCount(threads: threads)
    case .groupedWinograd(let winograd): winograd.one.scratchCount(threads: threads)
    }
  }

  /// y ← epilogue(convolution of x + bias).
  ///
  /// - Precondition: sizes as announced, operands as the epilogue numbers them; y shares no
  ///   memory with x or an operand: partial sums pass through it.
  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>] = [], scratch: MemorySlice<Float>? = nil, threads: Int = 1
  ) {
    switch implementation {
    case .tiles(let tiles):
      tiles.run(
        x, packed: packed, into: y, operands: operands, scratch: scratch, threads: threads)
    case .winograd(let winograd):
      guard let scratch else { preconditionFailure("this convolution needs scratch") }
      winograd.run(
        x, packed: packed, into: y, operands: operands, scratch: scratch, threads: threads)
    case .groupedWinograd(let winograd):
      guard let scratch else { preconditionFailure("this convolution needs scratch") }
      winograd.run(x, packed: packed, into: y, scratch: scratch, threads: threads)
    case .depthwise(let depthwise):
      depthwise.run(x, packed: packed, into: y, operands: operands, threads: threads)
    case .grouped(let grouped):
      grouped.run(x, packed: packed, into: y, operands: operands, threads: threads)
    }
  }

  /// Equal for kernels that read the same packed weights of a convolution alike.
  package var packing: String {
    switch implementation {
    case .tiles(let tiles):
      let geometry = tiles.plan.geometry
      return "tiles \(geometry.instructionSet) \(tiles.plan.choice.vectors) "
        + "\(geometry.blockChannels) \(tiles.input) \(tiles.groups)"
        + (tiles.checksPanels ? " checked" : "")
    case .winograd(let winograd): return winograd.packing
    case .groupedWinograd(let winograd): return "\(winograd.groups) \(winograd.one.packing)"
    case .depthwise(let depthwise): return depthwise.packing
    case .grouped(let grouped): return grouped.packing
    }
  }

  package var kernelName: String {
    switch implementation {
    case .tiles(let tiles): tiles.kernelName
    case .winograd(let winograd): winograd.kernelName
    case .groupedWinograd(let winograd): winograd.one.kernelName
    case .depthwise(let depthwise): depthwise.kernelName
    case .grouped(let grouped): grouped.kernelName
    }
  }
}

extension BlockedConvolution.Algorithm {
  init?(winogradOutputs outputs: Int) {
    switch outputs {
    case 2: self = .winograd2
    case 4: self = .winograd4
    case 6: self = .winograd6
    default: return nil
    }
  }

  /// A Winograd tile's outputs along an edge; nil for other algorithms.
  fileprivate var winogradOutputs: Int? {
    switch self {
    case .winograd2: 2
    case .winograd4: 4
    case .winograd6: 6
    case .direct, .pointwise, .depthwise, .grouped: nil
    }
  }
}
