import MartletTensor

/// The short-time Fourier transform and its inverse.
extension Tensor {
  /// The spectra of overlapping, windowed frames: `[B?, samples] → [B?, frequencies, frames]`
  /// (`torch.stft`).
  ///
  /// - Parameters:
  ///   - nFFT: the numbers in a frame.
  ///   - hopLength: the numbers from one frame to the next; a quarter of a frame if nil.
  ///   - winLength: the numbers that the window has, in the middle of a frame; all of it if nil.
  ///   - center: whether frames lie about their times, with a `padMode` border around the signal.
  ///   - normalized: whether to divide by the root of `nFFT`.
  ///   - onesided: whether to leave out what follows by symmetry; by default for real signals.
  ///   - returnComplex: otherwise parts come in a last axis of two.
  /// - Throws: `MartletError` where the signal is shorter than a frame, sizes do not fit, or the
  ///   dtype is not float32, float64 or complex.
  public func stft(
    nFFT: Int, hopLength: Int? = nil, winLength: Int? = nil, window: Tensor? = nil,
    center: Bool = true, padMode: String = "reflect", normalized: Bool = false,
    onesided: Bool? = nil, returnComplex: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try ShortTimeFourier.stftCenter(
      .tensor(self), nFFT.value, hopLength.value, winLength.value, window.value, center.value,
      padMode.value, normalized.value, onesided.value, returnComplex.value, .none,
      at: SourceLocation(file, line))
  }

  /// The signal whose spectra these are, by least squares: `[B?, frequencies, frames] →
  /// [B?, samples]` (`torch.istft`).
  ///
  /// - Parameters:
  ///   - length: the numbers of the result; what the frames reach if nil.
  /// - Throws: `MartletError` of kind `.value` where the windows leave a gap.
  public func istft(
    nFFT: Int, hopLength: Int? = nil, winLength: Int? = nil, window: Tensor? = nil,
    center: Bool = true, normalized: Bool = false, onesided: Bool? = nil, length: Int? = nil,
    returnComplex: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try ShortTimeFourier.istft(
      .tensor(self), nFFT.value, hopLength.value, winLength.value, window.value, center.value,
      normalized.value, onesided.value, length.value, returnComplex.value,
      at: SourceLocation(file, line))
  }
}
