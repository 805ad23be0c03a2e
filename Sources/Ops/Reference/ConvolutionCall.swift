import MartletTensor

/// A convolution's arguments, checked; the many overloads differ only in how they are written.
package struct ConvolutionCall {
  package let input: Tensor
  package let weight: Tensor
  package let bias: Tensor?
  package var stride: [Int]
  package var padding: [Int]
  package var dilation: [Int]
  package var outputPadding: [Int]
  package var groups: Int
  package var isTransposed: Bool
  /// Whether the input came without its batch axis.
  package let isUnbatched: Bool

  /// - Parameter spatialAxes: where the operator fixes their number; inputs may then lack the
  ///   batch axis.
  package init(
    input: Tensor, weight: Tensor, bias: Tensor?, stride: [Int], padding: [Int], dilation: [Int],
    outputPadding: [Int]? = nil, groups: Int, isTransposed: Bool = false, spatialAxes: Int? = nil
  ) throws {
    let axes = spatialAxes ?? weight.dim - 2
    guard axes >= 1, axes <= 3, weight.dim == axes + 2 else {
      throw MartletError(
        .shape,
        "expected a weight of \(spatialAxes.map { "\($0 + 2)" } ?? "3, 4 or 5") axes, "
          + "got \(weight.sizes)")
    }
    isUnbatched = spatialAxes != nil && input.dim == axes + 1
    self.input = isUnbatched ? input.unsqueezedView(0) : input
    guard self.input.dim == axes + 2 else {
      throw MartletError(
        .shape,
        spatialAxes == nil
          ? "expected \(axes + 2)-D input for \(axes + 2)-D weight \(weight.sizes), "
            + "but got input of size: \(input.sizes)"
          : "expected \(axes + 1)D (unbatched) or \(axes + 2)D (batched) input to convolution, "
            + "but got input of size: \(input.sizes)")
    }
    func perAxis(_ list: [Int], _ name: String) throws -> [Int] {
      if list.count == axes { return list }
      if list.count == 1 { return Array(repeating: list[0], count: axes) }
      throw MartletError(
        .argument,
        "expected \(name) to be a single integer value or a list of \(axes) values to match the "
          + "convolution dimensions, but got \(name)=\(list)")
    }
    self.weight = weight
    self.bias = bias
    self.stride = try perAxis(stride, "stride")
    self.padding = try perAxis(padding, "padding")
    self.dilation = try perAxis(dilation, "dilation")
    self.outputPadding = try perAxis(outputPadding ?? [0], "output_padding")
    self.groups = groups
    self.isTransposed = isTransposed
    try check()
  }

  private func check() throws {
    func positive(_ list: [Int], _ name: String) throws {
      guard list.allSatisfy({ $0 > 0 }) else {
        throw MartletError(.argument, "\(name) should be greater than zero, got \(list)")
      }
    }
    try positive(stride, "stride")
    try positive(dilation, "dilation")
    guard padding.allSatisfy({ $0 >= 0 }) else {
      throw MartletError(.argument, "negative padding is not supported, got \(padding)")
    }
    guard outputPadding.allSatisfy({ $0 >= 0 }) else {
      throw MartletError(
        .argument, "negative output_padding is not supported, got \(outputPadding)")
    }
    guard groups > 0 else {
      throw MartletError(.argument, "groups must be a positive number, got \(groups)")
    }
    guard input.dtype == weight.dtype, bias == nil || bias?.dtype == input.dtype else {
      throw MartletError(
        .dtype,
        "input type (\(input.dtype)), weight type (\(weight.dtype)) and bias type "
          + "(\(bias?.dtype ?? weight.dtype)) should be the same")
    }
    guard input.dtype != .bool else {
      throw MartletError(.dtype, "convolution is not implemented for 'bool'")
    }
    try checkChannels()
    try checkSpatialSizes()
  }

  private func checkChannels() throws {
    let (first, channels) = (weight.sizes[0], input.sizes[1])
    guard first >= groups, first % groups == 0 else {
      throw MartletError(
        .shape,
        "given groups=\(groups), expected weight to be at least \(groups) at dimension 0 and "
          + "divisible by \(groups), but got weight of size \(weight.sizes) instead")
    }
    let expected = isTransposed ? first : weight.sizes[1] * groups
    guard channels == expected else {
      throw MartletError(
        .shape,
        "given groups=\(groups), weight of size \(weight.sizes), expected input"
          + "\(input.sizes) to have \(expected) channels, but got \(channels) "
          + "channels instead")
    }
    if let bias, bias.sizes != [outputChannels] {
      throw MartletError(
        .shape,
        "given weight of size \(weight.sizes), expected bias to be 1-dimensional with "
          + "\(outputChannels) elements, but got bias of size \(bias.sizes) instead")
    }
  }

  private func checkSpatialSizes() throws {
    let sizes = Array(input.sizes.dropFirst(2))
    guard !kernel.contains(0) else {
      throw MartletError(.shape, "the kernel must not be empty, got weight \(weight.sizes)")
    }
    if isTransposed {
      for d in kernel.indices where outputPadding[d] >= max(stride[d], dilation[d]) {
        throw MartletError(
          .argument,
          "output padding must be smaller than either stride or dilation, got \(outputPadding) "
            + "with stride \(stride) and dilation \(dilation)")
      }
      guard outputSizes.allSatisfy({ $0 > 0 }) || sizes.contains(0) else {
        throw MartletError(
          .shape,
          "given input size per channel: \(sizes), calculated output size per channel: "
            + "\(outputSizes): output size is too small")
      }
    } else {
      for d in sizes.indices
      where sizes[d] + 2 * padding[d] < dilation[d] * (kernel[d] - 1) + 1 {
        throw MartletError(
          .shape,
          "calculated padded input size per channel: \(padded(sizes)). Kernel size: "
            + "\(kernel) with dilation \(dilation). Kernel size can't be greater than actual "
            + "input size")
      }
    }
    guard !sizes.contains(0) else {
      throw MartletError(
        .shape,
        "only zero batch or zero channel inputs are supported, but got input shape \(input.sizes)")
    }
  }

  private func padded(_ sizes: [Int]) -> [Int] { zip(sizes, padding).map { $0 + 2 * $1 } }

  package var kernel: [Int] { Array(weight.sizes.dropFirst(2)) }
  package var outputChannels: Int { isTransposed ? weight.sizes[1] * groups : weight.sizes[0] }

  /// The result's spatial sizes.
  package var outputSizes: [Int] {
    kernel.indices.map { d in
      let reach = dilation[d] * (kernel[d] - 1)
      let size = input.sizes[d + 2]
      return isTransposed
        ? (size - 1) * stride[d] - 2 * padding[d] + reach + outputPadding[d] + 1
        : (size + 2 * padding[d] - reach - 1) / stride[d] + 1
    }
  }

  /// The result's sizes as the caller sees them.
  package var spec: TensorSpec {
    let sizes = [outputChannels] + outputSizes
    return TensorSpec(isUnbatched ? sizes : [input.sizes[0]] + sizes, input.dtype)
  }
}
