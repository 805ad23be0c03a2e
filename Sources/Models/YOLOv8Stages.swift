import MartletNN
import MartletOps
import MartletTensor

/// The layers of a YOLOv8 by their numbers, and where each takes what it works on: the table of
/// its YAML file.
public final class YOLOv8Stages<Head: ModuleBase>: ModuleList<ModuleBase> {
  private enum Step {
    /// A layer on the result before it.
    case layer(any UnaryModule)
    /// A layer on the results of these layers; -1 is the one before.
    case joint(YOLOv8.Concat, from: [Int])

    var module: ModuleBase {
      switch self {
      case .layer(let module): module
      case .joint(let module, _): module
      }
    }
  }

  private let steps: [Step]
  /// The last layer.
  public let head: Head
  /// The layers whose results the head takes.
  private let headSources: [Int]

  private init(_ steps: [Step], _ head: Head, from sources: [Int]) {
    self.steps = steps
    self.head = head
    headSources = sources
    super.init(steps.map(\.module) + [head])
  }

  public override class var torchTypeName: String { "torch.nn.modules.container.Sequential" }

  /// What the head takes, of a picture `[N, 3, H, W]`.
  func features(_ x: Tensor) throws -> [Tensor] {
    var results: [Tensor] = []
    for step in steps {
      let last = results.last ?? x
      switch step {
      case .layer(let module): results.append(try module(last))
      case .joint(let module, let sources):
        results.append(try module(sources.map { $0 < 0 ? last : results[$0] }))
      }
    }
    return headSources.map { results[$0] }
  }

  /// Layers down to a thirty-second of the picture's size, then up and down again, with a head on
  /// the three finest grids.
  convenience init(_ scale: YOLOv8Scale, makeHead: (_ channels: [Int]) -> Head) {
    var steps = Self.backbone(scale, norm: .detection)
    let (third, fourth, fifth) = (
      scale.channels(256), scale.channels(512), scale.channels(1024)
    )
    let repeats = scale.repeats(3)
    func join(_ source: Int) -> Step { .joint(YOLOv8.Concat(), from: [-1, source]) }
    func block(_ inChannels: Int, _ outChannels: Int) -> Step {
      .layer(YOLOv8.C2f(inChannels, outChannels, repeats: repeats))
    }
    func down(_ channels: Int) -> Step {
      .layer(YOLOv8.Conv(channels, channels, kernelSize: 3, stride: 2))
    }
    steps += [.layer(YOLOv8.SPPF(fifth, fifth))]
    steps += [.layer(Upsample(scaleFactor: 2)), join(6), block(fifth + fourth, fourth)]
    steps += [.layer(Upsample(scaleFactor: 2)), join(4), block(fourth + third, third)]
    steps += [down(third), join(12), block(third + fourth, fourth)]
    steps += [down(fourth), join(9), block(fourth + fifth, fifth)]
    self.init(steps, makeHead([third, fourth, fifth]), from: [15, 18, 21])
  }

  /// The layers down to a thirty-second of the picture's size, and a head on their result.
  convenience init(
    classifier scale: YOLOv8Scale, norm: YOLOv8.Norm, makeHead: (_ channels: Int) -> Head
  ) {
    let steps = Self.backbone(scale, norm: norm)
    self.init(steps, makeHead(scale.channels(1024)), from: [8])
  }

  /// Five convolutions of stride 2, and blocks after all but the first.
  private static func backbone(_ scale: YOLOv8Scale, norm: YOLOv8.Norm) -> [Step] {
    var channels = scale.channels(64)
    var steps: [Step] = [
      .layer(YOLOv8.Conv(3, channels, kernelSize: 3, stride: 2, norm: norm))
    ]
    for (full, repeats) in [(128, 3), (256, 6), (512, 6), (1024, 3)] {
      let wider = scale.channels(full)
      steps.append(
        .layer(YOLOv8.Conv(channels, wider, kernelSize: 3, stride: 2, norm: norm)))
      steps.append(
        .layer(
          YOLOv8.C2f(
            wider, wider, repeats: scale.repeats(repeats), shortcut: true, norm: norm)))
      channels = wider
    }
    return steps
  }
}
