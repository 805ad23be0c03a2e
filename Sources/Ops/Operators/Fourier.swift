import MartletTensor

/// `torch.fft`: transforms along one axis or several, with sizes, normalisation and half spectra.
package enum Fourier {
  package static let operators: [Operator] =
    [
      fft, ifft, rfft, irfft, hfft, ihfft, fft2, ifft2, rfft2, irfft2, hfft2, ihfft2, fftn, ifftn,
      rfftn, irfftn, hfftn, ihfftn,
    ]

  static let fft = single("fft") { try complex($0, forward: true) }
  static let ifft = single("ifft") { try complex($0, forward: false) }
  static let rfft = single("rfft") { try fromReal($0, forward: true) }
  static let irfft = single("irfft") { try toReal($0, forward: false) }
  /// Of a signal whose spectrum is real.
  static let hfft = single("hfft") { try toReal($0, forward: true) }
  static let ihfft = single("ihfft") { try fromReal($0, forward: false) }

  static let fft2 = double("fft2") { try complex($0, forward: true) }
  static let ifft2 = double("ifft2") { try complex($0, forward: false) }
  static let rfft2 = double("rfft2") { try fromReal($0, forward: true) }
  static let irfft2 = double("irfft2") { try toReal($0, forward: false) }
  static let hfft2 = double("hfft2") { try toReal($0, forward: true) }
  static let ihfft2 = double("ihfft2") { try fromReal($0, forward: false) }

  static let fftn = several("fftn") { try complex($0, forward: true) }
  static let ifftn = several("ifftn") { try complex($0, forward: false) }
  static let rfftn = several("rfftn") { try fromReal($0, forward: true) }
  static let irfftn = several("irfftn") { try toReal($0, forward: false) }
  static let hfftn = several("hfftn") { try toReal($0, forward: true) }
  static let ihfftn = several("ihfftn") { try fromReal($0, forward: false) }

  private typealias Evaluate = @Sendable (Arguments) throws -> Tensor

  private static func single(_ name: String, _ evaluate: @escaping Evaluate) -> Operator {
    Operator(
      "aten::fft_" + name
        + "(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor",
      .composite { [.tensor(try evaluate($0))] })
  }

  private static func double(_ name: String, _ evaluate: @escaping Evaluate) -> Operator {
    Operator(
      "aten::fft_" + name
        + "(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor",
      .composite { [.tensor(try evaluate($0))] })
  }

  private static func several(_ name: String, _ evaluate: @escaping Evaluate) -> Operator {
    Operator(
      "aten::fft_" + name
        + "(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor",
      .composite { [.tensor(try evaluate($0))] })
  }

  private static func complex(_ arguments: Arguments, forward: Bool) throws -> Tensor {
    let call = try FourierCall(arguments, forward: forward)
    let x = try call.resized(call.x.converted(to: call.dtype.complexType))
    return try FourierTransforms.complexToComplex(
      .tensor(x), call.axes.value, call.normalization, forward.value)
  }

  /// A real signal's half spectrum; the inverse transform's is its conjugate.
  private static func fromReal(_ arguments: Arguments, forward: Bool) throws -> Tensor {
    let call = try FourierCall(arguments, forward: forward)
    guard !call.dtype.isComplex else {
      throw MartletError(
        .dtype, "\(call.name) expects a real input tensor, but got \(call.x.dtype)")
    }
    guard let last = call.axes.last else { throw FourierTransforms.noAxes(call.name) }
    let x = try call.resized(call.x.converted(to: call.dtype))
    if forward {
      return try FourierTransforms.realToComplex(
        .tensor(x), call.axes.value, call.normalization, true)
    }
    let half = try FourierTransforms.realToComplex(
      .tensor(x), [last].value, call.normalization, true
    ).conj()
    if call.axes.count == 1 { return half }
    return try FourierTransforms.complexToComplex(
      .tensor(half), Array(call.axes.dropLast()).value, call.normalization, false)
  }

  /// A real signal from its half spectrum; the forward transform's half is the conjugate's.
  private static func toReal(_ arguments: Arguments, forward: Bool) throws -> Tensor {
    let call = try FourierCall(arguments, forward: forward, halves: true)
    guard let last = call.axes.last else { throw FourierTransforms.noAxes(call.name) }
    var x = try call.resized(call.x.converted(to: call.dtype.complexType))
    guard forward else {
      return try FourierTransforms.complexToReal(
        .tensor(x), call.axes.value, call.normalization, call.lastSize.value)
    }
    if call.axes.count > 1 {
      x = try FourierTransforms.complexToComplex(
        .tensor(x), Array(call.axes.dropLast()).value, call.normalization, true)
    }
    return try FourierTransforms.complexToReal(
      .tensor(try x.conj()), [last].value, call.normalization, call.lastSize.value)
  }

  /// The axis that a possibly negative index names; a tensor without axes has none.
  static func axis(_ dim: Int, of x: Tensor) throws -> Int {
    guard x.dim > 0 else {
      throw MartletError(
        .index, "Dimension specified as \(dim) but tensor has no dimensions")
    }
    return try wrapDim(dim, rank: x.dim)
  }
}

/// What the operators' arguments come to: which axes, of which sizes.
private struct FourierCall {
  let name: String
  let x: Tensor
  /// The dtype that the input is promoted to, real or complex.
  let dtype: DType
  private(set) var axes: [Int] = []
  /// The sizes that the axes are cut or filled up to.
  private(set) var sizes: [Int] = []
  /// The elements along the last axis of a real result.
  private(set) var lastSize = 0
  let normalization: Value

  /// - Parameter halves: whether the last axis holds a half spectrum.
  init(_ arguments: Arguments, forward: Bool, halves: Bool = false) throws {
    name = String(arguments.schema.name.dropFirst("aten::fft_".count))
    x = try arguments.tensor("self")
    guard x.dtype != .float16, x.dtype != .bfloat16 else {
      throw MartletError(.dtype, "\(name): unsupported dtype \(x.dtype)")
    }
    dtype = x.dtype.isFloatingPoint || x.dtype.isComplex ? x.dtype : .float32
    normalization = try Self.normalization(
      try arguments.optionalString("norm"), forward: forward)
    if arguments.schema.arguments[1].name == "n" {
      try takeSingle(arguments, halves: halves)
    } else {
      try takeSeveral(arguments, halves: halves)
    }
    for size in sizes where size < 1 {
      throw MartletError(.shape, "Invalid number of data points (\(size)) specified")
    }
  }

  private mutating func takeSingle(_ arguments: Arguments, halves: Bool) throws {
    let axis = try Fourier.axis(try arguments.int("dim"), of: x)
    let count = try arguments.optionalInt("n")
    axes = [axis]
    if halves {
      try takeHalf(count ?? 2 * (x.sizes[axis] - 1))
      sizes = [count == nil ? x.sizes[axis] : lastSize / 2 + 1]
    } else {
      sizes = [count ?? x.sizes[axis]]
    }
  }

  private mutating func takeSeveral(_ arguments: Arguments, halves: Bool) throws {
    let shape = try arguments.optionalInts("s")
    let dims = try arguments.optionalInts("dim")
    axes = try (dims ?? []).map { try Fourier.axis($0, of: x) }
    guard Set(axes).count == axes.count else {
      throw MartletError(.argument, "FFT dims must be unique, got \(dims ?? [])")
    }
    if let shape {
      guard dims == nil || dims?.count == shape.count else {
        throw MartletError(
          .argument, "When given, dim and shape arguments must have the same length")
      }
      guard shape.count <= x.dim else {
        throw MartletError(
          .shape,
          "Got shape with \(shape.count) values but input tensor only has \(x.dim) dimensions.")
      }
      if dims == nil { axes = Array((x.dim - shape.count)..<x.dim) }
    } else if dims == nil {
      axes = Array(0..<x.dim)
    }
    sizes = axes.indices.map { index in
      let size = shape?[index] ?? -1
      return size == -1 ? x.sizes[axes[index]] : size
    }
    guard halves, let last = axes.last else { return }
    let given = shape?.last ?? -1
    try takeHalf(given == -1 ? 2 * (x.sizes[last] - 1) : given)
    sizes[sizes.count - 1] = lastSize / 2 + 1
  }

  private mutating func takeHalf(_ count: Int) throws {
    guard count >= 1 else {
      throw MartletError(.shape, "Invalid number of data points (\(count)) specified")
    }
    lastSize = count
  }

  /// Axes cut, or filled up with zeros.
  func resized(_ x: Tensor) throws -> Tensor {
    var result = x
    var amounts = [Int](repeating: 0, count: 2 * x.dim)
    for (axis, size) in zip(axes, sizes) {
      if size < x.sizes[axis] {
        result = result.narrowedView(axis, 0, size)
      } else {
        amounts[2 * (x.dim - 1 - axis) + 1] = size - x.sizes[axis]
      }
    }
    if amounts.allSatisfy({ $0 == 0 }) { return result }
    return try Padding.constantPad(.tensor(result), amounts.value)
  }

  private static func normalization(_ name: String?, forward: Bool) throws -> Value {
    switch name {
    case nil, "backward": return forward ? 0 : 2
    case "forward": return forward ? 2 : 0
    case "ortho": return 1
    case let other?:
      throw MartletError(.argument, "Invalid normalization mode: \"\(other)\"")
    }
  }
}
