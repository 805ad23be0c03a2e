import Martlet

/// A layer's program for an input of these sizes.
func program<M: ModuleBase & Forward>(
  _ model: M, _ sizes: [Int], threads: Int
) throws -> (Program, Tensor) where M.Input == Tensor {
  model.eval()
  let x = try Tensor.randn(sizes)
  let program = try trace(model, x, checkTrace: false).compile(threads: threads)
  return (program, x)
}

/// Seconds for one run.
func time<M: ModuleBase & Forward>(
  _ model: M, _ sizes: [Int], threads: Int = 1
) throws -> Double where M.Input == Tensor {
  let (program, x) = try program(model, sizes, threads: threads)
  return try median { _ = try program.run([x]) }
}

/// The share of the fastest square product that thin, odd and batched ones reach.
func products() throws {
  let peak = try rate(1024, 1024, 1024)
  report("linear 1024 × 1024 × 1024", "\(text(peak)) GFLOP/s = 100 %")
  for (rows, inputs, outputs) in [
    (256, 256, 256), (197, 768, 3072), (49, 4608, 512), (1, 512, 1000),
  ] {
    let share = try rate(rows, inputs, outputs) / peak * 100
    report("linear \(rows) × \(inputs) × \(outputs)", "\(text(share, 1)) % of it")
  }
  let one = try time(Linear(1024, 1024), [1024, 1024])
  let two = try time(Linear(1024, 1024), [1024, 1024], threads: 2)
  report("linear 1024³ with 2 threads", "\(text(one / two)) times as fast as with 1")
}

private func rate(_ rows: Int, _ inputs: Int, _ outputs: Int) throws -> Double {
  let seconds = try time(Linear(inputs, outputs), [rows, inputs])
  return 2 * Double(rows) * Double(inputs) * Double(outputs) / seconds / 1e9
}

/// Convolutions beside the matrix product of the same work.
func convolutions() throws {
  for (channels, out, size, kernel, stride) in [
    (3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (128, 128, 28, 3, 1), (256, 256, 14, 3, 1),
    (512, 512, 7, 3, 1), (256, 64, 56, 1, 1),
  ] {
    let layer = Conv2d(
      channels, out, kernelSize: kernel, stride: stride,
      padding: kernel / 2)
    let seconds = try time(layer, [1, channels, size, size])
    let pixels = (size / stride) * (size / stride)
    let product = try time(
      Linear(channels * kernel * kernel, out), [pixels, channels * kernel * kernel])
    report(
      "conv \(channels)→\(out) \(kernel)×\(kernel) stride \(stride) on \(size)²",
      "\(text(seconds * 1e3)) ms", "\(text(seconds / product)) times the product alone")
  }
}

/// Elementwise layers as memory traffic.
func pointwise() throws {
  let count = 1 << 22
  let copy = try time(ReLU(), [count])
  let bytes = Double(count) * 8
  report("relu, 4 M elements", "\(text(bytes / copy / 1e9)) GB/s")
  for (name, seconds) in [
    ("sigmoid", try time(Sigmoid(), [count])), ("gelu", try time(GELU(), [count])),
    ("silu", try time(SiLU(), [count])), ("tanh", try time(Tanh(), [count])),
  ] {
    report("\(name), 4 M elements", "\(text(seconds / copy)) times relu")
  }
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
    report(
      "tracing \(depth) layers", "\(text(traced / Double(depth) * 1e6)) µs a layer",
      "\(text(traced / eager)) times a call", "checked: \(text(checked / eager)) times")
  }
}
