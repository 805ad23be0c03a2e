import Martlet
import MartletTensor

/// What an archive of a YOLOv8 from the catalogue says of itself, as Ultralytics' export does, so
/// that `martlet detect` and Ultralytics know what to do with it.
enum CatalogMetadata {
  /// Extra files by name; none for other models.
  static func extraFiles(of name: String, input: Tensor) -> [String: [UInt8]] {
    guard name.hasPrefix("yolov8"), input.dim == 4 else { return [:] }
    let kind = name.split(separator: "-").dropFirst().first ?? ""
    let task = ["seg": "segment", "pose": "pose", "cls": "classify"][kind] ?? "detect"
    let labels = ["pose": ["person"], "classify": []][task] ?? cocoLabels
    var metadata = ModelMetadata(
      task: task, labels: labels, imageWidth: input.sizes[3], imageHeight: input.sizes[2])
    metadata.batch = max(input.sizes[0], 1)
    if task == "pose" { metadata.keypointShape = .init(count: 17, dimensions: 3) }
    return [ModelMetadata.fileName: metadata.encoded()]
  }

  /// The classes of COCO, which a YOLOv8 of 80 classes is trained on.
  private static let cocoLabels = """
    person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,\
    stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,\
    backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,\
    baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,\
    banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,\
    bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,\
    refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush
    """.split(separator: ",").map(String.init)
}
