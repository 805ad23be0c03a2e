import MartletKernels
import MartletOps
import MartletTensor

/// The operands of scaled-dot-product attention as [batch, heads, length, width]: further axes
/// before the last two are merged or split, heads that several queries share are repeated in place.
struct AttentionHeads {
  let query, key, value: Tensor
  /// [batch, heads, length, keys]; truth values or numbers.
  var mask: Tensor?
  /// Where the result's heads lie.
  let result: Layout

  /// Nil for other dtypes and for axes that cannot be merged to two.
  init?(_ arguments: Arguments, result: Tensor) throws {
    var (query, key) = (try arguments.tensor("query"), try arguments.tensor("key"))
    var value = try arguments.tensor("value")
    guard [query, key, value].allSatisfy({ $0.dtype == .float32 && $0.dim >= 2 }) else {
      return nil
    }
    var outer = Array(result.sizes.dropLast(2))
    var written = result.layout
    if arguments.hasFlag("enable_gqa") {
      let heads = key.sizes[key.dim - 3]
      let repeats = heads == 0 ? 1 : query.sizes[query.dim - 3] / heads
      query = query.splittingHeads(by: repeats)
      key = key.splittingHeads(by: 1)
      value = value.splittingHeads(by: 1)
      written = written.splittingHeads(by: repeats)
      outer[outer.count - 1] = heads
      outer.append(repeats)
    }
    let mask = try arguments.optionalTensor("attn_mask")
    let (queries, keys) = (query.sizes[query.dim - 2], key.sizes[key.dim - 2])
    let widened = [
      query.layout.broadcast(to: outer + query.sizes.suffix(2)),
      key.layout.broadcast(to: outer + key.sizes.suffix(2)),
      value.layout.broadcast(to: outer + value.sizes.suffix(2)),
      written,
    ]
    var masked: Layout?
    if let mask {
      guard
        arguments.hasFlag("enable_gqa") == false || mask.dim < 3 || mask.sizes[mask.dim - 3] == 1
      else { return nil }
      var layout = mask.layout
      if arguments.hasFlag("enable_gqa"), mask.dim >= 3 {
        layout.sizes.insert(1, at: mask.dim - 3)
        layout.strides.insert(0, at: mask.dim - 3)
      }
      masked = layout.broadcast(to: outer + [queries, keys])
    }
    let merged = StridedGeometry(
      sizes: outer,
      strides: (widened + (masked.map { [$0] } ?? [])).map { Array($0.strides.dropLast(2)) })
    guard merged.sizes.count <= 2 else { return nil }
    func four(_ index: Int, _ layout: Layout) -> Layout {
      let (sizes, strides) = (merged.sizes, merged.strides[index])
      return Layout(
        sizes: (sizes.count == 1 ? [1] : []) + sizes + layout.sizes.suffix(2),
        strides: (sizes.count == 1 ? [0] : []) + strides + layout.strides.suffix(2),
        offset: layout.offset)
    }
    self.query = query.viewed(four(0, widened[0]))
    self.key = key.viewed(four(1, widened[1]))
    self.value = value.viewed(four(2, widened[2]))
    self.result = four(3, written)
    if let mask, let masked { self.mask = mask.viewed(four(4, masked)) }
  }
}

extension Tensor {
  /// […, heads, length, width] as […, heads / count, count, length, width].
  fileprivate func splittingHeads(by count: Int) -> Tensor {
    viewed(layout.splittingHeads(by: count))
  }
}

extension Layout {
  fileprivate func splittingHeads(by count: Int) -> Layout {
    var layout = self
    let axis = rank - 3
    layout.sizes[axis] /= count
    layout.sizes.insert(count, at: axis + 1)
    layout.strides.insert(layout.strides[axis], at: axis + 1)
    layout.strides[axis] *= count
    return layout
  }
}

extension StepBuilder {
  /// The mask as numbers to add: 0 where truth values are true, -∞ elsewhere. Its layout stays.
  mutating func additiveMask(_ mask: Tensor, _ origin: Origin) throws -> Tensor {
    guard mask.dtype == .bool else { return mask }
    // The elements once, without the axes that repeat them.
    var own = mask.layout
    for axis in own.sizes.indices where own.strides[axis] == 0 { own.sizes[axis] = 1 }
    let elements = mask.viewed(own)
    let source = try dense(elements)
    let numbers = try Tensor.meta(own.sizes, .float32)
    let target = try result(numbers)
    let threads = threads
    add("mask", "mask", origin, inputs: [source], outputs: [target]) {
      addendOfMask(
        source.elements($0, of: UInt8.self), into: target.elements($0), threads: threads)
    }
    return numbers.viewed(numbers.layout.broadcast(to: mask.sizes))
  }
}
