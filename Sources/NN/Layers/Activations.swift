import MartletOps
import MartletTensor

/// An activation: a function of each element, or along one axis, without parameters.
public class Activation: ModuleBase, Forward {
  public override class var torchTypeName: String { "torch.nn.modules.activation.\(self)" }

  public func forward(_ input: Tensor) throws -> Tensor { input }
}

/// An activation that PyTorch can run in place. Tensors are values here: `inplace` shows in
/// `print` and changes nothing else.
public class InplaceActivation: Activation {
  public let inplace: Bool

  public init(inplace: Bool = false) { self.inplace = inplace }

  public override var extraDescription: String { settings(nil) }

  /// The settings as they print, `inplace` last.
  func settings(_ text: String?) -> String {
    [text, inplace ? "inplace=True" : nil].compactMap { $0 }.joined(separator: ", ")
  }
}

/// max(0, x)
public final class ReLU: InplaceActivation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.relu(input) }
}

/// min(max(0, x), 6)
public final class ReLU6: InplaceActivation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.relu6(input) }
}

/// x · sigmoid(x)
public final class SiLU: InplaceActivation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.silu(input) }
}

/// x · tanh(softplus(x))
public final class Mish: InplaceActivation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.mish(input) }
}

/// scale · (max(0, x) + min(0, α (exp(x) - 1))) with the self-normalising constants
public final class SELU: InplaceActivation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.selu(input) }
}

/// relu6(x + 3) / 6
public final class Hardsigmoid: InplaceActivation {
  public override var extraDescription: String { "" }
  public override func forward(_ input: Tensor) throws -> Tensor { try F.hardsigmoid(input) }
}

/// x · relu6(x + 3) / 6
public final class Hardswish: InplaceActivation {
  public override var extraDescription: String { "" }
  public override func forward(_ input: Tensor) throws -> Tensor { try F.hardswish(input) }
}

/// 1 / (1 + exp(-x))
public final class Sigmoid: Activation {
  public override func forward(_ input: Tensor) throws -> Tensor { try input.sigmoid() }
}

/// log(sigmoid(x))
public final class LogSigmoid: Activation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.logsigmoid(input) }
}

/// The hyperbolic tangent.
public final class Tanh: Activation {
  public override func forward(_ input: Tensor) throws -> Tensor { try input.tanh() }
}

/// x - tanh(x)
public final class Tanhshrink: Activation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.tanhshrink(input) }
}

/// x / (1 + |x|)
public final class Softsign: Activation {
  public override func forward(_ input: Tensor) throws -> Tensor { try F.softsign(input) }
}
