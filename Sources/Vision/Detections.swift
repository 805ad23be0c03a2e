import MartletTensor

/// What a network found in one picture, best first: Ultralytics' post-processing.
///
///     let outputs = try program.run([input])
///     let found = try detections(rawOutputs: outputs, task: .detect, letterbox: letterbox)
///
/// - Parameters:
///   - rawOutputs: the network's results for one picture; `DetectionTask` tells their sizes.
///   - letterbox: how the picture lay in the network's input.
///   - isEndToEnd: whether the network drops overlapping boxes itself, and gives
///     `[N, count, 6 + …]` with sides, score and class; nil when its last size being 6 tells.
/// - Throws: `MartletError` of kind `.shape` when the outputs are not such a network's, `.dtype`
///   when they are not numbers with fractions.
public func detections(
  rawOutputs: [Tensor], task: DetectionTask, letterbox: Letterbox,
  options: DetectionOptions = DetectionOptions(), isEndToEnd: Bool? = nil
) throws -> [Detection] {
  try detections(
    rawOutputs: rawOutputs, task: task, letterboxes: [letterbox], options: options,
    isEndToEnd: isEndToEnd)[0]
}

/// What a network found in each picture of a batch, best first; as `detections` for one.
///
/// - Parameter letterboxes: one for each picture of the batch.
public func detections(
  rawOutputs: [Tensor], task: DetectionTask, letterboxes: [Letterbox],
  options: DetectionOptions = DetectionOptions(), isEndToEnd: Bool? = nil
) throws -> [[Detection]] {
  try options.check()
  let outputs = try RawOutputs(rawOutputs, task, isEndToEnd: isEndToEnd)
  guard outputs.pictureCount == letterboxes.count else {
    throw MartletError(
      .shape,
      "expected raw outputs for \(letterboxes.count) pictures, got \(rawOutputs[0].shape)")
  }
  return letterboxes.indices.map { outputs.detections(in: $0, letterboxes[$0], options) }
}

/// Raw outputs whose sizes fit their task.
struct RawOutputs {
  private let task: DetectionTask
  private let isEndToEnd: Bool
  private let values: [Float]
  private let sizes: [Int]
  private let prototypes: [Float]
  /// `[N, masks, H, W]` of the prototypes.
  private let prototypeSizes: [Int]
  /// The channels before masks or key points.
  private let firstExtra: Int

  var pictureCount: Int { sizes[0] }

  init(_ outputs: [Tensor], _ task: DetectionTask, isEndToEnd: Bool?) throws {
    guard let raw = outputs.first, raw.dim == 3 else {
      let got = Self.sizes(outputs)
      let advice = outputs.first?.dim == 2 ? "; a classifier's is for classify" : ""
      throw MartletError(
        .shape, "expected a raw output of sizes [N, 4 + classes, anchors], got \(got)\(advice)")
    }
    self.task = task
    sizes = raw.sizes
    self.isEndToEnd = isEndToEnd ?? (sizes[2] == 6)
    var extras = 0
    switch task {
    case .detect:
      (prototypes, prototypeSizes) = ([], [])
    case .segment:
      guard outputs.count > 1, outputs[1].dim == 4, outputs[1].sizes[0] == sizes[0] else {
        let got = Self.sizes(outputs)
        throw MartletError(
          .shape, "expected prototypes of sizes [\(sizes[0]), masks, H, W] beside boxes, got \(got)"
        )
      }
      prototypes = try Self.floats(outputs[1])
      prototypeSizes = outputs[1].sizes
      extras = prototypeSizes[1]
    case .pose(let keypoints, let dimensions):
      guard keypoints >= 0, keypoints <= 1 << 20, dimensions == 2 || dimensions == 3 else {
        throw MartletError(
          .argument, "expected key points of 2 or 3 numbers, got \(keypoints) of \(dimensions)")
      }
      (prototypes, prototypeSizes) = ([], [])
      extras = keypoints * dimensions
    }
    let channels = self.isEndToEnd ? sizes[2] : sizes[1]
    firstExtra = channels - extras
    guard self.isEndToEnd ? firstExtra == 6 : firstExtra > 4 else {
      let wanted = self.isEndToEnd ? "[N, boxes, \(6 + extras)]" : "[N, \(4 + extras) + classes, A]"
      throw MartletError(.shape, "expected a raw output of sizes \(wanted), got \(raw.shape)")
    }
    values = try Self.floats(raw)
  }

  private static func sizes(_ outputs: [Tensor]) -> String {
    outputs.isEmpty ? "none" : outputs.map { "\($0.shape)" }.joined(separator: ", ")
  }

  private static func floats(_ tensor: Tensor) throws -> [Float] {
    guard tensor.dtype.isFloatingPoint else {
      throw MartletError(.dtype, "expected raw outputs of floats, got \(tensor.dtype)")
    }
    let tensor = tensor.dtype == .float32 ? tensor : try tensor.converted(to: .float32)
    return try tensor.array()
  }

  func detections(
    in picture: Int, _ letterbox: Letterbox, _ options: DetectionOptions
  ) -> [Detection] {
    let predictions = Predictions(
      values: values, picture: picture, sizes: sizes, isAnchorFirst: isEndToEnd)
    let kept =
      isEndToEnd
      ? predictions.finished(options)
      : Suppression.kept(
        predictions.candidates(classes: firstExtra - 4, options), options)
    return kept.compactMap { candidate in
      var found = Detection(
        box: letterbox.pictureBox(from: candidate.box), label: candidate.label,
        score: candidate.score)
      switch task {
      case .detect: break
      case .segment:
        let masks = MaskMaker(
          prototypes: prototypes, picture: picture, sizes: prototypeSizes, letterbox: letterbox)
        let weights = predictions.extras(of: candidate.anchor, from: firstExtra)
        let mask =
          options.maskResolution == .input
          ? masks.inputMask(weights, in: candidate.box)
          : masks.pictureMask(weights, in: found.box)
        // A thing without a pixel is none.
        guard mask.pixels.contains(true) else { return nil }
        found.mask = mask
      case .pose(_, let dimensions):
        let numbers = predictions.extras(of: candidate.anchor, from: firstExtra)
        found.keypoints = stride(from: 0, to: numbers.count, by: dimensions).map { first in
          Keypoint(
            x: letterbox.pictureX(from: numbers[first]),
            y: letterbox.pictureY(from: numbers[first + 1]),
            score: dimensions == 3 ? numbers[first + 2] : nil)
        }
      }
      return found
    }
  }
}
