import MartletKernels

/// How fast one core can multiply and add float32, against which kernels are held.
public struct ProcessorPeak: Sendable {
  /// Additions and multiplications a second; 0 where it could not be measured.
  public let operationsPerSecond: Double
  /// What was measured.
  public let source: String

  /// Which kernels run: `portable`, or the instruction set they are generated for.
  public static var instructionSet: String {
    KernelMode.current.instructionSet?.rawValue ?? "portable"
  }

  /// Measures for about a tenth of a second on the calling thread.
  public static func measure() -> ProcessorPeak {
    if let set = KernelMode.current.instructionSet,
      let rate = try? MultiplyAddPeak(instructionSet: set).measure()
    {
      return ProcessorPeak(operationsPerSecond: rate, source: "\(set.rawValue) multiply-adds")
    }
    return ProcessorPeak(
      operationsPerSecond: productRate(), source: "the BLAS's product of 512 × 512")
  }

  /// The best of some runs of a product that fits the caches, on the calling thread.
  private static func productRate() -> Double {
    let size = 512
    guard let memory = try? MemorySlice([Float](repeating: 0.5, count: 3 * size * size)) else {
      return 0
    }
    func matrix(_ index: Int) -> Matrix<Float> {
      Matrix(
        memory[from: index * size * size, count: size * size], rows: size, columns: size)
    }
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(100)
    var best = Duration.seconds(1)
    repeat {
      best = min(best, clock.measure { gemm(matrix(0), matrix(1), into: matrix(2)) })
    } while clock.now < end
    return 2 * Double(size * size * size) / (best / .seconds(1))
  }
}
