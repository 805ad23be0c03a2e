import MartletNN
import MartletOps
import MartletTensor

extension YOLOv8 {
  /// Convolution, batch norm and SiLU, with padding that keeps the sizes at stride 1.
  public final class Conv: Module {
    public let conv: Conv2d
    public let bn: BatchNorm2d
    public let act = SiLU()

    public init(
      _ inChannels: Int, _ outChannels: Int, kernelSize: Int = 1, stride: Int = 1,
      norm: Norm = .detection
    ) {
      conv = Conv2d(
        inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: kernelSize / 2,
        bias: false)
      bn = BatchNorm2d(outChannels, eps: norm.eps, momentum: norm.momentum)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.conv.Conv" }

    public func forward(_ x: Tensor) throws -> Tensor { try act(bn(conv(x))) }
  }

  /// The constants of batch norms, which no file of weights holds.
  public struct Norm: Sendable, Hashable {
    public var eps, momentum: Double

    public init(eps: Double, momentum: Double) {
      self.eps = eps
      self.momentum = momentum
    }

    /// Ultralytics' for everything that finds things.
    public static let detection = Norm(eps: 1e-3, momentum: 0.03)
    /// PyTorch's own, which Ultralytics leaves to classifiers.
    public static let standard = Norm(eps: 1e-5, momentum: 0.1)
  }

  /// Two 3×3 convolutions, with a residual sum where wanted.
  public final class Bottleneck: Module {
    public let cv1, cv2: Conv
    /// Whether the input is added.
    public let add: Bool

    public init(_ channels: Int, shortcut: Bool, norm: Norm = .detection) {
      cv1 = Conv(channels, channels, kernelSize: 3, norm: norm)
      cv2 = Conv(channels, channels, kernelSize: 3, norm: norm)
      add = shortcut
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.block.Bottleneck" }

    public func forward(_ x: Tensor) throws -> Tensor {
      add ? try x + cv2(cv1(x)) : try cv2(cv1(x))
    }
  }

  /// Half of the channels go through bottlenecks, and every step's result counts.
  public final class C2f: Module {
    public let cv1, cv2: Conv
    public let m: ModuleList<Bottleneck>

    public init(
      _ inChannels: Int, _ outChannels: Int, repeats: Int, shortcut: Bool = false,
      norm: Norm = .detection
    ) {
      let hidden = outChannels / 2
      cv1 = Conv(inChannels, 2 * hidden, norm: norm)
      cv2 = Conv((2 + repeats) * hidden, outChannels, norm: norm)
      m = ModuleList((0..<repeats).map { _ in Bottleneck(hidden, shortcut: shortcut, norm: norm) })
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.block.C2f" }

    public func forward(_ x: Tensor) throws -> Tensor {
      var parts = try cv1(x).chunk(2, dim: 1)
      for block in m { parts.append(try block(parts[parts.count - 1])) }
      return try cv2(Tensor.cat(parts, dim: 1))
    }
  }

  /// Largest values of growing surroundings side by side (spatial pyramid pooling, fast).
  public final class SPPF: Module {
    public let cv1, cv2: Conv
    public let m: MaxPool2d

    public init(_ inChannels: Int, _ outChannels: Int, kernelSize: Int = 5) {
      cv1 = Conv(inChannels, inChannels / 2)
      cv2 = Conv(inChannels / 2 * 4, outChannels)
      m = MaxPool2d(kernelSize: kernelSize, stride: 1, padding: kernelSize / 2)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.block.SPPF" }

    public func forward(_ x: Tensor) throws -> Tensor {
      var parts = [try cv1(x)]
      for _ in 0..<3 { parts.append(try m(parts[parts.count - 1])) }
      return try cv2(Tensor.cat(parts, dim: 1))
    }
  }

  /// Tensors one after the other along their channels.
  public final class Concat: Module {
    public override class var torchTypeName: String { "ultralytics.nn.modules.conv.Concat" }

    public func forward(_ parts: [Tensor]) throws -> Tensor { try Tensor.cat(parts, dim: 1) }
  }

  /// What a distribution over 16 distances comes to on average (Li et al. 2020):
  /// `[N, 4 * 16, A] -> [N, 4, A]`.
  public final class DFL: Module {
    public let conv: Conv2d
    private let binCount: Int

    public init(_ binCount: Int = 16) {
      self.binCount = binCount
      conv = Conv2d(binCount, 1, kernelSize: 1, bias: false)
      super.init()
      initialize(conv.weight) {
        try Tensor((0..<binCount).map(Float.init), shape: [1, binCount, 1, 1])
      }
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.block.DFL" }

    public func forward(_ x: Tensor) throws -> Tensor {
      let (batch, anchors) = (x.shape[0], x.shape[2])
      let bins = try x.view([batch, 4, Dim(binCount), anchors]).transpose(2, 1).softmax(dim: 1)
      return try conv(bins).view([batch, 4, anchors])
    }
  }

  /// Prototypes of masks at twice the size: `[N, C, H, W] -> [N, masks, 2 * H, 2 * W]`.
  public final class Proto: Module {
    public let cv1: Conv
    public let upsample: ConvTranspose2d
    public let cv2, cv3: Conv

    public init(_ inChannels: Int, _ hidden: Int, _ maskCount: Int) {
      cv1 = Conv(inChannels, hidden, kernelSize: 3)
      upsample = ConvTranspose2d(hidden, hidden, kernelSize: 2, stride: 2)
      cv2 = Conv(hidden, hidden, kernelSize: 3)
      cv3 = Conv(hidden, maskCount)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.block.Proto" }

    public func forward(_ x: Tensor) throws -> Tensor { try cv3(cv2(upsample(cv1(x)))) }
  }
}
