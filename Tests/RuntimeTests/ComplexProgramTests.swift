import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Views of one memory as real and as complex numbers, in compiled programs.
struct ComplexProgramTests {
  private func check(
    _ function: @escaping (Tensor) throws -> (Tensor, Tensor, Tensor), _ x: Tensor
  ) throws {
    let traced = try trace(function, x)
    let expected = try function(x)
    for threads in [1, 2] {
      let got: (Tensor, Tensor, Tensor) = try traced.compile(threads: threads)(x)
      #expect(try difference(got.0, expected.0, tolerance: 1e-5) == nil)
      #expect(try difference(got.1, expected.1, tolerance: 1e-5) == nil)
      #expect(try difference(got.2, expected.2, tolerance: 1e-5) == nil)
    }
  }

  @Test func oneMemoryUnderTwoDTypes() throws {
    try check(
      { x in
        let z = try FFT.rfft(x)
        return (z, try z.viewAsReal(), try z.imag())
      }, noise([2, 3, 10], seed: 1))
  }

  @Test func inputsAreViewedAsComplex() throws {
    try check(
      { x in
        let z = try x.viewAsComplex()
        return (try z.abs(), try z.real(), try (z * Complex<Double>(0, 1)).viewAsReal())
      }, noise([2, 3, 2], seed: 2))
    // An input may begin in the middle of a pair of numbers.
    let odd = try noise([13], seed: 3).narrow(dim: 0, start: 1, length: 12).reshape([6, 2])
    let traced = try trace(
      { (x: Tensor) in try x.viewAsComplex().angle() }, noise([6, 2], seed: 4))
    let got: Tensor = try traced.compile(threads: 1)(odd)
    let expected = try odd.clone().viewAsComplex().angle()
    #expect(try difference(got, expected, tolerance: 1e-5) == nil)
  }

  /// Results of the reference in the middle of the arena.
  @Test func referenceResultsLieAnywhere() throws {
    try check(
      { x in
        let z = try Tensor.complex(x, x)
        let product = try z.matmul(z.transpose(0, 1))
        let wide = try x.double().matmul(x.double().transpose(0, 1))
        let sums = try wide.indexAdd(
          dim: 0, Tensor([0, 0] as [Int64]), wide.narrow(dim: 0, start: 1, length: 2))
        return (try product.abs(), try wide.exp(), try sums.neg())
      }, noise([3, 4], seed: 6))
  }

  @Test func spectrogramsCompile() throws {
    let window = try Windows(8)
    try check(
      { x in
        let spectra = try x.stft(nFFT: 8, hopLength: 2, window: window.tensor)
        let power = try spectra.abs() * spectra.abs()
        let back = try spectra.istft(nFFT: 8, hopLength: 2, window: window.tensor)
        return (power, back, try spectra.real())
      }, noise([2, 24], seed: 5))
  }

  private struct Windows {
    let tensor: Tensor

    init(_ count: Int) throws {
      tensor = try Tensor((0..<count).map { Float(min($0, count - $0)) / 4 + 0.25 })
    }
  }
}
