import MartletTensor

/// Borders around the last axes; amounts are (before, after) pairs from the last axis on, and
/// negative ones cut.
package enum Padding {
  package static let operators: [Operator] = [
    pad, constantPad, reflectionPad1d, reflectionPad2d, reflectionPad3d, replicationPad1d,
    replicationPad2d, replicationPad3d,
  ]

  static let constantPad = Operator(
    "aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let amounts = try arguments.ints("pad")
        let sizes = try paddedSizes(x.sizes, amounts)
        for position in 0..<(amounts.count / 2) {
          let cut = min(amounts[2 * position], 0) + min(amounts[2 * position + 1], 0)
          guard x.sizes[x.dim - 1 - position] + cut >= 0 else {
            throw MartletError(
              .shape, "negative padding \(amounts) cuts more than there is of \(x.sizes)")
          }
        }
        return [TensorSpec(sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let amounts = try arguments.ints("pad")
        let result = results[0]
        try result.overwrite(
          result.layout, with: try constant(try arguments.scalar("value"), x.dtype, result.sizes))
        var (to, from) = (result.layout, x.layout)
        for position in 0..<(amounts.count / 2) {
          let (before, after) = (amounts[2 * position], amounts[2 * position + 1])
          let d = x.dim - 1 - position
          let count = max(x.sizes[d] + min(before, 0) + min(after, 0), 0)
          to = to.slicing(d, from: max(before, 0), count: count)
          from = from.slicing(d, from: max(-before, 0), count: count)
        }
        if from.count > 0 { try result.overwrite(to, with: x.viewed(from)) }
      }))

  static let reflectionPad1d = Operator(
    "aten::reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor", takesComplex: true,
    bordered(.reflect, axes: 1))
  static let reflectionPad2d = Operator(
    "aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor", takesComplex: true,
    bordered(.reflect, axes: 2))
  static let reflectionPad3d = Operator(
    "aten::reflection_pad3d(Tensor self, SymInt[6] padding) -> Tensor", takesComplex: true,
    bordered(.reflect, axes: 3))
  static let replicationPad1d = Operator(
    "aten::replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor", takesComplex: true,
    bordered(.replicate, axes: 1))
  static let replicationPad2d = Operator(
    "aten::replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor", takesComplex: true,
    bordered(.replicate, axes: 2))
  static let replicationPad3d = Operator(
    "aten::replication_pad3d(Tensor self, SymInt[6] padding) -> Tensor", takesComplex: true,
    bordered(.replicate, axes: 3))

  static let pad = Operator(
    "aten::pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let amounts = try arguments.ints("pad")
      let name = try arguments.string("mode")
      let value = try arguments.optionalDouble("value")
      if name == "constant" {
        let checked = try Arguments(
          constantPad.schema, [.tensor(x), amounts.value, .double(value ?? 0)])
        return try constantPad.evaluate(checked)
      }
      guard value == nil || value == 0 else {
        throw MartletError(
          .argument, "Padding mode \"\(name)\" doesn't take in value argument")
      }
      guard let border = Border(rawValue: name) else {
        throw MartletError(.argument, "Unrecognised padding mode \(name)")
      }
      let axes = amounts.count / 2
      guard amounts.count % 2 == 0, (1...3).contains(axes), x.dim == axes + 1 || x.dim == axes + 2
      else {
        throw MartletError(
          .shape,
          "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now: got "
            + "\(amounts.count) amounts for \(x.dim) dimensions")
      }
      _ = try borderedSizes(x, amounts, border, axes: axes)
      return [.tensor(try withBorder(x, amounts, border))]
    })

  /// What stands outside the borders.
  package enum Border: String {
    case reflect, replicate, circular

    /// The element of an axis that stands at each position of the padded one.
    package func sources(_ size: Int, before: Int, after: Int) -> [Int] {
      let positions = -before..<max(size + after, -before)
      switch self {
      case .reflect:
        return positions.map { $0 < 0 ? -$0 : $0 >= size ? 2 * (size - 1) - $0 : $0 }
      case .replicate: return positions.map { min(max($0, 0), size - 1) }
      case .circular:
        // What is cut does not come back at the other end.
        let start = max(-before, 0)
        let count = max(size + min(after, 0) - start, 1)
        return positions.map { start + (($0 - start) % count + count) % count }
      }
    }
  }

  private static func bordered(_ border: Border, axes: Int) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let amounts = try arguments.ints("padding")
        guard amounts.count == 2 * axes else {
          throw MartletError(
            .argument, "padding size is expected to be \(2 * axes), but got: \(amounts.count)")
        }
        return [
          TensorSpec(try borderedSizes(x, amounts, border, axes: axes), x.dtype)
        ]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        try results[0].overwrite(
          results[0].layout, with: try withBorder(x, try arguments.ints("padding"), border))
      })
  }

  /// Borders are separable: one axis after the other.
  private static func withBorder(_ x: Tensor, _ amounts: [Int], _ border: Border) throws
    -> Tensor
  {
    var result = x
    for position in 0..<(amounts.count / 2) {
      let (before, after) = (amounts[2 * position], amounts[2 * position + 1])
      let d = x.dim - 1 - position
      result = try Gathering.picked(
        result, d, border.sources(x.sizes[d], before: before, after: after))
    }
    return try result.compacted()
  }

  private static func borderedSizes(
    _ x: Tensor, _ amounts: [Int], _ border: Border, axes: Int
  ) throws -> [Int] {
    // A batch may be empty, nothing else.
    let body = x.dim == axes + 2 ? x.sizes.dropFirst() : x.sizes[...]
    guard x.dim == axes + 1 || x.dim == axes + 2, border == .circular || !body.contains(0) else {
      throw MartletError(
        .shape,
        "Expected \(axes + 1)D or \(axes + 2)D (batch mode) tensor with possibly 0 batch size and "
          + "other non-zero dimensions for input, but got: \(x.sizes)")
    }
    for position in 0..<axes {
      let (before, after) = (amounts[2 * position], amounts[2 * position + 1])
      let size = x.sizes[x.dim - 1 - position]
      let fits =
        switch border {
        case .reflect: before < size && after < size
        case .circular: before <= size && after <= size
        case .replicate: true
        }
      guard fits else {
        throw MartletError(
          .shape,
          "Padding size should be less than the corresponding input dimension, but got: padding "
            + "(\(before), \(after)) at dimension \(x.dim - 1 - position) of input \(x.sizes)")
      }
    }
    let sizes = try paddedSizes(x.sizes, amounts)
    for position in 0..<axes where sizes[x.dim - 1 - position] < 1 {
      throw MartletError(
        .shape, "input \(x.sizes) is too small: the padded sizes would be \(sizes)")
    }
    return sizes
  }

  private static func paddedSizes(_ sizes: [Int], _ amounts: [Int]) throws -> [Int] {
    guard amounts.count % 2 == 0 else {
      throw MartletError(
        .argument, "Length of pad must be even but instead it equals \(amounts.count)")
    }
    guard amounts.count <= 2 * sizes.count else {
      throw MartletError(
        .argument,
        "Length of pad should be no more than twice the number of dimensions of the input. Pad "
          + "length is \(amounts.count) while the input has \(sizes.count) dimensions.")
    }
    var padded = sizes
    for position in 0..<(amounts.count / 2) {
      let d = sizes.count - 1 - position
      padded[d] += amounts[2 * position] + amounts[2 * position + 1]
      guard padded[d] >= 0 else {
        throw MartletError(
          .shape,
          "The input size \(sizes[d]), plus negative padding \(amounts[2 * position]) and "
            + "\(amounts[2 * position + 1]) resulted in a negative output size")
      }
    }
    return padded
  }

  /// One value over any sizes, without storage for each.
  static func constant(_ value: Scalar, _ dtype: DType, _ sizes: [Int]) throws -> Tensor {
    let one = try PromotionOperand.scalar(value).tensor().converted(to: dtype)
    return one.viewed(one.layout.broadcast(to: sizes))
  }
}

extension Tensor {
  /// Borders around the last axes (`torch.nn.functional.pad`).
  ///
  /// - Parameters:
  ///   - pad: (before, after) pairs from the last axis on; negative amounts cut.
  ///   - mode: `"constant"`, `"reflect"`, `"replicate"` or `"circular"`.
  ///   - value: what a constant border holds; 0 where nil.
  /// - Throws: `MartletError` of kind `.shape` when the borders do not fit.
  public func pad(
    _ pad: some ShapeConvertible, mode: String = "constant", value: Double? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Padding.pad(
      .tensor(self), pad.shape.value, mode.value, value.value, at: SourceLocation(file, line))
  }
}
