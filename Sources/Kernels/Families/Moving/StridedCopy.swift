/// Moves elements from one strided place to another, made ready at plan time. Operand 0 of the
/// geometry is the target, operand 1 the source. Elements move as bits, so any type of the right
/// width serves.
package struct StridedCopy: Sendable {
  private let geometry: StridedGeometry
  private let mirror: MirroredCopy?

  /// - Parameter instructionSet: what elements of four bytes may be mirrored with; nil leaves them
  ///   to compiled code.
  package init(_ geometry: StridedGeometry, instructionSet: InstructionSet? = nil) {
    precondition(geometry.strides.count == 2, "two operands")
    self.geometry = geometry
    mirror = MirroredCopy(geometry, instructionSet: instructionSet)
  }

  package var kernelName: String { mirror?.kernelName ?? "copy" }

  /// - Precondition: both operands lie in their memory and do not overlap.
  package func run<Element: BitwiseCopyable & Sendable>(
    _ x: MemorySlice<Element>, into y: MemorySlice<Element>, threads: Int = 1
  ) {
    precondition(
      geometry.reach(0) <= y.count && geometry.reach(1) <= x.count,
      "operand outside its memory")
    if geometry.count == 0 { return }
    if let mirror { return mirror.run(x, into: y, threads: threads) }
    let tiling = geometry.tiling
    ThreadPool.shared.run(
      Run(geometry: geometry, x: x, y: y, tiling: tiling), tiles: tiling.count, threads: threads)
  }

  private struct Run<Element: BitwiseCopyable & Sendable>: TiledWork {
    let geometry: StridedGeometry
    let x, y: MemorySlice<Element>
    let tiling: RowTiling

    func compute(_ tile: Int, slot: Int) {
      let (yStep, xStep) = (geometry.innerStride(0), geometry.innerStride(1))
      var walk: OuterWalk?
      tiling.forEachRow(of: tile) { row, start, count in
        // Rows of a tile follow each other.
        if walk == nil { walk = OuterWalk(geometry, at: row) } else { walk?.advance(geometry) }
        let (yRow, xRow) = (walk?.places.0 ?? 0, walk?.places.1 ?? 0)
        let to = unsafe y.base + yRow + start * yStep
        let from = unsafe x.base + xRow + start * xStep
        if xStep == 1, yStep == 1 {
          unsafe to.update(from: from, count: count)
        } else if xStep == 0, yStep == 1 {
          unsafe to.update(repeating: from.pointee, count: count)
        } else {
          var i = 0
          while i < count {
            unsafe to[i &* yStep] = from[i &* xStep]
            i &+= 1
          }
        }
      }
    }
  }
}

/// Where both operands' rows start, row by row: additions instead of divisions.
private struct OuterWalk {
  private(set) var places = (0, 0)
  // The innermost outer axis and the one around it are counted; others are found by division.
  private var row: Int
  private var position = 0

  init(_ geometry: StridedGeometry, at row: Int) {
    self.row = row
    places = (geometry.start(of: row, 0), geometry.start(of: row, 1))
    let axis = geometry.sizes.count - 2
    if axis >= 0 { position = row % geometry.sizes[axis] }
  }

  @inline(__always)
  mutating func advance(_ geometry: StridedGeometry) {
    row &+= 1
    position &+= 1
    let axis = geometry.sizes.count - 2
    if axis >= 0, position < geometry.sizes[axis] {
      places.0 &+= geometry.strides[0][axis]
      places.1 &+= geometry.strides[1][axis]
    } else {
      self = OuterWalk(geometry, at: row)
    }
  }
}

/// The case where the source is dense along another axis than the target: squares of both, so
/// that either side stays within a few cache lines.
private struct MirroredCopy: Sendable {
  /// The size, and the target's and the source's stride of the axis along which the target is
  /// dense (`rows`) and of the one along which the source is.
  private let rows, columns: Int
  private let xStep, yStep: Int
  /// All other axes.
  private let planes: StridedGeometry
  private let side: Int
  private let columnsAtOnce: Int
  private let kernels: [Kernel]

  init?(_ geometry: StridedGeometry, instructionSet: InstructionSet?) {
    let (sizes, strides) = (geometry.sizes, geometry.strides)
    guard sizes.count >= 2, let across = sizes.indices.first(where: { strides[1][$0] == 1 }),
      let along = sizes.indices.last(where: { strides[0][$0] == 1 }), across != along
    else { return nil }
    rows = sizes[along]
    columns = sizes[across]
    xStep = strides[1][along]
    yStep = strides[0][across]
    let rest = sizes.indices.filter { $0 != across && $0 != along }
    planes = StridedGeometry(
      sizes: rest.map { sizes[$0] } + [1],
      strides: strides.map { own in rest.map { own[$0] } + [1] })
    side = instructionSet?.lanes ?? 16
    columnsAtOnce = 32 * side
    let (rows, columns) = (rows, columns)
    kernels = instructionSet.flatMap { try? Self.kernels($0, rows, columns) } ?? []
  }

  /// For whole bands of rows, and for the last one.
  private static func kernels(
    _ set: InstructionSet, _ rows: Int, _ columns: Int
  ) throws(KernelError) -> [Kernel] {
    func kernel(_ rows: Int) throws(KernelError) -> Kernel {
      try KernelCache.shared.kernel(
        for: MirrorKernel(instructionSet: set, rows: rows, tail: columns % set.lanes))
    }
    if rows < set.lanes { return [try kernel(rows)] }
    let rest = rows % set.lanes
    return rest == 0 ? [try kernel(set.lanes)] : [try kernel(set.lanes), try kernel(rest)]
  }

  var kernelName: String { kernels.first?.name ?? "mirrored copy" }

  func run<Element: BitwiseCopyable & Sendable>(
    _ x: MemorySlice<Element>, into y: MemorySlice<Element>, threads: Int
  ) {
    let bands = (rows + side - 1) / side
    let parts = (columns + columnsAtOnce - 1) / columnsAtOnce
    let units = planes.count * bands * parts
    let unitsPerTile = max(elementsPerTile / (side * min(columnsAtOnce, columns)), 1)
    ThreadPool.shared.run(
      Run(
        copy: self, x: x, y: y, bands: bands, parts: parts, units: units,
        unitsPerTile: unitsPerTile),
      tiles: (units + unitsPerTile - 1) / unitsPerTile, threads: threads)
  }

  private struct Run<Element: BitwiseCopyable & Sendable>: TiledWork {
    let copy: MirroredCopy
    let x, y: MemorySlice<Element>
    let bands, parts, units, unitsPerTile: Int

    func compute(_ tile: Int, slot: Int) {
      let (kernels, planes, side) = (copy.kernels, copy.planes, copy.side)
      let (rows, columns, columnsAtOnce) = (copy.rows, copy.columns, copy.columnsAtOnce)
      let (xStep, yStep) = (copy.xStep, copy.yStep)
      let isNative = MemoryLayout<Element>.size == 4 && !kernels.isEmpty
      for unit in (tile * unitsPerTile)..<min((tile + 1) * unitsPerTile, units) {
        let part = unit % parts
        let band = unit / parts % bands
        let plane = unit / parts / bands
        let column = part * columnsAtOnce
        let count = min(columnsAtOnce, columns - column)
        let row = band * side
        let rowCount = min(side, rows - row)
        let to = unsafe y.base + planes.position(of: plane, 0) + column * yStep + row
        let from = unsafe x.base + planes.position(of: plane, 1) + row * xStep + column
        guard isNative else {
          unsafe copy.mirror(from, into: to, rows: rowCount, columns: count)
          continue
        }
        let kernel = rowCount == min(side, rows) ? kernels[0] : kernels[kernels.count - 1]
        kernel.call(
          with: (
            Int(bitPattern: from), Int(bitPattern: to), xStep * 4, yStep * 4, count / side,
            count % side
          ))
      }
    }
  }

  private func mirror<Element: BitwiseCopyable>(
    _ x: UnsafeMutablePointer<Element>, into y: UnsafeMutablePointer<Element>, rows: Int,
    columns: Int
  ) {
    var first = 0
    while first < columns {
      let end = min(first + side, columns)
      for column in first..<end {
        let target = unsafe y + column &* yStep
        let source = unsafe x + column
        var i = 0
        while i < rows {
          unsafe target[i] = source[i &* xStep]
          i &+= 1
        }
      }
      first = end
    }
  }
}

extension StridedGeometry {
  /// Where the element of that number lies.
  fileprivate func position(of index: Int, _ operand: Int) -> Int {
    start(of: index / inner, operand) + index % inner * innerStride(operand)
  }
}
