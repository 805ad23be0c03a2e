import MartletTensor

/// Convolution and its transpose over one, two or three spatial axes.
///
/// `input: [N, C, …]`, `weight: [O, C / groups, …]` (transposed: `[C, O / groups, …]`),
/// `bias: [O]`; sizes along an axis: `(size + 2·padding − dilation·(kernel − 1) − 1) / stride + 1`.
package enum Convolution {
  package static let operators: [Operator] =
    [general, recorded, recordedBefore, mode] + plain + padded + transposed

  /// What PyTorch's traces record for every convolution; the last four say how it was computed.
  static let recorded = make(
    "aten::_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, "
      + "SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, "
      + "SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled, bool allow_tf32) "
      + "-> Tensor", readGeneral)

  /// As recorded by PyTorch before 1.7.
  static let recordedBefore = make(
    "aten::_convolution.deprecated(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, "
      + "SymInt[] padding, SymInt[] dilation, bool transposed, int[] output_padding, "
      + "SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled) -> Tensor",
    readGeneral)

  static let general = make(
    "aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, "
      + "SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, "
      + "SymInt groups) -> Tensor", readGeneral)

  /// With `padding` "same" or "valid".
  static let mode = make(
    "aten::_convolution_mode(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, "
      + "str padding, SymInt[] dilation, SymInt groups) -> Tensor"
  ) { try readNamedPadding($0, spatialAxes: nil) }

  static let plain = [
    make(
      "aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], "
        + "SymInt[1] padding=[0], SymInt[1] dilation=[1], SymInt groups=1) -> Tensor"
    ) { try readPlain($0, 1) },
    make(
      "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], "
        + "SymInt[2] padding=[0, 0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor"
    ) { try readPlain($0, 2) },
    make(
      "aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], "
        + "SymInt[3] padding=[0, 0, 0], SymInt[3] dilation=[1, 1, 1], SymInt groups=1) -> Tensor"
    ) { try readPlain($0, 3) },
  ]

  static let padded = [
    make(
      "aten::conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, "
        + "SymInt[1] stride=[1], str padding=\"valid\", SymInt[1] dilation=[1], SymInt groups=1) "
        + "-> Tensor"
    ) { try readNamedPadding($0, spatialAxes: 1) },
    make(
      "aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, "
        + "SymInt[2] stride=[1, 1], str padding=\"valid\", SymInt[2] dilation=[1, 1], "
        + "SymInt groups=1) -> Tensor"
    ) { try readNamedPadding($0, spatialAxes: 2) },
    make(
      "aten::conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, "
        + "SymInt[3] stride=[1, 1, 1], str padding=\"valid\", SymInt[3] dilation=[1, 1, 1], "
        + "SymInt groups=1) -> Tensor"
    ) { try readNamedPadding($0, spatialAxes: 3) },
  ]

  static let transposed = [
    make(
      "aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, "
        + "SymInt[1] stride=[1], SymInt[1] padding=[0], SymInt[1] output_padding=[0], "
        + "SymInt groups=1, SymInt[1] dilation=[1]) -> Tensor"
    ) { try readTransposed($0, 1) },
    make(
      "aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, "
        + "SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] output_padding=[0, 0], "
        + "SymInt groups=1, SymInt[2] dilation=[1, 1]) -> Tensor"
    ) { try readTransposed($0, 2) },
    make(
      "aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, "
        + "SymInt[3] stride=[1, 1, 1], SymInt[3] padding=[0, 0, 0], "
        + "SymInt[3] output_padding=[0, 0, 0], SymInt groups=1, SymInt[3] dilation=[1, 1, 1]) "
        + "-> Tensor"
    ) { try readTransposed($0, 3) },
  ]

  private static func make(
    _ schema: String, _ read: @escaping @Sendable (Arguments) throws -> ConvolutionCall
  ) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { [try read($0).spec] },
        compute: { arguments, results in
          let call = try read(arguments)
          let result = results[0]
          try call.evaluate(
            into: call.isUnbatched ? result.unsqueezedView(0) : result)
        }))
  }
}

/// From an overload's arguments to a call.
extension Convolution {
  @Sendable private static func readGeneral(_ arguments: Arguments) throws -> ConvolutionCall {
    try ConvolutionCall(
      input: arguments.tensor("input"), weight: arguments.tensor("weight"),
      bias: arguments.optionalTensor("bias"), stride: arguments.ints("stride"),
      padding: arguments.ints("padding"), dilation: arguments.ints("dilation"),
      outputPadding: arguments.ints("output_padding"), groups: arguments.int("groups"),
      isTransposed: arguments.bool("transposed"))
  }

  private static func readPlain(_ arguments: Arguments, _ axes: Int) throws -> ConvolutionCall {
    try ConvolutionCall(
      input: arguments.tensor("input"), weight: arguments.tensor("weight"),
      bias: arguments.optionalTensor("bias"), stride: arguments.ints("stride"),
      padding: arguments.ints("padding"), dilation: arguments.ints("dilation"),
      groups: arguments.int("groups"), spatialAxes: axes)
  }

  private static func readTransposed(_ arguments: Arguments, _ axes: Int) throws
    -> ConvolutionCall
  {
    try ConvolutionCall(
      input: arguments.tensor("input"), weight: arguments.tensor("weight"),
      bias: arguments.optionalTensor("bias"), stride: arguments.ints("stride"),
      padding: arguments.ints("padding"), dilation: arguments.ints("dilation"),
      outputPadding: arguments.ints("output_padding"), groups: arguments.int("groups"),
      isTransposed: true, spatialAxes: axes)
  }

  /// "same" pads so that a stride of one keeps the sizes: what is odd goes behind.
  private static func readNamedPadding(_ arguments: Arguments, spatialAxes: Int?) throws
    -> ConvolutionCall
  {
    let weight = try arguments.tensor("weight")
    let bias = try arguments.optionalTensor("bias")
    let (stride, dilation) = (try arguments.ints("stride"), try arguments.ints("dilation"))
    let groups = try arguments.int("groups")
    func call(_ input: Tensor, _ padding: [Int]) throws -> ConvolutionCall {
      try ConvolutionCall(
        input: input, weight: weight, bias: bias, stride: stride, padding: padding,
        dilation: dilation, groups: groups, spatialAxes: spatialAxes)
    }
    let input = try arguments.tensor("input")
    let name = try arguments.string("padding")
    switch name {
    case "valid": return try call(input, [0])
    case "same":
      guard stride.allSatisfy({ $0 == 1 }) else {
        throw MartletError(
          .argument,
          "padding='same' is not supported for strided convolutions, got stride \(stride)")
      }
      let kernel = Array(weight.sizes.dropFirst(2))
      guard !kernel.isEmpty, dilation.count == 1 || dilation.count == kernel.count else {
        return try call(input, [0])
      }
      let total = kernel.indices.map { d in
        (dilation.count == 1 ? dilation[0] : dilation[d]) * (kernel[d] - 1)
      }
      let half = total.map { $0 / 2 }
      if total.allSatisfy({ $0 % 2 == 0 }) { return try call(input, half) }
      guard input.dim > kernel.count else { return try call(input, half) }
      return try call(try input.padded(behind: total.map { $0 % 2 }), half)
    default:
      throw MartletError(.argument, "invalid padding string: '\(name)'; use 'valid' or 'same'")
    }
  }
}

extension Tensor {
  /// Zeros behind the last axes, one count for each.
  fileprivate func padded(behind counts: [Int]) throws -> Tensor {
    let first = dim - counts.count
    var target = sizes
    for (d, count) in counts.enumerated() { target[first + d] += count }
    if isMeta { return try .meta(target, dtype) }
    let wide = try converted(to: dtype.computeType)
    let result = try Tensor.allocate(target, wide.dtype, zeroed: true)
    var inside = result.layout
    inside.sizes = sizes
    switch wide.dtype {
    case .float32: try wide.copy(Float.self, into: result, at: inside)
    case .float64: try wide.copy(Double.self, into: result, at: inside)
    default: try wide.copy(Int64.self, into: result, at: inside)
    }
    return try result.converted(to: dtype)
  }

  private func copy<T: ComputeElement>(_: T.Type, into result: Tensor, at inside: Layout) throws {
    try readStorage(as: T.self) { from in
      try result.writeUnshared(as: T.self) { to in
        forEachRow([layout, inside]) { starts, count, strides in
          for i in 0..<count { to[starts[1] + i * strides[1]] = from[starts[0] + i * strides[0]] }
        }
      }
    }
  }
}
