import Foundation
import MartletNN
import MartletTensor
import TestSupport
import Testing

/// A layer built and run as Tests/Fixtures/make_layers.py does under the same name.
struct LayerCase: Sendable, Testing.CustomTestStringConvertible {
  let name: String
  let make: @Sendable () -> ModuleBase
  let run: @Sendable (ModuleBase, [Tensor]) throws -> [Tensor]

  var testDescription: String { name }

  /// A layer from one tensor to one tensor.
  static func unary<M: UnaryModule>(_ name: String, _ make: @escaping @Sendable () -> M) -> Self {
    called(name, make) { [try $0($1[0])] }
  }

  /// A layer with a call of its own.
  static func called<M: ModuleBase>(
    _ name: String, _ make: @escaping @Sendable () -> M,
    _ run: @escaping @Sendable (M, [Tensor]) throws -> [Tensor]
  ) -> Self {
    LayerCase(name: name, make: make) { module, inputs in
      guard let layer = module as? M else {
        throw MartletError(.argument, "\(name) made a \(type(of: module))")
      }
      return try run(layer, inputs)
    }
  }
}

/// What PyTorch gave for a case.
struct LayerGolden {
  let seed: Int
  let description: String
  let keys: [String]
  let isTrained, seedsRun: Bool
  private let tensors: [String: Tensor]

  static let all: Result<[String: LayerGolden], any Error> = Result {
    let data = try Data(contentsOf: fixtureURL("layers/layers.json"))
    let body = try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]] ?? [:]
    let tensors = try SafeTensors(path: fixtureURL("layers/layers.safetensors").path).tensors()
    var byCase: [String: [String: Tensor]] = [:]
    for (key, tensor) in tensors {
      let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
      byCase[parts[0], default: [:]][parts[1]] = tensor
    }
    return body.reduce(into: [:]) { result, item in
      result[item.key] = LayerGolden(
        seed: item.value["seed"] as? Int ?? 0, description: item.value["repr"] as? String ?? "",
        keys: item.value["keys"] as? [String] ?? [], isTrained: item.value["train"] != nil,
        seedsRun: item.value["seededRun"] != nil, tensors: byCase[item.key] ?? [:])
    }
  }

  /// The tensors of a kind in order, as the inputs `in`.
  func list(_ kind: String) -> [Tensor] {
    var found: [Tensor] = []
    while let tensor = tensors["\(kind)/\(found.count)"] { found.append(tensor) }
    return found
  }

  /// The tensors of a kind by name.
  func named(_ kind: String) -> [String: Tensor] {
    tensors.reduce(into: [:]) { result, item in
      if item.key.hasPrefix(kind + "/") {
        result[String(item.key.dropFirst(kind.count + 1))] = item.value
      }
    }
  }
}
