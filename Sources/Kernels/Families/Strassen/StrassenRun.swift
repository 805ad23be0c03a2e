/// Where a product's operands and its scratch lie, as addresses.
struct StrassenAddresses {
  var x: Int
  var weights: Int
  var bias: Int
  var y: Int
  var operands: [MemorySlice<Float>]
  /// Bytes into the operands that are laid out as y.
  var item: Int
  var scratch: Int
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
  private let upper: TilePlan
  private let lower: TilePlan
  private let memory: Memory
  private let threads: Int
  private var part = Part.pairs

  init?(
    _ product: StrassenProduct, _ addresses: StrassenAddresses, chunk: Range<Int>, threads: Int
  ) {
    guard let upper = product.quarter(rows: (chunk.count + 1) / 2),
      let lower = product.quarter(rows: chunk.count / 2)
    else { return nil }
    self.product = product
    self.addresses = addresses
    self.chunk = chunk
    self.upper = upper
    self.lower = lower
    self.threads = threads
    memory = Memory(product, threads: threads)
  }

  /// Bytes of scratch from its start.
  struct Memory {
    /// The rows S1 S2, then the rows S3 S4.
    let sumRows: Int
    let zeros: Int
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
      sumRows = lines(rows * geometry.pixelStride)
      zeros = 2 * sumRows
      checks = zeros + lines(geometry.channels * 4)
      weights = checks + (4 * threads + 1) * 64
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
      finish(pair: index, rows: 0..<((chunk.count + 1) / 2), from: place)
    case .products(let first, let parts):
      let (pair, part) = index.quotientAndRemainder(dividingBy: parts)
      multiply(pair: first + pair, part: part, of: parts, slot: slot, into: place(pair))
    case .outputs(let first, let parts):
      let (pair, part) = index.quotientAndRemainder(dividingBy: parts)
      let rows = (chunk.count + 1) / 2
      finish(
        pair: first + pair, rows: rows * part / parts..<rows * (part + 1) / parts,
        from: place(pair))
    }
  }

  private func place(_ index: Int) -> Int {
    addresses.scratch + memory.products + index * Strassen.products * memory.productStride
  }
}

extension StrassenRun {
  /// Computes the chunk; where it has numbers that are not finite, nothing, and gives false.
  func run() -> Bool {
    var run = self
    let parts = min(4 * threads, chunk.count / 2)
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
    let outputParts = min((2 * threads + rest - 1) / rest, chunk.count / 2)
    run.part = .outputs(first: whole, parts: outputParts)
    ThreadPool.shared.run(run, tiles: rest * outputParts, threads: threads)
    return true
  }

  /// Parts of each pair's strips that threads are done with soonest. Each part computes the
  /// matrix's sums, which take about a fifteenth of the products' time.
  private func productParts(_ pairs: Int) -> Int {
    let most = min(upper.stripCount, lower.stripCount, threads)
    func time(_ parts: Int) -> Double {
      Double((pairs * parts + threads - 1) / threads) * (1 / Double(parts) + 1 / 15)
    }
    return (1...max(most, 1)).reduce(1) { time($1) < time($0) ? $1 : $0 }
  }

  private func isFinite(parts: Int) -> Bool {
    let lanes = product.geometry.lanes
    let checks = addresses.scratch + memory.checks
    for index in 0...parts {
      guard index < parts || chunk.count % 2 == 1,
        let vector = unsafe UnsafePointer<Float>(bitPattern: checks + index * 64)
      else { continue }
      for lane in 0..<lanes where unsafe vector[lane] != 0 { return false }
    }
    return true
  }

  private var xStride: Int { product.geometry.pixelStride }
  private var x: Int { addresses.x + chunk.lowerBound * xStride }
  private var y: Int { addresses.y + chunk.lowerBound * product.geometry.resultStride }

  private func sumInputs(_ index: Int, of parts: Int) {
    let upperRows = (chunk.count + 1) / 2
    let pairs = chunk.count / 2
    let rows = pairs * index / parts..<pairs * (index + 1) / parts
    sum(rows, lower: x + (upperRows + rows.lowerBound) * xStride, check: index)
    guard index == parts - 1, upperRows > pairs else { return }
    // The last row of the upper half goes with zeros.
    let zeros = addresses.scratch + memory.zeros
    unsafe UnsafeMutablePointer<Float>(bitPattern: zeros)?.update(
      repeating: 0, count: product.geometry.channels)
    sum(pairs..<upperRows, lower: zeros, check: parts)
  }

  private func sum(_ rows: Range<Int>, lower: Int, check: Int) {
    let offset = rows.lowerBound * xStride
    product.inputKernel.call(
      with: (
        x + offset, lower, rows.count, addresses.scratch + offset,
        addresses.scratch + memory.sumRows + offset,
        addresses.scratch + memory.checks + check * 64
      ))
  }

  /// The seven products of a pair of panels, for some strips of the rows.
  private func multiply(pair: Int, part: Int, of parts: Int, slot: Int, into place: Int) {
    let geometry = product.geometry
    let panel = product.panels[pair]
    let half = product.halfBytes
    let sums = addresses.scratch + memory.weights + slot * Strassen.sums * memory.weightStride
    let left = addresses.weights + geometry.weightOffset(panel) * 4
    let right = addresses.weights + geometry.weightOffset(product.panels[pair + product.pairs]) * 4
    for depth in 0..<upper.depthCount {
      let channels = upper.channels(ofDepth: depth)
      let first = channels.lowerBound * panel.vectors * geometry.vectorBytes
      let quarters = (left + first, left + half + first, right + first, right + half + first)
      func multiply(_ index: Int, by weights: Int, minus subtrahend: Int? = nil) {
        // The lower half has a row less where their number is odd.
        let plan = index == 3 ? lower : upper
        plan.run(
          TileAddresses(
            x: input(index), weights: weights, bias: 0,
            result: place + index * memory.productStride
              - panel.firstVector * plan.geometry.vectorStride),
          panel: pair, depth: depth,
          strips: plan.stripCount * part / parts..<plan.stripCount * (part + 1) / parts,
          prefetched: share(index, pair: pair, depth: depth),
          difference: subtrahend.map { ($0, sums + (index - 3) * memory.weightStride) })
      }
      multiply(0, by: quarters.0)
      multiply(1, by: quarters.1)
      multiply(2, by: quarters.3)
      multiply(4, by: quarters.2, minus: quarters.0)
      multiply(5, by: quarters.3, minus: sums + memory.weightStride)
      multiply(3, by: quarters.1, minus: sums + 2 * memory.weightStride)
      multiply(6, by: quarters.3, minus: quarters.2)
    }
  }

  /// The left factor of a product.
  private func input(_ product: Int) -> Int {
    let right = self.product.geometry.channels / 2 * 4
    let first = addresses.scratch
    let second = first + memory.sumRows
    return switch product {
    case 0: x
    case 1: x + right
    case 2: second + right
    case 3: x + (chunk.count + 1) / 2 * xStride + right
    case 4: first
    case 5: first + right
    default: second
    }
  }

  /// Where the part of the next run of depth begins that is asked for beside a product.
  private func share(_ index: Int, pair: Int, depth: Int) -> Int {
    let isLast = depth + 1 == upper.depthCount
    let pair = isLast ? (pair + 1) % product.pairs : pair
    let channels = upper.channels(ofDepth: isLast ? 0 : depth + 1)
    let (quarter, rest) = (index * 4).quotientAndRemainder(dividingBy: Strassen.products)
    let panel = product.panels[quarter < 2 ? pair : pair + product.pairs]
    let bytes = panel.vectors * product.geometry.vectorBytes
    return addresses.weights + product.geometry.weightOffset(panel) * 4
      + quarter % 2 * product.halfBytes + channels.lowerBound * bytes
      + channels.count * bytes * rest / Strassen.products / 64 * 64
  }

  /// y of some rows of both halves, in a pair of panels.
  private func finish(pair: Int, rows: Range<Int>, from place: Int) {
    let pairs = chunk.count / 2
    let whole = rows.clamped(to: 0..<pairs)
    if !whole.isEmpty { store(pair, whole, place, product.outputKernels[0]) }
    let rest = rows.clamped(to: pairs..<max(rows.upperBound, pairs))
    if !rest.isEmpty { store(pair, rest, place, product.outputKernels[1]) }
  }

  private func store(_ pair: Int, _ rows: Range<Int>, _ place: Int, _ kernel: Kernel) {
    typealias Parameter = StrassenOutputSpecification.Parameter
    let geometry = product.geometry
    let panel = product.panels[pair]
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
      set(.productVectorStride, upper.geometry.vectorStride)
      set(.vectorStride, geometry.vectorStride)
      set(.right, geometry.outVectors / 2 * geometry.vectorStride)
      set(.lower, (chunk.count + 1) / 2 * geometry.resultStride)
      for (index, broadcast) in broadcasts.enumerated() {
        let shift =
          switch broadcast {
          case .full:
            addresses.item + chunk.lowerBound * geometry.resultStride + offset
          case .channel, .image: channels
          case .scalar: 0
          }
        let base = unsafe Int(bitPattern: addresses.operands[index].base)
        unsafe call[Parameter.operands.rawValue + index] = base + shift
      }
      if let base = call.baseAddress { unsafe kernel.call(base) }
    }
  }
}
