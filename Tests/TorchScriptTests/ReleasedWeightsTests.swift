import Foundation
import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTorchScript
import MartletTracer
import TestSupport
import Testing

#if os(Linux)
  /// What stays in memory of an archive's weights once a program has packed them.
  struct ReleasedWeightsTests {
    private final class Net: Module {
      let first = Linear(512, 1024)
      let conv = Conv2d(1, 64, kernelSize: 3, padding: 1, bias: false)
      let norm = BatchNorm2d(64)
      let wide = Conv2d(64, 256, kernelSize: 3, padding: 1, bias: false)
      let wideNorm = BatchNorm2d(256)

      func forward(_ x: Tensor) throws -> Tensor {
        let image = try first(x).reshape([1, 1, 32, 32])
        return try wideNorm(wide(norm(conv(image))))
      }
    }

    @Test(.enabled(if: KernelMode.current != .portable))
    func pagesOfPackedWeightsAreGone() throws {
      try withTemporaryFolder { folder in
        let path = folder.appending(path: "weights.pt").path
        let net = Net()
        net.eval()
        let x = try Tensor.ones([1, 512])
        try trace(net, x, checkTrace: false).save(path)
        let module = try TorchScript.load(path)
        #expect(try residentKilobytes(ofFile: path) > 2500)
        let expected: Tensor = try module(x)
        let program = try module.compile(threads: 2)
        let result: Tensor = try program(x)
        #expect(try closeness(result, expected) < 1e-5)
        // A thread may do it beside the run.
        let limit = ContinuousClock.now + .seconds(60)
        while try residentKilobytes(ofFile: path) >= 500, .now < limit { usleep(10_000) }
        #expect(try residentKilobytes(ofFile: path) < 500)
        // The module still has them.
        let again: Tensor = try module(x)
        #expect(try closeness(again, expected) == 0)
      }
    }

    private func closeness(_ a: Tensor, _ b: Tensor) throws -> Double {
      let (a, b) = (try a.elements(as: Float.self), try b.elements(as: Float.self))
      let largest = b.map(\.magnitude).max() ?? 1
      return Double(zip(a, b).map { ($0 - $1).magnitude }.max() ?? .infinity) / Double(largest)
    }
  }
#endif
