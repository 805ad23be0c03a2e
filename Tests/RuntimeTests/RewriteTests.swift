import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// What is written out becomes the operator that it is, and gives the same.
struct RewriteTests {
  /// The text after the pass of the name; the values agree with the reference.
  @discardableResult
  private func rewritten(
    _ pass: String, _ inputs: [Tensor], _ function: @escaping ([Tensor]) throws -> Tensor,
    tolerance: Double = 1e-5, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> String {
    let traced =
      inputs.count == 1
      ? try trace({ (x: Tensor) in try function([x]) }, inputs[0], allowConstants: true)
      : try trace(
        { (x: Tensor, y: Tensor, z: Tensor) in try function([x, y, z]) }, inputs[0], inputs[1],
        inputs[2], allowConstants: true)
    let reports = Locked<[PassReport]>([])
    let program = try traced.compile(
      options: CompileOptions(threads: 1) { report in reports.withLock { $0.append(report) } })
    let got = try program.run(inputs)[0]
    let expected = try function(inputs)
    #expect(
      try difference(got, expected, tolerance: tolerance) == nil, sourceLocation: sourceLocation)
    let without = try traced.compile(options: CompileOptions(disabledPasses: [pass]))
    #expect(
      try difference(without.run(inputs)[0], expected, tolerance: tolerance) == nil,
      sourceLocation: sourceLocation)
    let report = reports.withLock { $0.last { $0.name == pass } }
    #expect(report?.isChange == true, "\(report?.before ?? "")", sourceLocation: sourceLocation)
    return report?.after ?? ""
  }

  @Test func silu() throws {
    let x = try noise([3, 17])
    let text = try rewritten("SiLU", [x]) { try $0[0] * $0[0].sigmoid() }
    #expect(text.contains("aten::silu") && !text.contains("sigmoid"), "\(text)")
    try rewritten("SiLU", [x]) { try $0[0].sigmoid() * $0[0] }
  }

  /// LeViT's linear layers: the norm reads a view of the product's rows and rides in its tail.
  @Test func rowNorms() throws {
    let (weight, scale) = (try noise([24, 10]), try noise([24], seed: 2))
    let (mean, variance) = (try noise([24], seed: 3), try noise([24], seed: 4).abs() + 0.5)
    func norm(_ x: Tensor) throws -> Tensor {
      try F.batchNorm(x, runningMean: mean, runningVar: variance, weight: scale, bias: mean)
    }
    let text = try rewritten("batch norm of rows", [try noise([2, 5, 10])]) {
      let y = try F.linear($0[0], weight)
      return try F.hardswish(norm(y.flatten(startDim: 0, endDim: 1)).reshape(y.shape))
    }
    #expect(text.contains("aten::addcmul") && !text.contains("batch_norm"), "\(text)")
    try rewritten("batch norm of rows", [try noise([7, 10])]) {
      try F.relu(norm(F.linear($0[0], weight)))
    }
    try rewritten("batch norm of rows", [try noise([1, 24])]) { try norm($0[0]) }
  }

  @Test func hardSwish() throws {
    let x = try noise([3, 17]) * 5
    let name = "hard-swish and hard-sigmoid"
    for text in [
      try rewritten(name, [x]) { try $0[0] * F.relu6($0[0] + 3) / 6 },
      try rewritten(name, [x]) { try $0[0] * (F.relu6($0[0] + 3) / 6) },
      try rewritten(name, [x]) {
        try F.hardtanh($0[0] + 3, minVal: 0, maxVal: 6) * (1.0 / 6) * $0[0]
      },
      try rewritten(name, [x]) { try ($0[0] + 3).clamp(min: 0, max: 6) * $0[0] / 6 },
    ] {
      #expect(text.contains("aten::hardswish") && !text.contains("aten::mul"), "\(text)")
    }
    let text = try rewritten(name, [x]) { try F.relu6($0[0] + 3) / 6 }
    #expect(text.contains("aten::hardsigmoid") && !text.contains("relu6"), "\(text)")
  }

  @Test func gelu() throws {
    let x = try noise([3, 17]) * 3
    let root = 2.0.squareRoot()
    let curve = (2 / Double.pi).squareRoot()
    for text in [
      try rewritten("GELU", [x]) { try $0[0] * 0.5 * (($0[0] / root).erf() + 1) },
      try rewritten("GELU", [x]) { try 0.5 * ($0[0] * (($0[0] * (1 / root)).erf() + 1)) },
      try rewritten("GELU", [x]) { x in
        let inner = try (x[0] + x[0].pow(3) * 0.044715) * curve
        return try x[0] * 0.5 * (inner.tanh() + 1)
      },
      try rewritten("GELU", [x]) { x in
        let inner = try x[0] * curve * (x[0] * x[0] * 0.044715 + 1)
        return try x[0] * (0.5 * (inner.tanh() + 1))
      },
    ] {
      #expect(text.contains("aten::gelu") && !text.contains("aten::mul"), "\(text)")
    }
  }

  @Test func norms() throws {
    let x = try noise([2, 5, 17])
    let (weight, bias) = (try noise([17], seed: 2), try noise([17], seed: 3))
    let text = try rewritten("handwritten norms", [x, weight, bias]) { x in
      let centred = try x[0] - x[0].mean(dim: -1, keepdim: true)
      let variance = try centred.pow(2).mean(dim: -1, keepdim: true)
      return try centred / (variance + 1e-5).sqrt() * x[1] + x[2]
    }
    #expect(text.contains("aten::layer_norm") && !text.contains("aten::mean"), "\(text)")
    let after = try rewritten("norm weights", [x, weight, bias]) { x in
      let centred = try x[0] - x[0].mean(dim: -1, keepdim: true)
      let variance = try (centred * centred).mean(dim: -1, keepdim: true)
      return try x[1] * (centred * (variance + 1e-5).rsqrt()) + x[2]
    }
    #expect(!after.contains("aten::mul") && !after.contains("aten::add"), "\(after)")
    let root = try rewritten("norm weights", [x, weight, bias]) { x in
      let scale = try (x[0].pow(2).mean(dim: -1, keepdim: true) + 1e-6).rsqrt()
      return try x[1] * (x[0] * scale)
    }
    #expect(root.contains("aten::rms_norm") && !root.contains("aten::mul"), "\(root)")
  }

  @Test func attention() throws {
    let inputs = try (1...3).map { try noise([2, 3, 5, 8], seed: UInt64($0)) }
    let mask = try noise([2, 1, 1, 5], seed: 7)
    for text in [
      try rewritten("attention", inputs) { x in
        let scores = try x[0].matmul(x[1].transpose(-2, -1)) / 8.0.squareRoot()
        return try (scores + mask).softmax(dim: -1).matmul(x[2])
      },
      try rewritten("attention", inputs) { x in
        let scores = try (x[0] * 0.3).matmul(x[1].transpose(-2, -1))
        return try scores.softmax(dim: 3).matmul(x[2])
      },
    ] {
      #expect(text.contains("aten::scaled_dot_product_attention"), "\(text)")
      #expect(!text.contains("aten::matmul") && !text.contains("softmax"), "\(text)")
    }
    let flat = try inputs.map { try $0.flatten(startDim: 0, endDim: 1) }
    try rewritten("attention", flat) { x in
      try x[0].bmm(x[1].transpose(1, 2)).softmax(dim: -1).bmm(x[2]).transpose(0, 1)
    }
  }

  /// What looks alike but is not, or is read elsewhere, stays.
  @Test func nearMisses() throws {
    let (x, other) = (try noise([3, 17]), try noise([3, 17], seed: 2))
    let traced = try trace(
      { (x: Tensor, y: Tensor) in
        let a = try x * y.sigmoid()
        let b = try x * F.relu6(y + 3) / 6
        let c = try x * 0.5 * ((x / 2).erf() + 1)
        return try a + b + c
      }, x, other)
    let program = try traced.compile(threads: 1)
    let text = "\(program)"
    for name in ["silu", "hardswish", "gelu"] { #expect(!text.contains(name), "\(text)") }
    let expected: Tensor = try traced(x, other)
    #expect(try difference(program.run([x, other])[0], expected, tolerance: 1e-5) == nil)
  }
}

struct ChainTests {
  @Test func chainsRideBehindTheirProducer() throws {
    let (weight, scale) = (try noise([6, 3, 3, 3]), try noise([1, 6, 1, 1], seed: 2))
    let (gate, full) = (try noise([2, 6, 1, 1], seed: 3), try noise([2, 6, 7, 7], seed: 4))
    let function = { (x: Tensor, gate: Tensor, full: Tensor) in
      let y = try F.conv2d(x, weight, padding: 1)
      let scaled = try F.silu(y * scale) - full
      return try (1 - F.relu(full / (scaled * gate + 3))) * 2
    }
    let x = try noise([2, 3, 7, 7], seed: 5)
    let traced = try trace(function, x, gate, full, allowConstants: true)
    let expected = try function(x, gate, full)
    for threads in [1, 2] {
      let got: Tensor = try traced.compile(threads: threads)(x, gate, full)
      #expect(try difference(got, expected, tolerance: 1e-4) == nil)
    }
    let reports = Locked<[PassReport]>([])
    _ = try traced.compile(
      options: CompileOptions { report in reports.withLock { $0.append(report) } })
    let text = reports.withLock { $0.last { $0.name == "epilogue fusion" }?.after ?? "" }
    #expect(!text.contains("\n"), "one instruction is left, not \(text)")
    #expect(text.contains("+ multiply + silu + subtract + multiply"), "\(text)")
  }

  @Test func chainsBehindProductsAndViews() throws {
    let (weight, bias) = (try noise([6, 5]), try noise([6], seed: 2))
    let function = { (x: Tensor) in
      let y = try x.matmul(weight.transpose(0, 1)) + bias
      return try F.relu(y.reshape([3, 2, 6])) * y.dim
    }
    let x = try noise([6, 5], seed: 5)
    let traced = try trace({ (x: Tensor) in try function(x) }, x, allowConstants: true)
    let got: Tensor = try traced.compile(threads: 1)(x)
    #expect(try difference(got, function(x), tolerance: 1e-5) == nil)
    // Squares of one tensor: two readers.
    let squares = try trace({ (x: Tensor) in try F.linear(x, weight) * F.linear(x, weight) }, x)
    let twice: Tensor = try squares.compile(threads: 2)(x)
    #expect(
      try difference(twice, F.linear(x, weight) * F.linear(x, weight), tolerance: 1e-5) == nil)
  }

  @Test func passesSettle() throws {
    let reports = Locked<[PassReport]>([])
    let traced = try tracedSmallNet()
    let options = CompileOptions { report in reports.withLock { $0.append(report) } }
    _ = try traced.compile(options: options)
    #expect(
      reports.withLock { Set($0.map(\.name)) }
        == Set(CompileOptions.passNames).subtracting([
          "concatenation in place", "convolution into depthwise",
        ]))
    let plain = try traced.compile(
      options: CompileOptions(disabledPasses: Set(CompileOptions.passNames)))
    let x = try noise([1, 3, 9, 11])
    let (a, b): (Tensor, Tensor) = (try traced.compile()(x), try plain(x))
    #expect(try difference(a, b, tolerance: 1e-5) == nil)
    #expect("\(plain)".contains("batch_norm"))
    let exact: Tensor = try traced.compile(optimization: .exact)(x)
    #expect(try difference(exact, b, tolerance: 1e-5) == nil)
    #expect {
      _ = try traced.compile(options: CompileOptions(disabledPasses: ["nonsense"]))
    } throws: { "\($0)".hasPrefix("no pass is named 'nonsense'; there are constant folding, ") }
  }
}
