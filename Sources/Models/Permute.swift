import MartletNN
import MartletOps
import MartletTensor

/// Puts the axes into another order (`torchvision.ops.Permute`).
public final class Permute: Module {
  public let dims: [Int]

  public init(_ dims: [Int]) { self.dims = dims }

  public override class var torchTypeName: String { "torchvision.ops.misc.Permute" }

  public func forward(_ x: Tensor) throws -> Tensor { try x.permute(dims) }
}
