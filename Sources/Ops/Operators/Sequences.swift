import MartletKernels
import MartletTensor

/// Numbers in a row, and matrices of a pattern.
package enum Sequences {
  package static let operators: [Operator] =
    [
      arange, arangeStart, arangeStep, range, rangeStep, linspace, logspace, eye, eyeM, tril, triu,
      trilIndices, triuIndices,
    ] + spacedTensors

  static let arange = evenly("aten::arange(Scalar end")
  static let arangeStart = evenly("aten::arange.start(Scalar start, Scalar end")
  static let arangeStep = evenly("aten::arange.start_step(Scalar start, Scalar end, Scalar step=1")

  /// `start, start + step, …` as long as it is before `end`.
  private static func evenly(_ head: String) -> Operator {
    Operator(
      head + Creation.options,
      .kernel(
        infer: { arguments in
          let (start, end, step) = try bounds(arguments)
          let whole = ![start, end, step].contains { $0.isFloatingPoint }
          let dtype = try Creation.dtype(arguments, default: whole ? .int64 : .float32)
          guard dtype != .bool else {
            throw MartletError(.dtype, "aten::arange is not implemented for bool")
          }
          return [TensorSpec([try count(start, end, step, dtype)], dtype)]
        },
        compute: { arguments, results in
          let (start, _, step) = try bounds(arguments)
          try results[0].fillEvenly(start, step)
        }))
  }

  private static func bounds(_ arguments: Arguments) throws -> (Scalar, Scalar, Scalar) {
    (
      arguments.has("start") ? try arguments.scalar("start") : .int(0),
      try arguments.scalar("end"),
      arguments.has("step") ? try arguments.scalar("step") : .int(1)
    )
  }

  private static func count(_ start: Scalar, _ end: Scalar, _ step: Scalar, _ dtype: DType) throws
    -> Int
  {
    try check(start, end, step)
    if dtype == .int64 {
      // In whole numbers, as the elements are.
      let (first, last, stride) = (start.int64, end.int64, step.int64)
      guard stride != 0 else { throw MartletError(.value, "step must be nonzero") }
      let distance =
        stride > 0
        ? last.subtractingReportingOverflow(first)
        : first.subtractingReportingOverflow(last)
      guard !distance.overflow else {
        throw MartletError(.value, "unsupported range: \(first) -> \(last)")
      }
      return max(Int(distance.partialValue.quotientRoundedUp(by: stride.magnitude)), 0)
    }
    return try checkedCount(((end.double - start.double) / step.double).rounded(.up))
  }

  private static func checkedCount(_ count: Double) throws -> Int {
    guard count >= 0, count < 0x1p53 else {
      throw MartletError(.value, "invalid number of elements, possible overflow: \(count)")
    }
    return Int(count)
  }

  private static func check(_ start: Scalar, _ end: Scalar, _ step: Scalar) throws {
    guard start.double.isFinite, end.double.isFinite else {
      throw MartletError(.value, "unsupported range: \(start.double) -> \(end.double)")
    }
    guard step.double != 0 else { throw MartletError(.value, "step must be nonzero") }
    guard step.double > 0 ? end.double >= start.double : end.double <= start.double else {
      throw MartletError(
        .value,
        "upper bound and lower bound inconsistent with step sign: \(start.double) to "
          + "\(end.double) by \(step.double)")
    }
  }

  static let range = closed("aten::range(Scalar start, Scalar end")
  static let rangeStep = closed("aten::range.step(Scalar start, Scalar end, Scalar step=1")

  /// `start, start + step, …` up to and with `end`.
  private static func closed(_ head: String) -> Operator {
    Operator(
      head + Creation.options,
      .kernel(
        infer: { arguments in
          let (start, end, step) = try bounds(arguments)
          try check(start, end, step)
          let count = ((end.double - start.double) / step.double).rounded(.down) + 1
          let dtype = try Creation.dtype(arguments, default: .float32)
          return [TensorSpec([try checkedCount(count)], dtype)]
        },
        compute: { arguments, results in
          let (start, _, step) = try bounds(arguments)
          try results[0].fillEvenly(start, step)
        }))
  }

  /// So many numbers from `start` to `end`, both included.
  static let linspace = spaced("aten::linspace(Scalar start, Scalar end, int steps") { _ in
    { $0 }
  }
  /// `base` to the power of such numbers.
  static let logspace = spaced(
    "aten::logspace(Scalar start, Scalar end, int steps, float base=10."
  ) { arguments in
    let base = try arguments.double("base")
    return { Libm.pow(base, $0) }
  }

  /// The same with bounds that are tensors of one number.
  static let spacedTensors =
    bounded("linspace", linspace, "int steps")
    + bounded(
      "logspace", logspace, "int steps, float base=10.")

  private static func bounded(
    _ name: String, _ spaced: Operator, _ rest: String
  ) -> [Operator] {
    [("Tensor", "Tensor"), ("Tensor", "Scalar"), ("Scalar", "Tensor")].map { start, end in
      Operator(
        "aten::\(name).\(start)_\(end)(\(start) start, \(end) end, \(rest)" + Creation.options,
        .kernel(
          infer: { arguments in
            for bound in ["start", "end"] {
              guard case .tensor(let tensor) = arguments[bound], tensor.dim != 0 else { continue }
              throw MartletError(
                .shape,
                "\(name) only supports 0-dimensional start and end tensors, but got \(bound) "
                  + "tensor(s) with \(tensor.dim) dimension(s).")
            }
            return try inferSpaced(arguments)
          },
          compute: { arguments, results in
            guard case .kernel(_, let compute) = spaced.body else { return }
            let values = try arguments.values.map { value in
              guard case .tensor(let tensor) = value else { return value }
              return tensor.dtype.isFloatingPoint
                ? .double(try tensor.scalar()) : Int(try tensor.scalar(as: Int64.self)).value
            }
            try compute(try Arguments(spaced.schema, values), results)
          }))
    }
  }

  private static func inferSpaced(_ arguments: Arguments) throws -> [TensorSpec] {
    let steps = try arguments.int("steps")
    guard steps >= 0 else {
      throw MartletError(.value, "number of steps must be non-negative, got \(steps)")
    }
    let dtype = try Creation.dtype(arguments, default: .float32)
    guard dtype != .bool else {
      throw MartletError(.dtype, "\(arguments.schema.name) is not implemented for bool")
    }
    return [TensorSpec([steps], dtype)]
  }

  private static func spaced(
    _ head: String,
    _ function: @escaping @Sendable (Arguments) throws -> (@Sendable (Double) -> Double)
  ) -> Operator {
    Operator(
      head + Creation.options,
      .kernel(
        infer: inferSpaced,
        compute: { arguments, results in
          let (count, function) = (results[0].count, try function(arguments))
          let dtype = results[0].dtype
          let start = try arguments.number("start", in: dtype)
          let end = try arguments.number("end", in: dtype)
          let step = count > 1 ? (end - start) / Double(count - 1) : 0
          // The second half counts back from the end, so that the end comes out exactly.
          let values = (0..<count).map { i in
            function(
              i < count / 2 || count == 1
                ? start + step * Double(i) : end - step * Double(count - 1 - i))
          }
          try Tensor(values).convert(into: results[0])
        }))
  }

  static let eye = identity("aten::eye(SymInt n")
  static let eyeM = identity("aten::eye.m(SymInt n, SymInt m")

  /// Ones on the diagonal.
  private static func identity(_ head: String) -> Operator {
    Operator(
      head + Creation.options, takesComplex: true,
      .kernel(
        infer: { arguments in
          let rows = try arguments.int("n")
          let columns = arguments.has("m") ? try arguments.int("m") : rows
          guard rows >= 0, columns >= 0 else {
            throw MartletError(
              .shape, "eye expects sizes of at least 0, got \(rows) and \(columns)")
          }
          return [TensorSpec([rows, columns], try Creation.dtype(arguments, default: .float32))]
        },
        compute: { _, results in
          let columns = results[0].sizes[1]
          try results[0].fill(as: Int64.self) { to in
            for i in to.indices { to[i] = i / columns == i % columns ? 1 : 0 }
          }
        }))
  }

  /// What lies on and below a diagonal of the last two axes, zero elsewhere.
  static let tril = triangle("aten::tril(Tensor self, SymInt diagonal=0) -> Tensor") { $0 <= $1 }
  /// What lies on and above a diagonal of the last two axes, zero elsewhere.
  static let triu = triangle("aten::triu(Tensor self, SymInt diagonal=0) -> Tensor") { $0 >= $1 }

  private static func triangle(
    _ schema: String, _ keeps: @escaping @Sendable (_ offset: Int, _ diagonal: Int) -> Bool
  ) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          guard x.dim >= 2 else {
            throw MartletError(
              .shape,
              "\(arguments.schema.name): input tensor must have at least 2 dimensions, got "
                + "\(x.sizes)")
          }
          return [TensorSpec(x.sizes, x.dtype)]
        },
        compute: { arguments, results in
          let (x, diagonal) = (try arguments.tensor("self"), try arguments.int("diagonal"))
          let triangle = Triangle(x: x, result: results[0]) { keeps($0, diagonal) }
          if x.dtype.isComplex { return try triangle.fill(Complex<Double>.zero) }
          try x.dtype.compute(triangle)
        }))
  }

  private struct Triangle: ComputeVisitor {
    let x: Tensor
    let result: Tensor
    let keeps: (Int) -> Bool

    func visit<T: ComputeElement>(_ type: T.Type) throws { try fill(T.zero) }

    func fill<T: TensorElement>(_ zero: T) throws {
      let (rows, columns) = (x.sizes[x.dim - 2], x.sizes[x.dim - 1])
      try x.withElements(as: T.self) { from in
        try result.fill(as: T.self) { to in
          for i in from.indices {
            let (row, column) = (i / columns % rows, i % columns)
            to[i] = keeps(column - row) ? from[i] : zero
          }
        }
      }
    }
  }

  static let trilIndices = triangleIndices("aten::tril_indices") { $0 <= $1 }
  static let triuIndices = triangleIndices("aten::triu_indices") { $0 >= $1 }

  /// Rows and columns of a triangle's elements.
  private static func triangleIndices(
    _ name: String, _ keeps: @escaping @Sendable (_ offset: Int, _ diagonal: Int) -> Bool
  ) -> Operator {
    @Sendable func indices(_ arguments: Arguments) throws -> (rows: [Int64], columns: [Int64]) {
      let (rows, columns) = (try arguments.int("row"), try arguments.int("col"))
      let diagonal = try arguments.int("offset")
      guard rows >= 0, columns >= 0 else {
        throw MartletError(
          .shape, "\(name) expects sizes of at least 0, got \(rows) and \(columns)")
      }
      var found: (rows: [Int64], columns: [Int64]) = ([], [])
      for row in 0..<rows {
        for column in 0..<columns where keeps(column - row, diagonal) {
          found.rows.append(Int64(row))
          found.columns.append(Int64(column))
        }
      }
      return found
    }
    return Operator(
      name + "(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, "
        + "Device? device=None, bool? pin_memory=None) -> Tensor",
      .kernel(
        infer: { arguments in
          let count = try indices(arguments).rows.count
          return [TensorSpec([2, count], try Creation.dtype(arguments, default: .int64))]
        },
        compute: { arguments, results in
          let found = try indices(arguments)
          try Tensor(found.rows + found.columns, shape: results[0].sizes).convert(into: results[0])
        }))
  }
}

extension Tensor {
  /// `start + i step`, in whole numbers where the dtype is whole.
  fileprivate func fillEvenly(_ start: Scalar, _ step: Scalar) throws {
    if dtype.isFloatingPoint {
      let (first, stride) = (start.double, step.double)
      try fill(as: Double.self) { to in
        for i in to.indices { to[i] = first + Double(i) * stride }
      }
    } else {
      let (first, stride) = (start.int64, step.int64)
      try fill(as: Int64.self) { to in
        for i in to.indices { to[i] = first &+ Int64(i) &* stride }
      }
    }
  }
}

extension Int64 {
  fileprivate func quotientRoundedUp(by divisor: UInt64) -> Int64 {
    self <= 0 ? 0 : Int64((UInt64(self) - 1) / divisor) + 1
  }
}
