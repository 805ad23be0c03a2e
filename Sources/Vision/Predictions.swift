import MartletTensor

/// One picture's raw output: for each anchor, columns of numbers.
struct Predictions {
  /// The numbers, anchor by anchor within each channel, or the other way round.
  private let values: [Float]
  private let start: Int
  private let channelStride, anchorStride: Int
  let channelCount, anchorCount: Int

  /// - Parameter isAnchorFirst: `[anchors, channels]` in place of `[channels, anchors]`.
  init(values: [Float], picture: Int, sizes: [Int], isAnchorFirst: Bool) {
    self.values = values
    start = picture * sizes[1] * sizes[2]
    channelCount = isAnchorFirst ? sizes[2] : sizes[1]
    anchorCount = isAnchorFirst ? sizes[1] : sizes[2]
    channelStride = isAnchorFirst ? 1 : anchorCount
    anchorStride = isAnchorFirst ? channelCount : 1
  }

  subscript(channel: Int, anchor: Int) -> Float {
    values[start + channel * channelStride + anchor * anchorStride]
  }

  /// The boxes above the threshold: centre, width and height, then a score for each class.
  func candidates(classes: Int, _ options: DetectionOptions) -> [Candidate] {
    var found: [Candidate] = []
    if options.allowsSeveralLabels && classes > 1 {
      for anchor in 0..<anchorCount {
        for label in 0..<classes where self[4 + label, anchor] > options.confidence {
          add(anchor, label, self[4 + label, anchor], options, to: &found)
        }
      }
      return found
    }
    var best = [Float](repeating: -.infinity, count: anchorCount)
    var labels = [Int32](repeating: 0, count: anchorCount)
    for label in 0..<classes {
      for anchor in 0..<anchorCount {
        let score = self[4 + label, anchor]
        // The first of equals wins, and what is no number stays, as in torch.max.
        if !(score <= best[anchor]) && !best[anchor].isNaN {
          best[anchor] = score
          labels[anchor] = Int32(label)
        }
      }
    }
    for anchor in 0..<anchorCount where best[anchor] > options.confidence {
      add(anchor, Int(labels[anchor]), best[anchor], options, to: &found)
    }
    return found
  }

  private func add(
    _ anchor: Int, _ label: Int, _ score: Float, _ options: DetectionOptions,
    to found: inout [Candidate]
  ) {
    if let classes = options.classes, !classes.contains(label) { return }
    let (x, y) = (self[0, anchor], self[1, anchor])
    let (across, down) = (self[2, anchor] / 2, self[3, anchor] / 2)
    let box = BoundingBox(left: x - across, top: y - down, right: x + across, bottom: y + down)
    found.append(Candidate(box: box, score: score, label: label, anchor: anchor))
  }

  /// The rows of a network that drops overlapping boxes itself: sides, score and class.
  func finished(_ options: DetectionOptions) -> [Candidate] {
    var found: [Candidate] = []
    for row in 0..<anchorCount where self[4, row] > options.confidence {
      guard found.count < options.maximumCount else { break }
      guard let label = Int(exactly: self[5, row]) else { continue }
      if let classes = options.classes, !classes.contains(label) { continue }
      let box = BoundingBox(
        left: self[0, row], top: self[1, row], right: self[2, row], bottom: self[3, row])
      found.append(Candidate(box: box, score: self[4, row], label: label, anchor: row))
    }
    return found
  }

  /// The numbers after the classes, of one anchor.
  func extras(of anchor: Int, from first: Int) -> [Float] {
    (first..<channelCount).map { self[$0, anchor] }
  }
}
