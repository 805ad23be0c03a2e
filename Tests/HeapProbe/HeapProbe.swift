import Foundation
import Martlet

/// Counts the heap blocks that steady runs ask for, for Tests/RuntimeTests/SteadyRunTests.swift:
///
///     LD_PRELOAD=libc_malloc_debug.so.0 MALLOC_TRACE=log HeapProbe MODEL THREADS
///     LD_PRELOAD=libc_malloc_debug.so.0 MALLOC_TRACE=log HeapProbe M.pt THREADS INPUT.npy…
///
/// Prints the blocks of one run, as glibc's `mtrace` logs them.
@main
enum HeapProbe {
  private static let runs = 10

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let name = arguments.first,
      let threads = arguments.dropFirst().first.flatMap({ Int($0) }),
      let log = ProcessInfo.processInfo.environment["MALLOC_TRACE"]
    else { throw MartletError(.argument, "usage: HeapProbe MODEL THREADS [INPUT.npy …]") }
    let traced: TracedModule
    let inputs: [Value]
    if name.hasSuffix(".pt") {
      traced = try TorchScript.load(name)
      inputs = try arguments.dropFirst(2).map { .tensor(try Tensor(npy: $0)) }
    } else {
      (traced, inputs) = try model(name)
    }
    let program = try traced.compile(threads: threads)
    for _ in 0..<3 { _ = try program.run(inputs) }
    startTrace()
    for _ in 0..<runs { _ = try program.run(inputs) }
    endTrace()
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    // A block asked for, or one moved for more room.
    let blocks = lines.count { $0.contains("] + 0x") || $0.contains("] > 0x") }
    print(Double(blocks) / Double(runs))
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
  @_silgen_name("muntrace") private func endTrace()
#else
  private func startTrace() {}
  private func endTrace() {}
#endif
