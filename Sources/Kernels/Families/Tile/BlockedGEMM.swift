/// A matrix product over channel blocks: y[block][pixel][lane] ← Σ x[channel block][pixel][lane]
/// · u[channel][out channel], as the transformed tiles of a convolution need it.
///
/// One thread; x is read at real channels only, and all lanes of y's blocks are written.
struct BlockedGEMM: Sendable {
  private let plan: TilePlan

  /// Block strides count floats.
  init(
    pixels: Int, channels: Int, outChannels: Int, xBlockStride: Int, yBlockStride: Int,
    instructionSet: InstructionSet
  ) throws {
    precondition(pixels > 0 && channels > 0 && outChannels > 0, "an empty product")
    let lanes = instructionSet.lanes
    precondition(
      xBlockStride >= pixels * lanes && yBlockStride >= pixels * lanes, "blocks overlap")
    var geometry = TileGeometry(
      instructionSet: instructionSet, channels: channels, outChannels: outChannels, width: pixels,
      validPixels: [0..<pixels], blockChannels: min(lanes, channels),
      blockStride: xBlockStride * 4, pixelStride: lanes * 4, resultStride: lanes * 4,
      vectorStride: yBlockStride * 4)
    // The weights' order must not depend on the number of pixels.
    var nominal = geometry
    nominal.width = instructionSet == .avx2 ? 48 : 84
    var choice = TileChoice(nominal)
    choice.blocksAtOnce = TileChoice.blocksAtOnce(geometry, vectors: choice.vectors)
    geometry.validPixels = [0..<pixels]
    guard let plan = try TilePlan(geometry, choice: choice) else {
      preconditionFailure("one line without borders has two kinds of tiles")
    }
    self.plan = plan
  }

  /// Floats of the packed weights.
  var packedCount: Int { plan.weightCount }

  /// Where a weight lies among the packed ones; the rest of them are to be zero.
  func packedIndex(outChannel: Int, channel: Int) -> Int {
    let lanes = plan.geometry.lanes
    let vector = outChannel / lanes
    let panel = plan.panel(of: vector)
    return plan.weightOffset(panel)
      + (channel * panel.vectors + vector - panel.firstVector) * lanes + outChannel % lanes
  }

  func run(
    _ x: UnsafePointer<Float>, packed: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    let addresses = TileAddresses(
      x: Int(bitPattern: x), weights: Int(bitPattern: packed), bias: 0,
      result: Int(bitPattern: y))
    plan.run(addresses, panels: plan.panels.indices, strips: 0..<plan.stripCount) {
      _, _, _ in 0
    }
  }
}

extension TilePlan {
  func panel(of vector: Int) -> TilePanel {
    // Wide panels come first, then those with a vector less.
    let wide = panels[0].vectors
    let wideCount = geometry.outVectors - panels.count * (wide - 1)
    let index =
      vector < wideCount * wide
      ? vector / wide : wideCount + (vector - wideCount * wide) / max(wide - 1, 1)
    return panels[index]
  }
}
