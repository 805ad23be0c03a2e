import MartletKernels
import MartletTensor

/// Complex numbers made of their parts, and their parts.
///
/// No tensor is lazily conjugated: `conj` computes, so `resolve_conj` has nothing to do. What
/// PyTorch shows by writing through a conjugated view is the one difference.
package enum ComplexNumbers {
  package static let operators: [Operator] = [
    complex, polar, viewAsReal, viewAsComplex, real, imag, isComplex, isConj, isNeg, angle, conj,
    conjView, conjPhysical, conjPhysicalCopy, resolveConj,
  ]

  /// `real + imag j`
  static let complex = combining("aten::complex(Tensor real, Tensor imag) -> Tensor") {
    Complex($0, $1)
  }

  /// `abs (cos angle + sin angle j)`
  static let polar = combining("aten::polar(Tensor abs, Tensor angle) -> Tensor") {
    Complex($0 * Libm.cos($1), $0 * Libm.sin($1))
  }

  private static func combining(
    _ schema: String, _ function: @escaping @Sendable (Double, Double) -> Complex<Double>
  ) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let (a, b) = (try Tensor(arguments.values[0]), try Tensor(arguments.values[1]))
          for x in [a, b] where x.dtype != .float32 && x.dtype != .float64 {
            let hint = x.dtype == .float16 ? "; complex32 is not supported" : ""
            throw MartletError(
              .dtype,
              "expected both inputs to be Half, Float or Double tensors but got \(a.dtype) and "
                + "\(b.dtype)\(hint)")
          }
          guard a.dtype == b.dtype else {
            throw MartletError(
              .dtype,
              "expected object of scalar type \(a.dtype) but got scalar type \(b.dtype) for second "
                + "argument")
          }
          return [TensorSpec(try broadcast([a.sizes, b.sizes]), a.dtype.complexType)]
        },
        compute: { arguments, results in
          let (a, b) = (try Tensor(arguments.values[0]), try Tensor(arguments.values[1]))
          try BinaryFunction(complex: { function($0.real, $1.real) }) { a, _ in a }
            .apply(a, b, computingIn: results[0].dtype, into: results[0])
        }))
  }

  /// The parts as a last axis of two: another view of the same numbers.
  static let viewAsReal = Operator(
    "aten::view_as_real(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      guard x.dtype.isComplex else {
        throw MartletError(
          .dtype, "view_as_real is only supported for complex tensors, got \(x.dtype)")
      }
      return [.tensor(x.viewedAsReal())]
    })

  /// A last axis of two as complex numbers: another view of the same numbers.
  static let viewAsComplex = Operator(
    "aten::view_as_complex(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      guard x.dtype == .float32 || x.dtype == .float64 else {
        throw MartletError(
          .dtype,
          "view_as_complex is only supported for half, float and double tensors, but got a tensor "
            + "of scalar type: \(x.dtype)")
      }
      guard x.dim > 0 else {
        throw MartletError(.shape, "Input tensor must have one or more dimensions")
      }
      guard x.sizes[x.dim - 1] == 2 else {
        throw MartletError(
          .shape, "Tensor must have a last dimension of size 2, got sizes \(x.sizes)")
      }
      guard x.strides[x.dim - 1] == 1 else {
        throw MartletError(
          .shape, "Tensor must have a last dimension with stride 1, got strides \(x.strides)")
      }
      let outer = x.strides.dropLast()
      guard outer.allSatisfy({ $0 % 2 == 0 }) else {
        throw MartletError(
          .shape,
          "Tensor must have a stride divisible by 2 for all but last dimension, got \(x.strides)")
      }
      guard x.layout.offset % 2 == 0 else {
        throw MartletError(
          .shape, "Tensor must have a storage_offset divisible by 2, got \(x.layout.offset)")
      }
      let layout = Layout(
        sizes: Array(x.sizes.dropLast()), strides: outer.map { $0 / 2 },
        offset: x.layout.offset / 2)
      return [.tensor(Tensor(storage: x.storage, layout: layout, dtype: x.dtype.complexType))]
    })

  /// The real parts; of a real tensor, the tensor itself.
  static let real = Operator(
    "aten::real(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      return [.tensor(x.dtype.isComplex ? x.viewedAsReal().selectedView(x.dim, 0) : x)]
    })

  static let imag = Operator(
    "aten::imag(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      guard x.dtype.isComplex else {
        throw MartletError(.dtype, "imag is not implemented for tensors with non-complex dtypes.")
      }
      return [.tensor(x.viewedAsReal().selectedView(x.dim, 1))]
    })

  static let isComplex = Operator(
    "aten::is_complex(Tensor self) -> bool",
    .scalar { [.bool(try $0.tensor("self").dtype.isComplex)] })
  static let isConj = Operator(
    "aten::is_conj(Tensor self) -> bool", .scalar { _ in [.bool(false)] })
  static let isNeg = Operator(
    "aten::is_neg(Tensor self) -> bool", .scalar { _ in [.bool(false)] })

  /// The angle to the positive real axis: of real numbers 0 or π.
  static let angle = Operator(
    "aten::angle(Tensor self) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        return [TensorSpec(x.sizes, ResultRule.floating.computed(from: x.dtype).componentType)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        try UnaryFunction(complex: { Complex($0.phase) }) {
          $0.isNaN ? $0 : $0 < 0 ? .pi : 0
        }.apply(
          x, computingIn: x.dtype.isComplex ? x.dtype : results[0].dtype, into: results[0])
      }))

  // The tensor itself where it is real.
  static let conj = conjugating("aten::conj(Tensor(a) self) -> Tensor(a)")
  static let conjView = conjugating("aten::_conj(Tensor(a) self) -> Tensor(a)")
  static let conjPhysical = conjugating("aten::conj_physical(Tensor self) -> Tensor")

  private static func conjugating(_ schema: String) -> Operator {
    Operator(
      schema,
      .composite { arguments in
        let x = try arguments.tensor("self")
        return [.tensor(x.dtype.isComplex ? try conjPhysicalCopy(.tensor(x)) : x)]
      })
  }

  static let conjPhysicalCopy = unaryOperator(
    "aten::_conj_physical", gives: .same,
    UnaryFunction(
      float: { $0 }, double: { $0 }, integer: { $0 }, complex: { $0.conjugate }))

  static let resolveConj = Operator(
    "aten::resolve_conj(Tensor(a) self) -> Tensor(a)", .view { [$0["self"]] })
}

extension Tensor {
  /// Complex numbers of these real parts and the given imaginary ones (`torch.complex`).
  public static func complex(
    _ real: Tensor, _ imaginary: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try ComplexNumbers.complex(
      .tensor(real), .tensor(imaginary), at: SourceLocation(file, line))
  }

  /// Complex numbers of these lengths and angles (`torch.polar`).
  public static func polar(
    _ length: Tensor, _ angle: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try ComplexNumbers.polar(.tensor(length), .tensor(angle), at: SourceLocation(file, line))
  }

  /// A complex tensor's parts as a last axis of two (`torch.view_as_real`).
  public func viewAsReal(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try ComplexNumbers.viewAsReal(.tensor(self), at: SourceLocation(file, line))
  }

  /// A last axis of two as complex numbers (`torch.view_as_complex`).
  public func viewAsComplex(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try ComplexNumbers.viewAsComplex(.tensor(self), at: SourceLocation(file, line))
  }

  /// The real parts (`torch.real`).
  public func real(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try ComplexNumbers.real(.tensor(self), at: SourceLocation(file, line))
  }

  /// The imaginary parts (`torch.imag`).
  public func imag(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try ComplexNumbers.imag(.tensor(self), at: SourceLocation(file, line))
  }

  /// The complex conjugate (`torch.conj`).
  public func conj(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try ComplexNumbers.conj(.tensor(self), at: SourceLocation(file, line))
  }

  /// The angle to the positive real axis, in (-π, π] (`torch.angle`).
  public func angle(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try ComplexNumbers.angle(.tensor(self), at: SourceLocation(file, line))
  }
}
