import MartletTensor

/// One function of one number in each compute type.
package struct UnaryFunction: Sendable {
  package let float: @Sendable (Float) -> Float
  package let double: @Sendable (Double) -> Double
  /// Nil where whole numbers are first turned into floating-point ones.
  package let integer: (@Sendable (Int64) -> Int64)?
  /// Nil where the operator takes no complex numbers; theirs are all computed in float64.
  package let complex: (@Sendable (Complex<Double>) -> Complex<Double>)?

  package init(
    float: @escaping @Sendable (Float) -> Float, double: @escaping @Sendable (Double) -> Double,
    integer: (@Sendable (Int64) -> Int64)? = nil,
    complex: (@Sendable (Complex<Double>) -> Complex<Double>)? = nil
  ) {
    self.float = float
    self.double = double
    self.integer = integer
    self.complex = complex
  }

  /// Float32 through float64: right where the function is continuous or exact in float64.
  package init(
    integer: (@Sendable (Int64) -> Int64)? = nil,
    complex: (@Sendable (Complex<Double>) -> Complex<Double>)? = nil,
    _ function: @escaping @Sendable (Double) -> Double
  ) {
    self.init(
      float: { Float(function(Double($0))) }, double: function,
      integer: integer, complex: complex)
  }

  /// Fills `result` with the function of each element, computed in `result`'s compute type.
  package func apply(_ x: Tensor, into result: Tensor) throws {
    try apply(x, computingIn: result.dtype, into: result)
  }

  /// Fills `result` with the function of each element, computed in the compute type of `type`.
  package func apply(_ x: Tensor, computingIn type: DType, into result: Tensor) throws {
    if type.isComplex {
      guard let complex else { throw MartletError(.dtype, "not implemented for \(type)") }
      return try Self.map(x, into: result, complex)
    }
    switch (type.computeType, integer) {
    case (.float64, _): try Self.map(x, into: result, double)
    case (.int64, let integer?): try Self.map(x, into: result, integer)
    default: try Self.map(x, into: result, float)
    }
  }

  /// The loop for one type.
  package static func map<T: TensorElement>(
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
  /// Nil where the operator takes no complex numbers; theirs are all computed in float64.
  package let complex: (@Sendable (Complex<Double>, Complex<Double>) -> Complex<Double>)?

  package init(
    float: @escaping @Sendable (Float, Float) -> Float,
    double: @escaping @Sendable (Double, Double) -> Double,
    integer: (@Sendable (Int64, Int64) -> Int64)? = nil,
    complex: (@Sendable (Complex<Double>, Complex<Double>) -> Complex<Double>)? = nil
  ) {
    self.float = float
    self.double = double
    self.integer = integer
    self.complex = complex
  }

  /// Float32 through float64: right where the function is continuous or exact in float64.
  package init(
    integer: (@Sendable (Int64, Int64) -> Int64)? = nil,
    complex: (@Sendable (Complex<Double>, Complex<Double>) -> Complex<Double>)? = nil,
    _ function: @escaping @Sendable (Double, Double) -> Double
  ) {
    self.init(
      float: { Float(function(Double($0), Double($1))) }, double: function,
      integer: integer, complex: complex)
  }

  /// Fills `result`, of the broadcast sizes: both operands are first rounded to `type`, and the
  /// function is computed in its compute type.
  package func apply(_ a: Tensor, _ b: Tensor, computingIn type: DType, into result: Tensor) throws
  {
    let (a, b) = (try a.converted(to: type), try b.converted(to: type))
    if type.isComplex {
      guard let complex else { throw MartletError(.dtype, "not implemented for \(type)") }
      return try Self.zip(a, b, into: result, complex)
    }
    switch (type.computeType, integer) {
    case (.float64, _): try Self.zip(a, b, into: result, double)
    case (.int64, let integer?): try Self.zip(a, b, into: result, integer)
    default: try Self.zip(a, b, into: result, float)
    }
  }

  /// The loop for one type; the result may be of another, as a comparison's is.
  package static func zip<T: TensorElement>(
    _ a: Tensor, _ b: Tensor, into result: Tensor, _ function: (T, T) -> T
  ) throws {
    let sizes = result.sizes
    let a = try a.converted(to: T.dtype)
    let b = try b.converted(to: T.dtype)
    var layouts = [a.layout.broadcast(to: sizes), b.layout.broadcast(to: sizes)]
    if layouts.allSatisfy(\.isContiguous) {
      // One long row.
      layouts = layouts.map { Layout(contiguous: [result.count], offset: $0.offset) }
    }
    try a.readStorage(as: T.self) { x in
      try b.readStorage(as: T.self) { y in
        try result.fill(as: T.self) { to in
          var next = 0
          forEachRow(layouts) { starts, count, strides in
            var (i, j) = (starts[0], starts[1])
            let (stepX, stepY) = (strides[0], strides[1])
            for _ in 0..<count {
              to[next] = function(x[i], y[j])
              next += 1
              i += stepX
              j += stepY
            }
          }
        }
      }
    }
  }
}

/// One function of three numbers in each compute type.
package struct TernaryFunction: Sendable {
  package let float: @Sendable (Float, Float, Float) -> Float
  package let double: @Sendable (Double, Double, Double) -> Double
  /// Nil where the operator takes no whole numbers.
  package let integer: (@Sendable (Int64, Int64, Int64) -> Int64)?
  /// Nil where the operator takes no complex numbers; theirs are all computed in float64.
  package let complex:
    (@Sendable (Complex<Double>, Complex<Double>, Complex<Double>) -> Complex<Double>)?

  package init(
    float: @escaping @Sendable (Float, Float, Float) -> Float,
    double: @escaping @Sendable (Double, Double, Double) -> Double,
    integer: (@Sendable (Int64, Int64, Int64) -> Int64)? = nil,
    complex: (@Sendable (Complex<Double>, Complex<Double>, Complex<Double>) -> Complex<Double>)? =
      nil
  ) {
    self.float = float
    self.double = double
    self.integer = integer
    self.complex = complex
  }

  /// Fills `result`, of the broadcast sizes, computing in the compute type of `type`.
  package func apply(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, computingIn type: DType, into result: Tensor
  ) throws {
    if type.isComplex {
      guard let complex else { throw MartletError(.dtype, "not implemented for \(type)") }
      return try Self.zip(a, b, c, into: result, complex)
    }
    switch (type.computeType, integer) {
    case (.float64, _): try Self.zip(a, b, c, into: result, double)
    case (.int64, let integer?): try Self.zip(a, b, c, into: result, integer)
    default: try Self.zip(a, b, c, into: result, float)
    }
  }

  /// The loop for one type.
  package static func zip<T: TensorElement>(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, into result: Tensor, _ function: (T, T, T) -> T
  ) throws {
    let sizes = result.sizes
    let (a, b, c) = (
      try a.converted(to: T.dtype), try b.converted(to: T.dtype), try c.converted(to: T.dtype)
    )
    let layouts = [a, b, c].map { $0.layout.broadcast(to: sizes) }
    try a.readStorage(as: T.self) { x in
      try b.readStorage(as: T.self) { y in
        try c.readStorage(as: T.self) { z in
          try result.fill(as: T.self) { to in
            var next = 0
            forEachRow(layouts) { starts, count, strides in
              for step in 0..<count {
                to[next] = function(
                  x[starts[0] + step * strides[0]], y[starts[1] + step * strides[1]],
                  z[starts[2] + step * strides[2]])
                next += 1
              }
            }
          }
        }
      }
    }
  }
}
