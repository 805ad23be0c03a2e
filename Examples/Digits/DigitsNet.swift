import Martlet

/// Two 3x3 convolutions and a shortcut, as in train.py.
final class BasicBlock: Module {
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let relu = ReLU()
  let conv2: Conv2d
  let bn2: BatchNorm2d
  let downsample: Sequential?

  init(_ inputs: Int, _ outputs: Int, stride: Int = 1) {
    conv1 = Conv2d(inputs, outputs, kernelSize: 3, stride: stride, padding: 1, bias: false)
    bn1 = BatchNorm2d(outputs)
    conv2 = Conv2d(outputs, outputs, kernelSize: 3, padding: 1, bias: false)
    bn2 = BatchNorm2d(outputs)
    downsample =
      stride == 1 && inputs == outputs
      ? nil
      : Sequential(
        Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false), BatchNorm2d(outputs))
  }

  func forward(_ x: Tensor) throws -> Tensor {
    let y = try bn2(conv2(relu(bn1(conv1(x)))))
    return try relu(y + (downsample?(x) ?? x))
  }
}

/// Grey 8x8 images in [0, 1], `[N, 1, 8, 8]`, to one logit per digit, `[N, 10]`.
final class DigitsNet: Module {
  let conv1 = Conv2d(1, 16, kernelSize: 3, padding: 1, bias: false)
  let bn1 = BatchNorm2d(16)
  let relu = ReLU()
  let layer1 = Sequential(BasicBlock(16, 16))
  let layer2 = Sequential(BasicBlock(16, 32, stride: 2))
  let layer3 = Sequential(BasicBlock(32, 64, stride: 2))
  let avgpool = AdaptiveAvgPool2d(1)
  let flatten = Flatten()
  let fc = Linear(64, 10)

  func forward(_ x: Tensor) throws -> Tensor {
    let stem = try relu(bn1(conv1(x)))
    let features = try layer3(layer2(layer1(stem)))
    return try fc(flatten(avgpool(features)))
  }
}
