import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Every golden operator call, compiled: what PyTorch gave is what a program gives.
struct GoldenProgramTests {
  @Test(arguments: OperatorCase.families)
  func family(name: String) throws {
    for entry in try OperatorCase.cases(name) {
      guard let expected = entry.results, let operation = Catalog.byName[entry.operatorName],
        !operation.isRandom, !operation.schema.isMutating
      else { continue }
      // Enumerations' members and dictionaries are not arguments of a graph.
      guard let (graph, inputs) = try? graph(calling: operation, entry.arguments) else { continue }
      let place: Comment = "\(entry.testDescription)"
      do {
        for threads in [1, 2] {
          let got = try Program(graph, threads: threads).run(inputs)
          for (a, b) in zip(got, expected) {
            let found = try difference(
              a, b, tolerance: entry.tolerance ?? operation.tolerance)
            #expect(found == nil, place)
          }
        }
      } catch {
        Issue.record("\(place): \(error)")
      }
    }
  }
}
