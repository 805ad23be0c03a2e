import MartletTensor

/// The largest element of each window; adaptive ones choose the windows to fit a result's sizes.
///
/// `self: [N, C, …]` or `[C, …]`. Where asked for, indices count within a channel's plane.
package enum MaxPooling {
  package static let operators: [Operator] = plain + indexed + adaptive

  static let plain = [
    make(
      "aten::max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], "
        + "int[1] dilation=[1], bool ceil_mode=False) -> Tensor", 1),
    make(
      "aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
        + "int[2] dilation=1, bool ceil_mode=False) -> Tensor", 2),
    make(
      "aten::max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, "
        + "int[3] dilation=1, bool ceil_mode=False) -> Tensor", 3),
  ]

  static let indexed = [
    make(
      "aten::max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], "
        + "int[1] padding=[0], int[1] dilation=[1], bool ceil_mode=False) -> (Tensor, Tensor)", 1),
    make(
      "aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], "
        + "int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)", 2),
    make(
      "aten::max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], "
        + "int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)", 3),
  ]

  static let adaptive = [
    makeAdaptive(
      "aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)", 1),
    makeAdaptive(
      "aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)", 2),
    makeAdaptive(
      "aten::adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)", 3),
  ]

  private static func make(_ schema: String, _ axes: Int) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          guard x.dtype != .bool else {
            throw MartletError(.dtype, "\"max_pool\(axes)d\" not implemented for 'bool'")
          }
          return specs(
            arguments, try PoolingWindows(arguments, axes: axes, dilated: true), x.dtype)
        },
        compute: { arguments, results in
          try compute(
            try arguments.tensor("self"),
            try PoolingWindows(arguments, axes: axes, dilated: true), results)
        }))
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
          try x.dtype.requireFloating("adaptive_max_pool\(axes)d")
          return specs(arguments, try windows(arguments), x.dtype)
        },
        compute: { arguments, results in
          try compute(try arguments.tensor("self"), try windows(arguments), results)
        }))
  }

  private static func specs(_ arguments: Arguments, _ windows: PoolingWindows, _ dtype: DType)
    -> [TensorSpec]
  {
    let values = TensorSpec(windows.resultSizes, dtype)
    let hasIndices = arguments.schema.returns.count == 2
    return hasIndices ? [values, TensorSpec(windows.resultSizes, .int64)] : [values]
  }

  private static func compute(
    _ x: Tensor, _ windows: PoolingWindows, _ results: [Tensor]
  ) throws {
    if results[0].count == 0 { return }
    switch x.dtype.computeType {
    case .float32: try pool(Float.self, x, windows, results, lowest: -.infinity)
    case .float64: try pool(Double.self, x, windows, results, lowest: -.infinity)
    default: try pool(Int64.self, x, windows, results, lowest: .min)
    }
  }

  private static func pool<T: ComputeElement>(
    _ type: T.Type, _ x: Tensor, _ windows: PoolingWindows, _ results: [Tensor], lowest: T
  ) throws {
    try x.withElements(as: T.self) { from in
      try results[0].fill(as: T.self) { values in
        guard results.count == 2 else {
          return search(from, windows, lowest) { index, value, _ in values[index] = value }
        }
        try results[1].writeUnshared(as: Int64.self) { indices in
          search(from, windows, lowest) { index, value, position in
            values[index] = value
            indices[index] = Int64(position)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func search<T: ComputeElement>(
    _ from: Span<T>, _ windows: PoolingWindows, _ lowest: T,
    _ store: (_ index: Int, _ value: T, _ position: Int) -> Void
  ) {
    let (height, width) = (windows.inputSizes[1], windows.inputSizes[2])
    var index = 0
    for plane in stride(from: 0, to: from.count, by: windows.inputCount) {
      windows.forEachResult { depths, rows, columns in
        var largest = lowest
        var position = (depths.start * height + rows.start) * width + columns.start
        for d in 0..<depths.count {
          for r in 0..<rows.count {
            var at =
              ((depths.start + d * depths.step) * height + rows.start + r * rows.step) * width
              + columns.start
            for _ in 0..<columns.count {
              let value = from[plane + at]
              // The last NaN wins, as in PyTorch.
              if value > largest || value != value {
                largest = value
                position = at
              }
              at += columns.step
            }
          }
        }
        store(index, largest, position)
        index += 1
      }
    }
  }
}
