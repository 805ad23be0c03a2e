import MartletTensor

/// A model's parameters and buffers by name, in PyTorch's order (`torch.nn.Module.state_dict`).
public struct StateDict: Sendable {
  /// The names in order.
  public private(set) var keys: [String] = []
  private var tensors: [String: Tensor] = [:]

  public init() {}

  /// Later tensors replace earlier ones of the same name.
  public init(_ pairs: some Sequence<(name: String, tensor: Tensor)>) {
    for (name, tensor) in pairs { self[name] = tensor }
  }

  /// The tensor of a name; a new name goes to the end, nil removes it.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      if let newValue {
        if tensors.updateValue(newValue, forKey: name) == nil { keys.append(name) }
      } else if tensors.removeValue(forKey: name) != nil {
        keys.removeAll { $0 == name }
      }
    }
  }
}

extension StateDict: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { keys.count }

  public subscript(position: Int) -> (name: String, tensor: Tensor) {
    guard let tensor = tensors[keys[position]] else {
      preconditionFailure("keys and tensors differ")
    }
    return (keys[position], tensor)
  }
}

extension StateDict: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    for (name, tensor) in elements { self[name] = tensor }
  }
}
