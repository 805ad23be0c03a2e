import MartletOps
import MartletTensor

/// The axes of a traced method's inputs whose sizes change from run to run: axis and its name, by
/// the input's name.
///
///     try trace(model, image, dynamic: ["x": [0: "batch", 2: "height", 3: "width"]])
///
/// Axes of one name have one size. The trace is checked once more at other sizes of them, so that
/// a size that the model fixed is found now and not by a user.
public struct DynamicAxes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// By the input's name: the axis, outermost 0, and the name of its size.
  public let axes: [String: [Int: String]]
  /// The sizes to check with, by their names; others are chosen.
  public let checkSizes: [String: Int]

  public init(_ axes: [String: [Int: String]], checkSizes: [String: Int] = [:]) {
    self.axes = axes
    self.checkSizes = checkSizes
  }

  public init(dictionaryLiteral elements: (String, [Int: String])...) {
    self.init(Dictionary(elements) { $1 })
  }

  public static let none = DynamicAxes([:])

  public var isEmpty: Bool { axes.allSatisfy { $0.value.isEmpty } }
}

extension DynamicAxes {
  /// The inputs at a second size: elements repeated along the axes, so that they stay such as the
  /// model knows.
  ///
  /// - Throws: `MartletError` of kind `.argument` for names and axes that are not there, and for
  ///   one name with two sizes.
  func resized(_ inputs: [MartletOps.Value], names: [String]) throws
    -> [MartletOps.Value]
  {
    for name in axes.keys where !names.contains(name) {
      throw MartletError(
        .argument, "dynamic: there is no input '\(name)'; the inputs are \(names)")
    }
    var sizes: [String: (old: Int, new: Int)] = [:]
    var result = inputs
    for (index, name) in names.enumerated() {
      guard let axes = axes[name], !axes.isEmpty else { continue }
      guard index < inputs.count, case .tensor(let tensor) = inputs[index] else {
        throw MartletError(.argument, "dynamic: the input '\(name)' is not a tensor")
      }
      var resized = tensor
      for (axis, sizeName) in axes.sorted(by: { $0.key < $1.key }) {
        let axis = try wrapDim(axis, rank: tensor.dim)
        let old = tensor.sizes[axis]
        let known = sizes[sizeName]
        guard known == nil || known?.old == old else {
          throw MartletError(
            .argument,
            "dynamic: '\(sizeName)' is \(known?.old ?? 0) in one place and \(old) in "
              + "'\(name)', axis \(axis); give sizes that differ different names")
        }
        let new = known?.new ?? checkSizes[sizeName] ?? Self.secondSize(old)
        sizes[sizeName] = (old, new)
        resized = try Self.repeated(resized, axis, to: new)
      }
      result[index] = .tensor(resized)
    }
    return result
  }

  /// Another size that divides by what powers of two the first one does, up to 32: what strides
  /// of a network ask for.
  private static func secondSize(_ size: Int) -> Int {
    size == 0 ? 1 : size + min(size & -size, 32)
  }

  private static func repeated(_ tensor: Tensor, _ axis: Int, to size: Int) throws -> Tensor {
    guard tensor.sizes[axis] > 0, size > 0 else {
      var sizes = tensor.sizes
      sizes[axis] = size
      return try .zeros(sizes, dtype: tensor.dtype)
    }
    let copies = (size + tensor.sizes[axis] - 1) / tensor.sizes[axis]
    return try Tensor.cat(Array(repeating: tensor, count: copies), dim: axis)
      .narrow(dim: axis, start: 0, length: size)
      .contiguous()
  }

  /// The types of the inputs in the graph, with the axes' sizes unknown.
  func loosened(_ type: GraphType, of name: String) -> GraphType {
    guard let axes = axes[name], case .tensor(let tensor) = type, var sizes = tensor.sizes else {
      return type
    }
    for axis in axes.keys {
      let index = axis < 0 ? axis + sizes.count : axis
      if sizes.indices.contains(index) { sizes[index] = nil }
    }
    return .tensor(TensorType(tensor.dtype, sizes))
  }
}
