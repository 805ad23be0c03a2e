/// An output row of a sliding window, as a kernel works through it: groups of neighbouring
/// pixels that are computed together in registers.
///
/// Which taps lie inside the image is part of the kernel; how often its groups follow each other
/// is not, so that images of many widths share one.
struct WindowColumns: Sendable, Hashable {
  struct Pixel: Sendable, Hashable {
    /// The window's columns inside the image.
    var taps: Range<Int>
    /// The columns that an average counts.
    var extent: Int
  }

  struct Group: Sendable, Hashable {
    var pixels: [Pixel]
    /// Whether the group is repeated as often as a parameter says.
    var repeats: Bool
  }

  let groups: [Group]

  /// How often each repeated group follows itself in this image.
  static func plan(
    _ window: WindowGeometry, limit: Int, countsPadding: Bool = false
  ) -> (columns: WindowColumns, counts: [Int]) {
    var lists: [[Pixel]] = []
    var next = 0
    for size in sizes(window.outWidth, limit: limit) {
      lists.append(
        (next..<(next + size)).map { pixel(window, $0, countsPadding: countsPadding) })
      next += size
    }
    let whole = Pixel(taps: 0..<window.kernelWidth, extent: window.kernelWidth)
    var groups: [Group] = []
    var counts: [Int] = []
    for list in lists {
      let repeats = list.allSatisfy { $0 == whole }
      if repeats, let last = groups.last, last.repeats, last.pixels == list {
        counts[counts.count - 1] += 1
      } else {
        groups.append(Group(pixels: list, repeats: repeats))
        if repeats { counts.append(1) }
      }
    }
    return (WindowColumns(groups: groups), counts)
  }

  /// Up to three groups about as large as each other; of more, those between the first and the
  /// last are as large as can be, so that they are one loop.
  private static func sizes(_ width: Int, limit: Int) -> [Int] {
    let parts = (width + limit - 1) / limit
    if parts <= 3 { return (0..<parts).map { (width + $0) / parts } }
    let rest = width - (parts - 2) * limit
    return [rest / 2] + Array(repeating: limit, count: parts - 2) + [rest - rest / 2]
  }

  private static func pixel(
    _ window: WindowGeometry, _ column: Int, countsPadding: Bool
  ) -> Pixel {
    let left = column * window.strideX - window.padX
    let taps = taps(left, window.kernelWidth, window.dilationX, window.width)
    let padded = min(left + window.kernelWidth, window.width + window.padX) - left
    return Pixel(taps: taps, extent: countsPadding ? max(padded, 0) : taps.count)
  }

  /// The taps of a window that begins at `start` which lie in `0..<size`.
  static func taps(_ start: Int, _ count: Int, _ dilation: Int, _ size: Int) -> Range<Int> {
    let first = start >= 0 ? 0 : (-start + dilation - 1) / dilation
    let end = start >= size ? 0 : (size - 1 - start) / dilation + 1
    let low = min(first, count)
    return low..<max(min(end, count), low)
  }

  var repeatedCount: Int { groups.count { $0.repeats } }

  /// How many pixels each group has, for a kernel's name.
  var name: String {
    groups.map { "\($0.pixels.count)\($0.repeats ? "r" : "")" }.joined(separator: "x")
  }

  /// Writes each group's pixels, in a loop where it is repeated.
  ///
  /// - Parameter counts: how often each repeated group follows itself.
  func forEachGroup(
    _ counts: [ScalarRegister], _ b: inout KernelBuilder,
    _ body: ([Pixel], inout KernelBuilder) -> Void
  ) {
    var repeated = 0
    for group in groups {
      if group.repeats {
        let count = b.copy(counts[repeated])
        repeated += 1
        b.loop(count) { b in body(group.pixels, &b) }
      } else {
        body(group.pixels, &b)
      }
    }
  }
}

/// What a kernel's rows need to know of a window, beside its columns.
struct WindowSteps: Sendable, Hashable {
  var kernelWidth: Int
  var strideX: Int
  var padX: Int
  var dilationX: Int

  init(_ window: WindowGeometry) {
    kernelWidth = window.kernelWidth
    strideX = window.strideX
    padX = window.padX
    dilationX = window.dilationX
  }

  /// An input column with the pixels and taps that it meets.
  typealias Column = (column: Int, uses: [(pixel: Int, tap: Int)])

  /// For a kernel's name.
  var name: String { "k\(kernelWidth)s\(strideX)p\(padX)d\(dilationX)" }

  /// The input column that a tap of the group's pixel reads, from the first pixel's first tap.
  func column(pixel: Int, tap: Int) -> Int { pixel * strideX + tap * dilationX }

  /// Every column that the group reads, with the pixels and taps that it meets.
  ///
  /// - Parameter spreads: whether neighbours in the order have no pixel in common, where that can
  ///   be had, so that their sums do not wait for each other.
  func columns(
    of pixels: [WindowColumns.Pixel], spreads: Bool = false
  ) -> [Column] {
    var uses: [Int: [(pixel: Int, tap: Int)]] = [:]
    for (index, pixel) in pixels.enumerated() {
      for tap in pixel.taps {
        uses[column(pixel: index, tap: tap), default: []].append((index, tap))
      }
    }
    let reach = spreads ? (kernelWidth - 1) * dilationX + 1 : 1
    return uses.sorted { ($0.key % reach, $0.key) < ($1.key % reach, $1.key) }
      .map { ($0.key, $0.value) }
  }
}

extension WindowGeometry {
  /// For each row of results, how many of the window's rows lie inside the image, and the bytes to
  /// the first of them in the plane and in a block's weights, which follow a bias.
  ///
  /// - Parameter weightVectors: those of one row of the window.
  func rowTable(lanes: Int, weightVectors: Int) -> [Int] {
    let bytes = lanes * 4
    return (0..<outHeight).flatMap { row in
      let top = row * strideY - padY
      let taps = WindowColumns.taps(top, kernelHeight, dilationY, height)
      let first = top + taps.lowerBound * dilationY
      return [
        taps.count, taps.isEmpty ? 0 : first * width * bytes,
        (1 + taps.lowerBound * weightVectors) * bytes,
      ]
    }
  }
}

/// Cuts planes of rows into tiles of about equal work. Neighbouring tiles belong to the same rows,
/// as the pixels that a convolution deals to one thread lie together.
struct PlaneTiling: Sendable {
  let planes: Int
  let rows: Int
  private let planeParts: Int
  private let rowParts: Int

  /// - Parameter costPerRow: in vector operations.
  init(planes: Int, images: Int, rows: Int, costPerRow: Int) {
    self.planes = planes
    self.rows = rows
    let wanted = min(max(costPerRow, 1) * rows * planes / 8192, 64)
    // Small planes are dealt whole: what one thread reads ahead of its rows belongs to another.
    // So are those of several images, which convolutions deal to threads one by one.
    let isWhole = wanted < 2 || rows < 40 || images > 1
    rowParts = isWhole ? 1 : wanted < 16 ? 2 : wanted < 64 ? 4 : 8
    planeParts = max(min(wanted / rowParts, planes), 1)
  }

  var count: Int { planes == 0 || rows == 0 ? 0 : planeParts * rowParts }

  /// The planes and the rows of each that belong to the tile.
  @inline(__always)
  func part(_ tile: Int) -> (planes: Range<Int>, rows: Range<Int>) {
    let (row, plane) = tile.quotientAndRemainder(dividingBy: planeParts)
    return (
      planes &* plane / planeParts..<planes &* (plane &+ 1) / planeParts,
      rows &* row / rowParts..<rows &* (row &+ 1) / rowParts
    )
  }
}
