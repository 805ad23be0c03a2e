import Foundation
import Martlet

// Layers on one thread, each beside the core's peak measured in the same second. Ends with
// status 1 where a steady run asks for more memory than its one output.
// Whole models are measured by `ModelBenchmarks`, other runtimes by `Benchmarks/peers/run`.
//
//     swift run -c release --package-path Benchmarks KernelBenchmarks [products] [convolutions] …

let asked = Set(CommandLine.arguments.dropFirst())

func wants(_ name: String) -> Bool { asked.isEmpty || asked.contains(name) }

let peak = ProcessorPeak.measure()
print(
  "\(ProcessorPeak.instructionSet) kernels; one core's peak by \(peak.source): "
    + "\(text(peak.operationsPerSecond / 1e9, 1)) GFLOP/s")
var table = Table()
if wants("products") { try products(&table) }
if wants("convolutions") { try convolutions(&table) }
if wants("movement") { try movement(&table) }
if wants("tracing") { try tracing() }
if !table.excess.isEmpty {
  print("allocate more than their output: \(table.excess.joined(separator: "; "))")
  exit(1)
}
