/// Transforms one panel's weights for a run of input channels:
/// U[element][channel][o] = G w Gᵀ from w[channel][tap][o].
///
/// Elements are numbered as those of the input.
package struct WinogradWeightSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  let tile: WinogradTile
  /// Of the panel.
  let vectors: Int
  /// Bytes from one element's weights to the next.
  let elementStride: Int

  package init(
    instructionSet: InstructionSet, tile: WinogradTile, vectors: Int, elementStride: Int
  ) {
    self.instructionSet = instructionSet
    self.tile = tile
    self.vectors = vectors
    self.elementStride = elementStride
  }

  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let n = tile.inputs
    let vector = instructionSet.vectorBytes
    let panel = vectors * vector
    let source = b.parameter()
    let target = b.parameter()
    let channels = b.parameter()
    b.loop(channels) { b in
      b.loop(vectors) { b in
        let columns = (0..<3).map { column in
          let taps = (0..<3).map { row in
            b.load(Address(source, offset: (row * 3 + column) * panel))
          }
          return tile.transformWeights(taps, in: &b)
        }
        for i in 0..<n {
          let values = tile.transformWeights(columns.map { $0[i] }, in: &b)
          for (j, value) in values.enumerated() {
            b.store(value, to: Address(target, offset: (j * n + i) * elementStride))
          }
        }
        b.add(vector, to: source)
        b.add(vector, to: target)
      }
      b.add(8 * panel, to: source)
    }
    return b.finish(
      named: "winograd_weights_f32_\(instructionSet.rawValue)_\(tile.outputs)x3x\(vectors)"
        + "_\(elementStride)")
  }
}

/// Weights kept as they are and transformed during a run, panel by panel and one run of channels
/// after the other, so that their elements stay in the second-level cache until they are
/// multiplied: where all tiles share one pass over the weights, transforming them costs less than
/// fetching from memory the several times as many numbers that they become.
struct ComputedWeights: Sendable {
  private let tile: WinogradTile
  private let geometry: TileGeometry
  private let panels: [TilePanel]
  private let packer: TilePacker
  private let kernels: [Kernel]
  /// The kernel of each panel.
  private let panelKernels: [Int]
  /// Bytes from one element's transformed weights to the next: as for inputs.
  let elementStride: Int

  init(_ products: TilePlan, _ tile: WinogradTile) throws {
    var geometry = products.geometry
    geometry.taps = 9
    self.geometry = geometry
    self.tile = tile
    panels = products.panels
    packer = try TilePacker(geometry, panels: panels, isTransposed: false)
    let widest = panels.map(\.vectors).max() ?? 0
    let longest = (0..<products.depthCount).map { products.channels(ofDepth: $0).count }.max() ?? 0
    elementStride = ((longest * widest * geometry.vectorBytes + 63) / 64 | 1) * 64
    var kernels: [Kernel] = []
    var panelKernels: [Int] = []
    var known: [Int: Int] = [:]
    for panel in panels {
      if known[panel.vectors] == nil {
        known[panel.vectors] = kernels.count
        kernels.append(
          try KernelCache.shared.kernel(
            for: WinogradWeightSpecification(
              instructionSet: geometry.instructionSet, tile: tile, vectors: panel.vectors,
              elementStride: elementStride)))
      }
      panelKernels.append(known[panel.vectors] ?? 0)
    }
    self.kernels = kernels
    self.panelKernels = panelKernels
  }

  /// Floats of packed weights.
  var count: Int { geometry.outVectors * geometry.lanes * geometry.storedChannels * 9 }
  /// Floats of a panel's transformed weights.
  var scratchCount: Int { tile.elements * elementStride / 4 }

  /// Packs a panel of w [O, C, 3, 3].
  func pack(
    _ w: UnsafePointer<Float>, panel: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    unsafe packer.pack(
      w, stride: geometry.channels * 9, into: packed, panels: panel..<(panel + 1))
  }

  /// Transforms a panel's weights of some channels; both are addresses.
  func transform(_ packed: Int, panel: Int, channels: Range<Int>, into scratch: Int) {
    let width = panels[panel].vectors * geometry.vectorBytes
    let source =
      packed + geometry.weightOffset(panels[panel]) * 4 + channels.lowerBound * 9 * width
    kernels[panelKernels[panel]].call(with: (source, scratch, channels.count))
  }
}

extension TileChoice {
  /// For weights that are computed: panels that threads share evenly, and runs of channels whose
  /// transformed weights fill half the second-level cache.
  static func computed(_ geometry: TileGeometry, _ tile: WinogradTile) -> TileChoice {
    var choice = TileChoice(geometry)
    let even = { (vectors: Int, parts: Int) in
      let count = (geometry.outVectors + vectors - 1) / vectors
      return count % parts == 0 || count >= 3 * parts
    }
    let widths = stride(from: choice.vectors, to: 0, by: -1)
    let wide = widths.prefix { $0 * 2 >= choice.vectors }
    if let vectors = wide.first(where: { even($0, 4) }) ?? wide.first(where: { even($0, 2) }),
      let pixels = pixelLimit(geometry, vectors: vectors)
    {
      choice.vectors = vectors
      choice.pixels = pixels
    }
    let block = geometry.vectorBlockBytes * choice.vectors * tile.elements
    choice.blocksAtOnce = max(CacheSizes.second * 5 / 8 / block, 1)
    return choice
  }
}
