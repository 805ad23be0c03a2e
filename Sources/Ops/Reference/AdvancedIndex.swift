import MartletTensor

/// `x[indices]` with index tensors, masks and `nil` for whole axes, resolved.
package struct AdvancedIndex {
  /// The result's sizes: what the index tensors broadcast to in place of the axes they index, or
  /// in front where those axes are not neighbours.
  package let sizes: [Int]
  /// Which of the result's axes come from the index tensors.
  private let indexAxes: Range<Int>
  /// The axes of `x` that are kept whole.
  private let kept: [Int]
  /// An index tensor for each axis of `x` that is indexed, with its axis.
  private let indices: [(axis: Int, index: Tensor)]
  private let indexSizes: [Int]
  private let x: Tensor

  /// - Throws: `MartletError` when there are too many indices, or they have the wrong dtype or do
  ///   not broadcast; `.value` for a mask without values, since it decides the result's sizes.
  package init(_ x: Tensor, _ given: [Tensor?]) throws {
    var indices: [(axis: Int, index: Tensor)] = []
    var axis = 0
    for index in given {
      guard let index else {
        axis += 1
        continue
      }
      switch index.dtype {
      case .bool, .uint8:
        for (offset, position) in try Self.positions(of: index, in: x, from: axis).enumerated() {
          indices.append((axis + offset, position))
        }
        axis += index.dim
      case .int64, .int32:
        indices.append((axis, index))
        axis += 1
      default:
        throw MartletError(
          .dtype,
          "tensors used as indices must be long, int, byte or bool tensors, got \(index.dtype)")
      }
    }
    guard axis <= x.dim else {
      throw MartletError(
        .index, "too many indices for tensor of dimension \(x.dim) (got \(axis))")
    }
    guard !indices.isEmpty else {
      throw MartletError(.argument, "at least one index must be provided")
    }
    self.x = x
    self.indices = indices
    let axes = indices.map(\.axis)
    kept = (0..<x.dim).filter { !axes.contains($0) }
    indexSizes = try broadcast(indices.map(\.index.sizes))
    let first = axes.first ?? 0
    let adjacent = axes.isEmpty || axes[axes.count - 1] - first == axes.count - 1
    let start = adjacent ? first : 0
    indexAxes = start..<(start + indexSizes.count)
    let before = kept.prefix(start).map { x.sizes[$0] }
    sizes = before + indexSizes + kept.dropFirst(start).map { x.sizes[$0] }
    if !indexSizes.contains(0) {
      for (axis, _) in indices where x.sizes[axis] == 0 && !sizes.contains(0) {
        throw MartletError(
          .index, "index is out of bounds for dimension \(axis) with size 0")
      }
    }
  }

  /// The index tensors that a mask over axes from `axis` on stands for.
  private static func positions(of mask: Tensor, in x: Tensor, from axis: Int) throws -> [Tensor] {
    let covered = x.sizes.dropFirst(axis).prefix(mask.dim)
    guard Array(covered) == mask.sizes else {
      throw MartletError(
        .index,
        "The shape of the mask \(mask.sizes) at index \(axis) does not match the shape of the "
          + "indexed tensor \(x.sizes)")
    }
    return try Masking.columns(of: mask)
  }

  /// Where each element of the result stands in `x`'s storage, as sums of `outer` and `inner`.
  package func sourcePlaces() throws -> (outer: [Int], inner: [Int]) {
    var whole = x.layout.keeping(kept)
    whole.offset = 0
    var outer = [Int](repeating: x.layout.offset, count: indexSizes.reduce(1, *))
    for (axis, index) in indices {
      let (size, stride) = (x.sizes[axis], x.strides[axis])
      let wide = index.viewed(index.layout.broadcast(to: indexSizes))
      for (n, position) in try wide.integers().enumerated() {
        guard position >= -size, position < size else {
          throw MartletError(
            .index, "index \(position) is out of bounds for dimension \(axis) with size \(size)")
        }
        outer[n] += (position < 0 ? position + size : position) * stride
      }
    }
    return (outer, whole.places())
  }

  /// Where the same elements stand in a tensor of the result's sizes.
  package func resultPlaces(_ layout: Layout) -> (outer: [Int], inner: [Int]) {
    var rest = layout.keeping(layout.sizes.indices.filter { !indexAxes.contains($0) })
    rest.offset = 0
    return (layout.keeping(indexAxes).places(), rest.places())
  }
}
