import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Every fast kernel against its operator's reference evaluation, on odd sizes and strides.
struct KernelChoiceTests {
  /// Checks one call and that it runs by the kernel.
  func check(
    _ name: String, _ arguments: [Value], by kernel: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let (graph, inputs) = try graph(calling: try named(name), arguments)
    _ = try checkAgainstReference(graph, inputs, sourceLocation: sourceLocation)
    let program = try checkAgainstReference(
      graph, inputs, disabling: ["layout assignment"], sourceLocation: sourceLocation)
    #expect("\(program)".contains("by \(kernel)"), sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ([2, 3, 9, 11], [4, 3, 3, 3], 1, 1, 1, 1), ([1, 4, 7, 7], [6, 4, 1, 1], 1, 0, 1, 1),
    ([1, 4, 8, 9], [6, 2, 3, 2], 2, 1, 2, 2), ([8, 8, 8], [8, 8, 1, 1], 2, 0, 1, 1),
    ([1, 1, 1, 1], [1, 1, 1, 1], 1, 0, 1, 1), ([0, 3, 5, 5], [2, 3, 3, 3], 1, 1, 1, 1),
    ([1, 16, 56, 56], [24, 16, 3, 3], 1, 1, 1, 1),
  ])
  func convolution(
    x: [Int], weight: [Int], stride: Int, padding: Int, dilation: Int, groups: Int
  ) throws {
    // [C, H, W] goes without a batch.
    for bias in [true, false] {
      try check(
        "aten::conv2d",
        [
          .tensor(try noise(x)), .tensor(try noise(weight, seed: 2)),
          bias ? .tensor(try noise([weight[0]], seed: 3)) : .none,
          [.int(Dim(stride)), .int(Dim(stride))], [.int(Dim(padding)), .int(Dim(padding))],
          [.int(Dim(dilation)), .int(Dim(dilation))], .int(Dim(groups)),
        ],
        by: weight[2] == 1 && stride == 1 ? "gemm" : "im2col+gemm")
    }
  }

  @Test func depthwiseAndOneAxis() throws {
    try check(
      "aten::conv2d",
      [
        .tensor(try noise([2, 6, 9, 17])), .tensor(try noise([12, 1, 3, 3], seed: 2)), .none,
        [2, 2], [1, 1], [1, 1], 6,
      ], by: "depthwise")
    try check(
      "aten::conv1d",
      [
        .tensor(try noise([2, 3, 19])), .tensor(try noise([4, 3, 5], seed: 2)),
        .tensor(try noise([4])), [1], [2], [1], 1,
      ], by: "im2col+gemm")
  }

  @Test(arguments: [[5, 7], [2, 3, 7], [7], [0, 7], [1, 1, 7]])
  func linear(sizes: [Int]) throws {
    try check(
      "aten::linear",
      [.tensor(try noise(sizes)), .tensor(try noise([9, 7], seed: 2)), .tensor(try noise([9]))],
      by: "gemm")
  }

  @Test func products() throws {
    let a = try noise([3, 4, 5])
    let b = try noise([3, 6, 5], seed: 2)
    let transposed = b.viewed(Layout(sizes: [3, 5, 6], strides: [30, 1, 5]))
    let (graph, inputs) = try graph(
      calling: try named("aten::bmm"), [.tensor(a), .tensor(transposed)])
    _ = try checkAgainstReference(graph, inputs)
    try check(
      "aten::mm", [.tensor(try noise([33, 17])), .tensor(try noise([17, 1]))], by: "gemm")
    try check("aten::matmul", [.tensor(a), .tensor(try noise([5, 2]))], by: "gemm")
    try check(
      "aten::addmm",
      [.tensor(try noise([6])), .tensor(try noise([4, 5])), .tensor(try noise([5, 6]))],
      by: "gemm")
  }

  @Test(arguments: [
    ([3, 5], [5]), ([3, 5], [3, 1]), ([2, 3, 4, 5], [3, 1, 1]), ([1], [4, 1]), ([0, 3], [3]),
    ([127], [127]), ([2, 1, 3], [1, 4, 1]),
  ])
  func broadcasting(a: [Int], b: [Int]) throws {
    for name in ["add.Tensor", "sub.Tensor", "mul.Tensor", "div.Tensor", "maximum", "minimum"] {
      try check(
        "aten::\(name)", [.tensor(try noise(a)), .tensor(try noise(b, seed: 2))], by: "pairwise")
    }
  }

  @Test func pointwiseFunctions() throws {
    let x = try Tensor([Float.nan, -.infinity, .infinity, 0, -3, 2.5, 7, 0.1, -0.4], shape: [9])
    for name in [
      "relu", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid", "exp", "abs", "neg",
    ] {
      try check("aten::\(name)", [.tensor(x)], by: "pointwise")
    }
    try check("aten::gelu", [.tensor(try noise([3, 41])), "tanh"], by: "pointwise")
    try check("aten::gelu", [.tensor(try noise([3, 41]))], by: "pointwise")
    try check("aten::clamp", [.tensor(x), -0.5, 2], by: "pointwise")
    try check("aten::pow.Tensor_Scalar", [.tensor(x), 2], by: "pointwise")
    try check("aten::leaky_relu", [.tensor(x), 0.2], by: "pointwise")
  }

  @Test func rows() throws {
    let x = try noise([3, 5, 17])
    for dim in [0, 1, 2, -1] {
      try check("aten::softmax.int", [.tensor(x), .int(Dim(dim))], by: "softmax")
    }
    try check("aten::mean.dim", [.tensor(x), [1, 2], true], by: "reduce")
    try check("aten::mean.dim", [.tensor(x), [-1]], by: "reduce")
    try check("aten::sum.dim_IntList", [.tensor(x), [0]], by: "reduce")
    try check("aten::mean", [.tensor(x)], by: "reduce")
    // Axes that are not neighbours.
    try check("aten::mean.dim", [.tensor(x), [0, 2]], by: "reference")
    try check(
      "aten::layer_norm", [.tensor(x), [17], .tensor(try noise([17])), .tensor(try noise([17]))],
      by: "layer norm")
    try check(
      "aten::group_norm", [.tensor(try noise([2, 6, 5])), 3, .tensor(try noise([6]))],
      by: "group norm")
  }

  @Test func pooling() throws {
    let x = try noise([2, 3, 11, 13])
    try check(
      "aten::max_pool2d", [.tensor(x), [3, 3], [2, 2], [1, 1], [1, 1], false], by: "pool")
    try check("aten::max_pool2d", [.tensor(x), [2, 2], [], [0, 0], [1, 1], true], by: "pool")
    try check("aten::avg_pool2d", [.tensor(x), [3, 2], [2, 2], [1, 1], true, false], by: "pool")
    try check("aten::avg_pool2d", [.tensor(x), [3, 3], [2, 2], [1, 1], true, true], by: "pool")
    try check("aten::adaptive_avg_pool2d", [.tensor(x), [1, 1]], by: "adaptive pool")
    try check("aten::adaptive_avg_pool2d", [.tensor(x), [4, 5]], by: "adaptive pool")
    try check("aten::upsample_nearest2d", [.tensor(x), [22, 39]], by: "resize")
    try check("aten::upsample_bilinear2d", [.tensor(x), [20, 31], false], by: "resize")
    try check("aten::upsample_bilinear2d", [.tensor(x), [20, 31], true], by: "resize")
  }

  @Test func moving() throws {
    let x = try noise([2, 3, 4])
    try check(
      "aten::cat", [.list([.tensor(x), .tensor(try noise([2, 5, 4])), .tensor(x)]), 1],
      by: "concatenate")
    try check("aten::stack", [.list([.tensor(x), .tensor(x)]), 2], by: "concatenate")
    try check(
      "aten::embedding",
      [.tensor(try noise([7, 5])), .tensor(try Tensor([Int64(0), 6, 3, 3], shape: [2, 2]))],
      by: "gather")
    let heads = try noise([2, 5, 3, 8])
    let swapped = heads.viewed(
      Layout(sizes: [2, 3, 5, 8], strides: [120, 8, 24, 1]))
    try check(
      "aten::scaled_dot_product_attention",
      [.tensor(swapped), .tensor(try noise([2, 3, 5, 8])), .tensor(swapped), .none, 0.0, true],
      by: "attention")
  }
}
