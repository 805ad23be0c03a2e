import MartletOps
import MartletTensor

/// The cosine of the angle between vectors along an axis.
public final class CosineSimilarity: ModuleBase, Forward {
  public let dim: Int
  public let eps: Double

  public init(dim: Int = 1, eps: Double = 1e-8) {
    self.dim = dim
    self.eps = eps
  }

  public override class var torchTypeName: String { "torch.nn.modules.distance.CosineSimilarity" }

  public func forward(_ inputs: (Tensor, Tensor)) throws -> Tensor {
    try F.cosineSimilarity(inputs.0, inputs.1, dim: dim, eps: eps)
  }
}
