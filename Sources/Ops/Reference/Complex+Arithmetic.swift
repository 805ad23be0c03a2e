import MartletTensor

extension Complex {
  package static prefix func - (z: Complex) -> Complex { Complex(-z.real, -z.imaginary) }

  package static func + (a: Complex, b: Complex) -> Complex {
    Complex(a.real + b.real, a.imaginary + b.imaginary)
  }

  package static func - (a: Complex, b: Complex) -> Complex {
    Complex(a.real - b.real, a.imaginary - b.imaginary)
  }

  package static func * (a: Complex, b: Complex) -> Complex {
    Complex(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  package static func * (a: Complex, scale: Component) -> Complex {
    Complex(a.real * scale, a.imaginary * scale)
  }

  /// By Smith's method, which overflows only where the quotient does; by zero, each part divided
  /// by zero (`c10::complex`).
  package static func / (a: Complex, b: Complex) -> Complex {
    let (c, d) = (b.real, b.imaginary)
    if c.magnitude >= d.magnitude {
      if c == 0, d == 0 {
        return Complex(a.real / c.magnitude, a.imaginary / d.magnitude)
      }
      let ratio = d / c
      let scale = 1 / (c + d * ratio)
      return Complex(
        (a.real + a.imaginary * ratio) * scale, (a.imaginary - a.real * ratio) * scale)
    }
    let ratio = c / d
    let scale = 1 / (c * ratio + d)
    return Complex(
      (a.real * ratio + a.imaginary) * scale, (a.imaginary * ratio - a.real) * scale)
  }

  package var isNaN: Bool { real.isNaN || imaginary.isNaN }
  package var isInfinite: Bool { real.isInfinite || imaginary.isInfinite }
  package var isFinite: Bool { real.isFinite && imaginary.isFinite }
  /// The number times the imaginary unit.
  package var rotated: Complex { Complex(-imaginary, real) }

  package static var zero: Complex { Complex(0, 0) }
  package static var one: Complex { Complex(1, 0) }
}
