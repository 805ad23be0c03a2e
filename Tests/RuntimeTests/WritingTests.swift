import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Plans of graphs that write to tensors, against running them node by node.
@Suite struct WritingTests {
  private func check(_ text: String, _ inputs: [Tensor], plans: Bool = true) throws {
    let graph = try Graph(parsing: text)
    let before = try inputs.map { try $0.elements(as: Float.self) }
    let expected = try Program(graph, threads: 1, optimization: .none).run(inputs)
    let program = try Program(graph, threads: 1)
    for _ in 0..<2 {
      let results = try program.run(inputs)
      let found = try difference(
        .tuple(results.map { .tensor($0) }), .tuple(expected.map { .tensor($0) }), tolerance: 1e-6)
      if let found { Issue.record("\(found) in\n\(graph)\n\(program)") }
    }
    #expect(try inputs.map { try $0.elements(as: Float.self) } == before, "inputs changed")
    #expect(program.description.contains("node by node") != plans, "\(program)")
  }

  @Test func `an in-place activation is part of the plan`() throws {
    try check(
      """
      graph(%x : Tensor):
        %y : Tensor = aten::mul.Scalar(%x, 2)
        %z : Tensor = aten::relu_(%y)
        return (%y, %z)
      """, [noise([3, 4])])
  }

  @Test func `views see what is written, and writing through them reaches the rest`() throws {
    try check(
      """
      graph(%x : Tensor):
        %y : Tensor = aten::clone(%x, None)
        %row : Tensor = aten::select.int(%y, 0, 1)
        %turned : Tensor = aten::t(%y)
        %a : Tensor = aten::fill_.Scalar(%row, 7)
        %part : Tensor = aten::slice.Tensor(%y, 1, 1, 3, 1)
        %b : Tensor = aten::mul_.Scalar(%part, -1)
        %c : Tensor = aten::add.Tensor(%y, %x, 1)
        %d : Tensor = aten::add_.Tensor(%turned, %turned, 1)
        return (%y, %row, %turned, %b, %c)
      """, [noise([3, 4])])
  }

  @Test func `an input that is written to stays as the caller has it`() throws {
    try check(
      """
      graph(%x : Tensor):
        %y : Tensor = aten::add_.Scalar(%x, 1, 1)
        %z : Tensor = aten::mul.Tensor(%x, %y)
        return (%x, %z)
      """, [noise([5])])
  }

  @Test func `copies between overlapping parts`() throws {
    try check(
      """
      graph(%x : Tensor):
        %y : Tensor = aten::clone(%x, None)
        %head : Tensor = aten::slice.Tensor(%y, 0, 0, 4, 1)
        %tail : Tensor = aten::slice.Tensor(%y, 0, 1, 5, 1)
        %a : Tensor = aten::copy_(%tail, %head, False)
        return (%y)
      """, [noise([5, 2])])
  }

  @Test func `a tensor made in the graph starts anew in every run`() throws {
    try check(
      """
      graph(%x : Tensor):
        %sum : Tensor = aten::zeros([4], None, None, None, None)
        %a : Tensor = aten::add_.Tensor(%sum, %x, 1)
        %b : Tensor = aten::add_.Tensor(%sum, %x, 1)
        return (%sum)
      """, [noise([4])])
  }

  @Test func `two inputs that are one tensor are written together`() throws {
    let graph = try Graph(
      parsing: """
        graph(%x : Tensor, %y : Tensor):
          %a : Tensor = aten::add_.Scalar(%x, 1, 1)
          return (%y)
        """)
    let x = try Tensor([1, 2] as [Float])
    let result = try Program(graph, threads: 1).run([x, x])
    #expect(try result[0].array(of: Float.self) == [2, 3])
    #expect(try x.array(of: Float.self) == [1, 2])
  }

  /// Straight lines of views and writes.
  @Test(arguments: 0..<40)
  func `random programs agree`(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed) &* 977 &+ 1)
    var names = ["%x", "%y"]
    var lines = ["  %y : Tensor = aten::mul.Scalar(%x, 3)"]
    for step in 0..<12 {
      let (v, w) = (names[random.below(names.count)], names[random.below(names.count)])
      let call =
        switch random.below(9) {
        case 0: "aten::transpose.int(\(v), 0, 1)"
        case 1: "aten::select.int(\(v), 0, \(random.below(4)))"
        case 2: "aten::slice.Tensor(\(v), 0, \(random.below(2)), None, 1)"
        case 3: "aten::relu_(\(v))"
        case 4: "aten::add_.Tensor(\(v), \(w), 1)"
        case 5: "aten::mul.Tensor(\(v), \(w))"
        case 6: "aten::copy_(\(v), \(w), False)"
        case 7: "aten::fill_.Scalar(\(v), \(step))"
        default: "aten::tanh(\(v))"
        }
      // Each must fit by itself: what fails alone is left out.
      let trial = program(lines + ["  %v\(step) : Tensor = \(call)"], names + ["%v\(step)"])
      guard let graph = try? Graph(parsing: trial),
        (try? Program(graph, threads: 1, optimization: .none).run([noise([4, 4])])) != nil
      else { continue }
      lines.append("  %v\(step) : Tensor = \(call)")
      names.append("%v\(step)")
    }
    try check(program(lines, names), [noise([4, 4])])
  }

  private func program(_ lines: [String], _ names: [String]) -> String {
    "graph(%x : Tensor):\n\(lines.joined(separator: "\n"))\n"
      + "  return (\(names.joined(separator: ", ")))\n"
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(count))
  }
}
