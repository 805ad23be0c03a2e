import MartletNN
import MartletOps
import MartletTensor

/// Convolution, batch norm and ReLU, of an `Inception3`.
public final class BasicConv2d: Module {
  public let conv: Conv2d
  public let bn: BatchNorm2d

  init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any PerAxis, stride: Int = 1,
    padding: any PerAxis = 0
  ) {
    conv = Conv2d(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      bias: false)
    bn = BatchNorm2d(outChannels, eps: 0.001)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.BasicConv2d" }

  public func forward(_ x: Tensor) throws -> Tensor { try F.relu(bn(conv(x))) }
}

/// Branches of 1×1, 5×5 and two 3×3 convolutions and a pool, side by side.
public final class InceptionA: Module {
  public let branch1x1, branch5x51, branch5x52: BasicConv2d
  public let branch3x3dbl1, branch3x3dbl2, branch3x3dbl3, branchPool: BasicConv2d

  init(_ inChannels: Int, poolFeatures: Int) {
    branch1x1 = BasicConv2d(inChannels, 64, kernelSize: 1)
    branch5x51 = BasicConv2d(inChannels, 48, kernelSize: 1)
    branch5x52 = BasicConv2d(48, 64, kernelSize: 5, padding: 2)
    branch3x3dbl1 = BasicConv2d(inChannels, 64, kernelSize: 1)
    branch3x3dbl2 = BasicConv2d(64, 96, kernelSize: 3, padding: 1)
    branch3x3dbl3 = BasicConv2d(96, 96, kernelSize: 3, padding: 1)
    branchPool = BasicConv2d(inChannels, poolFeatures, kernelSize: 1)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.InceptionA" }

  public override var attributeNames: [String: String] {
    [
      "branch5x51": "branch5x5_1", "branch5x52": "branch5x5_2",
      "branch3x3dbl1": "branch3x3dbl_1", "branch3x3dbl2": "branch3x3dbl_2",
      "branch3x3dbl3": "branch3x3dbl_3",
    ]
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let ones = try branch1x1(x)
    let fives = try branch5x52(branch5x51(x))
    let threes = try branch3x3dbl3(branch3x3dbl2(branch3x3dbl1(x)))
    let pooled = try branchPool(F.avgPool2d(x, 3, stride: 1, padding: 1))
    return try Tensor.cat([ones, fives, threes, pooled], dim: 1)
  }
}

/// Halves the resolution between the first and the second kind of block.
public final class InceptionB: Module {
  public let branch3x3, branch3x3dbl1, branch3x3dbl2, branch3x3dbl3: BasicConv2d

  init(_ inChannels: Int) {
    branch3x3 = BasicConv2d(inChannels, 384, kernelSize: 3, stride: 2)
    branch3x3dbl1 = BasicConv2d(inChannels, 64, kernelSize: 1)
    branch3x3dbl2 = BasicConv2d(64, 96, kernelSize: 3, padding: 1)
    branch3x3dbl3 = BasicConv2d(96, 96, kernelSize: 3, stride: 2)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.InceptionB" }

  public override var attributeNames: [String: String] {
    [
      "branch3x3dbl1": "branch3x3dbl_1", "branch3x3dbl2": "branch3x3dbl_2",
      "branch3x3dbl3": "branch3x3dbl_3",
    ]
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let one = try branch3x3(x)
    let two = try branch3x3dbl3(branch3x3dbl2(branch3x3dbl1(x)))
    return try Tensor.cat([one, two, F.maxPool2d(x, 3, stride: 2)], dim: 1)
  }
}

/// Branches whose 7×7 convolutions are taken apart into rows and columns.
public final class InceptionC: Module {
  public let branch1x1, branch7x71, branch7x72, branch7x73: BasicConv2d
  public let branch7x7dbl1, branch7x7dbl2, branch7x7dbl3, branch7x7dbl4: BasicConv2d
  public let branch7x7dbl5, branchPool: BasicConv2d

  init(_ inChannels: Int, channels7x7 c7: Int) {
    func row(_ input: Int, _ output: Int) -> BasicConv2d {
      BasicConv2d(input, output, kernelSize: [1, 7], padding: [0, 3])
    }
    func column(_ input: Int, _ output: Int) -> BasicConv2d {
      BasicConv2d(input, output, kernelSize: [7, 1], padding: [3, 0])
    }
    branch1x1 = BasicConv2d(inChannels, 192, kernelSize: 1)
    branch7x71 = BasicConv2d(inChannels, c7, kernelSize: 1)
    branch7x72 = row(c7, c7)
    branch7x73 = column(c7, 192)
    branch7x7dbl1 = BasicConv2d(inChannels, c7, kernelSize: 1)
    branch7x7dbl2 = column(c7, c7)
    branch7x7dbl3 = row(c7, c7)
    branch7x7dbl4 = column(c7, c7)
    branch7x7dbl5 = row(c7, 192)
    branchPool = BasicConv2d(inChannels, 192, kernelSize: 1)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.InceptionC" }

  public override var attributeNames: [String: String] {
    [
      "branch7x71": "branch7x7_1", "branch7x72": "branch7x7_2", "branch7x73": "branch7x7_3",
      "branch7x7dbl1": "branch7x7dbl_1", "branch7x7dbl2": "branch7x7dbl_2",
      "branch7x7dbl3": "branch7x7dbl_3", "branch7x7dbl4": "branch7x7dbl_4",
      "branch7x7dbl5": "branch7x7dbl_5",
    ]
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let ones = try branch1x1(x)
    let single = try branch7x73(branch7x72(branch7x71(x)))
    let double = try branch7x7dbl3(branch7x7dbl2(branch7x7dbl1(x)))
    let doubled = try branch7x7dbl5(branch7x7dbl4(double))
    let pooled = try branchPool(F.avgPool2d(x, 3, stride: 1, padding: 1))
    return try Tensor.cat([ones, single, doubled, pooled], dim: 1)
  }
}

/// Halves the resolution between the second and the third kind of block.
public final class InceptionD: Module {
  public let branch3x31, branch3x32: BasicConv2d
  public let branch7x7x31, branch7x7x32, branch7x7x33, branch7x7x34: BasicConv2d

  init(_ inChannels: Int) {
    branch3x31 = BasicConv2d(inChannels, 192, kernelSize: 1)
    branch3x32 = BasicConv2d(192, 320, kernelSize: 3, stride: 2)
    branch7x7x31 = BasicConv2d(inChannels, 192, kernelSize: 1)
    branch7x7x32 = BasicConv2d(192, 192, kernelSize: [1, 7], padding: [0, 3])
    branch7x7x33 = BasicConv2d(192, 192, kernelSize: [7, 1], padding: [3, 0])
    branch7x7x34 = BasicConv2d(192, 192, kernelSize: 3, stride: 2)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.InceptionD" }

  public override var attributeNames: [String: String] {
    [
      "branch3x31": "branch3x3_1", "branch3x32": "branch3x3_2", "branch7x7x31": "branch7x7x3_1",
      "branch7x7x32": "branch7x7x3_2", "branch7x7x33": "branch7x7x3_3",
      "branch7x7x34": "branch7x7x3_4",
    ]
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let threes = try branch3x32(branch3x31(x))
    let sevens = try branch7x7x34(branch7x7x33(branch7x7x32(branch7x7x31(x))))
    return try Tensor.cat([threes, sevens, F.maxPool2d(x, 3, stride: 2)], dim: 1)
  }
}

/// Branches that end in rows and columns side by side.
public final class InceptionE: Module {
  public let branch1x1, branch3x31, branch3x32a, branch3x32b: BasicConv2d
  public let branch3x3dbl1, branch3x3dbl2, branch3x3dbl3a, branch3x3dbl3b: BasicConv2d
  public let branchPool: BasicConv2d

  init(_ inChannels: Int) {
    func row(_ channels: Int) -> BasicConv2d {
      BasicConv2d(channels, channels, kernelSize: [1, 3], padding: [0, 1])
    }
    func column(_ channels: Int) -> BasicConv2d {
      BasicConv2d(channels, channels, kernelSize: [3, 1], padding: [1, 0])
    }
    branch1x1 = BasicConv2d(inChannels, 320, kernelSize: 1)
    branch3x31 = BasicConv2d(inChannels, 384, kernelSize: 1)
    branch3x32a = row(384)
    branch3x32b = column(384)
    branch3x3dbl1 = BasicConv2d(inChannels, 448, kernelSize: 1)
    branch3x3dbl2 = BasicConv2d(448, 384, kernelSize: 3, padding: 1)
    branch3x3dbl3a = row(384)
    branch3x3dbl3b = column(384)
    branchPool = BasicConv2d(inChannels, 192, kernelSize: 1)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.InceptionE" }

  public override var attributeNames: [String: String] {
    [
      "branch3x31": "branch3x3_1", "branch3x32a": "branch3x3_2a", "branch3x32b": "branch3x3_2b",
      "branch3x3dbl1": "branch3x3dbl_1", "branch3x3dbl2": "branch3x3dbl_2",
      "branch3x3dbl3a": "branch3x3dbl_3a", "branch3x3dbl3b": "branch3x3dbl_3b",
    ]
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let ones = try branch1x1(x)
    let threes = try branch3x31(x)
    let split = try Tensor.cat([branch3x32a(threes), branch3x32b(threes)], dim: 1)
    let double = try branch3x3dbl2(branch3x3dbl1(x))
    let doubled = try Tensor.cat([branch3x3dbl3a(double), branch3x3dbl3b(double)], dim: 1)
    let pooled = try branchPool(F.avgPool2d(x, 3, stride: 1, padding: 1))
    return try Tensor.cat([ones, split, doubled, pooled], dim: 1)
  }
}

/// The second head, which reads the middle of the network in training.
public final class InceptionAux: Module {
  public let conv0, conv1: BasicConv2d
  public let fc: Linear

  init(_ inChannels: Int, _ numClasses: Int) {
    conv0 = BasicConv2d(inChannels, 128, kernelSize: 1)
    conv1 = BasicConv2d(128, 768, kernelSize: 5)
    fc = Linear(768, numClasses)
  }

  public override class var torchTypeName: String { "torchvision.models.inception.InceptionAux" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let convolved = try conv1(conv0(F.avgPool2d(x, 5, stride: 3)))
    return try fc(F.adaptiveAvgPool2d(convolved, [1, 1]).flatten(startDim: 1))
  }
}
