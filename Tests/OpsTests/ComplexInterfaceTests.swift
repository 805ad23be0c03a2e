import MartletOps
import MartletTensor
import TestSupport
import Testing

/// Complex tensors, Fourier transforms and spectrograms as Swift writes them.
@Suite struct ComplexInterfaceTests {
  private let x: Tensor

  init() throws {
    x = try Tensor((0..<48).map { Float($0 * 7 % 11) - 5 }, shape: [3, 16])
  }

  private func agree(_ a: Tensor, _ b: Tensor) throws -> Bool {
    try difference(a, b, tolerance: 1e-5) == nil
  }

  @Test func partsMakeNumbersAndComeBack() throws {
    let z = try Tensor.complex(x, x.neg())
    #expect(z.dtype == .complex64)
    #expect(try agree(z.real(), x) && agree(z.imag(), x.neg()))
    #expect(try agree(z.viewAsReal().viewAsComplex(), z))
    #expect(try agree(Tensor.polar(z.abs(), z.angle()), z))
    #expect(try agree((z * z.conj()).real(), z.abs() * z.abs()))
  }

  @Test func numbersStandBesideTensors() throws {
    let turned = try x * Complex<Double>(0, 1)
    #expect(turned.dtype == .complex64)
    #expect(try agree(turned.imag(), x))
    let one: Complex<Float> = try Tensor(scalar: Complex<Double>(1, -2)).item()
    #expect(one == Complex(1, -2))
    #expect(throws: MartletError.self) { _ = try turned.item(Double.self) }
    #expect(throws: MartletError.self) {
      _ = try Tensor(scalar: Complex<Double>(1, -2)).item(Double.self)
    }
  }

  @Test func transformsHaveInverses() throws {
    for norm in [FFT.Norm.backward, .forward, .ortho] {
      #expect(try agree(FFT.ifft(FFT.fft(x, norm: norm), norm: norm).real(), x))
      #expect(try agree(FFT.irfft(FFT.rfft(x, norm: norm), n: 16, norm: norm), x))
      #expect(try agree(FFT.ifftn(FFT.fftn(x, norm: norm), norm: norm).real(), x))
      #expect(try agree(FFT.irfftn(FFT.rfftn(x, norm: norm), s: [3, 16], norm: norm), x))
      #expect(try agree(FFT.irfft2(FFT.rfft2(x, norm: norm), s: [3, 16], norm: norm), x))
      #expect(try agree(FFT.ifft2(FFT.fft2(x, norm: norm), norm: norm).real(), x))
      #expect(try agree(FFT.hfft(FFT.ihfft(x, norm: norm), n: 16, norm: norm), x))
    }
    #expect(try agree(FFT.ifftshift(FFT.fftshift(x)), x))
    #expect(try FFT.fftfreq(4, d: 0.5).array() == [0, 0.5, -1, -0.5] as [Float])
    #expect(try FFT.rfftfreq(4).array() == [0, 0.25, 0.5] as [Float])
  }

  @Test func spectrogramsLeadBack() throws {
    let window = try Tensor((0..<8).map { Float(min($0, 8 - $0)) / 4 + 0.25 })
    let spectra = try x.stft(nFFT: 8, hopLength: 2, window: window)
    #expect(spectra.sizes == [3, 5, 9])
    #expect(try agree(spectra.istft(nFFT: 8, hopLength: 2, window: window, length: 16), x))
    let parts = try x.stft(nFFT: 8, hopLength: 2, window: window, returnComplex: false)
    #expect(try agree(parts, spectra.viewAsReal()))
  }

  private func drawn(_ name: String, _ count: Int) throws -> Tensor {
    let draw = try #require(Catalog.byName[name])
    return try draw([count].value, DType.complex64.value)
  }

  /// What `torch.randn(…, dtype=…)` draws after `torch.manual_seed(0)`.
  @Test func randomPartsArePyTorchs() throws {
    try Generator.$current.withValue(Generator(seed: 0)) {
      let z = try drawn("aten::randn", 3)
      #expect(
        try agree(
          z,
          Tensor([
            Complex<Float>(1.0896488, -0.20748557), Complex(-1.5406368, 0.4019416),
            Complex(-0.7668731, -0.9889563),
          ])))
    }
    try Generator.$current.withValue(Generator(seed: 0)) {
      let z = try drawn("aten::rand", 2)
      #expect(
        try agree(
          z, Tensor([Complex<Float>(0.4962566, 0.7682218), Complex(0.08847743, 0.13203049)])))
    }
  }

  @Test func whatHasNoComplexMeaningIsRefused() throws {
    let z = try Tensor.complex(x, x)
    for name in ["relu", "floor", "sign", "argmax", "median", "erf", "bitwise_not", "rrelu"] {
      do {
        let operation = try #require(Catalog.byName["aten::\(name)"])
        _ = try operation.call([.tensor(z)], at: nil)
        Issue.record("did not throw")
      } catch let error as MartletError {
        #expect(error.kind == .dtype, "\(name): \(error)")
      }
    }
  }
}
