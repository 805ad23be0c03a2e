import MartletNN
import MartletOps
import MartletTensor

/// The models by name, for commands and tests.
public enum ModelCatalog {
  /// A model and what it takes.
  public struct Entry {
    public let name: String
    /// One input for each: sizes that make sense, and the dtype; whole numbers are words' numbers.
    public let inputs: [(sizes: [Int], dtype: DType)]
    /// Makes the model with its default sizes, in training mode, from the current generator.
    public let make: () -> any CatalogModel
  }

  /// The names in order.
  public static var names: [String] { entries.map(\.name) }

  /// The model of a name, made from the current generator.
  ///
  /// - Throws: `MartletError` of kind `.argument` as `entry(_:)`.
  public static func make(_ name: String) throws -> any CatalogModel { try entry(name).make() }

  /// - Throws: `MartletError` of kind `.argument` that names those nearest to it, or all, when
  ///   there is none such.
  public static func entry(_ name: String) throws -> Entry {
    guard let found = entries.first(where: { $0.name == name }) else {
      let all = "the models are \(names.joined(separator: ", "))"
      throw MartletError(
        .argument,
        "there is no model '\(name)'" + Suggestions.text(for: name, among: names, or: all))
    }
    return found
  }

  public static var entries: [Entry] {
    images + efficientNets + yoloEntries + [
      Entry(name: "bert", inputs: [([1, 128], .int64)]) { BertModel() },
      Entry(name: "gpt2", inputs: [([1, 128], .int64)]) { GPT2LMHeadModel() },
    ]
  }

  private static var images: [Entry] {
    [
      image("resnet18") { ResNet.resnet18() },
      image("resnet34") { ResNet.resnet34() },
      image("resnet50") { ResNet.resnet50() },
      image("resnet101") { ResNet.resnet101() },
      image("mobilenet_v2") { MobileNetV2() },
      image("mobilenet_v3_large") { MobileNetV3(.large) },
      image("mobilenet_v3_small") { MobileNetV3(.small) },
      image("squeezenet1_0") { SqueezeNet(.v1_0) },
      image("squeezenet1_1") { SqueezeNet(.v1_1) },
      image("vgg11") { VGG(.vgg11) },
      image("vgg11_bn") { VGG(.vgg11, batchNorm: true) },
      image("vgg13") { VGG(.vgg13) },
      image("vgg13_bn") { VGG(.vgg13, batchNorm: true) },
      image("vgg16") { VGG(.vgg16) },
      image("vgg16_bn") { VGG(.vgg16, batchNorm: true) },
      image("vgg19") { VGG(.vgg19) },
      image("vgg19_bn") { VGG(.vgg19, batchNorm: true) },
      image("vit_b_16") { VisionTransformer.vitB16() },
      image("convnext_tiny") { ConvNeXt(.tiny) },
      image("convnext_small") { ConvNeXt(.small) },
      image("convnext_base") { ConvNeXt(.base) },
      image("swin_t") { SwinTransformer(.tiny) },
      image("swin_s") { SwinTransformer(.small) },
      image("swin_b") { SwinTransformer(.base) },
      image("densenet121") { DenseNet(.densenet121) },
      image("densenet161") { DenseNet(.densenet161) },
      image("densenet169") { DenseNet(.densenet169) },
      image("densenet201") { DenseNet(.densenet201) },
      image("inception_v3", size: 299) { Inception3() },
      // The published weights come with what torchvision switches on for them alone.
      image("inception_v3_transformed", size: 299) { Inception3(transformInput: true) },
      image("deeplabv3_resnet50") { DeepLabV3.deeplabv3ResNet50() },
      image("deeplabv3_resnet50_aux") { DeepLabV3.deeplabv3ResNet50(auxLoss: true) },
    ]
  }

  private static var efficientNets: [Entry] {
    EfficientNet.Size.allCases.map { size in
      image("efficientnet_\(size)", size: size.imageSize) { EfficientNet(size) }
    }
  }

  private static func image(
    _ name: String, size: Int = 224, _ make: @escaping () -> any CatalogModel
  ) -> Entry {
    Entry(name: name, inputs: [([1, 3, size, size], .float32)], make: make)
  }
}

/// A model that takes one tensor; what it gives may be a tuple.
public protocol CatalogModel: ModuleBase, Forward where Input == Tensor {}

extension ResNet: CatalogModel {}
extension MobileNetV2: CatalogModel {}
extension MobileNetV3: CatalogModel {}
extension EfficientNet: CatalogModel {}
extension ConvNeXt: CatalogModel {}
extension SwinTransformer: CatalogModel {}
extension DenseNet: CatalogModel {}
extension Inception3: CatalogModel {}
extension DeepLabV3: CatalogModel {}
extension SqueezeNet: CatalogModel {}
extension VGG: CatalogModel {}
extension VisionTransformer: CatalogModel {}
extension BertModel: CatalogModel {}
extension GPT2LMHeadModel: CatalogModel {}
