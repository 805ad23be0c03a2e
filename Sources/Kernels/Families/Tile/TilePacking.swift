/// A kernel that packs one panel's weights, for tiles to stream through.
///
/// Parameters: the source at the panel's first output channel, the target, whole channel blocks,
/// bytes from one row of the source to the next.
struct TilePackingSpecification: KernelSpecification {
  var instructionSet: InstructionSet
  var vectors: Int
  /// Output channels that exist; the rest of the panel becomes zero.
  var outChannels: Int
  var blockChannels: Int
  var tailChannels: Int
  var kernelRows: Int
  var taps: Int
  /// Whether a row of the source is a depth with all output channels beside each other, rather
  /// than an output channel with all depths.
  var isTransposed: Bool

  private var lanes: Int { instructionSet.lanes }
  private var panelBytes: Int { vectors * instructionSet.vectorBytes }
  private var blockDepth: Int { blockChannels * kernelRows * taps }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let source = b.parameter()
    let target = b.parameter()
    let blocks = b.parameter()
    let stride = b.parameter()
    b.loop(blocks) { b in
      pack(blockChannels, source, target, stride, &b)
      if isTransposed {
        let block = b.copy(stride)
        b.multiply(block, by: blockDepth)
        b.add(block, to: source)
      } else {
        b.add(blockDepth * 4, to: source)
      }
      b.add(blockDepth * panelBytes, to: target)
    }
    if tailChannels > 0 { pack(tailChannels, source, target, stride, &b) }
    let form = isTransposed ? "rows" : "columns"
    return b.finish(
      named: "pack_f32_\(instructionSet.rawValue)_\(form)_\(kernelRows)x\(taps)x\(vectors)"
        + "_c\(blockChannels)")
  }

  /// One block of channels. A depth of the source is channel, kernel row, tap; a depth of the
  /// target is kernel row, channel, tap.
  private func pack(
    _ channels: Int, _ source: ScalarRegister, _ target: ScalarRegister,
    _ rowStride: ScalarRegister, _ b: inout KernelBuilder
  ) {
    let depth = channels * kernelRows * taps
    for vector in 0..<vectors {
      let real = min(max(outChannels - vector * lanes, 0), lanes)
      if isTransposed {
        copyRows(vector, real, depth, source, target, rowStride, &b)
      } else {
        transpose(vector, real, depth, source, target, rowStride, &b)
      }
    }
  }

  private func offset(_ depth: Int) -> Int {
    let tap = depth % taps
    let row = depth / taps % kernelRows
    let channel = depth / (taps * kernelRows)
    return ((row * blockChannels + channel) * taps + tap) * panelBytes
  }

  private func copyRows(
    _ vector: Int, _ real: Int, _ depth: Int, _ source: ScalarRegister, _ target: ScalarRegister,
    _ rowStride: ScalarRegister, _ b: inout KernelBuilder
  ) {
    let row = b.copy(source)
    let mask = real > 0 && real < lanes ? b.maskFirst(b.integer(real)) : nil
    for d in 0..<depth {
      let from = Address(row, offset: vector * instructionSet.vectorBytes)
      let value = real == 0 ? b.zero() : mask.map { b.load(from, $0) } ?? b.load(from)
      b.store(
        value, to: Address(target, offset: offset(d) + vector * instructionSet.vectorBytes))
      if d + 1 < depth { b.add(rowStride, to: row) }
    }
  }

  private func transpose(
    _ vector: Int, _ real: Int, _ depth: Int, _ source: ScalarRegister,
    _ target: ScalarRegister, _ rowStride: ScalarRegister, _ b: inout KernelBuilder
  ) {
    if real == 0 {
      let zero = b.zero()
      for d in 0..<depth {
        b.store(
          zero, to: Address(target, offset: offset(d) + vector * instructionSet.vectorBytes))
      }
      return
    }
    let origin = b.copy(rowStride)
    b.multiply(origin, by: vector * lanes)
    b.add(source, to: origin)
    for first in stride(from: 0, to: depth, by: lanes) {
      let count = min(lanes, depth - first)
      let mask = count < lanes ? b.maskFirst(b.integer(count)) : nil
      let row = b.copy(origin)
      let rows = (0..<lanes).map { index in
        if index >= real { return b.zero() }
        let from = Address(row, offset: first * 4)
        defer { b.add(rowStride, to: row) }
        return mask.map { b.load(from, $0) } ?? b.load(from)
      }
      for (index, column) in TransposeEmitter.emit(rows, &b).prefix(count).enumerated() {
        b.store(
          column,
          to: Address(
            target, offset: offset(first + index) + vector * instructionSet.vectorBytes))
      }
    }
  }
}

/// Packs panels from one form of matrix.
final class TilePacker: Sendable {
  private let geometry: TileGeometry
  private let panels: [TilePanel]
  private let isTransposed: Bool
  /// The kernel of each panel.
  private let kernels: [Kernel]

  init(_ geometry: TileGeometry, panels: [TilePanel], isTransposed: Bool) throws {
    self.geometry = geometry
    self.panels = panels
    self.isTransposed = isTransposed
    kernels = try panels.map { panel in
      try KernelCache.shared.kernel(
        for: TilePackingSpecification(
          instructionSet: geometry.instructionSet, vectors: panel.vectors,
          outChannels: min(
            geometry.outChannels - panel.firstVector * geometry.lanes,
            panel.vectors * geometry.lanes),
          blockChannels: geometry.blockChannels, tailChannels: geometry.tailChannels,
          kernelRows: geometry.kernelRows, taps: geometry.taps, isTransposed: isTransposed))
    }
  }

  /// `stride` counts elements from a row of `w` to the next.
  func pack(
    _ w: UnsafePointer<Float>, stride: Int, into packed: UnsafeMutablePointer<Float>,
    panels range: Range<Int>
  ) {
    for (panel, kernel) in zip(panels[range], kernels[range]) {
      let first = panel.firstVector * geometry.lanes
      unsafe kernel.call(
        with: (
          Int(bitPattern: w + (isTransposed ? first : first * stride)),
          Int(bitPattern: packed + geometry.weightOffset(panel)), geometry.blocks, stride * 4
        ))
    }
  }
}
