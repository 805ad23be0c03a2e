import MartletNN
import MartletOps
import MartletTensor

/// Linear layers with an activation and dropout after each but the last, which has dropout alone,
/// as torchvision's block of this name: `[…, inChannels] -> […, hiddenChannels.last]`.
public final class MLP: Sequential {
  public init(
    _ inChannels: Int, _ hiddenChannels: [Int], dropout: Double = 0,
    activation: () -> any UnaryModule = { ReLU() }
  ) {
    var width = inChannels
    var layers: [any UnaryModule] = []
    for (i, next) in hiddenChannels.enumerated() {
      layers.append(Linear(width, next))
      if i + 1 < hiddenChannels.count { layers.append(activation()) }
      layers.append(Dropout(p: dropout))
      width = next
    }
    super.init(layers)
  }

  public override class var torchTypeName: String { "torchvision.ops.misc.MLP" }
}
