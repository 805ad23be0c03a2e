import Dispatch
import Foundation
import MartletKernels
import MartletOps
import MartletRuntime
import MartletTensor
import Testing

/// Also run under the thread sanitizer.
struct ConcurrencyTests {
  @Test func oneProgramFromSixteenThreads() throws {
    let program = try tracedSmallNet().compile(threads: 2)
    let inputs = try (0..<16).map { try noise([1, 3, 9 + $0 % 3, 11], seed: UInt64($0 + 1)) }
    let expected = try inputs.map { try bits(try program.run([$0])[0]) }
    let wrong = Locked(0)
    let finished = DispatchSemaphore(value: 0)
    for index in 0..<16 {
      Thread {
        for _ in 0..<20 {
          let result = try? program.run([inputs[index]])
          let same = result.flatMap { try? bits($0[0]) } == expected[index]
          if !same { wrong.withLock { $0 += 1 } }
        }
        finished.signal()
      }.start()
    }
    for _ in 0..<16 { finished.wait() }
    #expect(wrong.withLock { $0 } == 0)
  }
}
