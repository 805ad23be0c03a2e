import MartletTensor

/// Transforms of overlapping pieces of a signal, and the signal from them.
package enum ShortTimeFourier {
  package static let operators: [Operator] = [stft, stftCenter, istft]

  /// `[B?, samples] → [B?, frequencies, frames]`
  static let stft = Operator(
    "aten::stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, "
      + "Tensor? window=None, bool normalized=False, bool? onesided=None, "
      + "bool? return_complex=None, bool? align_to_window=None) -> Tensor",
    .composite { [.tensor(try analyzed($0, padding: nil))] })

  /// As above; with `center` each frame lies about its time, which takes a border around the
  /// signal.
  static let stftCenter = Operator(
    "aten::stft.center(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, "
      + "Tensor? window=None, bool center=True, str pad_mode=\"reflect\", bool normalized=False, "
      + "bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor",
    .composite { arguments in
      let centers = try arguments.bool("center")
      if centers, try Bool?(arguments["align_to_window"]) != nil {
        throw MartletError(
          .argument, "stft align_to_window should only be set when center = false.")
      }
      return [
        .tensor(
          try analyzed(arguments, padding: centers ? try arguments.string("pad_mode") : nil))
      ]
    })

  private static func analyzed(_ arguments: Arguments, padding: String?) throws -> Tensor {
    let call = try FrameArguments(arguments)
    let x = try arguments.tensor("self")
    let isComplex = x.dtype.isComplex || call.window?.dtype.isComplex ?? false
    let wanted = try Bool?(arguments["return_complex"])
    guard wanted != nil || isComplex else {
      throw MartletError(
        .argument,
        "stft requires the return_complex parameter be given for real inputs, and will further "
          + "require that return_complex=True in a future PyTorch release.")
    }
    guard x.dtype.isFloatingPoint || x.dtype.isComplex else {
      throw MartletError(
        .dtype, "stft: expected a tensor of floating point or complex values, got \(x.dtype)")
    }
    guard x.dim == 1 || x.dim == 2 else {
      throw MartletError(.shape, "stft: expected a 1D or 2D tensor, got \(x.sizes)")
    }
    var signal = x.dim == 1 ? x.unsqueezedView(0) : x
    if let padding {
      // The border of a batch of one channel.
      let border = call.size / 2
      signal = try Padding.pad(
        .tensor(signal.unsqueezedView(0)), [border, border].value, .string(padding)
      ).squeezedView(0)
    }
    try call.check(length: signal.sizes[1])
    var frames = 1 + (signal.sizes[1] - call.size) / call.hop
    let margin = call.size - call.width
    if padding == nil, try Bool?(arguments["align_to_window"]) == true {
      // The window's first number, not the frame's, stands at the signal's first.
      frames = 1 + (signal.sizes[1] - call.width) / call.hop
      signal = try Padding.constantPad(
        .tensor(signal), [margin / 2, margin - margin / 2].value)
    }
    signal = try signal.compacted()
    var pieces = signal.viewed(
      Layout(
        sizes: [signal.sizes[0], frames, call.size],
        strides: [signal.strides[0], call.hop, 1], offset: signal.layout.offset))
    if let window = try call.fullWindow(dtype: x.dtype) {
      pieces = try Arithmetic.mul(.tensor(pieces), .tensor(window))
    }
    let normalization: Value = try arguments.bool("normalized") ? 1 : 0
    let onesided = try Bool?(arguments["onesided"]) ?? !isComplex
    guard !onesided || !isComplex else {
      throw MartletError(
        .argument, "Cannot have onesided output if window or input is complex")
    }
    let spectra =
      try
      (isComplex
      ? FourierTransforms.complexToComplex(.tensor(pieces), [2], normalization, true)
      : FourierTransforms.realToComplex(.tensor(pieces), [2], normalization, onesided.value))
    var result = spectra.transposedView(1, 2)
    if x.dim == 1 { result = result.squeezedView(0) }
    return wanted ?? true ? result : result.viewedAsReal()
  }

  /// `[B?, frequencies, frames] → [B?, samples]`: the frames added up where they overlap, over the
  /// sum of the squared windows.
  static let istft = Operator(
    "aten::istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, "
      + "Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, "
      + "int? length=None, bool return_complex=False) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { try [Synthesis($0).spec] },
      compute: { try Synthesis($0).fill($1[0], normalized: try $0.bool("normalized")) }))
}

/// The arguments that both directions have.
struct FrameArguments {
  let name: String
  /// The numbers in a frame.
  let size: Int
  /// The numbers from one frame to the next.
  let hop: Int
  /// The numbers in a window.
  let width: Int
  let window: Tensor?

  init(_ arguments: Arguments) throws {
    name = String(arguments.schema.name.dropFirst("aten::".count))
    size = try arguments.int("n_fft")
    hop = try arguments.optionalInt("hop_length") ?? size >> 2
    width = try arguments.optionalInt("win_length") ?? size
    window = try arguments.optionalTensor("window")
  }

  /// Checks an analysis of so many numbers.
  func check(length: Int) throws {
    guard size > 0, size <= length else {
      throw MartletError(
        .shape, "\(name): expected 0 < n_fft < \(length), but got n_fft=\(size)")
    }
    guard hop > 0 else {
      throw MartletError(.argument, "\(name): expected hop_length > 0, but got hop_length=\(hop)")
    }
    guard width > 0, width <= size else {
      throw MartletError(
        .argument, "\(name): expected 0 < win_length <= n_fft, but got win_length=\(width)")
    }
    try checkWindow()
  }

  func checkWindow() throws {
    guard let window else { return }
    guard window.sizes == [width] else {
      throw MartletError(
        .shape,
        "\(name): expected a 1D window tensor of size equal to win_length=\(width), but got window "
          + "with size \(window.sizes)")
    }
  }

  /// The window in the middle of a frame, zeros beside it; nil where it is ones all over.
  func fullWindow(dtype: DType) throws -> Tensor? {
    guard let given = try window ?? (width < size ? ones(dtype) : nil) else { return nil }
    if width == size { return given }
    let before = (size - width) / 2
    return try Padding.constantPad(.tensor(given), [before, size - width - before].value)
  }

  private func ones(_ dtype: DType) throws -> Tensor {
    let options: [Value] = [[width].value, dtype.value]
    return try Tensor(try Creation.ones.call(options, at: nil)[0])
  }
}

/// The way back from spectra to a signal.
private struct Synthesis {
  private let frames: FrameArguments
  private let x: Tensor
  private let count: Int
  private let givesComplex: Bool
  private let onesided: Bool
  /// Which numbers of the overlapped frames the result holds.
  private let range: Range<Int>
  let spec: TensorSpec

  init(_ arguments: Arguments) throws {
    frames = try FrameArguments(arguments)
    x = try arguments.tensor("self")
    let size = frames.size
    guard x.dtype.isComplex else {
      throw MartletError(
        .dtype,
        "istft requires a complex-valued input tensor matching the output from stft with "
          + "return_complex=True.")
    }
    guard x.dim == 2 || x.dim == 3 else {
      throw MartletError(.shape, "istft: expected a tensor with 2 or 3 dimensions, got \(x.sizes)")
    }
    guard x.count > 0 else { throw MartletError(.shape, "istft: input tensor cannot be empty.") }
    let bins = x.sizes[x.dim - 2]
    count = x.sizes[x.dim - 1]
    onesided = try Bool?(arguments["onesided"]) ?? (bins != size)
    let expected = onesided ? size / 2 + 1 : size
    guard bins == expected else {
      throw MartletError(
        .shape,
        "istft: expected the frequency dimension (3rd to the last) of the input tensor to match "
          + "n_fft\(onesided ? " / 2 + 1" : "") when onesided=\(onesided ? "True" : "False"), but "
          + "got \(bins)")
    }
    guard frames.hop > 0, frames.hop <= frames.width else {
      throw MartletError(.argument, "istft: expected 0 < hop_length <= win_length")
    }
    guard frames.width > 0, frames.width <= size else {
      throw MartletError(.argument, "istft: expected 0 < win_length <= n_fft")
    }
    try frames.checkWindow()
    givesComplex = try arguments.bool("return_complex")
    let hasComplexWindow = frames.window?.dtype.isComplex ?? false
    guard !givesComplex || !onesided else {
      throw MartletError(
        .argument, "Cannot have onesided output if window or input is complex")
    }
    guard givesComplex || !hasComplexWindow else {
      throw MartletError(
        .argument, "Complex windows are incompatible with return_complex=False")
    }
    let overlapped = size + frames.hop * (count - 1)
    let start = try arguments.bool("center") ? size / 2 : 0
    let length = try arguments.optionalInt("length")
    let end = length.map { start + $0 } ?? overlapped - start
    guard end > start, overlapped > start else {
      throw MartletError(
        .argument,
        "istft: nothing remains of \(overlapped) numbers from \(start) to \(end)")
    }
    range = start..<end
    var dtype = givesComplex ? x.dtype : x.dtype.componentType
    if let window = frames.window { dtype = DType.promote(dtype, window.dtype) }
    spec = TensorSpec(Array(x.sizes.dropLast(2)) + [end - start], dtype)
  }

  /// Adds up in float64, windowed, and divides by what the windows add up to.
  func fill(_ result: Tensor, normalized: Bool) throws {
    let size = frames.size
    let window = try frames.fullWindow(dtype: x.dtype.componentType)
    let weights =
      try window.map {
        try $0.converted(to: .complex128).elements(as: Complex<Double>.self)
      } ?? Array(repeating: .one, count: size)
    let pieces = try pieces(normalization: normalized ? 1 : 2)
    let overlapped = size + frames.hop * (count - 1)
    var envelope = [Complex<Double>](repeating: .zero, count: overlapped)
    for frame in 0..<count {
      for i in 0..<size {
        envelope[frame * frames.hop + i] =
          envelope[frame * frames.hop + i] + weights[i] * weights[i]
      }
    }
    for place in range where place < overlapped && envelope[place].length < 1e-11 {
      throw MartletError(
        .value,
        "istft: window overlap add min: 1: the windows do not reach number \(place) of the signal")
    }
    try pieces.read(as: Complex<Double>.self) { from in
      try result.fill(as: Complex<Double>.self) { to in
        var sums = envelope
        for row in 0..<(to.count / range.count) {
          for i in sums.indices { sums[i] = .zero }
          for frame in 0..<count {
            let (place, start) = (frame * frames.hop, (row * count + frame) * size)
            for i in 0..<size { sums[place + i] = sums[place + i] + from[start + i] * weights[i] }
          }
          for (i, place) in range.enumerated() {
            // Zeros behind the end.
            to[row * range.count + i] =
              place < overlapped ? sums[place] / envelope[place] : .zero
          }
        }
      }
    }
  }

  /// The frames, `[rows, count, size]` in complex128.
  private func pieces(normalization: Int) throws -> Tensor {
    let rows = try x.converted(to: .complex128).transposedView(-2, -1)
    let axis = (x.dim - 1).value
    let frame = [axis].list
    if givesComplex {
      return try FourierTransforms.complexToComplex(
        .tensor(rows), frame, normalization.value, false
      ).compacted()
    }
    let half = rows.narrowedView(x.dim - 1, 0, frames.size / 2 + 1)
    return try FourierTransforms.complexToReal(
      .tensor(half), frame, normalization.value, frames.size.value
    ).converted(to: .complex128)
  }
}

extension [Value] {
  fileprivate var list: Value { .list(self) }
}
