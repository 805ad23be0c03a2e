import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Programs whose images lie in NCHWc give what the operators give.
struct BlockedTests {
  /// Checks a traced function on the sizes, with and without the layouts; gives the plan's text.
  @discardableResult
  private func check(
    _ sizes: [Int], tolerance: Double = 1e-5,
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ function: @escaping (Tensor) throws -> Tensor
  ) throws -> String {
    let x = try noise(sizes, seed: 9)
    let traced = try trace({ (x: Tensor) in try function(x) }, x, allowConstants: true)
    let expected = try function(x)
    let program = try traced.compile(threads: 1)
    let got = try program.run([x])[0]
    if let found = try difference(got, expected, tolerance: tolerance) {
      Issue.record("\(found)\n\(program)", sourceLocation: sourceLocation)
    }
    for threads in [2, 3] {
      let other = try traced.compile(threads: threads)
      for _ in 0..<2 {
        #expect(try bits(other.run([x])[0]) == bits(got), sourceLocation: sourceLocation)
      }
    }
    let plain = try traced.compile(
      options: CompileOptions(disabledPasses: ["layout assignment"])
    ).run([x])[0]
    #expect(
      try difference(plain, expected, tolerance: tolerance) == nil, sourceLocation: sourceLocation)
    return "\(program)"
  }

  private func expect(
    _ text: String, hasNo words: [String],
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    guard KernelMode.current.instructionSet != nil else { return }
    for word in words {
      #expect(!text.contains(word), "\(text)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    ([1, 3, 19, 23], [16, 3, 7, 7], 2, 3, 1, 1), ([2, 16, 9, 11], [24, 16, 3, 3], 1, 1, 1, 1),
    ([1, 32, 8, 8], [16, 32, 1, 1], 1, 0, 1, 1), ([3, 5, 7, 9], [7, 5, 3, 2], 1, 2, 2, 1),
    ([2, 24, 10, 9], [24, 1, 3, 3], 2, 1, 1, 24), ([1, 20, 6, 6], [40, 1, 3, 3], 1, 1, 1, 20),
    ([2, 32, 6, 7], [48, 16, 3, 3], 1, 1, 1, 2), ([1, 1, 5, 5], [1, 1, 3, 3], 1, 1, 1, 1),
    ([1, 48, 14, 14], [96, 48, 1, 1], 2, 0, 1, 1), ([1, 16, 30, 30], [16, 16, 3, 3], 1, 1, 1, 1),
  ])
  func convolution(
    x: [Int], weight: [Int], stride: Int, padding: Int, dilation: Int, groups: Int
  ) throws {
    let w = try noise(weight, seed: 2)
    let bias = try noise([weight[0]], seed: 3)
    for bias in [nil, bias] {
      try check(x) {
        try F.relu(
          F.conv2d(
            $0, w, bias, stride: [stride], padding: [padding], dilation: [dilation],
            groups: groups))
      }
    }
  }

  @Test(arguments: [[1, 16, 9, 11], [2, 20, 5, 7]])
  func residualsAndScales(sizes: [Int]) throws {
    let channels = sizes[1]
    let w = try noise([channels, channels, 3, 3], seed: 2)
    let scale = try noise([1, channels, 1, 1], seed: 3)
    let narrow = try noise([4, channels, 1, 1], seed: 4)
    let wide = try noise([channels, 4, 1, 1], seed: 5)
    let text = try check(sizes, tolerance: 1e-4) { x in
      let first = try F.relu(F.conv2d(x, w, padding: [1]))
      let second = try F.relu(F.conv2d(first, w, padding: [1]) * scale + first)
      let third = try F.silu(2 - F.conv2d(second, w, padding: [1])) / (second + 3)
      let squeezed = try F.relu(F.conv2d(F.adaptiveAvgPool2d(third, 1), narrow))
      return try third * F.sigmoid(F.conv2d(squeezed, wide)) + third
    }
    expect(text, hasNo: ["gemm", "pairwise", "reference"])
    try check(sizes, tolerance: 1e-4) { x in
      let y = try F.conv2d(x, w, padding: [1])
      return try (y + y.transpose(2, 3).transpose(2, 3)) * y.mean(dim: [2, 3], keepdim: true)
    }
  }

  @Test(arguments: [[1, 16, 12, 13], [2, 24, 12, 13], [3, 7, 9, 8]])
  func poolsAndResizing(sizes: [Int]) throws {
    let w = try noise([sizes[1], sizes[1], 1, 1], seed: 2)
    let head = try noise([5, sizes[1]], seed: 3)
    let text = try check(sizes, tolerance: 1e-4) { x in
      let y = try F.conv2d(x, w)
      let a = try F.maxPool2d(y, 3, stride: 2, padding: 1)
      let b = try F.avgPool2d(F.relu(a), 2, stride: 1, padding: 1)
      let c = try F.interpolate(b, scaleFactor: [2, 2], mode: .nearest)
      let d = try F.interpolate(c, size: [9, 11], mode: .bilinear, alignCorners: false)
      return try F.linear(d.mean(dim: [2, 3]), head)
    }
    expect(text, hasNo: ["by pool", "by resize", "by reduce", "reference"])
    try check(sizes, tolerance: 1e-4) { x in
      let y = try F.adaptiveAvgPool2d(F.conv2d(x, w), 1)
      return try F.linear(F.relu(y).flatten(startDim: 1), head)
    }
  }

  @Test(arguments: [[1, 16, 6, 7], [2, 16, 6, 7], [1, 12, 6, 7]])
  func concatenationsAndSlices(sizes: [Int]) throws {
    let channels = sizes[1]
    let w = try noise([channels, channels, 3, 3], seed: 2)
    let double = try noise([2 * channels, channels, 1, 1], seed: 3)
    let last = try noise([8, 4 * channels, 1, 1], seed: 4)
    let text = try check(sizes, tolerance: 1e-4) { x in
      // As in YOLOv8's blocks: slices go on, and into the concatenation.
      let parts = try F.relu(F.conv2d(x, double)).chunk(2, dim: 1)
      let a = try F.relu(F.conv2d(parts[1], w, padding: [1]))
      let b = try F.conv2d(a, w, padding: [1]) + parts[1]
      return try F.conv2d(Tensor.cat([parts[0], parts[1], a, b], dim: 1), last)
    }
    if channels == 16, sizes[0] == 1 { expect(text, hasNo: ["concatenate"]) }
    try check(sizes, tolerance: 1e-4) { x in
      let y = try F.conv2d(x, w, padding: [1])
      let joined = try Tensor.cat([y, x, y], dim: 1)
      return try joined + Tensor.cat([x, y, F.relu(y)], dim: 1)
    }
  }

  @Test(arguments: [[1, 16, 6, 7], [2, 12, 6, 7], [1, 16, 1, 1], [2, 3, 1, 5], [1, 1, 4, 4]])
  func tokens(sizes: [Int]) throws {
    let channels = sizes[1]
    let w = try noise([channels, channels, 3, 3], seed: 2)
    let product = try noise([channels, channels], seed: 3)
    // As in ConvNeXt's blocks, and with pixels on one axis as in vision transformers.
    let text = try check(sizes, tolerance: 1e-4) { x in
      let y = try F.conv2d(x, w, padding: [1]).permute([0, 2, 3, 1])
      let z = try F.gelu(F.linear(F.layerNorm(y, [channels]), product)).permute([0, 3, 1, 2])
      return try F.conv2d(z, w, padding: [1])
    }
    // Few channels are read as they lie, in [N, C, H, W].
    if channels > 4 { expect(text, hasNo: ["by copy"]) }
    try check(sizes, tolerance: 1e-4) { x in
      let y = try F.conv2d(x, w, padding: [1]).flatten(startDim: 2).transpose(1, 2)
      let residual = try F.conv2d(x, w, padding: [1])
      return try F.linear(y, product).transpose(1, 2).reshape(x.shape) + residual
    }
  }

  @Test(arguments: [[1, 16, 6, 7], [2, 12, 6, 7]])
  func plainReaders(sizes: [Int]) throws {
    let channels = sizes[1]
    let w = try noise([channels, channels, 3, 3], seed: 2)
    try check(sizes, tolerance: 1e-4) { x in
      let y = try F.conv2d(x, w, padding: [1])
      let rows = try y.flatten(startDim: 2).transpose(1, 2)
      let softened = try rows.softmax(dim: -1).transpose(1, 2).reshape(y.shape)
      return try F.conv2d(softened, w, padding: [1]) + y
    }
    try check(sizes, tolerance: 1e-4) { x in try F.conv2d(x, w, padding: [1]) }
    try check(sizes, tolerance: 1e-4) { x in
      let norm = BatchNorm2d(channels)
      norm.eval()
      return try F.relu(norm(F.maxPool2d(F.conv2d(x, w, padding: [1]), 2)))
    }
  }

  @Test func weightsArePackedOnceForAllSizes() throws {
    let traced = try tracedSmallNet()
    let program = try traced.compile(threads: 1)
    let first = program.packedByteCount
    for sizes in [[1, 3, 9, 11], [2, 3, 9, 11]] {
      let x = try noise(sizes, seed: 5)
      let expected: Tensor = try traced(x)
      let got: Tensor = try program(x)
      #expect(try difference(got, expected, tolerance: 1e-5) == nil)
    }
    #expect(program.packedByteCount == first)
  }
}
