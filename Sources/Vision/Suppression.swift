/// A box that a network proposes, in pixels of its input, and where it stands in the raw output.
struct Candidate {
  var box: BoundingBox
  var score: Float
  var label: Int
  var anchor: Int
}

/// The best of candidates that overlap (`non_max_suppression`, `torchvision.ops.nms`).
enum Suppression {
  /// How far Ultralytics moves the boxes of a class from those of the one before it, so that
  /// boxes of two classes do not meet. In float32, where it costs far classes some bits.
  private static let classOffset: Float = 7680

  static func kept(_ candidates: [Candidate], _ options: DetectionOptions) -> [Candidate] {
    // Among equal scores the first stays first: Swift's sort is stable.
    var order = candidates.indices.sorted { candidates[$0].score > candidates[$1].score }
    if order.count > options.maximumCandidates {
      order.removeLast(order.count - max(options.maximumCandidates, 0))
    }
    let boxes = order.map { moved(candidates[$0], options) }
    let areas = boxes.map(\.area)
    var isDropped = [Bool](repeating: false, count: order.count)
    var kept: [Candidate] = []
    for first in order.indices where !isDropped[first] {
      guard kept.count < options.maximumCount else { break }
      kept.append(candidates[order[first]])
      let box = boxes[first]
      for other in (first + 1)..<order.count where !isDropped[other] {
        let across = min(box.right, boxes[other].right) - max(box.left, boxes[other].left)
        let down = min(box.bottom, boxes[other].bottom) - max(box.top, boxes[other].top)
        guard across > 0, down > 0 else { continue }
        let shared = across * down
        isDropped[other] = Double(shared / (areas[first] + areas[other] - shared)) > options.iou
      }
    }
    return kept
  }

  private static func moved(_ candidate: Candidate, _ options: DetectionOptions) -> BoundingBox {
    guard !options.isClassAgnostic else { return candidate.box }
    let offset = Float(candidate.label) * classOffset
    let box = candidate.box
    return BoundingBox(
      left: box.left + offset, top: box.top + offset, right: box.right + offset,
      bottom: box.bottom + offset)
  }
}
