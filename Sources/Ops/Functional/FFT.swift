import MartletTensor

/// Discrete Fourier transforms (`torch.fft`).
///
/// `n` and `s` are the sizes that the axes are cut or filled up with zeros to. `norm` is
/// `backward` (the inverse transforms divide by the number of elements), `forward` or `ortho`.
public enum FFT {
  /// How transforms are scaled.
  public enum Norm: String, Sendable {
    case backward, forward, ortho
  }

  /// `y[k] = Σ x[n] e^(-2πi nk/N)` along one axis: complex numbers (`torch.fft.fft`).
  ///
  /// - Throws: `MartletError` of kind `.shape` for an axis of no elements, `.dtype` for float16 and
  ///   bfloat16.
  public static func fft(
    _ x: Tensor, n: Int? = nil, dim: Int = -1, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try single(Fourier.fft, x, n, dim, norm, file, line)
  }

  /// The inverse of `fft` (`torch.fft.ifft`).
  public static func ifft(
    _ x: Tensor, n: Int? = nil, dim: Int = -1, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try single(Fourier.ifft, x, n, dim, norm, file, line)
  }

  /// The first `n / 2 + 1` numbers of a real tensor's transform (`torch.fft.rfft`).
  public static func rfft(
    _ x: Tensor, n: Int? = nil, dim: Int = -1, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try single(Fourier.rfft, x, n, dim, norm, file, line)
  }

  /// The inverse of `rfft`: `n` real numbers (`torch.fft.irfft`).
  public static func irfft(
    _ x: Tensor, n: Int? = nil, dim: Int = -1, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try single(Fourier.irfft, x, n, dim, norm, file, line)
  }

  /// The real transform of a Hermitian-symmetric signal's first half (`torch.fft.hfft`).
  public static func hfft(
    _ x: Tensor, n: Int? = nil, dim: Int = -1, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try single(Fourier.hfft, x, n, dim, norm, file, line)
  }

  /// The inverse of `hfft` (`torch.fft.ihfft`).
  public static func ihfft(
    _ x: Tensor, n: Int? = nil, dim: Int = -1, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try single(Fourier.ihfft, x, n, dim, norm, file, line)
  }

  /// `fft` along several axes, all of them where none is named (`torch.fft.fftn`).
  public static func fftn(
    _ x: Tensor, s: [Int]? = nil, dim: [Int]? = nil, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.fftn, x, s, dim, norm, file, line)
  }

  /// The inverse of `fftn` (`torch.fft.ifftn`).
  public static func ifftn(
    _ x: Tensor, s: [Int]? = nil, dim: [Int]? = nil, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.ifftn, x, s, dim, norm, file, line)
  }

  /// `rfft` along the last axis and `fft` along the others (`torch.fft.rfftn`).
  public static func rfftn(
    _ x: Tensor, s: [Int]? = nil, dim: [Int]? = nil, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.rfftn, x, s, dim, norm, file, line)
  }

  /// The inverse of `rfftn` (`torch.fft.irfftn`).
  public static func irfftn(
    _ x: Tensor, s: [Int]? = nil, dim: [Int]? = nil, norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.irfftn, x, s, dim, norm, file, line)
  }

  /// `fftn` of two axes (`torch.fft.fft2`).
  public static func fft2(
    _ x: Tensor, s: [Int]? = nil, dim: [Int] = [-2, -1], norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.fft2, x, s, dim, norm, file, line)
  }

  /// `ifftn` of two axes (`torch.fft.ifft2`).
  public static func ifft2(
    _ x: Tensor, s: [Int]? = nil, dim: [Int] = [-2, -1], norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.ifft2, x, s, dim, norm, file, line)
  }

  /// `rfftn` of two axes (`torch.fft.rfft2`).
  public static func rfft2(
    _ x: Tensor, s: [Int]? = nil, dim: [Int] = [-2, -1], norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.rfft2, x, s, dim, norm, file, line)
  }

  /// `irfftn` of two axes (`torch.fft.irfft2`).
  public static func irfft2(
    _ x: Tensor, s: [Int]? = nil, dim: [Int] = [-2, -1], norm: Norm = .backward,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try several(Fourier.irfft2, x, s, dim, norm, file, line)
  }

  /// The frequencies of `fft`'s results for samples at distances `d` (`torch.fft.fftfreq`).
  public static func fftfreq(
    _ n: Int, d: Double = 1, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Frequencies.fftfreq(n.value, .double(d), dtype.value, at: SourceLocation(file, line))
  }

  /// The frequencies of `rfft`'s results (`torch.fft.rfftfreq`).
  public static func rfftfreq(
    _ n: Int, d: Double = 1, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Frequencies.rfftfreq(n.value, .double(d), dtype.value, at: SourceLocation(file, line))
  }

  /// The zero frequency in the middle of the axes (`torch.fft.fftshift`).
  public static func fftshift(
    _ x: Tensor, dim: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Frequencies.fftshift(.tensor(x), dim.value, at: SourceLocation(file, line))
  }

  /// The inverse of `fftshift` (`torch.fft.ifftshift`).
  public static func ifftshift(
    _ x: Tensor, dim: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Frequencies.ifftshift(.tensor(x), dim.value, at: SourceLocation(file, line))
  }

  private static func single(
    _ operation: Operator, _ x: Tensor, _ n: Int?, _ dim: Int, _ norm: Norm,
    _ file: StaticString, _ line: UInt
  ) throws -> Tensor {
    try operation(
      .tensor(x), n.value, dim.value, .string(norm.rawValue), at: SourceLocation(file, line))
  }

  private static func several(
    _ operation: Operator, _ x: Tensor, _ s: [Int]?, _ dim: [Int]?, _ norm: Norm,
    _ file: StaticString, _ line: UInt
  ) throws -> Tensor {
    try operation(
      .tensor(x), s.value, dim.value, .string(norm.rawValue), at: SourceLocation(file, line))
  }
}
