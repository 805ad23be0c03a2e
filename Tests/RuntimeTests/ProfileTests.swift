import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import Testing

/// `Program.profile`.
@Suite struct ProfileTests {
  private final class Net: Module {
    let conv = Conv2d(3, 8, kernelSize: 3), relu = ReLU(), fc = Linear(8, 10)
    func forward(_ x: Tensor) throws -> Tensor { try fc(relu(conv(x)).mean(dim: [2, 3])) }
  }

  @Test(arguments: [Optimization.full, .none])
  func `steps carry their work and their place`(optimization: Optimization) throws {
    let x = try withGenerator(seed: 0) { try Tensor.randn([2, 3, 9, 9]) }
    let traced = try trace(Net().eval(), x)
    let program = try traced.compile(threads: 1, optimization: optimization)
    let profile = try program.profile([.tensor(x)], seconds: 0, minimumRuns: 4)
    #expect(profile.runs == 4)
    #expect(profile.threads == 1)
    #expect(optimization == .none || profile.allocationCount == 1)
    #expect(profile.peak.operationsPerSecond > 1e8)
    #expect(profile.steps.allSatisfy { $0.duration >= .zero })
    let convolution = try #require(profile.steps.first { $0.path == "conv" })
    #expect(convolution.floatingPointOperations == 2 * 2 * 8 * 49 * 27)
    #expect(convolution.sizes == [2, 8, 7, 7])
    #expect(convolution.byteCount >= 4 * (2 * 3 * 81 + 8 * 27 + 8 + 2 * 8 * 49))
    let linear = try #require(profile.steps.last { $0.floatingPointOperations != nil })
    #expect(linear.floatingPointOperations == 2 * 2 * 10 * 8)
    for (step, next) in zip(profile.steps, profile.steps.dropFirst()) {
      #expect(step.begin + step.typicalDuration == next.begin)
    }
  }

  @Test func `threads' shares lie within the run`() throws {
    let x = try Tensor.randn([4, 3, 64, 64])
    let program = try trace(Net().eval(), x).compile(threads: 2)
    let profile = try program.profile([.tensor(x)], seconds: 0, minimumRuns: 4)
    let caller = profile.spans.filter { $0.thread == 0 }
    #expect(!caller.isEmpty)
    #expect(profile.spans.allSatisfy { $0.thread < 2 && $0.begin >= .zero })
    #expect(profile.spans.allSatisfy { $0.begin + $0.duration <= profile.total })
    for (span, next) in zip(caller, caller.dropFirst()) {
      #expect(span.begin + span.duration <= next.begin)
    }
    let alone = try trace(Net().eval(), x).compile(threads: 1)
    #expect(try alone.profile([.tensor(x)], seconds: 0).spans.isEmpty)
  }

  @Test func `a failing run tells what fails`() throws {
    let x = try Tensor.randn([2, 3, 9, 9])
    let program = try trace(Net().eval(), x).compile(threads: 1)
    #expect(throws: MartletError.self) {
      try program.profile([.tensor(try Tensor.randn([2, 4, 9, 9]))])
    }
  }

  @Test func `the planned peak is known before a run`() throws {
    let x = try Tensor.randn([2, 3, 9, 9])
    let program = try trace(Net().eval(), x).compile(threads: 1)
    // Weights are packed, or portable kernels read them where they lie.
    let parameters = (8 * 3 * 9 + 8 + 10 * 8 + 10) * 4
    let packed = program.packedByteCount
    #expect(
      program.plannedPeakByteCount
        == program.plannedByteCount + (packed > 0 ? packed : parameters) + 2 * 10 * 4)
    #expect(
      program.description.contains(
        "planned peak of a run: \(program.plannedPeakByteCount) bytes"))
  }
}
