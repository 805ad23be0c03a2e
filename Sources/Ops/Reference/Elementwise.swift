import MartletTensor

/// One function of one number in each compute type.
package struct UnaryFunction: Sendable {
  package let float: @Sendable (Float) -> Float
  package let double: @Sendable (Double) -> Double
  /// Nil where whole numbers are first turned into floating-point ones.
  package let integer: (@Sendable (Int64) -> Int64)?

  package init(
    float: @escaping @Sendable (Float) -> Float, double: @escaping @Sendable (Double) -> Double,
    integer: (@Sendable (Int64) -> Int64)? = nil
  ) {
    self.float = float
    self.double = double
    self.integer = integer
  }

  /// Fills `result` with the function of each element, computed in `result`'s compute type.
  package func apply(_ x: Tensor, into result: Tensor) throws {
    switch (result.dtype.computeType, integer) {
    case (.float64, _): try Self.map(x, into: result, double)
    case (.int64, let integer?): try Self.map(x, into: result, integer)
    default: try Self.map(x, into: result, float)
    }
  }

  /// The loop for one type.
  package static func map<T: ComputeElement>(
    _ x: Tensor, into result: Tensor, _ function: (T) -> T
  ) throws {
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        for i in from.indices { to[i] = function(from[i]) }
      }
    }
  }
}

/// One function of two numbers in each compute type.
package struct BinaryFunction: Sendable {
  package let float: @Sendable (Float, Float) -> Float
  package let double: @Sendable (Double, Double) -> Double
  /// Nil where whole numbers are first turned into floating-point ones.
  package let integer: (@Sendable (Int64, Int64) -> Int64)?

  package init(
    float: @escaping @Sendable (Float, Float) -> Float,
    double: @escaping @Sendable (Double, Double) -> Double,
    integer: (@Sendable (Int64, Int64) -> Int64)? = nil
  ) {
    self.float = float
    self.double = double
    self.integer = integer
  }

  /// Fills `result`, of the broadcast sizes, computing in the compute type of `type`.
  package func apply(_ a: Tensor, _ b: Tensor, computingIn type: DType, into result: Tensor) throws
  {
    switch (type.computeType, integer) {
    case (.float64, _): try Self.zip(a, b, into: result, double)
    case (.int64, let integer?): try Self.zip(a, b, into: result, integer)
    default: try Self.zip(a, b, into: result, float)
    }
  }

  /// The loop for one type; the result may be of another, as a comparison's is.
  package static func zip<T: ComputeElement>(
    _ a: Tensor, _ b: Tensor, into result: Tensor, _ function: (T, T) -> T
  ) throws {
    let sizes = result.sizes
    let a = try a.converted(to: T.dtype)
    let b = try b.converted(to: T.dtype)
    let layouts = [a.layout.broadcast(to: sizes), b.layout.broadcast(to: sizes)]
    try a.readStorage(as: T.self) { x in
      try b.readStorage(as: T.self) { y in
        try result.fill(as: T.self) { to in
          var next = 0
          forEachRow(layouts) { starts, count, strides in
            var (i, j) = (starts[0], starts[1])
            for _ in 0..<count {
              to[next] = function(x[i], y[j])
              next += 1
              i += strides[0]
              j += strides[1]
            }
          }
        }
      }
    }
  }
}
