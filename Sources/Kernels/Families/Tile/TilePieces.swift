/// How a layer's work is dealt to threads: by image, strips and panels.
///
/// Sums do not depend on it: each is made by one call after the other, in the same order.
/// Neighbouring pieces go to the same thread, so that it finds in its own cache what it wrote a
/// step ago.
struct TilePieces: Sendable {
  struct Piece {
    let image: Int
    let panels: Range<Int>
    let strips: Range<Int>
  }

  private let panels: Range<Int>
  private let stripCount: Int
  private var panelParts = 1
  private var stripParts: Int
  /// Whether threads differ in their panels rather than in their strips.
  private var panelsFirst = false
  private let images: Int
  /// As many as take part: one where it would take longer to call another.
  let threads: Int

  /// - Parameter panels: those that are to be computed; nil for all.
  init(_ plan: TilePlan, panels: Range<Int>? = nil, images: Int, threads: Int) {
    self.images = images
    self.panels = panels ?? plan.panels.indices
    stripCount = plan.stripCount
    stripParts = plan.stripParts
    let geometry = plan.geometry
    let weightCount = plan.weightCount * self.panels.count / max(plan.panels.count, 1)
    let weights = Double(weightCount * 4)
    let rate = Double(geometry.lanes * 6)
    let nanoseconds =
      Double(images) * (Double(geometry.lines * geometry.width * weightCount) / rate)
      + weights / 25
    self.threads = nanoseconds < 3000 ? 1 : threads
    if self.threads > 1 && images % threads != 0 && images < 4 * threads {
      let wanted = threads * max(1, min(4, Int(nanoseconds / Double(threads) / 5000)))
      cut(plan, weights: weights, threads: threads, wanted: (wanted + images - 1) / images)
    }
  }

  var count: Int { images * panelParts * stripParts }

  private var panelCount: Int { panels.count }

  /// Each thread gets pixels of its own, or panels where weights are what costs to read twice.
  private mutating func cut(_ plan: TilePlan, weights: Double, threads: Int, wanted: Int) {
    let geometry = plan.geometry
    let images = Double(geometry.inputBytes + geometry.resultBytes)
    panelsFirst = stripCount < threads || weights > 2 * images && panelCount >= threads
    if panelsFirst {
      // A thread reads its panels' weights once, and x again for each of its pieces.
      let more = plan.depthsFirst ? threads : wanted
      panelParts = Self.even(more, of: panelCount, threads)
      stripParts = max(stripParts, Self.second(panelParts, of: stripCount, threads, more))
    } else {
      stripParts = Self.even(stripParts, of: stripCount, threads)
      // Panels that take turns at a run of channels stay together.
      let more = plan.depthsFirst && stripParts % threads == 0 ? stripParts : wanted
      panelParts = Self.second(stripParts, of: panelCount, threads, more)
    }
  }

  /// At least so many parts, as many for each thread, or all where these would not be about equal.
  private static func even(_ least: Int, of count: Int, _ threads: Int) -> Int {
    guard count % threads == 0 || count >= 12 * threads else { return count }
    return min((least + threads - 1) / threads * threads, count)
  }

  /// Parts of the other kind that give as many pieces as wanted, and each thread as many.
  private static func second(_ parts: Int, of count: Int, _ threads: Int, _ wanted: Int) -> Int {
    let more = (wanted + parts - 1) / parts
    let result = parts % threads == 0 ? more : (more + threads - 1) / threads * threads
    return max(min(result, count), 1)
  }

  subscript(index: Int) -> Piece {
    let perImage = panelParts * stripParts
    let rest = index % perImage
    let panel = panelsFirst ? rest / stripParts : rest % panelParts
    let strip = panelsFirst ? rest % stripParts : rest / panelParts
    func part(_ index: Int, of parts: Int, _ range: Range<Int>) -> Range<Int> {
      let first = range.lowerBound
      return first + range.count * index / parts..<first + range.count * (index + 1) / parts
    }
    return Piece(
      image: index / perImage, panels: part(panel, of: panelParts, panels),
      strips: part(strip, of: stripParts, 0..<stripCount))
  }
}
