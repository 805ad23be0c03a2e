import MartletTensor

/// The axes that a reduction folds and those it keeps.
package struct FoldedAxes: Sendable {
  package let axes: [Int]
  package let kept: [Int]
  private let keepsDims: Bool

  /// - Parameter dims: nil or none for all axes.
  /// - Throws: `MartletError` for an axis that is not there, or named twice.
  package init(_ dims: [Int]?, rank: Int, keepdim: Bool = false) throws {
    let named = try Axes.distinct(dims ?? [], rank: rank).filter { $0 < rank }
    let all = (dims ?? []).isEmpty
    axes = (0..<rank).filter { all || named.contains($0) }
    kept = (0..<rank).filter { !all && !named.contains($0) }
    keepsDims = keepdim
  }

  /// Over exactly these axes, none of them negative.
  package init(folding axes: [Int], rank: Int) {
    self.axes = axes
    kept = (0..<rank).filter { !axes.contains($0) }
    keepsDims = false
  }

  /// From arguments `dim` and `keepdim`, where the schema has them.
  package init(_ arguments: Arguments, rank: Int) throws {
    let names = arguments.schema.arguments.map(\.name)
    try self.init(
      names.contains("dim") ? try arguments.optionalInts("dim") : nil, rank: rank,
      keepdim: names.contains("keepdim") ? try arguments.bool("keepdim") : false)
  }

  package func sizes(of sizes: [Int]) -> [Int] {
    keepsDims ? sizes.indices.map { axes.contains($0) ? 1 : sizes[$0] } : kept.map { sizes[$0] }
  }

  /// How many elements go into each result.
  package func count(of sizes: [Int]) -> Int { axes.reduce(1) { $0 * sizes[$1] } }

  /// The elements of `x` in a compute type, those that go together side by side.
  package func withRows<T: TensorElement, R>(
    of x: Tensor, as type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    try Axes.permuted(x, kept + axes).withElements(as: type, body)
  }
}

/// What becomes of one row of numbers that are folded into one.
package protocol RowFunction: Sendable {
  /// The definition; `float` and `double` are it for one type each, so that calls through an
  /// existential reach specialised loops.
  func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T
  func float(_ row: Span<Float>) -> Float
  func double(_ row: Span<Double>) -> Double
  func integer(_ row: Span<Int64>) -> Int64
}

/// A row function that complex numbers have too.
package protocol ComplexRowFunction: RowFunction {
  func complex(_ row: Span<Complex<Double>>) -> Complex<Double>
}

extension RowFunction {
  package func float(_ row: Span<Float>) -> Float { real(row) }
  package func double(_ row: Span<Double>) -> Double { real(row) }

  /// Fills `result` with the function of each row of `x`, computed in `type`'s compute type.
  package func apply(
    _ x: Tensor, _ reduction: FoldedAxes, computingIn type: DType, into result: Tensor
  ) throws {
    let count = reduction.count(of: x.sizes)
    if type.isComplex {
      guard let function = self as? any ComplexRowFunction else {
        throw MartletError(.dtype, "this reduction is not implemented for \(type)")
      }
      return try fold(x, reduction, count, result, as: Complex<Double>.self) {
        function.complex($0)
      }
    }
    switch type.computeType {
    case .float32: try fold(x, reduction, count, result, as: Float.self) { float($0) }
    case .float64: try fold(x, reduction, count, result, as: Double.self) { double($0) }
    default: try fold(x, reduction, count, result, as: Int64.self) { integer($0) }
    }
  }

  private func fold<T: TensorElement>(
    _ x: Tensor, _ reduction: FoldedAxes, _ count: Int, _ result: Tensor, as type: T.Type,
    _ function: (Span<T>) -> T
  ) throws {
    try reduction.withRows(of: x, as: T.self) { from in
      try result.fill(as: T.self) { to in
        for i in to.indices {
          to[i] = function(from.extracting((i * count)..<((i + 1) * count)))
        }
      }
    }
  }
}

extension Operator.Body {
  /// A reduction by arguments `dim` and `keepdim` of a tensor that `argument` converts first, to
  /// results of the dtype it is converted to.
  ///
  /// - Parameter ofMagnitudes: whether complex numbers are first replaced by their magnitudes.
  package static func reduction(
    _ argument: @escaping @Sendable (Arguments) throws -> (Tensor, DType),
    ofMagnitudes: Bool = false,
    _ function: @escaping @Sendable (Arguments) throws -> any RowFunction
  ) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let (x, dtype) = try argument(arguments)
        return [
          TensorSpec(
            try FoldedAxes(arguments, rank: x.dim).sizes(of: x.sizes),
            ofMagnitudes ? dtype.componentType : dtype)
        ]
      },
      compute: { arguments, results in
        var (x, dtype) = try argument(arguments)
        if ofMagnitudes, x.dtype.isComplex {
          (x, dtype) = (try Rounding.abs(.tensor(x)), dtype.componentType)
        }
        try function(arguments).apply(
          try x.converted(to: dtype), try FoldedAxes(arguments, rank: x.dim), computingIn: dtype,
          into: results[0])
      })
  }
}
