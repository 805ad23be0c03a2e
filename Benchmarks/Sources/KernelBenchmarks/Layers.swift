import Martlet

/// A layer's program, measured step by step on an input of these sizes.
func profile<M: ModuleBase & Forward>(
  _ model: M, _ sizes: [Int], threads: Int = 1
) throws -> Profile where M.Input == Tensor {
  model.eval()
  let x = try Tensor.randn(sizes)
  let program = try trace(model, x, checkTrace: false).compile(threads: threads)
  return try program.profile([.tensor(x)], seconds: seconds)
}

/// Matrix products beside what the core can multiply and add.
func products(_ table: inout Table) throws {
  for (rows, inputs, outputs) in [
    (1024, 1024, 1024), (256, 256, 256), (128, 768, 768), (197, 768, 3072), (197, 3072, 768),
    (49, 4608, 512), (8, 2048, 1000), (1, 512, 1000),
  ] {
    table.add(
      "linear \(rows) × \(inputs) × \(outputs)",
      try profile(Linear(inputs, outputs), [rows, inputs]))
  }
}

/// Convolutions of usual networks.
func convolutions(_ table: inout Table) throws {
  for (channels, out, size, kernel, stride) in [
    (3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (128, 128, 28, 3, 1), (256, 256, 14, 3, 1),
    (512, 512, 7, 3, 1), (64, 128, 56, 3, 2), (16, 16, 160, 3, 1), (64, 64, 224, 3, 1),
    (64, 64, 56, 1, 1), (256, 64, 56, 1, 1), (512, 2048, 7, 1, 1), (24, 144, 56, 1, 1),
    (256, 512, 28, 1, 2),
  ] {
    let layer = Conv2d(
      channels, out, kernelSize: kernel, stride: stride, padding: kernel / 2)
    table.add(
      "conv \(channels)→\(out) \(kernel)×\(kernel)/\(stride) on \(size)²",
      try profile(layer, [1, channels, size, size]))
  }
  for (channels, size, kernel, stride) in [
    (32, 112, 3, 1), (144, 56, 3, 2), (384, 14, 3, 1), (672, 14, 5, 1), (96, 56, 7, 1),
  ] {
    let layer = Conv2d(
      channels, channels, kernelSize: kernel, stride: stride, padding: kernel / 2,
      groups: channels)
    table.add(
      "depthwise \(channels) \(kernel)×\(kernel)/\(stride) on \(size)²",
      try profile(layer, [1, channels, size, size]))
  }
}

/// Layers that move more than they compute, beside the rate of a plain ReLU on as many bytes.
func movement(_ table: inout Table) throws {
  for (name, count) in [("2 MB", 1 << 18), ("32 MB", 1 << 22)] {
    table.add("relu, \(name) in and out", try profile(ReLU(), [count]))
    table.add("sigmoid, \(name)", try profile(Sigmoid(), [count]))
    table.add("gelu, \(name)", try profile(GELU(), [count]))
    table.add("silu, \(name)", try profile(SiLU(), [count]))
    table.add("hard swish, \(name)", try profile(Hardswish(), [count]))
    table.add("tanh, \(name)", try profile(Tanh(), [count]))
  }
  table.add("softmax 12 × 128 × 128", try profile(Softmax(dim: -1), [1, 12, 128, 128]))
  table.add("layer norm 197 × 768", try profile(LayerNorm(768), [1, 197, 768]))
  table.add("max pool 3×3/2, 64 on 112²", try profile(MaxPool2d(3, stride: 2), [1, 64, 112, 112]))
  table.add("global average, 512 on 7²", try profile(AdaptiveAvgPool2d(1), [1, 512, 7, 7]))
}

/// The cost of tracing by depth: a trace and its check run the model once each.
func tracing() throws {
  for depth in [10, 100, 1000] {
    let model = Sequential((0..<depth).map { _ in Linear(16, 16) })
    model.eval()
    let x = try Tensor.randn([1, 16])
    let eager = try median { _ = try model(x) }
    let traced = try median { _ = try trace(model, x, checkTrace: false) }
    let checked = try median { _ = try trace(model, x) }
    print(
      "tracing \(depth) layers: \(text(traced / Double(depth) * 1e6)) µs a layer, "
        + "\(text(traced / eager)) times a call; checked: \(text(checked / eager)) times")
  }
}
