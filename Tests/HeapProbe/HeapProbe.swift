import Foundation
import Martlet

/// Runs a model again and again while glibc's `mtrace` logs the heap blocks that are asked for, for
/// Tests/RuntimeTests/SteadyRunTests.swift, which counts them:
///
///     LD_PRELOAD=libc_malloc_debug.so.0 MALLOC_TRACE=log HeapProbe RUNS THREADS MODEL
///     LD_PRELOAD=libc_malloc_debug.so.0 MALLOC_TRACE=log HeapProbe RUNS THREADS M.pt INPUT.npy…
///
/// A block of `endByteCount` bytes in the log says that the runs are over: `muntrace` would close
/// the log while other threads may write to it.
@main
enum HeapProbe {
  private static let endByteCount = 1_234_567

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 3, let runs = Int(arguments[1]), let threads = Int(arguments[2]) else {
      throw MartletError(.argument, "usage: HeapProbe RUNS THREADS MODEL [INPUT.npy …]")
    }
    let name = arguments[3]
    let traced: TracedModule
    let inputs: [Value]
    if name.hasSuffix(".pt") {
      traced = try TorchScript.load(name)
      inputs = try arguments.dropFirst(4).map { .tensor(try Tensor(npy: $0)) }
    } else {
      (traced, inputs) = try model(name)
    }
    let program = try traced.compile(threads: threads)
    for _ in 0..<3 {
      _ = try program.run(inputs)
      // Until the threads have begun.
      Thread.sleep(forTimeInterval: 0.05)
    }
    startTrace()
    for _ in 0..<runs { _ = try program.run(inputs) }
    unsafe UnsafeMutableRawPointer.allocate(byteCount: endByteCount, alignment: 16).deallocate()
  }

  private static func model(_ name: String) throws -> (TracedModule, [Value]) {
    let image = try Tensor.randn([1, 3, 64, 64])
    switch name {
    case "resnet":
      let model = ResNet(.basic, layers: [1, 1, 1, 1], numClasses: 10)
      return (try trace(model.eval(), image), [.tensor(image)])
    case "mobilenet":
      return (try trace(MobileNetV2(numClasses: 7).eval(), image), [.tensor(image)])
    case "squeezenet":
      return (try trace(SqueezeNet(.v1_1, numClasses: 4).eval(), image), [.tensor(image)])
    case "vit":
      let model = VisionTransformer(
        imageSize: 64, patchSize: 8, numLayers: 2, numHeads: 2, hiddenDim: 32, mlpDim: 64,
        numClasses: 6)
      return (try trace(model.eval(), image), [.tensor(image)])
    default: throw MartletError(.argument, "no model \(name)")
    }
  }
}

#if os(Linux) && canImport(Glibc)
  @_silgen_name("mtrace") private func startTrace()
#else
  private func startTrace() {}
#endif
