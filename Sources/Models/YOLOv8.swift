import MartletNN
import MartletOps
import MartletTensor

/// A network that finds things in pictures (Jocher et al. 2023), with Ultralytics' names:
/// `[N, 3, H, W] -> [N, 4 + classes, A]`, H and W multiples of 32.
///
///     let model = YOLOv8(.n)
///     try model.load("yolov8n.safetensors")  // the state_dict of Ultralytics' DetectionModel
///     let traced = try trace(model.eval(), picture)
///
/// Pixels are red, green and blue from 0 to 1. The result is what Ultralytics' TorchScript export
/// gives: for each of A places a box's centre, width and height in pixels, and a probability for
/// each class. `YOLOv8Segment`, `YOLOv8Pose` and `YOLOv8Classify` have other heads.
///
/// A trace fixes the picture's size, as Ultralytics' export does, unless the network is dynamic.
public final class YOLOv8: Module {
  public let model: YOLOv8Stages<Detect>
  public let numClasses: Int

  /// - Parameter isDynamic: whether a trace computes the places of its boxes from the picture's
  ///   size in every run (`dynamic=True`), in place of holding them as constants.
  public init(_ scale: YOLOv8Scale = .n, numClasses: Int = 80, isDynamic: Bool = false) {
    self.numClasses = numClasses
    model = YOLOv8Stages(scale.checked) {
      Detect(classCount: max(numClasses, 1), channels: $0, isDynamic: isDynamic)
    }
    super.init()
    model.head.initializeBiases()
    requireYOLOv8(scale, numClasses)
  }

  public override class var torchTypeName: String { "ultralytics.nn.tasks.DetectionModel" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try requirePicture(x)
    return try model.head(model.features(x))
  }
}

/// A YOLOv8 that finds things and the pixels that belong to them:
/// `[N, 3, H, W] -> ([N, 4 + classes + masks, A], [N, masks, H / 4, W / 4])`, H and W multiples of
/// 32.
///
/// Beside what `YOLOv8` gives, each place has weights by which the prototypes, the second result,
/// are mixed to its mask.
public final class YOLOv8Segment: Module {
  public let model: YOLOv8Stages<YOLOv8.Segment>
  public let numClasses, maskCount: Int

  /// - Parameters:
  ///   - maskCount: how many prototypes there are.
  ///   - prototypeChannels: the channels of the layers before them, at full width.
  ///   - isDynamic: as for `YOLOv8`.
  public init(
    _ scale: YOLOv8Scale = .n, numClasses: Int = 80, maskCount: Int = 32,
    prototypeChannels: Int = 256, isDynamic: Bool = false
  ) {
    self.numClasses = numClasses
    self.maskCount = maskCount
    let hidden = scale.checked.channels(max(prototypeChannels, 1))
    model = YOLOv8Stages(scale.checked) {
      YOLOv8.Segment(
        classCount: max(numClasses, 1), maskCount: max(maskCount, 1), prototypeChannels: hidden,
        channels: $0, isDynamic: isDynamic)
    }
    super.init()
    model.head.initializeBiases()
    requireYOLOv8(scale, numClasses, maskCount, prototypeChannels)
  }

  public override class var torchTypeName: String { "ultralytics.nn.tasks.SegmentationModel" }

  public func forward(_ x: Tensor) throws -> (Tensor, Tensor) {
    try requirePicture(x)
    return try model.head(model.features(x))
  }
}

/// A YOLOv8 that finds things and the places of their parts:
/// `[N, 3, H, W] -> [N, 4 + classes + keypoints * dimensions, A]`, H and W multiples of 32.
///
/// Beside what `YOLOv8` gives, each place has for each key point x and y in pixels and, with three
/// dimensions, the probability that it can be seen.
public final class YOLOv8Pose: Module {
  public let model: YOLOv8Stages<YOLOv8.Pose>
  public let numClasses, keypoints, dimensions: Int

  /// - Parameters:
  ///   - keypoints: how many there are; the usual ones are a person's, as COCO names them.
  ///   - dimensions: 2 or 3 numbers for each.
  ///   - isDynamic: as for `YOLOv8`.
  public init(
    _ scale: YOLOv8Scale = .n, numClasses: Int = 1, keypoints: Int = 17, dimensions: Int = 3,
    isDynamic: Bool = false
  ) {
    self.numClasses = numClasses
    self.keypoints = keypoints
    self.dimensions = dimensions
    model = YOLOv8Stages(scale.checked) {
      YOLOv8.Pose(
        classCount: max(numClasses, 1), keypoints: max(keypoints, 1),
        dimensions: dimensions == 2 ? 2 : 3, channels: $0, isDynamic: isDynamic)
    }
    super.init()
    model.head.initializeBiases()
    requireYOLOv8(scale, numClasses, keypoints)
    require(
      dimensions == 2 || dimensions == 3, "expected 2 or 3 numbers a key point, got \(dimensions)")
  }

  public override class var torchTypeName: String { "ultralytics.nn.tasks.PoseModel" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try requirePicture(x)
    return try model.head(model.features(x))
  }
}

/// A YOLOv8 that names pictures: `[N, 3, H, W] -> [N, classes]`, probabilities; logits in training.
public final class YOLOv8Classify: Module {
  public let model: YOLOv8Stages<YOLOv8.Classify>
  public let numClasses: Int

  /// - Parameter norm: the constants of batch norms, which no file of weights holds. Ultralytics
  ///   makes classifiers with PyTorch's own.
  public init(
    _ scale: YOLOv8Scale = .n, numClasses: Int = 1000, norm: YOLOv8.Norm = .standard
  ) {
    self.numClasses = numClasses
    var uncut = scale.checked
    uncut.maxChannels = 1024
    model = YOLOv8Stages(classifier: uncut, norm: norm) {
      YOLOv8.Classify($0, max(numClasses, 1), norm: norm)
    }
    super.init()
    requireYOLOv8(scale, numClasses)
  }

  public override class var torchTypeName: String { "ultralytics.nn.tasks.ClassificationModel" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try model.head(model.features(x)[0])
  }
}

extension ModuleBase {
  /// Checks what a network is made of; counts are of classes, masks or key points.
  fileprivate func requireYOLOv8(_ scale: YOLOv8Scale, _ counts: Int...) {
    require(scale.problem == nil, scale.problem ?? "")
    require(
      counts.allSatisfy { (1...65_536).contains($0) },
      "expected counts from 1 to 65536, got \(counts)")
  }

  /// - Throws: `MartletError` of kind `.shape` for what the grids do not divide.
  fileprivate func requirePicture(_ x: Tensor) throws {
    let sizes = x.sizes
    guard sizes.count == 4, sizes[1] == 3, sizes[2] > 0, sizes[3] > 0, sizes[2] % 32 == 0,
      sizes[3] % 32 == 0
    else {
      throw MartletError(
        .shape, "expected pictures of sizes [N, 3, H, W], H and W multiples of 32, got \(sizes)")
    }
  }
}
