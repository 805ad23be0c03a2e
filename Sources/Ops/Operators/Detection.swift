import MartletTensor

/// What torchvision adds for detectors.
package enum Detection {
  package static let operators: [Operator] = [nonMaximumSuppression, roiAlign]

  /// The boxes to keep, best first: each drops those after it that it overlaps by more than the
  /// threshold (intersection over union). `dets: [N, 4]` as x1, y1, x2, y2.
  static let nonMaximumSuppression = Operator(
    "torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    .dataDependent { arguments in
      let (boxes, scores) = (try arguments.tensor("dets"), try arguments.tensor("scores"))
      guard boxes.dim == 2, boxes.sizes[1] == 4 else {
        throw MartletError(
          .shape, "boxes should be a 2d tensor with 4 columns, got \(boxes.sizes)")
      }
      guard scores.dim == 1, scores.count == boxes.sizes[0] else {
        throw MartletError(
          .shape,
          "boxes and scores should have same number of elements in dimension 0, got "
            + "\(boxes.sizes) and \(scores.sizes)")
      }
      guard boxes.dtype == scores.dtype else {
        throw MartletError(
          .dtype,
          "dets should have the same type as scores, got \(boxes.dtype) and \(scores.dtype)")
      }
      try boxes.dtype.requireFloating("nms")
      let threshold = try arguments.double("iou_threshold")
      let kept =
        boxes.dtype == .float64
        ? try suppress(Double.self, boxes, scores, threshold)
        : try suppress(Float.self, boxes, scores, threshold)
      return [.tensor(try Tensor(kept))]
    })

  private static func suppress<T: RealElement>(
    _ type: T.Type, _ boxes: Tensor, _ scores: Tensor, _ threshold: Double
  ) throws -> [Int64] {
    let corners: [T] = try boxes.converted(to: T.dtype).elements()
    let values: [T] = try scores.converted(to: T.dtype).elements()
    // Equal scores keep their order; NaN counts as the best, as in torch.sort.
    let order = values.indices.sorted { i, j in
      let (a, b) = (values[i], values[j])
      if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? i < j : a.isNaN }
      return a == b ? i < j : a > b
    }
    let areas = values.indices.map { i in
      (corners[4 * i + 2] - corners[4 * i]) * (corners[4 * i + 3] - corners[4 * i + 1])
    }
    let limit = T(rounding: threshold)
    var dropped = [Bool](repeating: false, count: values.count)
    var kept: [Int64] = []
    for (place, i) in order.enumerated() where !dropped[i] {
      kept.append(Int64(i))
      for j in order[(place + 1)...] where !dropped[j] {
        let width =
          min(corners[4 * i + 2], corners[4 * j + 2]) - max(corners[4 * i], corners[4 * j])
        let height =
          min(corners[4 * i + 3], corners[4 * j + 3]) - max(corners[4 * i + 1], corners[4 * j + 1])
        let shared = max(width, 0) * max(height, 0)
        if shared / (areas[i] + areas[j] - shared) > limit { dropped[j] = true }
      }
    }
    return kept
  }

  /// Each box of `rois: [K, 5]` (image, x1, y1, x2, y2) of `input: [N, C, H, W]` as a grid of
  /// means of bilinear samples: `[K, C, pooled_height, pooled_width]`.
  static let roiAlign = Operator(
    "torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, "
      + "SymInt pooled_height, SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor",
    .kernel(
      infer: { arguments in
        let (x, boxes) = (try arguments.tensor("input"), try arguments.tensor("rois"))
        guard x.dim == 4 else {
          throw MartletError(.shape, "roi_align expects an input [N, C, H, W], got \(x.sizes)")
        }
        guard boxes.dim == 2, boxes.sizes[1] == 5 else {
          throw MartletError(.shape, "rois must have shape [K, 5], got \(boxes.sizes)")
        }
        guard x.dtype == boxes.dtype else {
          throw MartletError(
            .dtype,
            "roi_align expects input and rois of the same type, got \(x.dtype) and "
              + "\(boxes.dtype)")
        }
        try x.dtype.requireFloating("roi_align")
        let (height, width) = (
          try arguments.int("pooled_height"), try arguments.int("pooled_width")
        )
        guard height >= 0, width >= 0 else {
          throw MartletError(.argument, "roi_align cannot pool to \(height) by \(width)")
        }
        return [TensorSpec([boxes.sizes[0], x.sizes[1], height, width], x.dtype)]
      },
      compute: { arguments, results in
        if results[0].count == 0 { return }
        if results[0].dtype == .float64 {
          try align(Double.self, arguments, results[0])
        } else {
          try align(Float.self, arguments, results[0])
        }
      }))

  private static func align<T: RealElement>(
    _ type: T.Type, _ arguments: Arguments, _ result: Tensor
  ) throws {
    let x = try arguments.tensor("input")
    let boxes: [T] = try arguments.tensor("rois").converted(to: T.dtype).elements()
    let aligner = RegionAligner<T>(
      scale: T(rounding: try arguments.double("spatial_scale")),
      pooled: (result.sizes[2], result.sizes[3]),
      samplingRatio: try arguments.int("sampling_ratio"), isAligned: try arguments.bool("aligned"),
      height: x.sizes[2], width: x.sizes[3])
    let (channels, plane) = (x.sizes[1], x.sizes[2] * x.sizes[3])
    let bins = result.sizes[2] * result.sizes[3]
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        for k in 0..<result.sizes[0] {
          let box = Array(boxes[(5 * k)..<(5 * k + 5)])
          guard box[0] >= 0, box[0] < T(x.sizes[0]) else {
            throw MartletError(
              .index, "roi_align: box \(k) names image \(box[0]) of \(x.sizes[0])")
          }
          let image = Int(box[0])
          for (bin, taps) in aligner.bins(box).enumerated() {
            for c in 0..<channels {
              let start = (image * channels + c) * plane
              var sum = T.zero
              for tap in taps { sum += from[start + tap.position] * tap.weight }
              to[(k * channels + c) * bins + bin] = sum
            }
          }
        }
      }
    }
  }
}
