import MartletOps
import MartletTensor

extension Instruction {
  /// Additions and multiplications of the products in it, a fused one counted as two; nil for
  /// operators whose time goes elsewhere, and where the arguments do not tell.
  var floatingPointOperations: Int? {
    guard let result = outputs.first, let sums = try? productLength() else { return nil }
    return 2 * result.count * sums
  }

  /// How many products add up to one element of the result.
  private func productLength() throws -> Int? {
    switch name {
    case "aten::_convolution", "aten::_convolution.deprecated", "aten::convolution",
      "aten::conv1d", "aten::conv2d", "aten::conv3d":
      return try convolutionLength()
    case "aten::linear": return try arguments.tensor("input").sizes.last
    case "aten::mm", "aten::bmm", "aten::matmul": return try arguments.tensor("self").sizes.last
    case "aten::addmm": return try arguments.tensor("mat1").sizes.last
    case "aten::baddbmm": return try arguments.tensor("batch1").sizes.last
    case "aten::scaled_dot_product_attention":
      // For each element as many keys as there are, and a share of the query's product with each.
      let (query, key) = (try arguments.tensor("query"), try arguments.tensor("key"))
      guard let depth = query.sizes.last, let width = result.sizes.last, key.dim >= 2, width > 0
      else { return nil }
      let keys = key.sizes[key.dim - 2]
      return keys + keys * depth / width
    default: return nil
    }
  }

  private func convolutionLength() throws -> Int? {
    let weight = try arguments.tensor("weight")
    guard weight.dim >= 3, weight.sizes[0] > 0 else { return nil }
    if name.hasPrefix("aten::_") || name == "aten::convolution",
      try arguments.bool("transposed")
    {
      // Each element of the input meets every tap and output channel.
      let input = try arguments.tensor("input")
      let taps = weight.sizes.dropFirst(1).reduce(1, *)
      return result.count > 0 ? input.count * taps / result.count : nil
    }
    return weight.sizes.dropFirst().reduce(1, *)
  }
}
