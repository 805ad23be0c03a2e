import MartletNN
import MartletOps
import MartletTensor

/// Small modules to trace, made of operators alone.
final class Affine: Module {
  let weight: Parameter
  let bias: Parameter

  override class var torchTypeName: String { "torch.nn.modules.linear.Linear" }

  init(_ inputs: Int, _ outputs: Int) throws {
    let count = inputs * outputs
    weight = Parameter(
      try Tensor((0..<count).map { Float($0 % 7) / 4 - 0.6 }, shape: [outputs, inputs]))
    bias = Parameter(try Tensor((0..<outputs).map { Float($0) / 8 - 0.2 }))
  }

  func forward(_ x: Tensor) throws -> Tensor { try F.linear(x, weight.value, bias.value) }
}

final class Rectifier: Module {
  override class var torchTypeName: String { "torch.nn.modules.activation.ReLU" }

  func forward(_ x: Tensor) throws -> Tensor { try F.relu(x) }
}

/// Calls one of its modules twice.
final class Block: Module {
  let fc: Affine
  let relu = Rectifier()

  init(_ size: Int) throws { fc = try Affine(size, size) }

  func forward(_ x: Tensor) throws -> Tensor { try relu(relu(fc(x))) + x }
}

/// Modules in an array, a parameter of its own, two inputs, sizes, a nested result.
final class Net: Module {
  let layers: [Block]
  let head: Affine
  let scale = Parameter(try! Tensor([Float(2)]))

  override init() {
    layers = [try! Block(4), try! Block(4)]
    head = try! Affine(4, 2)
    super.init()
    eval()
  }

  func forward(_ input: (Tensor, Tensor)) throws -> (Tensor, (Tensor, Tensor)) {
    let (x, y) = input
    var z = x
    for layer in layers { z = try layer(z) }
    z = try (z * scale.value + y).reshape([x.shape[0] * 2, -1])
    let parts = try z.split(2, dim: 1)
    return (try head(z.reshape([-1, 4])), (parts[0], x))
  }
}

/// A chain of layers, for counting.
final class Chain: Module {
  let layers: [Block]

  init(_ depth: Int) throws {
    layers = try (0..<depth).map { _ in try Block(2) }
    super.init()
    eval()
  }

  func forward(_ x: Tensor) throws -> Tensor {
    var x = x
    for layer in layers { x = try layer(x) }
    return x
  }
}

/// Runs any closure as its `forward`.
final class Custom: Module {
  let body: (Tensor) throws -> Tensor

  init(_ body: @escaping (Tensor) throws -> Tensor) {
    self.body = body
    super.init()
    eval()
  }

  func forward(_ x: Tensor) throws -> Tensor { try body(x) }
}
