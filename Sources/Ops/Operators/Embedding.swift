import MartletKernels
import MartletTensor

/// Rows of a table by their numbers.
package enum EmbeddingFamily {
  package static let operators: [Operator] = [embedding]

  /// `weight[indices]`: `weight: [V, D]`, `indices: […] → […, D]`
  static let embedding = Operator(
    "aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, "
      + "bool scale_grad_by_freq=False, bool sparse=False) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let (weight, indices) = (try arguments.tensor("weight"), try arguments.tensor("indices"))
        guard weight.dim == 2 else {
          throw MartletError(.shape, "'weight' must be 2-D, got \(weight.sizes)")
        }
        guard indices.dtype == .int64 || indices.dtype == .int32 else {
          throw MartletError(
            .dtype,
            "expected tensor for argument 'indices' to have one of the dtypes int64, int32; "
              + "but got \(indices.dtype) instead (while checking arguments for embedding)")
        }
        return [TensorSpec(indices.sizes + [weight.sizes[1]], weight.dtype)]
      },
      compute: { arguments, results in
        let weight = try arguments.tensor("weight")
        let rows = try arguments.tensor("indices").converted(to: .int64).elements(as: Int64.self)
        for row in rows where row < 0 || row >= weight.sizes[0] {
          throw MartletError(
            .index,
            "index out of range: embedding expects 0 ..< \(weight.sizes[0]), got \(row)")
        }
        // Elements move as bits, so five widths serve every dtype.
        switch weight.dtype.byteCount {
        case 1: try gather(UInt8.self, weight, rows, results[0])
        case 2: try gather(UInt16.self, weight, rows, results[0])
        case 4: try gather(UInt32.self, weight, rows, results[0])
        case 8: try gather(UInt64.self, weight, rows, results[0])
        default: try gather(Complex<Double>.self, weight, rows, results[0])
        }
      }))

  private static func gather<T: BitwiseCopyable>(
    _ type: T.Type, _ weight: Tensor, _ rows: [Int64], _ result: Tensor
  ) throws {
    let source = try weight.storage.bytes()
    let target = try result.storage.bytes()
    let (rowStride, step, width) = (weight.strides[0], weight.strides[1], weight.sizes[1])
    source.withSpan(of: T.self, offset: 0, count: source.byteCount / MemoryLayout<T>.stride) {
      from in
      target.withMutableSpan(of: T.self, offset: 0, count: result.count) { to in
        var next = 0
        for row in rows {
          let start = weight.layout.offset + Int(row) * rowStride
          for i in 0..<width { to[next + i] = from[start + i * step] }
          next += width
        }
      }
    }
  }
}

extension F {
  /// The rows of `weight: [V, D]` that `input` names.
  ///
  /// - Parameter paddingIdx: recorded only: it matters to training.
  /// - Throws: `MartletError` of kind `.index` when a number is not a row's.
  public static func embedding(
    _ input: Tensor, _ weight: Tensor, paddingIdx: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    var padding = paddingIdx ?? -1
    if let paddingIdx, weight.dim == 2 {
      let rows = weight.sizes[0]
      guard paddingIdx >= -rows, paddingIdx < rows else {
        throw MartletError(
          .argument, "padding_idx must be within num_embeddings (\(rows)), got \(paddingIdx)")
      }
      padding = paddingIdx < 0 ? paddingIdx + rows : paddingIdx
    }
    return try EmbeddingFamily.embedding(
      .tensor(weight), .tensor(input), .int(Dim(padding)), false, false,
      at: SourceLocation(file, line))
  }
}
