/// Everything that a run over one image and group needs: kernels, panels of weights, strips of
/// pixels.
struct TilePlan: Sendable {
  let geometry: TileGeometry
  let choice: TileChoice
  let panels: [TilePanel]
  let strips: [TileStrip]
  /// Runs of channel blocks, and whether the tail ends the last.
  private let depths: [(first: Int, blocks: Int, tail: Int)]
  private let kernels: [Kernel]
  /// The kernel of each panel.
  private let panelKernels: [Int]

  /// Nil where the kernels cannot name all kinds of tiles.
  init?(_ geometry: TileGeometry, choice: TileChoice? = nil) throws {
    let choice = choice ?? TileChoice(geometry)
    guard geometry.epilogue.operandCount <= TileSpecification.operandLimit,
      let cut = TileCut(geometry, limit: choice.pixels)
    else { return nil }
    self.geometry = geometry
    self.choice = choice
    strips = cut.strips
    panels = TileChoice.panels(geometry, vectors: choice.vectors)
    var depths: [(first: Int, blocks: Int, tail: Int)] = []
    var first = 0
    let step = max(choice.blocksAtOnce, 1)
    repeat {
      let blocks = min(step, geometry.blocks - first)
      depths.append((first, blocks, 0))
      first += blocks
    } while first < geometry.blocks
    if geometry.tailChannels > 0 { depths[depths.count - 1].tail = 1 }
    self.depths = depths
    var kernels: [Kernel] = []
    var panelKernels: [Int] = []
    var known: [TileSpecification: Int] = [:]
    for panel in panels {
      let isLast = panel.firstVector + panel.vectors == geometry.outVectors
      let specification = TileSpecification(
        instructionSet: geometry.instructionSet, vectors: panel.vectors, segments: cut.segments,
        blockChannels: geometry.blockChannels, tailChannels: geometry.tailChannels,
        hasRows: geometry.kernelRows > 1, channelStride: geometry.channelStride,
        pixelStride: geometry.pixelStride, tapStride: geometry.tapStride,
        tapOffset: geometry.tapOffset, weightStride: panel.vectors * geometry.vectorBytes,
        resultStride: geometry.resultStride, hasBias: geometry.hasBias,
        isPartial: depths.count > 1, epilogue: geometry.epilogue,
        lastLanes: isLast ? geometry.outChannels % geometry.lanes : 0,
        masksStores: isLast && geometry.masksStores)
      if let index = known[specification] {
        panelKernels.append(index)
      } else {
        known[specification] = kernels.count
        panelKernels.append(kernels.count)
        kernels.append(try KernelCache.shared.kernel(for: specification))
      }
    }
    self.kernels = kernels
    self.panelKernels = panelKernels
  }

  var kernelNames: [String] { kernels.map(\.program.name) }

  /// Floats of packed weights, without the bias.
  var weightCount: Int {
    geometry.outVectors * geometry.lanes * geometry.storedChannels * geometry.kernelRows
      * geometry.taps
  }

  /// Floats of the packed bias.
  var biasCount: Int { geometry.hasBias ? geometry.outVectors * geometry.lanes : 0 }

  /// Floats from the start of the weights to a panel's.
  func weightOffset(_ panel: TilePanel) -> Int {
    panel.firstVector * geometry.lanes * geometry.storedChannels * geometry.kernelRows
      * geometry.taps
  }
}

/// Where a run reads and writes: addresses of the first element of an image and group.
struct TileAddresses {
  var x: Int
  var weights: Int
  var bias: Int
  var result: Int
}

extension TilePlan {
  /// Computes the given panels for the given strips.
  ///
  /// `operand` gives the address of an epilogue's operand for a panel at the result's byte
  /// offset.
  func run(
    _ addresses: TileAddresses, panels range: Range<Int>, strips stripRange: Range<Int>,
    operand: (_ index: Int, _ broadcast: OperandBroadcast, _ panel: TilePanel, _ offset: Int)
      -> Int
  ) {
    let broadcasts = geometry.epilogue.operandBroadcasts
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: TileSpecification.parameterCount
    ) { call in
      unsafe call.initialize(repeating: 0)
      func set(_ parameter: TileSpecification.Parameter, _ value: Int) {
        unsafe call[parameter.rawValue] = value
      }
      let rowBytes = geometry.blockChannels * geometry.taps
      set(.blockStride, geometry.blockStride)
      set(.rowStride, geometry.rowStride)
      set(.vectorStride, geometry.vectorStride)
      for index in range {
        let panel = panels[index]
        let kernel = kernels[panelKernels[index]]
        let weights = addresses.weights + weightOffset(panel) * 4
        let result = addresses.result + panel.firstVector * geometry.vectorStride
        let panelRow = rowBytes * panel.vectors * geometry.vectorBytes
        set(.bias, addresses.bias + panel.firstVector * geometry.vectorBytes)
        for depth in depths {
          set(.blocks, depth.blocks)
          set(.tail, depth.tail)
          set(.continues, depth.first > 0 ? 1 : 0)
          set(.ends, depth.first + depth.blocks == geometry.blocks ? 1 : 0)
          let x = addresses.x + depth.first * geometry.blockStride
          let slice =
            weights + depth.first * geometry.vectorBlockBytes * panel.vectors
          for strip in strips[stripRange] {
            set(.x, x + strip.x)
            set(.weights, slice + strip.rows.lowerBound * panelRow)
            set(.rows, strip.rows.count)
            set(.rowSkip, (geometry.kernelRows - strip.rows.count) * panelRow)
            set(.result, result + strip.result)
            for (segment, count) in strip.counts.enumerated() {
              unsafe call[TileSpecification.parameter(count: segment)] = count
            }
            for (number, broadcast) in broadcasts.enumerated() {
              unsafe call[TileSpecification.parameter(operand: number)] = operand(
                number, broadcast, panel, strip.result)
            }
            unsafe kernel.call(call.baseAddress!)
          }
        }
      }
    }
  }
}
