/// One run's work, part by part.
struct WinogradRun: TiledWork {
  /// How the threads share it.
  enum Part: Sendable {
    /// Each thread takes chunks of its own.
    case chunks
    /// Each takes some of a chunk's tiles from their input to their output.
    case beside(chunk: Int, threads: Int)
    /// All take parts of one chunk: first its input, then its products, then its output.
    case inputs(WinogradParts)
    case products(chunk: Int, panelParts: Int)
    case outputs(WinogradParts)
    /// After its input, each takes panels of a chunk's weights, computes them, multiplies by them
    /// and transforms the output; where panels are few, `tileParts` share each.
    case panels(ComputedWeights, chunk: Int, tileParts: Int)
  }

  let plan: WinogradPlan
  let addresses: WinogradAddresses
  let operands: [MemorySlice<Float>]
  var part: Part

  func compute(_ index: Int, slot: Int) {
    var at = addresses
    at.patch += slot * plan.ownCount * 4
    switch part {
    case .chunks:
      at.chunk += slot * plan.chunkCount * 4
      let tiles = plan.tiles(ofChunk: index)
      computeAll(at, tiles, chunkStart: tiles.lowerBound, chunk: index, strips: nil)
    case .beside(let chunk, let threads):
      let (tiles, strips) = plan.part(index, of: threads, chunk: chunk)
      let first = plan.tiles(ofChunk: chunk).lowerBound
      computeAll(at, tiles, chunkStart: first, chunk: chunk, strips: strips)
    case .inputs(let parts):
      let (tiles, blocks) = parts[index]
      plan.transformInput(
        at, tiles: tiles, chunkStart: parts.tiles.lowerBound, blocks: blocks)
    case .products(let chunk, let panelParts):
      let panels = plan.products.panels.count
      let (element, part) = index.quotientAndRemainder(dividingBy: panelParts)
      plan.multiply(
        at, chunk: chunk, elements: element..<(element + 1),
        panels: panels * part / panelParts..<panels * (part + 1) / panelParts)
    case .outputs(let parts):
      let (tiles, blocks) = parts[index]
      plan.transformOutput(
        at, operands: operands, tiles: tiles, chunkStart: parts.tiles.lowerBound, blocks: blocks)
    case .panels(let weights, let chunk, let tileParts):
      let (panel, part) = index.quotientAndRemainder(dividingBy: tileParts)
      let (tiles, strips) = plan.part(part, of: tileParts, chunk: chunk)
      plan.multiply(at, chunk: chunk, panel: panel, strips: strips, by: weights)
      let vectors = plan.products.panels[panel]
      plan.transformOutput(
        at, operands: operands, tiles: tiles,
        chunkStart: plan.tiles(ofChunk: chunk).lowerBound,
        blocks: vectors.firstVector..<(vectors.firstVector + vectors.vectors))
    }
  }

  /// Input, products and output of some tiles.
  private func computeAll(
    _ at: WinogradAddresses, _ tiles: Range<Int>, chunkStart first: Int, chunk: Int,
    strips: Range<Int>?
  ) {
    plan.transformInput(at, tiles: tiles, chunkStart: first, blocks: 0..<plan.inBlocks)
    plan.multiply(
      at, chunk: chunk, elements: 0..<plan.tile.elements, panels: plan.products.panels.indices,
      strips: strips)
    plan.transformOutput(
      at, operands: operands, tiles: tiles, chunkStart: first, blocks: 0..<plan.outBlocks)
  }
}

/// A chunk's tiles and channel blocks cut into parts for the threads.
struct WinogradParts: Sendable {
  let tiles: Range<Int>
  let blocks: Int
  let tileParts: Int
  let blockParts: Int

  init(tiles: Range<Int>, blocks: Int, wanted: Int) {
    self.tiles = tiles
    self.blocks = blocks
    blockParts = min(blocks, wanted)
    tileParts = min(tiles.count, max(wanted / blockParts, 1))
  }

  var count: Int { tileParts * blockParts }

  subscript(index: Int) -> (tiles: Range<Int>, blocks: Range<Int>) {
    let part = index / blockParts
    let block = index % blockParts
    let first = tiles.lowerBound
    return (
      first + tiles.count * part / tileParts..<first + tiles.count * (part + 1) / tileParts,
      blocks * block / blockParts..<blocks * (block + 1) / blockParts
    )
  }
}
