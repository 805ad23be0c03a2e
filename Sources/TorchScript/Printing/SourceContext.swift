import MartletOps
import MartletTensor
import MartletTracer

/// What the printed classes and functions of one archive share: constants, the names that they
/// refer to, and the file version that their operators need.
final class SourceContext {
  /// The values that print as `CONSTANTS.c0`, `CONSTANTS.c1`, ….
  private(set) var constants: [Value] = []
  /// Qualified names of classes and functions, in the order in which they were met.
  private(set) var dependencies: [String] = []
  /// The oldest file version that has all operators as they are meant.
  private(set) var version = FileVersion.oldest
  /// Whether the source goes into an archive.
  let isSaved: Bool
  private var known: Set<String> = []
  private var tensors: [TensorIdentity: Int] = [:]
  private var strings: [String: Int] = [:]
  private var candidates: [TensorContent: [Int]] = [:]

  init(isSaved: Bool = false) { self.isSaved = isSaved }
}

extension SourceContext {
  func depend(on name: String) {
    if known.insert(name).inserted { dependencies.append(name) }
  }

  /// Notes the classes in a type.
  func depend(on type: GraphType) {
    switch type {
    case .module(let name), .enumeration(let name): depend(on: name)
    case .namedTuple(let type):
      depend(on: type.name)
      for field in type.fieldTypes { depend(on: field) }
    case .list(let item), .optional(let item), .future(let item): depend(on: item)
    case .dictionary(let key, let item):
      depend(on: key)
      depend(on: item)
    case .tuple(let items):
      for item in items { depend(on: item) }
    default: break
    }
  }

  func use(operator name: String) { version = max(version, FileVersion.needed(by: name)) }
}

extension SourceContext {
  /// `CONSTANTS.cN` for a tensor; tensors of equal type and elements are one constant.
  func constant(_ tensor: Tensor) -> String {
    let identity = TensorIdentity(tensor)
    if let index = tensors[identity] { return "CONSTANTS.c\(index)" }
    let content = TensorContent(tensor)
    let equal = candidates[content, default: []].first { index in
      if case .tensor(let other) = constants[index] {
        other.hasSameBytes(as: tensor)
      } else {
        false
      }
    }
    let index = equal ?? constants.count
    if equal == nil {
      constants.append(.tensor(tensor))
      candidates[content, default: []].append(index)
    }
    tensors[identity] = index
    return "CONSTANTS.c\(index)"
  }

  /// `CONSTANTS.cN` for text that the source cannot hold.
  func constant(_ text: String) -> String {
    if let index = strings[text] { return "CONSTANTS.c\(index)" }
    strings[text] = constants.count
    constants.append(.string(text))
    return "CONSTANTS.c\(constants.count - 1)"
  }

  /// `CONSTANTS.cN` for an object.
  func constant(_ object: ScriptObject) -> String {
    for (index, constant) in constants.enumerated() {
      if case .object(let known) = constant, known === object { return "CONSTANTS.c\(index)" }
    }
    constants.append(.object(object))
    return "CONSTANTS.c\(constants.count - 1)"
  }

  /// `CONSTANTS.cN` for the packed weights of a quantised layer.
  func constant(_ object: PackedParameters) -> String {
    for (index, constant) in constants.enumerated() {
      if case .packed(let known) = constant, known === object { return "CONSTANTS.c\(index)" }
    }
    constants.append(.packed(object))
    return "CONSTANTS.c\(constants.count - 1)"
  }
}

/// A tensor's place in memory.
struct TensorIdentity: Hashable {
  let storage: ObjectIdentifier
  let layout: Layout
  let dtype: DType
  let quantizer: Quantizer?

  init(_ tensor: Tensor) {
    quantizer = tensor.quantizer
    storage = ObjectIdentifier(tensor.storage)
    layout = tensor.layout
    dtype = tensor.dtype
  }
}

/// What must be equal before it is worth comparing elements.
private struct TensorContent: Hashable {
  let dtype: DType
  let sizes: [Int]
  let quantizer: Quantizer?

  init(_ tensor: Tensor) {
    quantizer = tensor.quantizer
    dtype = tensor.dtype
    sizes = tensor.sizes
  }
}

extension Tensor {
  /// Whether the elements are the same bit by bit; the types and sizes are known to be.
  fileprivate func hasSameBytes(as other: Tensor) -> Bool {
    guard let a = try? asBytes(), let b = try? other.asBytes() else { return false }
    let isEqual = try? a.read(as: UInt8.self) { x in
      try b.read(as: UInt8.self) { y in
        for index in x.indices where x[index] != y[index] { return false }
        return true
      }
    }
    return isEqual ?? false
  }

  private func asBytes() throws -> Tensor {
    let rows = try compacted()
    let width = dtype.byteCount
    return Tensor(
      storage: rows.storage,
      layout: Layout(contiguous: [count * width], offset: rows.layout.offset * width),
      dtype: .uint8)
  }
}
