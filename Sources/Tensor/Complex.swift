/// A floating-point type that complex numbers are made of: `Float` and `Double`.
public protocol ComplexComponent: TensorElement, BinaryFloatingPoint {
  /// The dtype of tensors whose elements have two of these.
  static var complexDType: DType { get }
}

extension Float: ComplexComponent { public static var complexDType: DType { .complex64 } }
extension Double: ComplexComponent { public static var complexDType: DType { .complex128 } }

/// A complex number: real part, then imaginary part, as they lie in memory.
public struct Complex<Component: ComplexComponent>: Sendable, BitwiseCopyable, Hashable {
  public var real: Component
  public var imaginary: Component

  @inlinable public init(_ real: Component, _ imaginary: Component = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  @inlinable public var conjugate: Complex { Complex(real, -imaginary) }
}

extension Complex: TensorElement {
  public static var dtype: DType { Component.complexDType }
  @inlinable public init(rounding value: Double) { self.init(Component(rounding: value)) }
  @inlinable public init(truncating value: Int64) { self.init(Component(truncating: value)) }
  /// The real part: that is what PyTorch's cast to a real number keeps.
  @inlinable public var double: Double { real.double }
  @inlinable public var int64: Int64 { real.int64 }
}

extension Complex: CustomStringConvertible {
  public var description: String { "\(real)\(imaginary.sign == .minus ? "" : "+")\(imaginary)j" }
}

extension Tensor {
  /// A complex tensor's parts as a last axis of two, real then imaginary: a view.
  package func viewedAsReal() -> Tensor {
    precondition(dtype.isComplex, "needs a complex tensor")
    let parts = Layout(
      sizes: sizes + [2], strides: strides.map { $0 * 2 } + [1], offset: layout.offset * 2)
    return Tensor(storage: storage, layout: parts, dtype: dtype.componentType)
  }
}
