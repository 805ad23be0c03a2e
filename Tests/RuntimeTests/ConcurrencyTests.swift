import Dispatch
import Foundation
import MartletKernels
import MartletModels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import Testing

/// Also run under the thread sanitizer.
struct ConcurrencyTests {
  @Test func oneProgramFromSixteenThreads() throws {
    let program = try tracedSmallNet().compile(threads: 2)
    let inputs = try (0..<16).map { try noise([1, 3, 9 + $0 % 3, 11], seed: UInt64($0 + 1)) }
    let expected = try inputs.map { try bits(try program.run([$0])[0]) }
    #expect(wrongRuns(of: program, inputs, expected, times: 20) == 0)
  }

  /// Plans for three sizes are made while others run.
  @Test func generatedKernelsFromSixteenThreads() throws {
    let model = MobileNetV2(numClasses: 7, widthMult: 0.25)
    model.eval()
    let traced = try trace(model, try noise([1, 3, 32, 32]), checkTrace: false)
    let inputs = try (0..<16).map {
      try noise([1, 3, 32 + 8 * ($0 % 3), 32], seed: UInt64($0 + 1))
    }
    let alone = try traced.compile(threads: 1)
    let expected = try inputs.map { try bits(try alone.run([$0])[0]) }
    let program = try traced.compile(threads: 2)
    if let set = KernelMode.current.instructionSet {
      #expect("\(program)".contains("_\(set.rawValue)_"))
    }
    #expect(wrongRuns(of: program, inputs, expected, times: 5) == 0)
  }

  /// Runs each input again and again on a thread of its own, all at once.
  private func wrongRuns(
    of program: Program, _ inputs: [Tensor], _ expected: [[UInt8]], times: Int
  ) -> Int {
    let wrong = Locked(0)
    let finished = DispatchSemaphore(value: 0)
    for (input, expected) in zip(inputs, expected) {
      Thread {
        for _ in 0..<times {
          let result = try? program.run([input])
          let same = result.flatMap { try? bits($0[0]) } == expected
          if !same { wrong.withLock { $0 += 1 } }
        }
        finished.signal()
      }.start()
    }
    for _ in inputs { finished.wait() }
    return wrong.withLock { $0 }
  }
}
