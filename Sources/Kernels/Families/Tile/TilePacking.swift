/// A kernel that packs one panel's weights, for tiles to stream through.
///
/// Parameters: the source at the panel's first output channel, the target, whole channel blocks.
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
  /// Bytes from one row of the source to the next.
  var rowStride: Int

  private var lanes: Int { instructionSet.lanes }
  private var panelBytes: Int { vectors * instructionSet.vectorBytes }
  private var blockDepth: Int { blockChannels * kernelRows * taps }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let source = b.parameter()
    let target = b.parameter()
    let blocks = b.parameter()
    b.loop(blocks) { b in
      pack(blockChannels, source, target, &b)
      b.add(blockDepth * (isTransposed ? rowStride : 4), to: source)
      b.add(blockDepth * panelBytes, to: target)
    }
    if tailChannels > 0 { pack(tailChannels, source, target, &b) }
    let form = isTransposed ? "rows" : "columns"
    return b.finish(
      named: "pack_f32_\(instructionSet.rawValue)_\(form)_\(kernelRows)x\(taps)x\(vectors)"
        + "_c\(blockChannels)")
  }

  /// One block of channels. A depth of the source is channel, kernel row, tap; a depth of the
  /// target is kernel row, channel, tap.
  private func pack(
    _ channels: Int, _ source: ScalarRegister, _ target: ScalarRegister,
    _ b: inout KernelBuilder
  ) {
    let depth = channels * kernelRows * taps
    for vector in 0..<vectors {
      let real = min(max(outChannels - vector * lanes, 0), lanes)
      if isTransposed {
        copyRows(vector, real, depth, source, target, &b)
      } else {
        transpose(vector, real, depth, source, target, &b)
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
    _ b: inout KernelBuilder
  ) {
    let mask = real > 0 && real < lanes ? b.maskFirst(b.integer(real)) : nil
    for d in 0..<depth {
      let from = Address(source, offset: d * rowStride + vector * instructionSet.vectorBytes)
      let value = real == 0 ? b.zero() : mask.map { b.load(from, $0) } ?? b.load(from)
      b.store(
        value, to: Address(target, offset: offset(d) + vector * instructionSet.vectorBytes))
    }
  }

  private func transpose(
    _ vector: Int, _ real: Int, _ depth: Int, _ source: ScalarRegister,
    _ target: ScalarRegister, _ b: inout KernelBuilder
  ) {
    for first in stride(from: 0, to: depth, by: lanes) {
      let count = min(lanes, depth - first)
      let mask = count < lanes ? b.maskFirst(b.integer(count)) : nil
      let rows = (0..<lanes).map { row in
        if row >= real { return b.zero() }
        let from = Address(source, offset: (vector * lanes + row) * rowStride + first * 4)
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
