import MartletNN
import MartletOps
import MartletTensor
import MartletTracer

/// A small residual network: everything that fuses and folds.
final class SmallNet: Module {
  let conv1 = Conv2d(3, 8, kernelSize: 3, padding: 1, bias: false)
  let bn1 = BatchNorm2d(8)
  let conv2 = Conv2d(8, 8, kernelSize: 3, padding: 1)
  let bn2 = BatchNorm2d(8)
  let dropout = Dropout(p: 0.5)
  let head = Linear(8, 5)

  func forward(_ x: Tensor) throws -> Tensor {
    let first = try F.relu(bn1(conv1(x)))
    let second = try F.relu(bn2(conv2(first)) + first)
    let pooled = try F.adaptiveAvgPool2d(second, 1).flatten(startDim: 1)
    return try head(dropout(pooled)).softmax(dim: 1)
  }
}

func tracedSmallNet() throws -> TracedModule {
  let model = SmallNet()
  model.eval()
  return try trace(model, try noise([1, 3, 9, 11]), checkTrace: false)
}
