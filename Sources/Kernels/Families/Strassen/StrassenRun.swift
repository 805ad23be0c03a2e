/// Where a product's operands and its scratch lie, as addresses.
struct StrassenAddresses {
  var x: Int
  var weights: Int
  var bias: Int
  var y: Int
  var operands: [MemorySlice<Float>]
  /// Bytes into the operands that are laid out as y, and into those of an image's channels.
  var item: Int
  var image = 0
  var scratch: Int

  /// Where an epilogue's operand lies for a panel, from a row on.
  func operand(
    _ number: Int, _ broadcast: OperandBroadcast, _ panel: TilePanel, row: Int,
    _ geometry: TileGeometry
  ) -> Int {
    let base = unsafe Int(bitPattern: operands[number].base)
    return switch broadcast {
    case .full:
      base + item + row * geometry.resultStride + panel.firstVector * geometry.vectorStride
    case .channel: base + panel.firstVector * geometry.vectorBytes
    case .image: base + image + panel.firstVector * geometry.vectorBytes
    case .scalar: base
    }
  }
}

/// One chunk's work, part by part.
struct StrassenRun: TiledWork {
  /// How the threads share it.
  enum Part: Sendable {
    /// Each takes some pairs of rows and computes x's sums.
    case inputs(parts: Int)
    /// Each takes pairs of panels from the matrix's sums to y.
    case pairs
    /// Of the last pairs, fewer than threads, each takes some strips of the products, then some of
    /// y's rows.
    case products(first: Int, parts: Int)
    case outputs(first: Int, parts: Int)
  }

  let product: StrassenProduct
  let addresses: StrassenAddresses
  let chunk: Range<Int>
  private let quarter: TilePlan
  private let memory: Memory
  private let threads: Int
  private var part = Part.pairs

  init?(
    _ product: StrassenProduct, _ addresses: StrassenAddresses, chunk: Range<Int>, threads: Int
  ) {
    guard let quarter = product.quarter(rows: (chunk.count + 1) / 2) else { return nil }
    self.product = product
    self.addresses = addresses
    self.chunk = chunk
    self.quarter = quarter
    self.threads = threads
    memory = Memory(product, threads: threads)
  }

  /// Bytes of scratch from its start.
  struct Memory {
    /// S1 and S2, then S3 and S4.
    let sums: Int
    let checks: Int
    /// The matrix's sums of one thread after the other.
    let weights: Int
    let weightStride: Int
    /// Products of one thread after the other, or of one pair.
    let products: Int
    let productStride: Int
    let byteCount: Int

    init(_ product: StrassenProduct, threads: Int) {
      let geometry = product.geometry
      let rows = product.mostRows
      func lines(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
      sums = lines(product.inputs.byteCount)
      checks = 2 * sums
      weights = checks + 4 * threads * 64
      let vectors = product.panels[0].vectors
      let depth = product.quarter(rows: rows).map { $0.channels(ofDepth: 0).count } ?? 0
      // An odd number of lines, so that they do not share ways of one set.
      weightStride = (lines(depth * vectors * geometry.vectorBytes) / 64 | 1) * 64
      productStride = (lines(rows * vectors * geometry.vectorBytes) / 64 | 1) * 64
      products = weights + threads * Strassen.sums * weightStride
      byteCount = products + threads * Strassen.products * productStride
    }
  }

  func compute(_ index: Int, slot: Int) {
    switch part {
    case .inputs(let parts): sumInputs(index, of: parts)
    case .pairs:
      let place = place(slot)
      multiply(pair: index, part: 0, of: 1, slot: slot, into: place)
      finish(pair: index, rows: 0..<rows, from: place)
    case .products(let first, let parts):
      let (pair, part) = index.quotientAndRemainder(dividingBy: parts)
      multiply(pair: first + pair, part: part, of: parts, slot: slot, into: place(pair))
    case .outputs(let first, let parts):
      let (pair, part) = index.quotientAndRemainder(dividingBy: parts)
      finish(
        pair: first + pair, rows: rows * part / parts..<rows * (part + 1) / parts,
        from: place(pair))
    }
  }

  /// Of a quarter.
  private var rows: Int { (chunk.count + 1) / 2 }
  /// The first row of the lower half: of an odd number, the last of the upper one.
  private var lowerRow: Int { chunk.count / 2 }

  private func place(_ index: Int) -> Int {
    addresses.scratch + memory.products + index * Strassen.products * memory.productStride
  }
}

extension StrassenRun {
  /// Computes the chunk; where it has numbers that are not finite, nothing, and gives false.
  func run() -> Bool {
    var run = self
    let parts = min(4 * threads, rows)
    run.part = .inputs(parts: parts)
    ThreadPool.shared.run(run, tiles: parts, threads: threads)
    guard isFinite(parts: parts) else { return false }
    let rest = product.pairs < 8 * threads ? product.pairs % threads : 0
    let whole = product.pairs - rest
    run.part = .pairs
    ThreadPool.shared.run(run, tiles: whole, threads: threads)
    if rest == 0 { return true }
    let productParts = productParts(rest)
    run.part = .products(first: whole, parts: productParts)
    ThreadPool.shared.run(run, tiles: rest * productParts, threads: threads)
    let outputParts = min((2 * threads + rest - 1) / rest, rows)
    run.part = .outputs(first: whole, parts: outputParts)
    ThreadPool.shared.run(run, tiles: rest * outputParts, threads: threads)
    return true
  }

  /// Parts of each pair's strips that threads are done with soonest. Each part computes the
  /// matrix's sums, which take about a thirtieth of the products' time.
  private func productParts(_ pairs: Int) -> Int {
    let most = min(quarter.stripCount, threads)
    func time(_ parts: Int) -> Double {
      Double((pairs * parts + threads - 1) / threads) * (1 / Double(parts) + 1 / 30)
    }
    return (1...max(most, 1)).reduce(1) { time($1) < time($0) ? $1 : $0 }
  }

  private func isFinite(parts: Int) -> Bool {
    let lanes = product.geometry.lanes
    let checks = addresses.scratch + memory.checks
    for index in 0..<parts {
      guard let vector = unsafe UnsafePointer<Float>(bitPattern: checks + index * 64)
      else { continue }
      for lane in 0..<lanes where unsafe vector[lane] != 0 { return false }
    }
    return true
  }

  private var inputs: StrassenInputs { product.inputs }
  private var x: Int { addresses.x + chunk.lowerBound * inputs.rowStride }
  private var y: Int { addresses.y + chunk.lowerBound * product.geometry.resultStride }

  private func sumInputs(_ index: Int, of parts: Int) {
    let part = rows * index / parts..<rows * (index + 1) / parts
    let offset = part.lowerBound * inputs.rowStride
    let rounds = (inputs.rounds, part.count)
    product.inputKernel.call(
      with: (
        x + offset, x + lowerRow * inputs.rowStride + offset,
        inputs.isBlocked ? rounds.0 : rounds.1, inputs.isBlocked ? rounds.1 : rounds.0,
        addresses.scratch + offset, addresses.scratch + memory.sums + offset,
        addresses.scratch + memory.checks + index * 64
      ))
  }

  /// The seven products of a pair of panels, for some strips of the rows.
  private func multiply(pair: Int, part: Int, of parts: Int, slot: Int, into place: Int) {
    let geometry = product.geometry
    let panels = product.panels(ofPair: pair)
    let half = product.halfBytes
    let sums = addresses.scratch + memory.weights + slot * Strassen.sums * memory.weightStride
    let left = addresses.weights + geometry.weightOffset(panels.left) * 4
    let right = addresses.weights + geometry.weightOffset(panels.right) * 4
    for depth in 0..<quarter.depthCount {
      let channels = quarter.channels(ofDepth: depth)
      let first = channels.lowerBound * panels.left.vectors * geometry.vectorBytes
      let quarters = (left + first, left + half + first, right + first, right + half + first)
      func multiply(_ index: Int, by weights: Int, minus subtrahend: Int? = nil) {
        let factor = input(index)
        quarter.run(
          TileAddresses(
            x: factor.address, weights: weights, bias: 0,
            result: place + index * memory.productStride
              - quarter.panels[pair].firstVector * quarter.geometry.vectorStride),
          blockStride: factor.blockStride, panel: pair, depth: depth,
          strips: quarter.stripCount * part / parts..<quarter.stripCount * (part + 1) / parts,
          prefetched: share(index, pair: pair, depth: depth),
          difference: subtrahend.map { ($0, sums + (index - 3) * memory.weightStride) })
      }
      multiply(0, by: quarters.0)
      multiply(1, by: quarters.1)
      multiply(2, by: quarters.3)
      // T1, T2, T4, each of which the next one builds on, then T3.
      multiply(4, by: quarters.2, minus: quarters.0)
      multiply(5, by: quarters.3, minus: sums + memory.weightStride)
      multiply(3, by: quarters.1, minus: sums + 2 * memory.weightStride)
      multiply(6, by: quarters.3, minus: quarters.2)
    }
  }

  /// The left factor of a product.
  private func input(_ product: Int) -> (address: Int, blockStride: Int) {
    let first = addresses.scratch
    let second = first + memory.sums
    let ofX = self.product.geometry.blockStride
    let ofSums = inputs.blockStride
    return switch product {
    case 0: (x, ofX)
    case 1: (x + inputs.x.half, ofX)
    case 2: (second + inputs.sums.half, ofSums)
    case 3: (x + lowerRow * inputs.rowStride + inputs.x.half, ofX)
    case 4: (first, ofSums)
    case 5: (first + inputs.sums.half, ofSums)
    default: (second, ofSums)
    }
  }

  /// Where the part of the next run of depth begins that is asked for beside a product.
  private func share(_ index: Int, pair: Int, depth: Int) -> Int {
    let isLast = depth + 1 == quarter.depthCount
    let pair = isLast ? (pair + 1) % product.pairs : pair
    let channels = quarter.channels(ofDepth: isLast ? 0 : depth + 1)
    let (source, rest) = (index * 4).quotientAndRemainder(dividingBy: Strassen.products)
    let panels = product.panels(ofPair: pair)
    let panel = source < 2 ? panels.left : panels.right
    let bytes = panel.vectors * product.geometry.vectorBytes
    return addresses.weights + product.geometry.weightOffset(panel) * 4
      + source % 2 * product.halfBytes + channels.lowerBound * bytes
      + channels.count * bytes * rest / Strassen.products / 64 * 64
  }

  /// y of some rows of both halves, in a pair of panels.
  private func finish(pair: Int, rows: Range<Int>, from place: Int) {
    // The row that is in both halves is stored once.
    let alone = rows.clamped(to: 0..<chunk.count % 2)
    if !alone.isEmpty { store(pair, alone, place, product.outputKernels[1]) }
    let pairs = alone.count + rows.lowerBound..<rows.upperBound
    if !pairs.isEmpty { store(pair, pairs, place, product.outputKernels[0]) }
  }

  private func store(_ pair: Int, _ rows: Range<Int>, _ place: Int, _ kernel: Kernel) {
    typealias Parameter = StrassenOutputSpecification.Parameter
    let geometry = product.geometry
    let panel = product.panels(ofPair: pair).left
    let channels = panel.firstVector * geometry.vectorBytes
    let offset =
      panel.firstVector * geometry.vectorStride + rows.lowerBound * geometry.resultStride
    let broadcasts = product.broadcasts
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: Parameter.operands.rawValue + broadcasts.count
    ) { call in
      func set(_ parameter: Parameter, _ value: Int) { unsafe call[parameter.rawValue] = value }
      unsafe call.initialize(repeating: 0)
      set(.products, place + rows.lowerBound * geometry.vectorBytes)
      set(.result, y + offset)
      set(.bias, addresses.bias + channels)
      set(.rows, rows.count)
      set(.productStride, memory.productStride)
      set(.productVectorStride, quarter.geometry.vectorStride)
      set(.vectorStride, geometry.vectorStride)
      set(.right, panel.vectors * geometry.vectorStride)
      set(.lower, lowerRow * geometry.resultStride)
      for (index, broadcast) in broadcasts.enumerated() {
        unsafe call[Parameter.operands.rawValue + index] = addresses.operand(
          index, broadcast, panel, row: chunk.lowerBound + rows.lowerBound, geometry)
      }
      if let base = call.baseAddress { unsafe kernel.call(base) }
    }
  }
}
