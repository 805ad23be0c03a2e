import MartletTensor

/// A parsed equation with its operands: each a view with one axis per label, in one order for all,
/// the result's labels first. Axes that an operand lacks have one element.
struct EinsumCall {
  fileprivate let operands: [Tensor]
  /// The size of every label.
  fileprivate let sizes: [Int]
  /// How many labels, from the first on, the result has.
  fileprivate let outputCount: Int
  let dtype: DType

  var outputSizes: [Int] { Array(sizes.prefix(outputCount)) }

  init(_ equation: String, _ tensors: [Tensor]) throws {
    let equation = try EinsumEquation(equation, ranks: tensors.map(\.dim))
    guard let first = tensors.first else {
      throw MartletError(.argument, "einsum(): must provide at least one operand")
    }
    var sizes = [Int](repeating: 1, count: equation.labelCount)
    for (labels, tensor) in zip(equation.operands, tensors) {
      for (axis, label) in labels.enumerated() where tensor.sizes[axis] != 1 {
        guard sizes[label] == 1 || sizes[label] == tensor.sizes[axis] else {
          throw MartletError(
            .shape,
            "einsum(): operands do not broadcast with remapped shapes: an axis has sizes "
              + "\(sizes[label]) and \(tensor.sizes[axis])")
        }
        sizes[label] = tensor.sizes[axis]
      }
      guard tensors.count == 1 || tensor.dtype == first.dtype else {
        throw MartletError(
          .dtype,
          "expected operands of einsum to have the same dtype, but got: \(first.dtype) != "
            + "\(tensor.dtype)")
      }
    }
    operands = try zip(equation.operands, tensors).map { labels, tensor in
      try Self.aligned(tensor, labels, count: sizes.count)
    }
    self.sizes = sizes
    outputCount = equation.outputCount
    guard tensors.count == 1 || first.dtype != .bool else {
      throw MartletError(.dtype, "matrix products are not implemented for 'bool'")
    }
    // A sum of whole numbers is of 64 bits, as torch.sum's.
    let isSum = tensors.count == 1 && equation.outputCount < equation.labelCount
    dtype = isSum && !first.dtype.isFloatingPoint && !first.dtype.isComplex ? .int64 : first.dtype
  }

  /// The tensor with an axis per label; an axis named twice becomes its diagonal.
  private static func aligned(_ tensor: Tensor, _ labels: [Int], count: Int) throws -> Tensor {
    var layout = Layout(
      sizes: Array(repeating: 1, count: count), strides: Array(repeating: 0, count: count),
      offset: tensor.layout.offset)
    var seen: Set<Int> = []
    for (axis, label) in labels.enumerated() {
      if !seen.insert(label).inserted, layout.sizes[label] != tensor.sizes[axis] {
        throw MartletError(
          .shape,
          "einsum(): a label repeated in one operand stands for axes of sizes "
            + "\(layout.sizes[label]) and \(tensor.sizes[axis])")
      }
      layout.sizes[label] = tensor.sizes[axis]
      layout.strides[label] += tensor.strides[axis]
    }
    return tensor.viewed(layout)
  }

  func evaluate(into result: Tensor) throws {
    let type = result.dtype.computeType
    if result.count == 0 { return }
    var current = try operands[0].converted(to: type)
    if operands.count == 1 {
      let summed = Array(outputCount..<sizes.count)
      if summed.isEmpty {
        let dense = try current.compacted()
        return try dense.viewed(Layout(contiguous: result.sizes, offset: dense.layout.offset))
          .convert(into: result)
      }
      let ones = try Tensor.filled(Array(repeating: 1, count: sizes.count), type, with: 1)
      current = try Self.product(current, ones, summing: summed, type)
    }
    for (index, next) in operands.enumerated().dropFirst() {
      // A label goes as soon as no operand to come has it.
      let summed = (outputCount..<sizes.count).filter { label in
        operands[(index + 1)...].allSatisfy { $0.sizes[label] == 1 }
          && (current.sizes[label] != 1 || next.sizes[label] != 1)
      }
      current = try Self.product(current, try next.converted(to: type), summing: summed, type)
    }
    let expanded = current.broadcastView(sizes.enumerated().map { $0 < outputCount ? $1 : 1 })
    try expanded.copied().viewed(Layout(contiguous: result.sizes)).convert(into: result)
  }

  /// The product of two aligned tensors, summed over some labels, aligned again.
  private static func product(_ a: Tensor, _ b: Tensor, summing: [Int], _ type: DType) throws
    -> Tensor
  {
    let sum = Set(summing)
    let labels = Array(0..<a.dim)
    let shared = labels.filter { !sum.contains($0) && a.sizes[$0] != 1 && b.sizes[$0] != 1 }
    let left = labels.filter { !sum.contains($0) && !shared.contains($0) && a.sizes[$0] != 1 }
    let right = labels.filter { !sum.contains($0) && !shared.contains($0) && a.sizes[$0] == 1 }
    let sizes = labels.map { a.sizes[$0] == 1 ? b.sizes[$0] : a.sizes[$0] }
    func count(_ group: [Int]) -> Int { group.reduce(1) { $0 * sizes[$1] } }
    func stack(_ x: Tensor, _ groups: [[Int]]) throws -> Tensor {
      // Summed labels that only the other operand has repeat this one's elements.
      let target = labels.map { sum.contains($0) ? sizes[$0] : x.sizes[$0] }
      let order = groups.flatMap { $0 }
      let rest = labels.filter { !order.contains($0) }
      return try x.broadcastView(target).permutedView(order + rest)
        .reshapedView(groups.map(count))
    }
    let result = try Tensor.allocate([count(shared), count(left), count(right)], type)
    try MatrixProducts.product(
      try stack(a, [shared, left, summing]), try stack(b, [shared, summing, right]), into: result)
    let order = shared + left + right
    var layout = Layout(
      sizes: labels.map { sum.contains($0) ? 1 : sizes[$0] },
      strides: Array(repeating: 0, count: labels.count))
    var step = 1
    for label in order.reversed() {
      layout.strides[label] = step
      step *= sizes[label]
    }
    return result.viewed(layout)
  }
}

/// A sum of products of two operands as one batched product: views to reshape before it, and how
/// the result lies in it.
package struct EinsumProduct {
  /// To be reshaped to [shared, rows, depth] and [shared, depth, columns].
  package let left, right: Tensor
  package let leftSizes, rightSizes: [Int]
  /// The result's axes in the product's memory.
  package let resultLayout: Layout

  /// Nil where an axis that is summed over belongs to one operand alone.
  package init?(_ equation: String, _ tensors: [Tensor]) throws {
    let call = try EinsumCall(equation, tensors)
    guard let product = call.batchedProduct else { return nil }
    self = product
  }

  fileprivate init(
    left: Tensor, right: Tensor, leftSizes: [Int], rightSizes: [Int], resultLayout: Layout
  ) {
    self.left = left
    self.right = right
    self.leftSizes = leftSizes
    self.rightSizes = rightSizes
    self.resultLayout = resultLayout
  }
}

extension EinsumCall {
  fileprivate var batchedProduct: EinsumProduct? {
    guard operands.count == 2 else { return nil }
    let (a, b) = (operands[0], operands[1])
    let summed = Array(outputCount..<sizes.count)
    guard summed.allSatisfy({ a.sizes[$0] == b.sizes[$0] }) else { return nil }
    let kept = 0..<outputCount
    let shared = kept.filter { a.sizes[$0] != 1 && b.sizes[$0] != 1 }
    let rows = kept.filter { !shared.contains($0) && a.sizes[$0] != 1 }
    let columns = kept.filter { !shared.contains($0) && a.sizes[$0] == 1 }
    func count(_ group: [Int]) -> Int { group.reduce(1) { $0 * sizes[$1] } }
    // Axes of one element that belong to the other operand go last.
    func view(_ x: Tensor, _ order: [Int]) -> Tensor {
      x.permutedView(order + (0..<sizes.count).filter { !order.contains($0) })
    }
    var strides = [Int](repeating: 0, count: outputCount)
    var step = 1
    for label in (shared + rows + columns).reversed() {
      strides[label] = step
      step *= sizes[label]
    }
    return EinsumProduct(
      left: view(a, shared + rows + summed), right: view(b, shared + summed + columns),
      leftSizes: [count(shared), count(rows), count(summed)],
      rightSizes: [count(shared), count(summed), count(columns)],
      resultLayout: Layout(sizes: outputSizes, strides: strides))
  }
}
