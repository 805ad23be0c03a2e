/// Transforms the weights of a vector of output channels for a run of input channels:
/// U[element][channel][o] = G w Gᵀ from w[channel][tap][o].
///
/// Parameters: the addresses of w and U, input channels, bytes from one of U's to the next.
/// Elements are numbered as those of the input.
package struct WinogradWeightSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  let tile: WinogradTile
  /// Bytes from one element's weights to the next.
  let elementStride: Int

  package init(instructionSet: InstructionSet, tile: WinogradTile, elementStride: Int) {
    self.instructionSet = instructionSet
    self.tile = tile
    self.elementStride = elementStride
  }

  /// How far ahead taps are asked for: hardware loses their stream among those of the stores.
  private static let distance = 2048

  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let n = tile.weights
    let vector = instructionSet.vectorBytes
    let source = b.parameter()
    let target = b.parameter()
    let channels = b.parameter()
    let channelStride = b.parameter()
    b.loop(channels) { b in
      let columns = (0..<3).map { column in
        let taps = (0..<3).map { row in
          let offset = (row * 3 + column) * vector
          if offset % 64 == 0 {
            b.emit(.prefetch(Address(source, offset: offset + Self.distance)))
          }
          return b.load(Address(source, offset: offset))
        }
        return tile.transformWeights(taps, in: &b)
      }
      for i in 0..<n {
        let values = tile.transformWeights(columns.map { $0[i] }, in: &b)
        for (j, value) in values.enumerated() {
          b.store(value, to: Address(target, offset: (j * n + i) * elementStride))
        }
      }
      b.add(9 * vector, to: source)
      b.add(channelStride, to: target)
    }
    return b.finish(
      named: "winograd_weights_f32_\(instructionSet.rawValue)_\(tile.name)_\(elementStride)")
  }
}

/// Weights kept as they are and transformed during a run, panel by panel and one run of channels
/// after the other, so that their elements stay in the second-level cache until they are
/// multiplied: where all tiles share one pass over the weights, transforming them costs less than
/// fetching from memory the several times as many numbers that they become.
final class ComputedWeights: Sendable {
  private let tile: WinogradTile
  private let geometry: TileGeometry
  private let panels: [TilePanel]
  /// Packs vector by vector: each is one stream through memory.
  private let packer: TilePacker
  private let kernel: Kernel
  /// Bytes from one element's transformed weights to the next: as for inputs.
  let elementStride: Int

  init(_ products: TilePlan, _ tile: WinogradTile) throws {
    var geometry = products.geometry
    geometry.taps = 9
    self.geometry = geometry
    self.tile = tile
    panels = products.panels
    packer = try TilePacker(
      geometry, panels: (0..<geometry.outVectors).map { TilePanel(firstVector: $0, vectors: 1) },
      isTransposed: false)
    let widest = panels.map(\.vectors).max() ?? 0
    let longest = (0..<products.depthCount).map { products.channels(ofDepth: $0).count }.max() ?? 0
    elementStride = ((longest * widest * geometry.vectorBytes + 63) / 64 | 1) * 64
    kernel = try KernelCache.shared.kernel(
      for: WinogradWeightSpecification(
        instructionSet: geometry.instructionSet, tile: tile, elementStride: elementStride))
  }

  /// Floats of packed weights.
  var count: Int { geometry.outVectors * geometry.lanes * geometry.storedChannels * 9 }
  /// Floats of a panel's transformed weights.
  var scratchCount: Int { tile.weightElements * elementStride / 4 }

  /// Packs a panel of w [O, C, 3, 3].
  func pack(
    _ w: UnsafePointer<Float>, panel: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    let first = panels[panel].firstVector
    unsafe packer.pack(
      w, stride: geometry.channels * 9, into: packed,
      panels: first..<(first + panels[panel].vectors))
  }

  /// Transforms a panel's weights of some channels; both are addresses.
  func transform(_ packed: Int, panel: Int, channels: Range<Int>, into scratch: Int) {
    let vectors = panels[panel].vectors
    let bytes = geometry.vectorBytes
    for vector in 0..<vectors {
      unsafe kernel.call(
        with: (
          address(packed, panels[panel].firstVector + vector, channel: channels.lowerBound),
          scratch + vector * bytes, channels.count, vectors * bytes
        ))
    }
  }

  /// The address of the taps of a vector of output channels from an input channel on.
  private func address(_ packed: Int, _ vector: Int, channel: Int) -> Int {
    packed + geometry.weightOffset(TilePanel(firstVector: vector, vectors: 1)) * 4
      + channel * 9 * geometry.vectorBytes
  }

  /// Where the part of a panel's taps begins that is asked for beside the products of an element.
  func share(_ element: Int, of packed: Int, panel: Int, channels: Range<Int>) -> Int {
    let (vector, rest) = (element * panels[panel].vectors).quotientAndRemainder(
      dividingBy: tile.elements)
    let bytes = channels.count * 9 * geometry.vectorBytes
    return address(packed, panels[panel].firstVector + vector, channel: channels.lowerBound)
      + bytes * rest / tile.elements / 64 * 64
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
    let block = geometry.vectorBlockBytes * choice.vectors * tile.weightElements
    choice.blocksAtOnce = max(CacheSizes.second / 2 / block, 1)
    return choice
  }
}
