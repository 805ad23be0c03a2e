import MartletTensor

/// Those that no other operator gives.
extension InPlace {
  /// The values of `src`, broadcast and converted; over quantised elements quantised.
  static let copy = Operator(
    "aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)",
    takesComplex: true, takesQuantized: true, functional: Copying.copy,
    .mutating { arguments in
      let x = try arguments.tensor("self")
      let source = try Expanding.expanded(try arguments.tensor("src"), x.sizes)
      try x.checkWritable()
      if x.isMeta { return [arguments["self"]] }
      guard !source.isMeta else {
        throw MartletError(.value, "a meta tensor has no values to write")
      }
      try x.assign(source)
      return [arguments["self"]]
    })

  /// The value on the main diagonal of all axes; `wrap` starts again below a tall matrix's last.
  static let fillDiagonal = Operator(
    "aten::fill_diagonal_(Tensor(a!) self, Scalar fill_value, bool wrap=False) -> Tensor(a!)",
    .mutating { arguments in
      let x = try arguments.tensor("self")
      guard x.dim >= 2 else {
        throw MartletError(.shape, "dimensions must larger than 1, got sizes \(x.sizes)")
      }
      guard x.dim == 2 || Set(x.sizes).count == 1 else {
        throw MartletError(
          .shape, "all dimensions of input must be of equal length, got \(x.sizes)")
      }
      try x.checkWritable()
      if x.isMeta { return [arguments["self"]] }
      let step = x.strides.reduce(0, +)
      let value = try aten("fill.Scalar", try Tensor.allocate([], x.dtype), arguments["fill_value"])
      func fill(from start: Int, _ count: Int) throws {
        let diagonal = x.viewed(
          Layout(sizes: [count], strides: [step], offset: x.layout.offset + start))
        try diagonal.assign(value.broadcastView([count]))
      }
      let side = x.sizes.min() ?? 0
      try fill(from: 0, side)
      if try arguments.bool("wrap"), x.dim == 2, x.sizes[0] > x.sizes[1] + 1 {
        // One row is left out between two diagonals.
        for row in stride(from: side + 1, to: x.sizes[0], by: side + 1) {
          try fill(from: row * x.strides[0], min(side, x.sizes[0] - row))
        }
      }
      return [arguments["self"]]
    })

  /// Other sizes for the storage's elements, in row-major order from where the tensor begins. A
  /// tensor is a value here: it cannot get a larger storage.
  static let resize = Operator(
    "aten::resize_(Tensor(a!) self, SymInt[] size, *, MemoryFormat? memory_format=None)"
      + " -> Tensor(a!)",
    .view { [.tensor(try resized(try $0.tensor("self"), try $0.ints("size")))] })
  static let resizeAs = Operator(
    "aten::resize_as_(Tensor(a!) self, Tensor the_template, *, MemoryFormat? memory_format=None)"
      + " -> Tensor(a!)",
    .view { [.tensor(try resized(try $0.tensor("self"), try $0.tensor("the_template").sizes))] })

  private static func resized(_ x: Tensor, _ sizes: [Int]) throws -> Tensor {
    if x.sizes == sizes { return x }
    let bytes = try Tensor.byteCount(of: sizes, x.dtype)
    guard x.layout.offset * x.dtype.byteCount + bytes <= x.storage.byteCount else {
      throw MartletError(
        .memory,
        "resize_ to \(sizes) needs more than the tensor's storage, which cannot grow: "
          + "\(x.storage.byteCount) bytes")
    }
    return x.viewed(Layout(contiguous: sizes, offset: x.layout.offset))
  }
}
