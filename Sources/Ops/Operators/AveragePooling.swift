import MartletTensor

/// The mean of each window; adaptive ones choose the windows to fit a result's sizes.
///
/// `self: [N, C, …]` or `[C, …]`.
package enum AveragePooling {
  package static let operators: [Operator] = plain + adaptive

  static let plain = [
    make(
      "aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], "
        + "bool ceil_mode=False, bool count_include_pad=True) -> Tensor", 1),
    make(
      "aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
        + "bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) "
        + "-> Tensor", 2),
    make(
      "aten::avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, "
        + "bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) "
        + "-> Tensor", 3),
  ]

  static let adaptive = [
    makeAdaptive("aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor", 1),
    makeAdaptive("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", 2),
    makeAdaptive("aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", 3),
  ]

  private static func make(_ schema: String, _ axes: Int) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          // PyTorch divides whole numbers of 64 bits, and no others.
          if x.dtype != .int64 { try x.dtype.requireFloating("avg_pool\(axes)d") }
          guard try divisor(arguments, axes) != 0 else {
            throw MartletError(.argument, "divisor must be not zero")
          }
          let windows = try PoolingWindows(arguments, axes: axes, dilated: false)
          return [TensorSpec(windows.resultSizes, x.dtype)]
        },
        compute: { arguments, results in
          try compute(
            try arguments.tensor("self"),
            try PoolingWindows(arguments, axes: axes, dilated: false),
            includesPadding: try arguments.bool("count_include_pad"),
            divisor: try divisor(arguments, axes), results[0])
        }))
  }

  private static func divisor(_ arguments: Arguments, _ axes: Int) throws -> Int? {
    axes == 1 ? nil : try arguments.optionalInt("divisor_override")
  }

  private static func makeAdaptive(_ schema: String, _ axes: Int) -> Operator {
    @Sendable func windows(_ arguments: Arguments) throws -> PoolingWindows {
      try PoolingWindows(
        adaptive: try arguments.tensor("self"),
        try arguments.ints("output_size", count: axes))
    }
    return Operator(
      schema,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          try x.dtype.requireFloating("adaptive_avg_pool\(axes)d")
          return [TensorSpec(try windows(arguments).resultSizes, x.dtype)]
        },
        compute: { arguments, results in
          try compute(
            try arguments.tensor("self"), try windows(arguments), includesPadding: false,
            divisor: nil, results[0])
        }))
  }

  private static func compute(
    _ x: Tensor, _ windows: PoolingWindows, includesPadding: Bool, divisor: Int?, _ result: Tensor
  ) throws {
    if result.count == 0 { return }
    switch x.dtype.computeType {
    case .float32:
      try pool(Float.self, x, windows, includesPadding, divisor, result) { $0 / Float($1) }
    case .float64:
      try pool(Double.self, x, windows, includesPadding, divisor, result) { $0 / Double($1) }
    default:
      try pool(Int64.self, x, windows, includesPadding, divisor, result) { $0 / Int64($1) }
    }
  }

  private static func pool<T: ComputeElement & AdditiveArithmetic>(
    _ type: T.Type, _ x: Tensor, _ windows: PoolingWindows, _ includesPadding: Bool,
    _ divisor: Int?, _ result: Tensor, _ divide: (T, Int) -> T
  ) throws {
    let (height, width) = (windows.inputSizes[1], windows.inputSizes[2])
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        var index = 0
        for plane in stride(from: 0, to: from.count, by: windows.inputCount) {
          windows.forEachResult { depths, rows, columns in
            var sum = T.zero
            let inside = depths.count * rows.count * columns.count
            for d in 0..<depths.count {
              for r in 0..<rows.count {
                let line = ((depths.start + d) * height + rows.start + r) * width
                let start = plane + line + columns.start
                for i in start..<(start + columns.count) { sum += from[i] }
              }
            }
            let count =
              divisor
              ?? (includesPadding
                ? depths.paddedCount * rows.paddedCount * columns.paddedCount : inside)
            to[index] = inside == 0 ? .zero : divide(sum, count)
            index += 1
          }
        }
      }
    }
  }
}
