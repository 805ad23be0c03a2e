import MartletKernels
import Testing

/// Machine code against the interpreter.
struct RandomProgramTests {
  @Test(arguments: KernelMode.available, 0..<8)
  func machineCodeDoesWhatTheInterpreterDoes(_ set: InstructionSet, _ part: Int) throws {
    var spills = 0
    for seed in 0..<25 {
      let random = RandomProgram(set, seed: UInt64(part * 25 + seed + 1))
      let kernel = try Kernel(random.program)
      spills += kernel.spillCount
      let expected = try random.interpreted()
      let result = random.run(kernel)
      if let place = RandomProgram.difference(expected, result) {
        Issue.record("seed \(part * 25 + seed + 1): different from byte \(place) on")
      }
    }
    #expect(spills > 0)
  }
}
