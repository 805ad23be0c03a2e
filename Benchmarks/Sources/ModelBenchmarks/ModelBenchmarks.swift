import Foundation
import Martlet

/// Median latencies of whole models: eager, compiled on one thread, compiled on all.
///
///     swift run -c release --package-path Benchmarks ModelBenchmarks [MODEL…]
@main
struct ModelBenchmarks {
  /// How long to measure each figure.
  static let seconds = 2.0
  static let usual = ["squeezenet1_1", "mobilenet_v2", "resnet18", "resnet50", "bert"]

  static func main() {
    let names = CommandLine.arguments.dropFirst()
    do {
      print(row("model", "eager", "1 thread", "all threads"))
      for name in names.isEmpty ? usual[...] : names { try measure(name) }
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func measure(_ name: String) throws {
    let entry = try ModelCatalog.entry(name)
    manualSeed(0)
    let model = entry.make()
    model.eval()
    let (sizes, dtype) = entry.inputs[0]
    let input =
      dtype == .int64
      ? try Tensor.randint(high: 1000, sizes) : try Tensor.randn(sizes)
    let eager = try median { try run(model, input) }
    let traced = try traced(model, input)
    let single = try compiled(traced, threads: 1, input)
    let all = try compiled(traced, threads: nil, input)
    print(row(name, eager, single, all))
  }

  private static func run<M: CatalogModel>(_ model: M, _ input: Tensor) throws {
    _ = try model(input)
  }

  private static func traced<M: CatalogModel>(_ model: M, _ input: Tensor) throws -> TracedModule {
    try trace(model, input, checkTrace: false, strict: false)
  }

  private static func compiled(_ traced: TracedModule, threads: Int?, _ input: Tensor) throws
    -> String
  {
    let program = try traced.compile(threads: threads)
    return try median { _ = try program.run([input]) }
  }

  private static func median(_ body: () throws -> Void) throws -> String {
    try body()
    let latency = try Latency.measure(seconds: seconds, body)
    return "\((latency.median / .microseconds(10)).rounded() / 100) ms"
  }

  private static func row(_ cells: String...) -> String {
    cells.map { $0.padding(toLength: 16, withPad: " ", startingAt: 0) }.joined()
  }
}
