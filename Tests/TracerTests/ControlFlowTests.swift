import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import Testing

/// Control flow that stays in a trace.
@Suite struct ControlFlowTests {
  final class Chooser: Module {
    let left = Linear(3, 2)
    let right = Linear(3, 2, bias: false)

    func forward(_ x: Tensor) throws -> Tensor {
      let doubled = try x * 2
      return try cond(x.sum() .> 0) {
        try left(doubled)
      } else: {
        try right(x) - 1
      }
    }
  }

  @Test func bothBranchesAreRecorded() throws {
    let model = Chooser()
    model.eval()
    let positive = try Tensor([Float](repeating: 0.5, count: 6), shape: [2, 3])
    let negative = try positive * -1
    for example in [positive, negative] {
      let traced = try trace(model, example)
      #expect(traced.warnings.isEmpty)
      for x in [positive, negative] {
        let y: Tensor = try traced(x)
        #expect(try y.array(of: Float.self) == model(x).array(of: Float.self))
      }
      let text = traced.graph.description
      #expect(text.contains("prim::If"))
      #expect(try Graph(parsing: text).description == text)
      try traced.graph.lint()
    }
  }

  @Test func whileRunsAsLongAsTheInputAsks() throws {
    func double(_ x: Tensor) throws -> (Tensor, Tensor) {
      try whileLoop(
        x, try Tensor(scalar: Int64(0)),
        while: { (x: Tensor, count: Tensor) throws -> Tensor in try x.sum() .< 100 },
        do: { (x: Tensor, count: Tensor) throws -> (Tensor, Tensor) in
          (try x * 2, try count + 1)
        })
    }
    let traced = try trace(double, try Tensor([Float(1), 2]))
    for start in [[Float(1), 2], [60, 60], [0.001, 0.001]] {
      let (x, count): (Tensor, Tensor) = try traced(try Tensor(start))
      let (expected, rounds) = try double(try Tensor(start))
      #expect(try x.array(of: Float.self) == expected.array(of: Float.self))
      #expect(try count.array(of: Int64.self) == rounds.array(of: Int64.self))
    }
  }

  @Test func forRunsOverATracedSize() throws {
    func sums(_ x: Tensor) throws -> Tensor {
      try forLoop(x.shape[1], try x.select(dim: 1, index: 0) * 0) { step, total in
        try total + x.select(dim: 1, index: step) * 2
      }
    }
    let traced = try trace(sums, try numbers(2, 3))
    for width in [1, 3, 7] {
      let x = try numbers(2, width)
      let y: Tensor = try traced(x)
      #expect(try y.array(of: Float.self) == sums(x).array(of: Float.self))
    }
  }

  @Test func valuesFromInsideABranchDoNotLeak() throws {
    let error = #expect(throws: MartletError.self) {
      try trace(try numbers(2)) { (x: Tensor) throws -> Tensor in
        var inside = x
        let y: Tensor = try cond(x.sum() .> 0) {
          inside = try x * 2
          return inside
        } else: {
          x
        }
        return try y + inside
      }
    }
    #expect(error?.message.contains("return it from the closure") == true)
  }

  @Test func branchesGiveTheSameKinds() throws {
    let error = #expect(throws: MartletError.self) {
      try trace(try numbers(2)) { (x: Tensor) throws -> Tensor in
        let flag: Bool = try cond(x.sum() .> 0, then: { true }, else: { false })
        return flag ? x : try x * 2
      }
    }
    #expect(error?.message.contains("must give tensors or sizes") == true)
  }
}

/// Axes whose sizes change.
@Suite struct DynamicAxesTests {
  @Test func checksAtASecondSize() throws {
    let traced = try trace(
      { (x: Tensor) in try x.reshape([x.shape[0], -1]) }, try numbers(1, 2, 4),
      dynamic: ["x": [0: "batch", 2: "width"]])
    #expect(traced.graph.type(of: traced.graph.inputs[0]).description == "Float(*, 2, *)")
    let y: Tensor = try traced(try numbers(3, 2, 5))
    #expect(y.shape.map { Int($0) } == [3, 10])
  }

  @Test func findsASizeThatWasFixed() throws {
    let error = #expect(throws: MartletError.self) {
      try trace(
        { (x: Tensor) in try x.reshape([1, Int(x.shape[1]) * 2]) }, try numbers(2, 4),
        dynamic: ["x": [1: "width"]], onWarning: { _ in })
    }
    #expect(
      error?.message.contains("inputs of the sizes [2, 8]") == true, "\(error?.message ?? "")")
  }

  @Test func refusesWhatIsNotThere() throws {
    for (axes, part) in [
      (["y": [0: "batch"]] as DynamicAxes, "no input 'y'"),
      (["x": [5: "batch"]], "out of range"), (["x": [0: "n", 1: "n"]], "'n' is"),
    ] {
      let error = #expect(throws: MartletError.self) {
        try trace({ (x: Tensor) in try x * 2 }, try numbers(2, 4), dynamic: axes)
      }
      #expect(error?.message.contains(part) == true)
    }
  }
}
