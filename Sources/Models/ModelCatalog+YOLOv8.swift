import MartletNN
import MartletTensor

extension ModelCatalog {
  /// Every scale with every head, under Ultralytics' names.
  static var yoloEntries: [Entry] {
    let scales: [(name: String, scale: YOLOv8Scale)] = [
      ("n", .n), ("s", .s), ("m", .m), ("l", .l), ("x", .x),
    ]
    return scales.flatMap { name, scale in
      [
        entry("yolov8\(name)", 640) { YOLOv8(scale) },
        entry("yolov8\(name)-seg", 640) { YOLOv8Segment(scale) },
        entry("yolov8\(name)-pose", 640) { YOLOv8Pose(scale) },
        entry("yolov8\(name)-cls", 224) { YOLOv8Classify(scale) },
      ]
    }
  }

  private static func entry(
    _ name: String, _ side: Int, _ make: @escaping () -> any CatalogModel
  ) -> Entry {
    Entry(name: name, inputs: [([1, 3, side, side], .float32)], make: make)
  }
}

extension YOLOv8: CatalogModel {}
extension YOLOv8Segment: CatalogModel {}
extension YOLOv8Pose: CatalogModel {}
extension YOLOv8Classify: CatalogModel {}
