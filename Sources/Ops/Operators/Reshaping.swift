import MartletTensor

/// Views under other sizes.
package enum Reshaping {
  package static let operators: [Operator] = [reshape, view]

  static let view = Operator(
    "aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let sizes = try resolve(try arguments.ints("size"), count: x.count)
      guard let layout = x.layout.viewing(sizes) else {
        throw MartletError(
          .shape,
          "view size is not compatible with input tensor's size and stride (at least one dimension "
            + "spans across two contiguous subspaces). Use .reshape(...) instead.")
      }
      return [.tensor(x.viewed(layout))]
    })

  /// A view where strides allow, otherwise a copy.
  static let reshape = Operator(
    "aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let sizes = try resolve(try arguments.ints("shape"), count: x.count)
      if let layout = x.layout.viewing(sizes) { return [.tensor(x.viewed(layout))] }
      return [.tensor(try x.copied().viewed(Layout(contiguous: sizes)))]
    })

  /// The sizes with a single -1 replaced by what is left for it.
  static func resolve(_ sizes: [Int], count: Int) throws -> [Int] {
    var resolved = sizes
    let unknown = sizes.indices.filter { sizes[$0] == -1 }
    guard unknown.count <= 1, !sizes.contains(where: { $0 < -1 }) else {
      throw MartletError(.shape, "only one dimension can be inferred, got shape \(sizes)")
    }
    if let position = unknown.first {
      let rest = sizes.enumerated().reduce(1) { $1.offset == position ? $0 : $0 * $1.element }
      guard rest != 0, count % rest == 0 else {
        throw MartletError(.shape, "shape \(sizes) is invalid for input of size \(count)")
      }
      resolved[position] = count / rest
    }
    guard resolved.reduce(1, *) == count else {
      throw MartletError(.shape, "shape \(sizes) is invalid for input of size \(count)")
    }
    return resolved
  }
}

extension Tensor {
  /// The same elements under other sizes, one of which may be -1 (`torch.reshape`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when the number of elements differs.
  public func reshape(
    _ shape: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Reshaping.reshape(.tensor(self), shape.shape.value, at: SourceLocation(file, line))
  }
}
