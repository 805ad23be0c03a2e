import MartletTensor

/// What a network that finds things gives, which decides how its raw outputs are read.
public enum DetectionTask: Sendable, Hashable {
  /// Boxes: `[N, 4 + classes, anchors]`.
  case detect
  /// Boxes and what mixes their masks, `[N, 4 + classes + masks, anchors]`; and the prototypes
  /// that are mixed, `[N, masks, H, W]`.
  case segment
  /// Boxes and key points: `[N, 4 + classes + keypoints * dimensions, anchors]`; dimensions are 2
  /// (x, y) or 3 (and whether the part can be seen).
  case pose(keypoints: Int, dimensions: Int)
}

/// What is kept of the many boxes that a network proposes. The defaults are those of
/// Ultralytics' `predict`.
public struct DetectionOptions: Sendable, Hashable {
  /// Boxes with this score or a lower one are dropped.
  public var confidence: Float = 0.25
  /// Of two boxes of one class that share more than this part, the weaker one is dropped.
  public var iou: Double = 0.7
  /// The most things found in one picture, best first.
  public var maximumCount = 300
  /// The most boxes that are compared with one another, best first.
  public var maximumCandidates = 30_000
  /// Whether boxes drop one another whatever their classes.
  public var isClassAgnostic = false
  /// The classes that are looked for; nil for all.
  public var classes: Set<Int>?
  /// Whether a box counts for every class above the threshold, and not only for its best one, as
  /// when a network's mAP is measured (`multi_label`).
  public var allowsSeveralLabels = false
  /// The pixels of which masks are made.
  public var maskResolution = MaskResolution.picture

  /// The pixels of which masks are made.
  public enum MaskResolution: Sendable, Hashable {
    /// The picture's own (Ultralytics' `retina_masks=True`).
    case picture
    /// Those of the network's input, padding included (Ultralytics' default).
    case input
  }

  public init(
    confidence: Float = 0.25, iou: Double = 0.7, maximumCount: Int = 300,
    isClassAgnostic: Bool = false, classes: Set<Int>? = nil
  ) {
    self.confidence = confidence
    self.iou = iou
    self.maximumCount = maximumCount
    self.isClassAgnostic = isClassAgnostic
    self.classes = classes
  }

  /// - Throws: `MartletError` of kind `.argument` when a threshold is not from 0 to 1.
  func check() throws {
    for (name, value) in [("confidence", Double(confidence)), ("IoU", iou)]
    where !(value >= 0 && value <= 1) {
      throw MartletError(.argument, "expected a threshold of \(name) from 0 to 1, got \(value)")
    }
  }
}
