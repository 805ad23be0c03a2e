import MartletTensor

/// Copies with elements repeated or in another order.
package enum Repeating {
  package static let operators: [Operator] = [
    repeated, tile, repeatInterleave, repeatInterleaveTensor, repeatInterleaveCounts, roll, flip,
    flipLR, flipUD, rot90,
  ]

  static let repeated = Operator(
    "aten::repeat(Tensor self, SymInt[] repeats) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        try inferRepeat(try arguments.tensor("self"), try arguments.ints("repeats"))
      },
      compute: { try fillRepeat(try $0.tensor("self"), try $0.ints("repeats"), $1[0]) }))

  /// As `repeat`, with ones for missing leading counts.
  static let tile = Operator(
    "aten::tile(Tensor self, SymInt[] dims) -> Tensor", takesComplex: true,
    .kernel(
      infer: { try inferRepeat(try $0.tensor("self"), try tileCounts($0)) },
      compute: { try fillRepeat(try $0.tensor("self"), try tileCounts($0), $1[0]) }))

  /// Each element of an axis several times in a row; without an axis, of the flattened tensor.
  static let repeatInterleave = Operator(
    "aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, "
      + "SymInt? output_size=None) -> Tensor",
    .composite { arguments in
      let (x, dim) = try interleaved(arguments)
      if try arguments.tensor("self").dim == 0, try arguments.optionalInt("dim") != nil {
        throw MartletError(.shape, "repeat_interleave: a 0-dimensional tensor has no dimension")
      }
      let repeats = try arguments.int("repeats")
      guard repeats >= 0 else { throw MartletError(.argument, "Repeats must be non-negative") }
      try checkOutput(arguments, (x.dim == 0 ? 1 : x.sizes[dim]) * repeats)
      let wide = try Expanding.expanded(
        Axes.unsqueezed(x, dim + 1),
        x.sizes[...dim] + [repeats] + x.sizes[(dim + 1)...])
      let sizes = x.sizes[..<dim] + [x.sizes[dim] * repeats] + x.sizes[(dim + 1)...]
      return [.tensor(try wide.copied().viewed(Layout(contiguous: Array(sizes))))]
    })

  static let repeatInterleaveTensor = Operator(
    "aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, "
      + "SymInt? output_size=None) -> Tensor", takesComplex: true,
    .dataDependent { arguments in
      let (x, dim) = try interleaved(arguments)
      let positions = try repetitions(arguments)
      return [.tensor(try Gathering.picked(x, dim, positions))]
    })

  /// The index of each element of `repeat_interleave.self_Tensor`'s result; nothing is asked of
  /// `self` but its sizes.
  package static func repetitions(_ arguments: Arguments) throws -> [Int] {
    let (x, dim) = try interleaved(arguments)
    let repeats = try arguments.tensor("repeats")
    var counts = try counts(repeats)
    let extent = x.sizes[dim]
    if repeats.count == 1 { counts = [Int](repeating: counts[0], count: extent) }
    guard repeats.dim <= 1, counts.count == extent else {
      throw MartletError(
        .shape,
        "repeats must have the same size as input along dim, but got repeats.size(0) = "
          + "\(repeats.count) and input.size(\(dim)) = \(extent)")
    }
    let positions = positions(counts)
    try checkOutput(arguments, positions.count)
    return positions
  }

  /// The index of each repetition.
  static let repeatInterleaveCounts = Operator(
    "aten::repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size=None) -> Tensor",
    takesComplex: true,
    .dataDependent { arguments in
      let repeats = try arguments.tensor("repeats")
      guard repeats.dim == 1 else {
        throw MartletError(
          .shape, "repeat_interleave only accept 1D vector as repeat, got \(repeats.dim)D")
      }
      let positions = positions(try counts(repeats))
      try checkOutput(arguments, positions.count)
      let result = try Tensor(positions.map { Int64($0) })
      return [.tensor(try result.converted(to: repeats.dtype))]
    })

  static let roll = Operator(
    "aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let shifts = try arguments.ints("shifts")
        let dims = try arguments.ints("dims")
        guard !shifts.isEmpty else { throw MartletError(.argument, "`shifts` required") }
        guard shifts.count == dims.count || (dims.isEmpty && shifts.count == 1) else {
          throw MartletError(
            .argument,
            "shifts and dimensions must align. shifts: \(shifts.count), dims: \(dims.count)")
        }
        guard x.dim > 0 || dims.isEmpty else {
          throw MartletError(
            .index, "Dimension specified as \(dims[0]) but tensor has no dimensions")
        }
        _ = try dims.map { try wrapDim($0, rank: x.dim) }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        var x = try arguments.tensor("self")
        let shifts = try arguments.ints("shifts")
        let dims = try arguments.ints("dims")
        if dims.isEmpty { x = try Reshaping.reshape(x, [-1]) }
        let result = results[0].viewed(
          Layout(contiguous: x.sizes, offset: results[0].layout.offset))
        // How far each axis moves; an axis may be named more than once.
        var moved = [Int](repeating: 0, count: x.dim)
        for (position, shift) in shifts.enumerated() where x.dim > 0 && x.count > 0 {
          let d = dims.isEmpty ? 0 : try wrapDim(dims[position], rank: x.dim)
          let size = x.sizes[d]
          moved[d] = ((moved[d] + shift % size) % size + size) % size
        }
        var pieces = [(result.layout, x.layout)]
        for (d, shift) in moved.enumerated() where shift > 0 {
          let size = x.sizes[d]
          pieces = pieces.flatMap { to, from in
            [
              (
                to.slicing(d, from: shift, count: size - shift),
                from.slicing(d, from: 0, count: size - shift)
              ),
              (
                to.slicing(d, from: 0, count: shift),
                from.slicing(d, from: size - shift, count: shift)
              ),
            ]
          }
        }
        for (to, from) in pieces { try result.overwrite(to, with: x.viewed(from)) }
      }))

  static let flip = Operator(
    "aten::flip(Tensor self, int[] dims) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let dims = try Axes.distinct(try arguments.ints("dims"), rank: x.dim)
      return [.tensor(try flipped(x, dims))]
    })

  static let flipLR = Operator(
    "aten::fliplr(Tensor self) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      guard x.dim >= 2 else { throw MartletError(.shape, "Input must be >= 2-d.") }
      return [.tensor(try flipped(x, [1]))]
    })
  static let flipUD = Operator(
    "aten::flipud(Tensor self) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      guard x.dim >= 1 else { throw MartletError(.shape, "Input must be >= 1-d.") }
      return [.tensor(try flipped(x, [0]))]
    })

  /// Turned by `k` quarter turns from the first axis named towards the second.
  static let rot90 = Operator(
    "aten::rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let given = try arguments.ints("dims")
      guard given.count == 2, x.dim >= 2 else {
        throw MartletError(
          .argument,
          "expected total rotation dims == 2 and total dims >= 2, but got dims = \(given.count) "
            + "and total dims = \(x.dim)")
      }
      let dims = try Axes.distinct(given, rank: x.dim)
      switch try arguments.int("k") & 3 {
      case 1: return [.tensor(try Axes.transposed(flipped(x, [dims[1]]), dims[0], dims[1]))]
      case 2: return [.tensor(try flipped(x, dims))]
      case 3: return [.tensor(try Axes.transposed(flipped(x, [dims[0]]), dims[0], dims[1]))]
      default: return [.tensor(try x.copied())]
      }
    })

  static func flipped(_ x: Tensor, _ dims: [Int]) throws -> Tensor {
    var layout = x.layout
    for dim in dims where x.dim > 0 && x.count > 0 {
      layout.offset += (layout.sizes[dim] - 1) * layout.strides[dim]
      layout.strides[dim] *= -1
    }
    return try x.viewed(layout).copied()
  }

  private static func inferRepeat(_ x: Tensor, _ repeats: [Int]) throws -> [TensorSpec] {
    guard repeats.count >= x.dim else {
      throw MartletError(
        .shape,
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
          + "tensor, got \(repeats) for \(x.sizes)")
    }
    guard !repeats.contains(where: { $0 < 0 }) else {
      throw MartletError(.argument, "repeats cannot be negative, got \(repeats)")
    }
    let sizes = [Int](repeating: 1, count: repeats.count - x.dim) + x.sizes
    return [TensorSpec(zip(sizes, repeats).map { $0 * $1 }, x.dtype)]
  }

  /// Each axis becomes (copies, size), of which the source repeats along the first.
  private static func fillRepeat(_ x: Tensor, _ repeats: [Int], _ result: Tensor) throws {
    let added = repeats.count - x.dim
    var sizes: [Int] = []
    var strides: [Int] = []
    for d in repeats.indices {
      sizes += [repeats[d], d < added ? 1 : x.sizes[d - added]]
      strides += [0, d < added ? 0 : x.strides[d - added]]
    }
    let source = x.viewed(Layout(sizes: sizes, strides: strides, offset: x.layout.offset))
    try result.overwrite(
      Layout(contiguous: sizes, offset: result.layout.offset), with: source)
  }

  private static func tileCounts(_ arguments: Arguments) throws -> [Int] {
    let counts = try arguments.ints("dims")
    let missing = try arguments.tensor("self").dim - counts.count
    return [Int](repeating: 1, count: max(missing, 0)) + counts
  }

  /// The tensor and the axis to repeat along, flattened where none is given.
  private static func interleaved(_ arguments: Arguments) throws -> (Tensor, Int) {
    let x = try arguments.tensor("self")
    guard let dim = try arguments.optionalInt("dim") else {
      return (try Reshaping.reshape(x, [-1]), 0)
    }
    let wrapped = try wrapDim(dim, rank: x.dim)
    return (x.dim == 0 ? try Reshaping.reshape(x, [1]) : x, wrapped)
  }

  private static func counts(_ repeats: Tensor) throws -> [Int] {
    guard repeats.dtype == .int64 || repeats.dtype == .int32 else {
      throw MartletError(.dtype, "repeats has to be Long or Int tensor, got \(repeats.dtype)")
    }
    let counts = try repeats.integers()
    guard !counts.contains(where: { $0 < 0 }) else {
      throw MartletError(.argument, "repeats can not be negative")
    }
    return counts
  }

  private static func positions(_ counts: [Int]) -> [Int] {
    counts.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
  }

  private static func checkOutput(_ arguments: Arguments, _ count: Int) throws {
    guard let expected = try arguments.optionalInt("output_size"), expected != count else {
      return
    }
    throw MartletError(
      .argument,
      "allocated size does not match required size: output_size is \(expected), the "
        + "repeats give \(count)")
  }
}

extension Tensor {
  /// The whole tensor this many times along each axis, as a copy (`torch.Tensor.repeat`).
  public func `repeat`(
    _ repeats: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Repeating.repeated(.tensor(self), repeats.shape.value, at: SourceLocation(file, line))
  }

  /// As `repeat(_:)`, with ones for missing leading counts (`torch.tile`).
  public func tile(
    _ dims: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Repeating.tile(.tensor(self), dims.shape.value, at: SourceLocation(file, line))
  }

  /// Each element of an axis several times in a row; without an axis, of the flattened tensor
  /// (`torch.repeat_interleave`).
  public func repeatInterleave(
    _ repeats: some DimConvertible, dim: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Repeating.repeatInterleave(
      .tensor(self), repeats.dim.value, dim.value, at: SourceLocation(file, line))
  }

  /// Each element of an axis as often as `repeats` says at its index
  /// (`torch.repeat_interleave`).
  public func repeatInterleave(
    _ repeats: Tensor, dim: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Repeating.repeatInterleaveTensor(
      .tensor(self), .tensor(repeats), dim.value, at: SourceLocation(file, line))
  }

  /// Elements moved along axes; what leaves at one end enters at the other (`torch.roll`).
  ///
  /// Without axes, one shift moves the flattened tensor.
  public func roll(
    _ shifts: some ShapeConvertible, dims: [Int] = [], file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Repeating.roll(
      .tensor(self), shifts.shape.value, dims.value, at: SourceLocation(file, line))
  }

  /// A copy with the elements of these axes in reverse (`torch.flip`).
  public func flip(_ dims: [Int], file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Repeating.flip(.tensor(self), dims.value, at: SourceLocation(file, line))
  }

  /// Turned by `k` quarter turns from the first axis towards the second (`torch.rot90`).
  public func rot90(
    k: Int = 1, dims: [Int] = [0, 1], file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Repeating.rot90(.tensor(self), k.value, dims.value, at: SourceLocation(file, line))
  }
}
