import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Comparisons, logic and choices by truth values against the reference, broadcast and strided.
@Suite struct TruthTests {
  private static let comparisons = ["eq", "ne", "lt", "le", "gt", "ge", "not_equal", "less_equal"]
  private static let shapes: [([Int], [Int])] = [
    ([3, 37], [3, 37]), ([2, 3, 5], [3, 1]), ([4, 1], [17]), ([1], [1]), ([0, 4], [4]),
    ([70, 70], []),
  ]

  private func check(
    _ name: String, _ arguments: [Value], by kernel: String = "compare",
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let (graph, inputs) = try graph(calling: try named(name), arguments)
    let program = try checkAgainstReference(graph, inputs, sourceLocation: sourceLocation)
    #expect("\(program)".contains("by \(kernel)"), "\(program)", sourceLocation: sourceLocation)
  }

  /// Few values, so that many are equal, with NaN and infinities among those of floats.
  private func few(_ sizes: [Int], _ dtype: DType, seed: Int = 1) throws -> Tensor {
    let values = (0..<sizes.reduce(1, *)).map { (($0 + seed) &* 2_654_435_761 >> 7) % 5 - 2 }
    switch dtype {
    case .float32:
      let floats: [Float] = values.map { $0 == 2 ? .nan : $0 == -2 ? -.infinity : Float($0) }
      return try Tensor(floats, shape: sizes)
    case .bool: return try Tensor(values.map { $0 > 0 }, shape: sizes)
    default: return try Tensor(values.map { Int64($0) }, shape: sizes).converted(to: dtype)
    }
  }

  @Test(arguments: comparisons, [DType.float32, .int64, .int32, .bool])
  func comparesTensors(_ name: String, _ dtype: DType) throws {
    for (a, b) in Self.shapes {
      try check(
        "aten::\(name).Tensor",
        [.tensor(try few(a, dtype)), .tensor(try few(b, dtype, seed: 9))])
    }
  }

  @Test(arguments: comparisons)
  func comparesWithNumbers(_ name: String) throws {
    let x = try few([5, 13], .float32)
    for number: Value in [0, 1, 0.5, true] {
      try check("aten::\(name).Scalar", [.tensor(x), number])
    }
    try check("aten::\(name).Scalar", [.tensor(try few([7], .int64)), 1])
    // Both promote to floats: the reference's.
    let (graph, inputs) = try graph(
      calling: try named("aten::\(name).Scalar"), [.tensor(try few([7], .int32)), 0.5])
    _ = try checkAgainstReference(graph, inputs)
  }

  @Test(arguments: ["and", "or", "xor"], [DType.float32, .int64, .bool])
  func joins(_ name: String, _ dtype: DType) throws {
    for (a, b) in Self.shapes {
      let values: [Value] = [.tensor(try few(a, dtype)), .tensor(try few(b, dtype, seed: 4))]
      try check("aten::logical_\(name)", values)
      if dtype == .bool { try check("aten::bitwise_\(name).Tensor", values) }
    }
  }

  @Test func negates() throws {
    for dtype in [DType.float32, .int32, .bool] {
      try check("aten::logical_not", [.tensor(try few([3, 19], dtype))])
    }
    try check("aten::bitwise_not", [.tensor(try few([3, 19], .bool))])
  }

  @Test(arguments: [DType.float32, .int64, .bool])
  func chooses(_ dtype: DType) throws {
    for (a, b) in Self.shapes {
      let sizes = try broadcast([a, b])
      for mask in [sizes, b] {
        let condition = Value.tensor(try few(mask, .bool, seed: 2))
        let (p, q) = (try few(a, dtype), try few(b, dtype, seed: 3))
        try check("aten::where.self", [condition, .tensor(p), .tensor(q)], by: "select")
        try check("aten::where.self", [condition, .tensor(q), .tensor(p)], by: "select")
        try check(
          "aten::masked_fill.Scalar", [.tensor(try few(sizes, dtype)), condition, 1],
          by: "select")
      }
    }
  }

  @Test func walksViews() throws {
    let x = try few([6, 8], .float32)
    let turned = x.viewed(Layout(sizes: [8, 6], strides: [1, 8]))
    try check("aten::lt.Tensor", [.tensor(turned), .tensor(try few([8, 6], .float32, seed: 5))])
    try check(
      "aten::masked_fill.Scalar",
      [.tensor(turned), .tensor(try few([8, 6], .bool)), .double(-.infinity)], by: "select")
  }

  /// The mask of a shifted window: made once with the plan, for it depends on sizes alone.
  @Test func masksOfSizesAreMadeOnce() throws {
    let graph = try Graph(
      parsing: """
        graph(%x : Tensor):
          %mask : Tensor = aten::new_zeros(%x, [8, 8], None, None, None, None)
          %top : Tensor = aten::slice.Tensor(%mask, 0, 0, 3, 1)
          %a : Tensor = aten::fill_.Scalar(%top, 1)
          %left : Tensor = aten::slice.Tensor(%mask, 1, 5, 8, 1)
          %b : Tensor = aten::fill_.Scalar(%left, 2)
          %turned : Tensor = aten::t(%mask)
          %differs : Tensor = aten::ne.Tensor(%mask, %turned)
          %filled : Tensor = aten::masked_fill.Scalar(%mask, %differs, -100)
          %ones : Tensor = aten::ones_like(%x, None, None, None, None, None)
          %sum : Tensor = aten::add.Tensor(%filled, %ones, 1)
          %y : Tensor = aten::add.Tensor(%x, %sum, 1)
          return (%y, %mask)
        """)
    let program = try checkAgainstReference(graph, [.tensor(try noise([8, 8]))])
    #expect("\(program)".split(separator: "\n").count { $0.contains(" by ") } == 1, "\(program)")
  }
}
