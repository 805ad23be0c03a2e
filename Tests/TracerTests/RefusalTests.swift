import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import Testing

/// Every error and warning of a trace, with its source line.
@Suite struct RefusalTests {
  private let x = try? numbers(2)
  private func here(_ line: Int) -> MartletTensor.SourceLocation {
    MartletTensor.SourceLocation(file: "TracerTests/RefusalTests.swift", line: line)
  }

  private static let advice =
    " reads the value of a tensor that is being traced: what Swift does with it cannot be "
    + "recorded, and the trace would be wrong for other inputs. Keep the choice in tensors, as "
    + "`where` does, or agree to a constant: `asConstant: true` for this call, "
    + "`allowConstants: true` for the whole trace"

  @Test func refusesReadingValues() throws {
    let one = try numbers(1)
    let line = #line + 2
    let reads: [(String, (Tensor) throws -> Any)] = [
      ("item(_:)", { try $0.item(Float.self) }),
      ("array(of:)", { try $0.array(of: Float.self) }),
      ("Bool(_:)", { try Bool($0) }),
    ]
    for (index, (use, read)) in reads.enumerated() {
      let error = failure {
        try quietly(
          Custom { x in
            _ = try read(x)
            return x
          }, one)
      }
      #expect(error?.kind == .tracing)
      #expect(error?.message == use + Self.advice)
      #expect(error?.location == here(line + index))
    }
  }

  @Test func readsWhatNoInputReaches() throws {
    let weight = try numbers(1)
    let traced = try quietly(
      Custom { x in
        let scale = try (weight * 2).item(Float.self)
        return try x * Double(scale)
      }, try numbers(2))
    #expect(traced.warnings.isEmpty)
    #expect(traced.graph.nodes.last?.arguments.last?.literal?.summary == "2.0")
  }

  @Test func warnsOfConstantsOncePerLine() throws {
    let line = #line + 6
    let traced = try quietly(
      Custom { x in
        var x = x
        for _ in 0..<3 {
          // One line, three reads.
          x = try x * Double(x.item(Float.self, asConstant: true))
        }
        return x
      }, try numbers(1))
    #expect(traced.warnings.map(\.kind) == [.constant], "\(traced.warnings)")
    #expect(traced.warnings[0].location == here(line))
    #expect(
      traced.warnings[0].description
        == "TracerTests/RefusalTests.swift:\(line): warning: item(_:) reads a traced tensor's "
        + "value: it becomes a constant of the trace, which will not follow other inputs")
    let allowed = try quietly(
      Custom { try Bool($0) ? $0 * 2 : $0 }, try numbers(1), allowConstants: true)
    #expect(allowed.warnings.map(\.kind) == [.constant], "\(allowed.warnings)")
  }

  @Test func reportsFixedSizes() throws {
    let line = #line + 4
    let traced = try quietly(
      Custom { x in
        if x.shape[0] == 2 { return try x.exp() }
        return try x.reshape([Int(x.shape[0])])
      }, try numbers(3))
    #expect(traced.warnings.map(\.kind) == [.bakedSize, .bakedSize])
    #expect(traced.warnings[0].message.hasPrefix("a comparison of sizes fixes a size to 3: "))
    #expect(traced.warnings[1].location == here(line))
    #expect(
      traced.warnings[1].message
        == "Int(_:) fixes a size to 3: the trace will not follow inputs of other sizes; compute "
        + "with Dim to keep it open")
  }

  @Test func saysWhatCameBeforeWhereALineIsNotKnown() throws {
    let line = #line + 4
    let traced = try quietly(
      Custom { x in
        // Swift's operators do not tell their line.
        let y = try x.exp()
        return y.shape[0] < 5 ? y : x
      }, try numbers(3))
    #expect(traced.warnings[0].location == nil)
    #expect(
      traced.warnings[0].message.hasSuffix("; after TracerTests/RefusalTests.swift:\(line)"))
  }

  @Test func refusesTrainingMode() throws {
    let model = Chain(1)
    model.train()
    #expect(
      failure { try quietly(model, try numbers(1, 2)) }?.message
        == "the model is in training mode, and a trace is for inference: call eval() first, or "
        + "trace with `allowTraining: true`")
    let dropout = Dropout()
    let error = failure { try trace(try numbers(2)) { (x: Tensor) in try dropout(x) } }
    #expect(error?.kind == .tracing)
    #expect(
      error?.message
        == "aten::dropout is called as in training; a trace is for inference: call eval() on the "
        + "model first, or trace with `allowTraining: true`")
    var told: [String] = []
    let traced = try trace(
      dropout, try numbers(2), allowTraining: true, onWarning: { told.append($0.message) })
    #expect(traced.warnings.map(\.kind) == [.training, .random])
    #expect(told == traced.warnings.map(\.message))
    dropout.eval()
    #expect(try trace(dropout, try numbers(2)).warnings.isEmpty)
  }

  @Test func warnsOfRandomNumbersAndConstantOutputs() throws {
    let traced = try quietly(
      Custom { x in try x + (try coinFlips(like: x)) }, try numbers(2))
    #expect(traced.warnings.map(\.kind) == [.random])
    let drawn = try quietly(
      Custom { x in try x.exp() + Tensor.randn(x.shape) * 0 }, try numbers(2))
    #expect(
      drawn.warnings.map(\.kind) == [.bakedSize, .random])
    #expect(
      drawn.warnings[1].message.hasPrefix(
        "random numbers are drawn outside of the recorded operators: the trace holds them as a "
          + "constant; draw them like a tensor, or pass them as an input; after "))
    let constant = try quietly(Custom { _ in try numbers(2) }, try numbers(2))
    #expect(constant.warnings.map(\.kind) == [.constantOutput])
    #expect(
      constant.warnings[0].message
        == "the output does not depend on any input: the trace gives the same result always")
  }

  @Test func refusesATraceInATrace() throws {
    let error = failure {
      try quietly(
        Custom { x in
          _ = try quietly(Chain(1), x)
          return x
        }, try numbers(1, 2))
    }
    #expect(error?.kind == .tracing)
    #expect(
      error?.message
        == "a trace is already being recorded in this task: call the inner model itself, or trace "
        + "it first and call its trace; either is recorded as part of the outer one")
  }

  @Test func refusesContainersAsOutputsWhenStrict() throws {
    for (model, name) in [
      (Custom { [$0] as Any }, "list"), (Custom { ["k": $0] as Any }, "dict"),
      (Custom { ($0, [$0]) as Any }, "list"),
    ] {
      #expect(
        failure { try quietly(model, try numbers(2)) }?.message
          == "encountering a \(name) at the output of the tracer might cause the trace to be "
          + "incorrect: this is only valid if the container structure does not change with the "
          + "inputs. Return a tuple instead, or, if the structure is always the same, trace with "
          + "`strict: false`")
      _ = try quietly(model, try numbers(2), strict: false)
    }
  }

  @Test func refusesOtherValues() throws {
    let x = try numbers(2)
    let output = failure { try quietly(Custom { ($0, 3) as Any }, x) }
    #expect(
      output?.message.hasPrefix(
        "only tensors, and tuples, arrays and dictionaries (by strings) of them, can be output "
          + "from a traced function; got 3 (int)") == true)
    let input = failure { try trace(x, 2) { (x: Tensor, n: Int) in try x * Double(n) } }
    #expect(input?.message.contains("can be input to a traced function; got 2 (int)") == true)
    #expect(
      failure { try trace([Tensor]()) { (items: [Tensor]) in items } }?.message
        == "a trace needs at least one tensor among its inputs")
    #expect(
      failure { try trace(x, inputNames: ["self"]) { (x: Tensor) in x } }?.message
        == "inputNames must be 1 different identifiers, got [\"self\"]")
  }

  @Test func passesTheModelsOwnErrorsOn() throws {
    let error = failure { try quietly(Chain(1), try numbers(1, 3)) }
    #expect(error?.kind == .shape)
    #expect(error?.modulePath == "layers.0.fc")
  }
}
