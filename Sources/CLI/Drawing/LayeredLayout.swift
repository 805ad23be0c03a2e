/// Places the boxes of a graph without cycles in layers, so that arrows point downwards.
///
/// After Sugiyama, Tagawa and Toda (1981): layers by the longest way from an input; points where
/// a line passes a layer; their order by the medians of their neighbours, sweep after sweep; then
/// places as near to the neighbours' mean as the order allows, by isotonic regression; runs
/// without branches in one column.
struct LayeredLayout {
  /// A box, or a point where an arrow passes a layer.
  private struct Place {
    let layer: Int
    let width: Double
    var above: [Int] = []
    var below: [Int] = []
    var isPoint = false
    var x = 0.0
  }

  /// All arrows from one box: a line that passes layers, and leaves it to the boxes that take
  /// what the box gives.
  struct Bundle {
    let from: Int
    /// The middles of where it passes, a layer each, from the one below the box on.
    fileprivate(set) var points: [Double] = []
    fileprivate(set) var targets: [Int] = []
    fileprivate var places: [Int] = []
  }

  /// The boxes' middles.
  private(set) var x: [Double] = []
  private(set) var layer: [Int] = []
  private(set) var bundles: [Bundle] = []
  private(set) var layerCount = 0
  /// How wide all of it is; every box lies between 0 and this.
  private(set) var width = 0.0

  private var places: [Place] = []
  private var rows: [[Int]] = []
  private let gap: Double

  /// - Parameters:
  ///   - sources: the boxes before each box, with lower numbers than its own.
  ///   - widths: of the boxes.
  ///   - gap: between neighbours of a layer.
  init(sources: [[Int]], widths: [Double], gap: Double) {
    self.gap = gap
    layer = Self.layers(sources)
    layerCount = (layer.max() ?? -1) + 1
    places = zip(layer, widths).map { Place(layer: $0, width: $1) }
    connect(sources)
    rows = Array(repeating: [], count: layerCount)
    for index in places.indices { rows[places[index].layer].append(index) }
    order()
    approach()
    straighten()
    finish(boxCount: sources.count)
  }

  private static func layers(_ sources: [[Int]]) -> [Int] {
    var layer = sources.map { _ in 0 }
    var firstUse = sources.map { _ in Int.max }
    for index in sources.indices {
      layer[index] = (sources[index].map { layer[$0] }.max() ?? -1) + 1
      for source in sources[index] { firstUse[source] = min(firstUse[source], layer[index]) }
    }
    // What needs nothing stands right above what takes it.
    for index in sources.indices where sources[index].isEmpty && firstUse[index] != .max {
      layer[index] = firstUse[index] - 1
    }
    return layer
  }

  private mutating func connect(_ sources: [[Int]]) {
    bundles = sources.indices.map { Bundle(from: $0) }
    for (index, before) in sources.enumerated() {
      for source in before { bundles[source].targets.append(index) }
    }
    for index in bundles.indices {
      var last = index
      let start = layer[index] + 1
      let end = bundles[index].targets.map { layer[$0] }.max() ?? start
      for passed in start..<max(end, start) {
        places.append(Place(layer: passed, width: 1, isPoint: true))
        link(last, places.count - 1)
        last = places.count - 1
        bundles[index].places.append(last)
      }
      for target in bundles[index].targets {
        let passed = layer[target] - start
        link(passed > 0 ? bundles[index].places[passed - 1] : index, target)
      }
    }
  }

  private mutating func link(_ upper: Int, _ lower: Int) {
    places[upper].below.append(lower)
    places[lower].above.append(upper)
  }

  /// Orders the layers so that few arrows cross.
  private mutating func order() {
    var position = [Int](repeating: 0, count: places.count)
    func note(_ row: [Int]) { for (index, place) in row.enumerated() { position[place] = index } }
    rows.forEach(note)
    for sweep in 0..<12 {
      let isDown = sweep % 2 == 0
      for number in isDown ? Array(rows.indices) : rows.indices.reversed() {
        let keys = rows[number].map { place -> Double in
          let neighbours = isDown ? places[place].above : places[place].below
          guard !neighbours.isEmpty else { return Double(position[place]) }
          let found = neighbours.map { position[$0] }.sorted()
          let middle = found.count / 2
          return found.count % 2 == 1
            ? Double(found[middle]) : Double(found[middle - 1] + found[middle]) / 2
        }
        // Equal ones stay as they were.
        rows[number] = zip(rows[number], keys).enumerated()
          .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element.0)
        note(rows[number])
      }
    }
  }

  /// Moves places towards their neighbours' mean, most of all the points of one arrow.
  private mutating func approach() {
    for row in rows {
      var left = 0.0
      for place in row {
        places[place].x = left + places[place].width / 2
        left += places[place].width + gap
      }
      for place in row { places[place].x -= left / 2 }
    }
    for sweep in 0..<24 {
      let isDown = sweep % 2 == 0
      // The last ones look both ways.
      let isLast = sweep >= 16
      for number in isDown ? Array(rows.indices) : rows.indices.reversed() {
        let row = rows[number]
        var wishes: [(x: Double, weight: Double)] = []
        for place in row {
          let here = places[place]
          let neighbours = isLast ? here.above + here.below : isDown ? here.above : here.below
          var (sum, weight) = (0.0, 0.0)
          for other in neighbours {
            // Boxes stay below each other; an arrow that passes them by bends out of the way.
            let share =
              here.isPoint == places[other].isPoint ? (here.isPoint ? 8.0 : 4) : 1
            sum += share * places[other].x
            weight += share
          }
          wishes.append(weight > 0 ? (sum / weight, weight) : (here.x, 0.1))
        }
        for (place, x) in zip(row, fitted(row, wishes)) { places[place].x = x }
      }
    }
  }

  /// The places nearest to the wishes, by weighted squares, in order and apart.
  private func fitted(_ row: [Int], _ wishes: [(x: Double, weight: Double)]) -> [Double] {
    var offsets: [Double] = []
    for (index, place) in row.enumerated() {
      let before = index > 0 ? row[index - 1] : place
      let distance = index > 0 ? (places[before].width + places[place].width) / 2 + gap : 0
      offsets.append((offsets.last ?? 0) + distance)
    }
    // Neighbours that would overlap become a block that moves as one.
    var blocks: [(mean: Double, weight: Double, count: Int)] = []
    for (wish, offset) in zip(wishes, offsets) {
      var block = (mean: wish.x - offset, weight: wish.weight, count: 1)
      while let last = blocks.last, last.mean > block.mean {
        blocks.removeLast()
        let weight = last.weight + block.weight
        block = (
          (last.mean * last.weight + block.mean * block.weight) / weight, weight,
          last.count + block.count
        )
      }
      blocks.append(block)
    }
    let means = blocks.flatMap { Array(repeating: $0.mean, count: $0.count) }
    return zip(means, offsets).map { $0 + $1 }
  }

  /// Brings each run of places that follow one another alone into one column, where it is free.
  private mutating func straighten() {
    var position = [Int](repeating: 0, count: places.count)
    for row in rows { for (index, place) in row.enumerated() { position[place] = index } }
    var runs: [[Int]] = []
    for place in places.indices where follows(places[place].above.first) != place {
      var run = [place]
      while let last = run.last, let next = follows(last) { run.append(next) }
      if run.count > 1 { runs.append(run) }
    }
    for _ in 0..<2 {
      for run in runs { align(run[...], position) }
    }
  }

  /// The place below where no other way leads from one to the other; of a line, its next point.
  private func follows(_ place: Int?) -> Int? {
    guard let place else { return nil }
    let below = places[place].below
    if places[place].isPoint, let next = below.first(where: { places[$0].isPoint }) { return next }
    guard below.count == 1, places[below[0]].above.count == 1 else { return nil }
    return below[0]
  }

  private mutating func align(_ run: ArraySlice<Int>, _ position: [Int]) {
    guard run.count > 1 else { return }
    var (least, most) = (-Double.infinity, Double.infinity)
    for place in run {
      let (row, index) = (rows[places[place].layer], position[place])
      func distance(_ other: Int) -> Double {
        (places[other].width + places[place].width) / 2 + gap
      }
      if index > 0 { least = max(least, places[row[index - 1]].x + distance(row[index - 1])) }
      if index + 1 < row.count {
        most = min(most, places[row[index + 1]].x - distance(row[index + 1]))
      }
    }
    guard least <= most else {
      let middle = run.startIndex + run.count / 2
      align(run[..<middle], position)
      align(run[middle...], position)
      return
    }
    let mean = run.reduce(0) { $0 + places[$1].x } / Double(run.count)
    for place in run { places[place].x = min(max(mean, least), most) }
  }

  private mutating func finish(boxCount: Int) {
    let left = places.map { $0.x - $0.width / 2 }.min() ?? 0
    width = (places.map { $0.x + $0.width / 2 }.max() ?? 0) - left
    for index in places.indices { places[index].x -= left }
    x = places.prefix(boxCount).map(\.x)
    for index in bundles.indices {
      bundles[index].points = bundles[index].places.map { places[$0].x }
    }
    places = []
    rows = []
  }
}
