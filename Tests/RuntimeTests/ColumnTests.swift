import MartletKernels
import MartletOps
import MartletRuntime
import MartletTensor
import Testing

/// Softmax and reductions by generated kernels, along the last axes and others.
@Suite(.enabled(if: KernelMode.current != .portable)) struct ColumnTests {
  private func check(_ name: String, _ arguments: [Value], by kernel: String?) throws {
    let (graph, inputs) = try graph(calling: try named(name), arguments)
    let program = try checkAgainstReference(graph, inputs)
    if let kernel { #expect("\(program)".contains(kernel), "\(name) by \(kernel)") }
  }

  @Test(arguments: [[1, 16, 4, 21], [3, 1, 5], [2, 5, 1], [7], [2, 33, 40]], [0, 1, -1])
  func softmax(sizes: [Int], dim: Int) throws {
    guard dim < sizes.count else { return }
    let form = dim == -1 || dim == sizes.count - 1 ? "row_f32" : "column_f32"
    let x = try noise(sizes) * 30
    for name in ["aten::softmax.int", "aten::log_softmax.int"] {
      try check(name, [.tensor(x), .int(Dim(dim))], by: form)
    }
  }

  @Test(arguments: ["aten::mean.dim", "aten::sum.dim_IntList", "aten::amax"], [true, false])
  func reductions(name: String, keepsAxes: Bool) throws {
    for (sizes, dims, form) in [
      ([3, 17, 5], [1], "column_f32"), ([3, 17, 5], [0, 1], "column_f32"),
      ([5, 1, 2], [1], "column_f32"), ([2, 3, 4, 33], [1, 2], "column_f32"),
      ([4, 6, 19], [-1], "row_f32"), ([2, 3, 4, 33], [3, 2], "row_f32"),
      ([3, 4, 5], [0, 2], nil), ([2, 5000, 2], [1], nil),
    ] as [([Int], [Int], String?)] {
      try check(
        name,
        [.tensor(try noise(sizes)), .list(dims.map { .int(Dim($0)) }), .bool(keepsAxes)],
        by: form)
    }
  }

  @Test func notNumbers() throws {
    let x = try Tensor([.nan, 1, -.infinity, 2, -.infinity, 5] as [Float], shape: [3, 2])
    for dim in [0, 1] {
      try check("aten::softmax.int", [.tensor(x), .int(Dim(dim))], by: nil)
      try check("aten::log_softmax.int", [.tensor(x), .int(Dim(dim))], by: nil)
      try check("aten::amax", [.tensor(x), [.int(Dim(dim))]], by: nil)
      try check("aten::mean.dim", [.tensor(x), [.int(Dim(dim))]], by: nil)
    }
  }
}
