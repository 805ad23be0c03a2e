import MartletTensor

/// Images read at the places of a grid, and the grids of affine maps.
package enum GridSampling {
  package static let operators: [Operator] = [gridSampler, affineGridGenerator]

  /// `input: [N, C, H, W]`, `grid: [N, h, w, 2] → [N, C, h, w]`, or with a third axis before
  /// them. The grid's x, y (z) run from -1 to 1 over the image. Modes: 0 linear, 1 nearest,
  /// 2 cubic; padding: 0 zeros, 1 the border, 2 reflection.
  static let gridSampler = Operator(
    "aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, "
      + "bool align_corners) -> Tensor",
    .kernel(infer: inferSampler, compute: computeSampler))

  @Sendable private static func inferSampler(_ arguments: Arguments) throws -> [TensorSpec] {
    let (x, grid) = (try arguments.tensor("input"), try arguments.tensor("grid"))
    let axes = x.dim - 2
    guard axes == 2 || axes == 3, grid.dim == x.dim else {
      throw MartletError(
        .shape,
        "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got "
          + "input with sizes \(x.sizes) and grid with sizes \(grid.sizes)")
    }
    guard x.sizes[0] == grid.sizes[0], grid.sizes[axes + 1] == axes else {
      throw MartletError(
        .shape,
        "grid_sampler(): expected grid to have the input's batch size and size \(axes) in last "
          + "dimension, but got input with sizes \(x.sizes) and grid with sizes \(grid.sizes)")
    }
    guard !x.sizes.dropFirst(2).contains(0) else {
      throw MartletError(
        .shape,
        "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes "
          + "\(x.sizes)")
    }
    guard x.dtype == grid.dtype else {
      throw MartletError(
        .dtype,
        "grid_sampler(): expected input and grid to have same dtype, but input has \(x.dtype) and "
          + "grid has \(grid.dtype)")
    }
    try x.dtype.requireFloating("grid_sampler")
    guard (0...2).contains(try arguments.int("interpolation_mode")),
      (0...2).contains(try arguments.int("padding_mode"))
    else {
      throw MartletError(
        .argument,
        "grid_sampler() expects modes 0, 1 or 2, got interpolation_mode "
          + "\(arguments["interpolation_mode"].summary) and padding_mode "
          + arguments["padding_mode"].summary)
    }
    guard try arguments.int("interpolation_mode") != 2 || axes == 2 else {
      throw MartletError(
        .argument, "grid_sampler(): bicubic interpolation only supports 4D input, got \(x.sizes)")
    }
    return [TensorSpec(Array(x.sizes.prefix(2)) + grid.sizes[1...axes], x.dtype)]
  }

  @Sendable private static func computeSampler(_ arguments: Arguments, _ results: [Tensor]) throws {
    if results[0].count == 0 { return }
    if results[0].dtype == .float64 {
      try sample(Double.self, arguments, results[0])
    } else {
      try sample(Float.self, arguments, results[0])
    }
  }

  private static func sample<T: RealElement>(
    _ type: T.Type, _ arguments: Arguments, _ result: Tensor
  ) throws {
    let (x, grid) = (try arguments.tensor("input"), try arguments.tensor("grid"))
    let axes = x.dim - 2
    let sampler = GridSampler<T>(
      sizes: Array(repeating: 1, count: 3 - axes) + x.sizes.suffix(axes),
      mode: try arguments.int("interpolation_mode"), padding: try arguments.int("padding_mode"),
      alignCorners: try arguments.bool("align_corners"))
    let channels = x.sizes[1]
    let points = grid.sizes[1...axes].reduce(1, *)
    let planeCount = x.sizes.dropFirst(2).reduce(1, *)
    try x.withElements(as: T.self) { from in
      try grid.withElements(as: T.self) { places in
        try result.fill(as: T.self) { to in
          for n in 0..<x.sizes[0] {
            for point in 0..<points {
              let at = (n * points + point) * axes
              let taps = sampler.taps(
                x: places[at], y: places[at + 1], z: axes == 3 ? places[at + 2] : nil)
              for c in 0..<channels {
                let plane = (n * channels + c) * planeCount
                var sum = T.zero
                for tap in taps { sum += from[plane + tap.position] * tap.weight }
                to[(n * channels + c) * points + point] = sum
              }
            }
          }
        }
      }
    }
  }

  /// The grid that `theta: [N, 2, 3]` (or `[N, 3, 4]`) makes of a regular one over `[N, C, …]`.
  static let affineGridGenerator = Operator(
    "aten::affine_grid_generator(Tensor theta, SymInt[] size, bool align_corners) -> Tensor",
    .kernel(
      infer: { arguments in
        let theta = try arguments.tensor("theta")
        let size = try arguments.ints("size")
        guard size.count == 4 || size.count == 5 else {
          throw MartletError(
            .argument, "AffineGridGenerator needs 4d (spatial) or 5d (volumetric) size, got \(size)"
          )
        }
        let axes = size.count - 2
        guard theta.sizes == [size[0], axes, axes + 1] else {
          throw MartletError(
            .shape,
            "expected a batch of \(axes)x\(axes + 1) affine matrices of shape "
              + "\([size[0], axes, axes + 1]) for size \(size), but got \(theta.sizes)")
        }
        try theta.dtype.requireFloating("affine_grid_generator")
        return [TensorSpec([size[0]] + size[2...] + [axes], theta.dtype)]
      },
      compute: { arguments, results in
        if results[0].dtype == .float64 {
          try affineGrid(Double.self, arguments, results[0])
        } else {
          try affineGrid(Float.self, arguments, results[0])
        }
      }))

  private static func affineGrid<T: RealElement>(
    _ type: T.Type, _ arguments: Arguments, _ result: Tensor
  ) throws {
    let size = try arguments.ints("size")
    let alignCorners = try arguments.bool("align_corners")
    let axes = size.count - 2
    let theta: [T] = try arguments.tensor("theta").converted(to: T.dtype).elements()
    // From -1 to 1, at the corners or at the elements' centres.
    let lines = size[2...].map { count -> [T] in
      (0..<count).map { index in
        if count <= 1 { return 0 }
        let place = -1 + 2 * T(index) / T(count - 1)
        return alignCorners ? place : place * T(count - 1) / T(count)
      }
    }
    try result.fill(as: T.self) { to in
      var next = 0
      for n in 0..<size[0] {
        var index = [Int](repeating: 0, count: axes)
        for _ in 0..<lines.reduce(1, { $0 * $1.count }) {
          for row in 0..<axes {
            let start = (n * axes + row) * (axes + 1)
            var sum = theta[start + axes]
            // The matrix's columns are x, y, z; the image's axes z, y, x.
            for d in 0..<axes { sum += theta[start + d] * lines[axes - 1 - d][index[axes - 1 - d]] }
            to[next] = sum
            next += 1
          }
          for d in (0..<axes).reversed() {
            index[d] += 1
            if index[d] < lines[d].count { break }
            index[d] = 0
          }
        }
      }
    }
  }
}

extension F {
  /// How `gridSample` finds values between elements.
  public enum GridMode: Int, Sendable { case bilinear, nearest, bicubic }
  /// What `gridSample` finds outside the image.
  public enum GridPadding: Int, Sendable { case zeros, border, reflection }

  /// The values of `[N, C, H, W]` at the places of `grid: [N, h, w, 2]` (or `[N, C, D, H, W]` and
  /// `[N, d, h, w, 3]`), whose x, y (z) run from -1 to 1 over the image.
  ///
  /// - Throws: `MartletError` when sizes or dtypes do not fit.
  public static func gridSample(
    _ input: Tensor, _ grid: Tensor, mode: GridMode = .bilinear, paddingMode: GridPadding = .zeros,
    alignCorners: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try GridSampling.gridSampler(
      .tensor(input), .tensor(grid), .int(Dim(mode.rawValue)), .int(Dim(paddingMode.rawValue)),
      .bool(alignCorners), at: SourceLocation(file, line))
  }

  /// The grid for `gridSample` that a batch of affine matrices makes.
  ///
  /// - Parameters:
  ///   - theta: `[N, 2, 3]`, or `[N, 3, 4]` for volumes.
  ///   - size: the image's, `[N, C, H, W]` or `[N, C, D, H, W]`.
  /// - Throws: `MartletError` when sizes do not fit.
  public static func affineGrid(
    _ theta: Tensor, _ size: some ShapeConvertible, alignCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try GridSampling.affineGridGenerator(
      .tensor(theta), size.shape.value, .bool(alignCorners), at: SourceLocation(file, line))
  }
}
