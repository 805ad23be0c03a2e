import MartletModels
import MartletTensor
import MartletTorchScript
import MartletTracer
import MartletVision

/// A model that can say what it does, as Ultralytics' archives do.
public protocol SelfDescribingModel {
  /// - Parameters:
  ///   - imageWidth: of the pictures that the model was traced with, in pixels.
  ///   - labels: the classes' names; nil for those of the data set that such models are usually
  ///     trained on, or else numbers.
  func metadata(imageWidth: Int, imageHeight: Int, labels: [String]?) -> ModelMetadata
}

extension YOLOv8: SelfDescribingModel {
  public func metadata(
    imageWidth: Int, imageHeight: Int, labels: [String]? = nil
  ) -> ModelMetadata {
    ModelMetadata(
      task: "detect", labels: labels ?? usualLabels(numClasses), imageWidth: imageWidth,
      imageHeight: imageHeight)
  }
}

extension YOLOv8Segment: SelfDescribingModel {
  public func metadata(
    imageWidth: Int, imageHeight: Int, labels: [String]? = nil
  ) -> ModelMetadata {
    ModelMetadata(
      task: "segment", labels: labels ?? usualLabels(numClasses), imageWidth: imageWidth,
      imageHeight: imageHeight)
  }
}

extension YOLOv8Pose: SelfDescribingModel {
  public func metadata(
    imageWidth: Int, imageHeight: Int, labels: [String]? = nil
  ) -> ModelMetadata {
    var made = ModelMetadata(
      task: "pose", labels: labels ?? (numClasses == 1 ? ["person"] : usualLabels(numClasses)),
      imageWidth: imageWidth, imageHeight: imageHeight)
    made.keypointShape = ModelMetadata.KeypointShape(count: keypoints, dimensions: dimensions)
    return made
  }
}

extension YOLOv8Classify: SelfDescribingModel {
  public func metadata(
    imageWidth: Int, imageHeight: Int, labels: [String]? = nil
  ) -> ModelMetadata {
    ModelMetadata(
      task: "classify", labels: labels ?? (0..<numClasses).map { "\($0)" },
      imageWidth: imageWidth, imageHeight: imageHeight, stride: 1)
  }
}

private func usualLabels(_ count: Int) -> [String] {
  count == COCO.labels.count ? COCO.labels : (0..<count).map { "\($0)" }
}

extension TracedModule {
  /// Saves the module as an archive that says what it does: `martlet detect` and Ultralytics read
  /// tasks, labels and sizes from it.
  ///
  /// - Throws: as `save(_:extraFiles:)`.
  public func save(_ path: String, metadata: ModelMetadata) throws {
    try save(path, extraFiles: [ModelMetadata.fileName: metadata.encoded()])
  }
}
