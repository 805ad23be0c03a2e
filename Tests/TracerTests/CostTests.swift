import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct CostTests {
  final class Counting: Module {
    let layers: [Block]
    var runs = 0

    init(_ depth: Int) {
      layers = (0..<depth).map { _ in Block(2) }
      super.init()
      eval()
    }

    func forward(_ x: Tensor) throws -> Tensor {
      runs += 1
      var x = x
      for layer in layers { x = try layer(x) }
      return x
    }
  }

  @Test(arguments: [10, 100, 1000])
  func growsWithDepthAlone(_ depth: Int) throws {
    let model = Counting(depth)
    let start = ContinuousClock.now
    let unchecked = try quietly(model, try numbers(1, 2), checkTrace: false)
    let traced = ContinuousClock.now
    #expect(model.runs == 1)
    _ = try quietly(model, try numbers(1, 2))
    let checked = ContinuousClock.now
    #expect(model.runs == 3)
    #expect(unchecked.graph.nodeCount == 1 + 2 * depth)
    #expect(try unchecked.frozenGraph().nodeCount == 6 * depth)
    #expect(unchecked.namedModules.count == 2 + 3 * depth)
    // Far above what is needed, far below what quadratic work would take at 1,000.
    #expect(traced - start < .milliseconds(20 * depth + 2000))
    #expect(checked - traced < .milliseconds(40 * depth + 4000))
  }

  @Test func growsLinearlyWithLoopsOverSizes() throws {
    let model = Custom { x in
      var y = x
      var n = x.shape[0]
      for _ in 0..<1000 {
        n = n + x.shape[0]
        y = try y.reshape([n / n * x.shape[0], -1])
      }
      return y
    }
    let traced = try quietly(model, try numbers(2, 2), checkTrace: false)
    #expect(traced.graph.nodeCount == 1 + 4 * 1000)
    let sum = Custom { x in
      var n = x.shape[0]
      for _ in 0..<60 { n = n + n }
      return try x.reshape([n - n + x.shape[0], -1])
    }
    #expect(try quietly(sum, try numbers(2, 2), checkTrace: false).graph.nodeCount == 64)
  }

  @Test func tracesInSeveralTasksAtOnce() async throws {
    let texts = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let traced = try quietly(Chain(20), try numbers(1, 2))
          for _ in 0..<3 { _ = try traced(try numbers(2, 2)) as Tensor }
          return try traced.inlinedGraph.description
        }
      }
      var texts: Set<String> = []
      for try await text in group { texts.insert(text) }
      return texts
    }
    #expect(texts.count == 1)
  }
}
