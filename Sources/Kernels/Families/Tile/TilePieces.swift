/// How a layer's work is dealt to threads: by image, strips and panels.
///
/// Sums do not depend on it: each is made by one call after the other, in the same order.
struct TilePieces: Sendable {
  struct Piece {
    let image: Int
    let panels: Range<Int>
    let strips: Range<Int>
  }

  private let panelCount: Int
  private let stripCount: Int
  private let panelStep: Int
  private let stripStep: Int
  private let panelParts: Int
  private let stripParts: Int
  let count: Int

  init(_ plan: TilePlan, images: Int, threads: Int) {
    panelCount = plan.panels.count
    stripCount = plan.stripCount
    let geometry = plan.geometry
    let input = Double(geometry.inputBytes)
    let weights = Double(plan.weightCount * 4)
    var strips = plan.stripParts
    var panels = 1
    let wanted = threads <= 1 ? 1 : min(threads * 4, 64)
    while images * panels * strips < wanted {
      // Cut what costs less to read twice.
      let canPanels = panels < panelCount
      let canStrips = strips < stripCount
      if !canPanels && !canStrips { break }
      if canPanels && (!canStrips || weights / Double(panels) >= input / Double(strips)) {
        panels = min(panels * 2, panelCount)
      } else {
        strips = min(strips * 2, stripCount)
      }
    }
    panelStep = (panelCount + panels - 1) / panels
    stripStep = (stripCount + strips - 1) / strips
    panelParts = (panelCount + panelStep - 1) / panelStep
    stripParts = (stripCount + stripStep - 1) / stripStep
    count = images * panelParts * stripParts
  }

  subscript(index: Int) -> Piece {
    let panel = index % panelParts * panelStep
    let strip = index / panelParts % stripParts * stripStep
    return Piece(
      image: index / (panelParts * stripParts),
      panels: panel..<min(panel + panelStep, panelCount),
      strips: strip..<min(strip + stripStep, stripCount))
  }
}
