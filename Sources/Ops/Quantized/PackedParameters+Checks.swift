import MartletTensor

/// Packing with PyTorch's checks.
extension PackedLinear {
  /// - Throws: `MartletError` of kind `.shape`, `.dtype` or `.argument` for what cannot be packed.
  package init(checking weight: Tensor, bias: Tensor?) throws {
    guard weight.dim == 2 else {
      throw MartletError(
        .shape, "The weight tensor for quantized::linear_prepack should be 2-dimensional.")
    }
    if weight.isQuantized {
      try requireWeight(weight, axis: 0, "quantized::linear_prepack")
    } else if weight.dtype != .float32 {
      throw MartletError(
        .dtype, "packed weights of a linear layer are qint8 or float32, got \(weight.dtype)")
    }
    try requireBias(bias, count: weight.sizes[0])
    self.init(weight: try weight.compacted(), bias: try bias?.compacted())
  }
}

extension PackedEmbedding {
  /// - Throws: `MartletError` of kind `.dtype` for other types than quint8, `.argument` for other
  ///   schemes than one scale and zero point for each row.
  package init(checking weight: Tensor) throws {
    guard weight.dtype == .quint8 else {
      throw MartletError(
        .dtype, "embedding_bag_prepack takes quint8 weights here, got \(weight.dtype)")
    }
    guard weight.dim == 2, case .perChannelFloat(_, _, axis: 0) = weight.quantizer else {
      throw MartletError(
        .argument,
        "Expect embedding_bag weights to be quantized using kPerChannelAffineFloatQParams along "
          + "axis 0")
    }
    self.init(weight: try weight.compacted())
  }
}

extension PackedConvolution {
  /// - Throws: `MartletError` of kind `.shape`, `.dtype` or `.argument` for what cannot be packed.
  package init(
    checking weight: Tensor, bias: Tensor?, stride: [Int], padding: [Int], dilation: [Int],
    outputPadding: [Int], groups: Int, isTransposed: Bool, spatialAxes axes: Int
  ) throws {
    guard weight.dim == axes + 2 else {
      throw MartletError(
        .shape, "Weights are expected to have \(axes + 2) dimensions, got \(weight.sizes)")
    }
    for (name, list) in [("stride", stride), ("padding", padding), ("dilation", dilation)] {
      guard list.count == axes else {
        throw MartletError(
          .argument, "\(name) should contain \(axes) elements for \(axes)D convolution, got \(list)"
        )
      }
    }
    guard outputPadding.count == axes || !isTransposed else {
      throw MartletError(
        .argument, "output_padding should contain \(axes) elements, got \(outputPadding)")
    }
    try requireWeight(weight, axis: isTransposed ? 1 : 0, "quantized::conv\(axes)d_prepack")
    guard groups >= 1 else {
      throw MartletError(.argument, "groups must be a positive number, got \(groups)")
    }
    try requireBias(bias, count: isTransposed ? weight.sizes[1] * groups : weight.sizes[0])
    self.init(
      weight: weight, bias: try bias?.compacted(), stride: stride, padding: padding,
      dilation: dilation, outputPadding: outputPadding, groups: groups, isTransposed: isTransposed)
  }
}

private func requireWeight(_ weight: Tensor, axis: Int, _ name: String) throws {
  guard weight.dtype == .qint8 else {
    throw MartletError(.dtype, "\(name) expects qint8 weights, got \(weight.dtype)")
  }
  switch weight.quantizer {
  case .perTensor?: break
  case .perChannel(_, _, axis: axis)?: try weight.quantizer?.requireChannels(of: weight.sizes)
  default:
    throw MartletError(
      .argument,
      "\(name) expects weights with one scale or with one for each output channel, got "
        + "\(weight.quantizer?.schemeName ?? "none")")
  }
}

private func requireBias(_ bias: Tensor?, count: Int) throws {
  guard let bias else { return }
  guard bias.dtype == .float32, bias.sizes == [count] else {
    throw MartletError(
      .shape, "bias should be a float32 vector of \(count) elements, got \(bias.dtype)\(bias.sizes)"
    )
  }
}
