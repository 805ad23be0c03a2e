import MartletNN
import MartletOps
import MartletTensor
import MartletTracer

/// Calls one of its modules twice.
final class Block: Module {
  let fc: Linear
  let relu = ReLU()

  init(_ size: Int) { fc = Linear(size, size) }

  func forward(_ x: Tensor) throws -> Tensor { try relu(relu(fc(x))) + x }
}

/// Modules in an array, a parameter of its own, two inputs, sizes, a nested result.
final class Net: Module {
  let layers = [Block(4), Block(4)]
  let head = Linear(4, 2)
  let scale: Parameter

  init(scale: Float) throws {
    self.scale = Parameter(try Tensor([scale]))
    super.init()
    eval()
  }

  func forward(_ input: (Tensor, Tensor)) throws -> (Tensor, (Tensor, Tensor)) {
    let (x, y) = input
    var z = x
    for layer in layers { z = try layer(z) }
    z = try (z * scale.value + y).reshape([x.shape[0] * 2, -1])
    let parts = try z.split(1, dim: 1)
    return (try head(z.reshape([-1, 4])), (parts[0], x))
  }
}

/// A chain of blocks, for counting.
final class Chain: Module {
  let layers: [Block]

  init(_ depth: Int) {
    layers = (0..<depth).map { _ in Block(2) }
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
final class Custom<Result>: Module {
  let body: (Tensor) throws -> Result

  init(_ body: @escaping (Tensor) throws -> Result) {
    self.body = body
    super.init()
    eval()
  }

  func forward(_ x: Tensor) throws -> Result { try body(x) }
}

/// `count` ones and up.
func numbers(_ sizes: Int...) throws -> Tensor {
  try Tensor((1...sizes.reduce(1, *)).map { Float($0) }, shape: sizes)
}

/// A trace that keeps its warnings to itself.
func quietly<M: ModuleBase & Forward>(
  _ model: M, _ x: Tensor, checkInputs: [Tensor]? = nil, checkTrace: Bool = true,
  strict: Bool = true, allowConstants: Bool = false
) throws -> TracedModule where M.Input == Tensor {
  try trace(
    model, x, checkTrace: checkTrace, checkInputs: checkInputs, strict: strict,
    allowConstants: allowConstants, onWarning: { _ in })
}

/// The error that the body throws, or nil.
func failure(_ body: () throws -> Any) -> MartletError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? MartletError
  }
}

/// Zeros and ones by chance, recorded as an operator.
func coinFlips(like x: Tensor) throws -> Tensor {
  guard let bernoulli = Catalog.byName["aten::bernoulli.p"] else {
    throw MartletError(.unsupported, "aten::bernoulli.p")
  }
  return try bernoulli(.tensor(x), 0.5)
}
