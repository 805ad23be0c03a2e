import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

struct ProgramTests {
  @Test func aNetworkGivesWhatItsTraceGives() throws {
    let traced = try tracedSmallNet()
    let program = try traced.compile(threads: 1)
    for sizes in [[1, 3, 9, 11], [2, 3, 16, 16], [1, 3, 1, 1]] {
      let x = try noise(sizes, seed: 5)
      let expected: Tensor = try traced(x)
      let got: Tensor = try program(x)
      #expect(try difference(got, expected, tolerance: 1e-5) == nil)
      let parallel: Tensor = try traced.compile(threads: 2)(x)
      #expect(try bits(got) == bits(parallel))
    }
    let plain: Tensor = try traced.compile(optimization: .none)(try noise([1, 3, 9, 11]))
    #expect(plain.sizes == [1, 5])
  }

  @Test func fusionLeavesOneStepForEachConvolution() throws {
    let program = try tracedSmallNet().compile(threads: 1)
    let text = program.description
    #expect(!text.contains("batch_norm") && !text.contains("dropout"), "\(text)")
    #expect(text.contains("aten::_convolution + add + relu"), "\(text)")
    #expect(text.contains("# conv1") && text.contains("# head"))
    #expect(text.hasPrefix("arena: \(program.plannedByteCount) bytes, 5 steps"), "\(text)")
  }

  @Test func aSteadyRunAllocatesItsOutputsAlone() throws {
    let program = try tracedSmallNet().compile(threads: 1)
    let x = try noise([1, 3, 9, 11])
    _ = try program.run([x])
    let counter = AllocationCounter()
    try AllocationCounter.$current.withValue(counter) {
      for _ in 0..<10 { _ = try program.run([x]) }
    }
    #expect(counter.count == 10)
  }

  @Test func outputsAreTheCallersOwn() throws {
    let traced = try trace(
      { (x: Tensor) -> (Tensor, Tensor, Tensor, Tensor) in
        let y = try x * 2
        return (y, try y.reshape([6]), try y.narrow(dim: 0, start: 1, length: 1), x)
      }, try noise([2, 3]), checkTrace: false)
    let program = try traced.compile(threads: 1)
    let x = try noise([2, 3], seed: 3)
    let first = try program.run([x])
    let kept = try first.map { try bits($0) }
    _ = try program.run([try noise([2, 3], seed: 9)])
    #expect(try first.map { try bits($0) } == kept)
    #expect(first[0].storage !== x.storage)
    #expect(first[3].storage === x.storage)
    #expect(first[2].sizes == [1, 3])
  }

  @Test func viewsOfInputsAreCopied() throws {
    let traced = try trace(
      { (x: Tensor) -> Tensor in try x.transpose(0, 1) }, try noise([2, 3]), checkTrace: false)
    let x = try noise([2, 3])
    let y: Tensor = try traced.compile(threads: 1)(x)
    #expect(y.storage !== x.storage)
    #expect(try difference(y, try x.transpose(0, 1), tolerance: 0) == nil)
  }

  @Test func stridedInputs() throws {
    let traced = try tracedSmallNet()
    let wide = try noise([1, 11, 9, 3])
    let x = wide.viewed(Layout(sizes: [1, 3, 9, 11], strides: [297, 1, 3, 27]))
    let expected: Tensor = try traced(x)
    let got: Tensor = try traced.compile(threads: 2)(x)
    #expect(try difference(got, expected, tolerance: 1e-5) == nil)
  }

  /// x + xᵀ must not be computed in x's place while the transpose is still read.
  @Test func sharedOperandsAreNotOverwritten() throws {
    let traced = try trace(
      { (x: Tensor) -> Tensor in
        let y = try x * 3
        return try F.relu(y + y.transpose(0, 1)) * 2
      }, try noise([5, 5]), checkTrace: false)
    let x = try noise([5, 5], seed: 4)
    let expected: Tensor = try traced(x)
    let got: Tensor = try traced.compile(threads: 1)(x)
    #expect(try difference(got, expected, tolerance: 1e-6) == nil)
  }

  @Test func plansAreKeptAndBounded() throws {
    let traced = try trace(
      { (x: Tensor) -> Tensor in try x + 1 }, try noise([1]), checkTrace: false)
    let program = try traced.compile(threads: 1)
    for size in 1...(Program.planLimit + 3) {
      let y: Tensor = try program(try noise([size]))
      #expect(y.sizes == [size])
    }
  }

  @Test func notANumberGoesThrough() throws {
    let program = try tracedSmallNet().compile(threads: 2)
    var values = [Float](repeating: 0.5, count: 297)
    values[100] = .nan
    let y: Tensor = try program(try Tensor(values, shape: [1, 3, 9, 11]))
    #expect(try y.elements(as: Float.self).allSatisfy { $0.isNaN })
  }

  @Test func wrongUseIsThrown() throws {
    let program = try tracedSmallNet().compile(threads: 1)
    let x = try noise([1, 3, 9, 11])
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing thrown"
      } catch {
        return "\(error)"
      }
    }
    #expect(message { _ = try program.run([x, x]) } == "the program takes 1 inputs, got 2")
    #expect(
      message { _ = try program.run([try noise([1, 4, 9, 11])]) }.contains("in module conv1"))
    #expect(
      message { _ = try program.run([try Tensor([Int64(1)], shape: [1, 1, 1, 1])]) }
        .contains("in module conv1"))
    #expect(
      message { _ = try tracedSmallNet().compile(threads: 0) }
        == "threads must be at least 1, got 0")
    #expect(
      message { let _: (Tensor, Tensor) = try program(x) } == "the program gives 1 outputs, not 2")
    // The program still works.
    let y: Tensor = try program(x)
    #expect(y.sizes == [1, 5])
  }

  @Test func sizesThatDependOnValuesRunNodeByNode() throws {
    let (graph, inputs) = try graph(
      calling: try named("aten::masked_select"),
      [.tensor(try noise([4])), .tensor(try Tensor([true, false, true, true]))])
    let program = try Program(graph)
    #expect(try program.run(inputs)[0].tensors[0].sizes == [3])
    #expect("\(program)".hasPrefix("runs node by node"))
  }
}

struct PassTests {
  @Test func passesSettleAtOnce() throws {
    var graph = try tracedSmallNet().frozenGraph()
    var names: [String] = []
    for pass in Pass.all {
      try pass.run(&graph) { names.append($0.name) }
      let once = "\(graph)"
      try pass.run(&graph)
      #expect("\(graph)" == once, "\(pass.name) changes more the second time")
    }
    #expect(names == ["constant folding", "cleaning", "batch-norm folding", "dead code"])
    let text = "\(graph)"
    #expect(!text.contains("aten::batch_norm") && !text.contains("aten::dropout"), "\(text)")
  }

  @Test func constantsFold() throws {
    let traced = try trace(
      { (x: Tensor) -> Tensor in
        let grid = try Tensor([Float(1), 2, 3]).reshape([3, 1])
        return try x + grid * 2
      }, try noise([3, 2]), checkTrace: false, allowConstants: true)
    var graph = try traced.frozenGraph()
    let before = graph.nodeCount
    for pass in Pass.all { try pass.run(&graph) }
    #expect(graph.nodeCount < before)
    let x = try noise([3, 2])
    let expected: Tensor = try traced(x)
    let got: Tensor = try traced.compile(threads: 1)(x)
    #expect(try difference(got, expected, tolerance: 1e-6) == nil)
  }
}
