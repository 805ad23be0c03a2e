import MartletKernels
import MartletTensor

/// A convolution over NCHWc before its algorithm is chosen.
struct TunedConvolution {
  var window: WindowGeometry
  var groups: Int
  var outChannels: Int
  var input: ImageFormat
  var hasBias: Bool
  var chain: BlockedChain
  var instructionSet: InstructionSet

  /// Nil where no kernel takes it.
  func kernel(_ tuning: Tuning) throws -> BlockedConvolution? {
    guard case .measured(let record) = tuning else { return try kernel(algorithm: nil) }
    let candidates = BlockedConvolution.candidates(
      window: window, groups: groups, input: input)
    if candidates.count < 2 { return try kernel(algorithm: nil) }
    let choice = try record.choice(for: key) {
      try candidates.compactMap { algorithm in
        try kernel(algorithm: algorithm).map { (algorithm, try time($0)) }
      }.min { $0.1 < $1.1 }?.0
    }
    // A record from elsewhere may name what does not suit.
    guard let choice, candidates.contains(choice) else { return try kernel(algorithm: nil) }
    return try kernel(algorithm: choice)
  }

  private func kernel(algorithm: BlockedConvolution.Algorithm?) throws -> BlockedConvolution? {
    try BlockedConvolution(
      window: window, groups: groups, outChannels: outChannels, input: input, output: .blocked,
      hasBias: hasBias, epilogue: chain.operations, instructionSet: instructionSet,
      algorithm: algorithm)
  }

  private var key: String {
    let sizes = [window.batch, window.channels, window.height, window.width]
    let kernel = [window.kernelHeight, window.kernelWidth].joined("x")
    let padding = [window.padY, window.padX].joined("x")
    let stride = window.strideX == 1 ? "" : " stride \(window.strideX)"
    let chain = chain.operations.map { "\($0)".filter { !$0.isWhitespace } }
    return "\(instructionSet) \(sizes.joined("x")) to \(outChannels) "
      + "\(kernel) pad \(padding)\(stride) bias \(hasBias) [\(chain.joined(separator: ","))]"
  }

  private func time(_ kernel: BlockedConvolution) throws -> Duration {
    let lanes = instructionSet.lanes
    func count(_ channels: Int, _ pixels: Int) -> Int {
      window.batch * ((channels + lanes - 1) / lanes) * lanes * pixels
    }
    let result = count(outChannels, window.outPixels)
    do {
      return try kernel.time(
        inputCount: count(window.channels, window.height * window.width), outputCount: result,
        operandCounts: chain.operands.map { _ in result })
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes to time kernels")
    }
  }
}

extension [Int] {
  fileprivate func joined(_ separator: String) -> String {
    map(String.init).joined(separator: separator)
  }
}
