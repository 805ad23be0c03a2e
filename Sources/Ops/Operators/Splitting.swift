import MartletTensor

/// Several views that together hold all elements of an axis.
package enum Splitting {
  package static let operators: [Operator] = [
    split, splitSizes, splitInts, splitWithSizes, chunk, tensorSplit, tensorSplitIndices,
    tensorSplitTensor, hsplit, hsplitIndices, vsplit, vsplitIndices, dsplit, dsplitIndices,
  ]

  static let split = Operator(
    "aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]",
    .view { arguments in
      let x = try axis(of: arguments, "split")
      let size = try arguments.int("split_size")
      guard size >= 0 else {
        throw MartletError(
          .argument, "split expects split_size be non-negative, but got split_size=\(size)")
      }
      guard size > 0 || x.extent == 0 else {
        throw MartletError(
          .argument,
          "split_size can only be 0 if dimension size is 0, but got dimension size of \(x.extent)")
      }
      return [x.parts(of: size)]
    })

  static let splitSizes = Operator(
    "aten::split.sizes(Tensor(a -> *) self, SymInt[] split_size, int dim=0) -> Tensor(a)[]",
    .view { [try axis(of: $0, "split").parts(of: try $0.ints("split_size"))] })

  /// The overload that TorchScript code written by hand calls.
  static let splitInts = Operator(
    "aten::split(Tensor(a -> *) self, int[] split_sizes, int dim=0) -> Tensor(a)[]",
    .view { [try axis(of: $0, "split").parts(of: try $0.ints("split_sizes"))] })

  static let splitWithSizes = Operator(
    "aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]",
    .view { [try axis(of: $0, "split_with_sizes").parts(of: try $0.ints("split_sizes"))] })

  static let chunk = Operator(
    "aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]",
    .view { arguments in
      let x = try axis(of: arguments, "chunk")
      let chunks = try arguments.int("chunks")
      guard chunks > 0 else {
        throw MartletError(
          .argument, "chunk expects `chunks` to be greater than 0, got: \(chunks)")
      }
      // Of an empty axis there are as many empty parts as asked for.
      if x.extent == 0 { return [try x.parts(of: [Int](repeating: 0, count: chunks))] }
      return [x.parts(of: (x.extent + chunks - 1) / chunks)]
    })

  static let tensorSplit = Operator(
    "aten::tensor_split.sections(Tensor(a -> *) self, SymInt sections, int dim=0) -> Tensor(a)[]",
    .view { arguments in
      let x = try axis(of: arguments, "tensor_split")
      return [try x.sections(try arguments.int("sections"))]
    })

  static let tensorSplitIndices = Operator(
    "aten::tensor_split.indices(Tensor(a -> *) self, SymInt[] indices, int dim=0) -> Tensor(a)[]",
    .view { arguments in
      [try axis(of: arguments, "tensor_split").parts(between: try arguments.ints("indices"))]
    })

  static let tensorSplitTensor = Operator(
    "aten::tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, "
      + "Tensor tensor_indices_or_sections, int dim=0) -> Tensor(a)[]",
    .dataDependent { arguments in
      let x = try axis(of: arguments, "tensor_split")
      let given = try arguments.tensor("tensor_indices_or_sections")
      guard given.dtype == .int64, given.dim <= 1 else {
        throw MartletError(
          .argument,
          "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
            + "one-dimensional tensor of dtype int64, got \(given.dtype)\(given.sizes)")
      }
      let numbers = try given.elements(as: Int64.self).map(\.number)
      return [given.dim == 0 ? try x.sections(numbers[0]) : x.parts(between: numbers)]
    })

  static let hsplit = Operator(
    "aten::hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]",
    .view { [try numpy($0, dim: 1, rank: 1).equalSections($0)] })
  static let hsplitIndices = Operator(
    "aten::hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]",
    .view { [try numpy($0, dim: 1, rank: 1).parts(between: try $0.ints("indices"))] })
  static let vsplit = Operator(
    "aten::vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]",
    .view { [try numpy($0, dim: 0, rank: 2).equalSections($0)] })
  static let vsplitIndices = Operator(
    "aten::vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]",
    .view { [try numpy($0, dim: 0, rank: 2).parts(between: try $0.ints("indices"))] })
  static let dsplit = Operator(
    "aten::dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]",
    .view { [try numpy($0, dim: 2, rank: 3).equalSections($0)] })
  static let dsplitIndices = Operator(
    "aten::dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]",
    .view { [try numpy($0, dim: 2, rank: 3).parts(between: try $0.ints("indices"))] })

  private static func axis(of arguments: Arguments, _ name: String) throws -> Axis {
    let x = try arguments.tensor("self")
    guard x.dim > 0 else {
      throw MartletError(.shape, "\(name) expects at least a 1-dimensional tensor")
    }
    return Axis(tensor: x, dim: try arguments.dim("dim", rank: x.dim))
  }

  private static func numpy(_ arguments: Arguments, dim: Int, rank: Int) throws -> Axis {
    let x = try arguments.tensor("self")
    guard x.dim >= rank else {
      throw MartletError(
        .shape,
        "\(arguments.schema.name) requires a tensor with at least \(rank) dimension, but got a "
          + "tensor with \(x.dim) dimensions!")
    }
    return Axis(tensor: x, dim: min(dim, x.dim - 1))
  }

  /// One axis of a tensor.
  private struct Axis {
    let tensor: Tensor
    let dim: Int

    var extent: Int { tensor.sizes[dim] }

    func part(_ start: Int, _ end: Int) -> Value {
      .tensor(Slicing.sliced(tensor, dim, start..<end))
    }

    func parts(of size: Int) -> Value {
      guard size > 0, extent > 0 else { return .list([part(0, extent)]) }
      return .list(
        stride(from: 0, to: extent, by: size).map { part($0, min($0 + size, extent)) })
    }

    func parts(of sizes: [Int]) throws -> Value {
      guard !sizes.contains(where: { $0 < 0 }) else {
        throw MartletError(
          .argument,
          "split_with_sizes expects split_sizes have only non-negative entries, but got "
            + "split_sizes=\(sizes)")
      }
      guard sizes.reduce(0, +) == extent else {
        throw MartletError(
          .argument,
          "split_with_sizes expects split_sizes to sum exactly to \(extent) (input tensor's size "
            + "at dimension \(dim)), but got split_sizes=\(sizes)")
      }
      var start = 0
      return .list(
        sizes.map { size in
          defer { start += size }
          return part(start, start + size)
        })
    }

    func parts(between indices: [Int]) -> Value {
      func clamp(_ index: Int) -> Int {
        min(max(index < 0 ? index + extent : index, 0), extent)
      }
      var start = 0
      return .list(
        (indices + [extent]).map { end in
          defer { start = clamp(end) }
          return part(start, max(clamp(end), start))
        })
    }

    func sections(_ count: Int) throws -> Value {
      guard count > 0 else {
        throw MartletError(
          .argument, "number of sections must be larger than 0, got \(count)")
      }
      let (short, longer) = extent.quotientAndRemainder(dividingBy: count)
      return try parts(of: (0..<count).map { $0 < longer ? short + 1 : short })
    }

    func equalSections(_ arguments: Arguments) throws -> Value {
      let count = try arguments.int("sections")
      guard count > 0, extent % count == 0 else {
        throw MartletError(
          .argument,
          "\(arguments.schema.name) attempted to split along dimension \(dim), but the size of "
            + "the dimension \(extent) is not divisible by the split_size \(count)!")
      }
      return try sections(count)
    }
  }
}
