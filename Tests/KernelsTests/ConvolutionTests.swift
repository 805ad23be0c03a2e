import MartletKernels
import Testing

/// One window's sizes; the output's follow.
struct WindowCase: Sendable, CustomStringConvertible {
  var batch = 1
  var channels = 1
  var outChannels = 1
  var groups = 1
  var height = 5
  var width = 5
  var kernel = (1, 1)
  var stride = (1, 1)
  var pad = (0, 0)
  var dilation = (1, 1)
  var ceil = false

  var description: String {
    "N\(batch) C\(channels)→\(outChannels) g\(groups) \(height)×\(width) k\(kernel) s\(stride) "
      + "p\(pad) d\(dilation) ceil \(ceil)"
  }

  var window: WindowGeometry {
    func out(_ size: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int {
      let room = size + 2 * p - d * (k - 1) - 1
      var result = (room + (ceil ? s - 1 : 0)) / s + 1
      if ceil, (result - 1) * s >= size + p { result -= 1 }
      return max(result, 0)
    }
    var window = WindowGeometry(
      batch: batch, channels: channels, height: height, width: width, kernelHeight: kernel.0,
      kernelWidth: kernel.1,
      outHeight: out(height, kernel.0, stride.0, pad.0, dilation.0),
      outWidth: out(width, kernel.1, stride.1, pad.1, dilation.1))
    (window.strideY, window.strideX) = stride
    (window.padY, window.padX) = pad
    (window.dilationY, window.dilationX) = dilation
    return window
  }

  /// Calls the body with every output and each window element that lies inside the image.
  func forEachTap(
    _ body: (_ plane: Int, _ out: Int, _ tap: Int, _ inputPixel: Int) -> Void
  ) {
    let w = window
    for plane in 0..<(batch * channels) {
      for oy in 0..<w.outHeight {
        for ox in 0..<w.outWidth {
          for ky in 0..<kernel.0 {
            for kx in 0..<kernel.1 {
              let iy = oy * stride.0 - pad.0 + ky * dilation.0
              let ix = ox * stride.1 - pad.1 + kx * dilation.1
              guard iy >= 0, iy < height, ix >= 0, ix < width else { continue }
              body(plane, oy * w.outWidth + ox, ky * kernel.1 + kx, iy * width + ix)
            }
          }
        }
      }
    }
  }
}

struct ConvolutionTests {
  static let cases: [WindowCase] = [
    WindowCase(), WindowCase(batch: 0),
    WindowCase(batch: 2, channels: 3, outChannels: 5, height: 7, width: 9),
    WindowCase(channels: 4, outChannels: 6, height: 9, width: 8, kernel: (3, 3), pad: (1, 1)),
    WindowCase(
      batch: 2, channels: 3, outChannels: 4, height: 17, width: 19, kernel: (7, 7),
      stride: (2, 2), pad: (3, 3)),
    WindowCase(channels: 8, outChannels: 4, height: 9, width: 9, stride: (2, 2)),
    WindowCase(
      channels: 6, outChannels: 9, groups: 3, height: 8, width: 11, kernel: (3, 2),
      stride: (1, 2), pad: (2, 1), dilation: (2, 3)),
    WindowCase(channels: 2, outChannels: 3, height: 1, width: 40, kernel: (1, 5), pad: (0, 2)),
    WindowCase(channels: 1, outChannels: 1, height: 2, width: 2, kernel: (3, 3), pad: (3, 3)),
    WindowCase(channels: 40, outChannels: 300, height: 7, width: 7, kernel: (3, 3), pad: (1, 1)),
    WindowCase(channels: 64, outChannels: 20, height: 40, width: 40, kernel: (3, 3), pad: (1, 1)),
    WindowCase(channels: 4, outChannels: 4, height: 4, width: 4, kernel: (1, 1), pad: (1, 0)),
  ]

  @Test(arguments: cases)
  func matchesPlainLoops(form: WindowCase) throws {
    var noise = Noise()
    let window = form.window
    let plan = ConvolutionPlan(window: window, groups: form.groups, outChannels: form.outChannels)
    let x = try Guarded(noise.values(window.inputCount))
    let w = try Guarded(noise.values(plan.weightCount))
    let bias = try Guarded(noise.values(form.outChannels))
    let (xs, ws, bs) = (x.slice.values(), w.slice.values(), bias.slice.values())
    let perGroup = form.channels / form.groups
    let outPerGroup = form.outChannels / form.groups
    let (taps, pixels) = (form.kernel.0 * form.kernel.1, window.outPixels)
    var sums = [Double](repeating: 0, count: plan.outputCount)
    form.forEachTap { plane, out, tap, pixel in
      let (image, channel) = (plane / form.channels, plane % form.channels)
      let group = channel / perGroup
      for o in (group * outPerGroup)..<((group + 1) * outPerGroup) {
        sums[(image * form.outChannels + o) * pixels + out] +=
          Double(xs[plane * form.height * form.width + pixel])
          * Double(ws[(o * perGroup + channel % perGroup) * taps + tap])
      }
    }
    let expected = sums.enumerated().map { i, sum in
      max(Float(sum) + bs[i / max(pixels, 1) % form.outChannels], 0)
    }
    let y = try sameBits(count: plan.outputCount) { output, threads in
      convolve(
        plan, x.slice, weight: w.slice, into: output,
        epilogue: Epilogue(bias: bias.slice, function: .relu),
        scratch: try Guarded(count: plan.scratchPerThread * threads).slice, threads: threads)
    }
    expectClose(y, expected, within: 2e-6)
  }

  @Test(
    arguments: [
      WindowCase(channels: 3, height: 9, width: 30, kernel: (3, 3), pad: (1, 1)),
      WindowCase(
        batch: 2, channels: 2, height: 21, width: 37, kernel: (3, 3), stride: (2, 2), pad: (1, 1)),
      WindowCase(channels: 2, height: 33, width: 35, kernel: (5, 5), stride: (2, 2), pad: (2, 2)),
      WindowCase(channels: 2, height: 9, width: 32, kernel: (3, 3), pad: (2, 2), dilation: (2, 2)),
      WindowCase(channels: 2, height: 9, width: 40, kernel: (2, 4), stride: (3, 3)),
      WindowCase(channels: 1, height: 1, width: 1, kernel: (3, 3), pad: (1, 1)),
      WindowCase(channels: 1, height: 3, width: 16, kernel: (1, 1), stride: (2, 2)),
    ], [1, 2])
  func depthwise(form: WindowCase, multiplier: Int) throws {
    var noise = Noise()
    let window = form.window
    let outChannels = form.channels * multiplier
    let taps = form.kernel.0 * form.kernel.1
    let x = try Guarded(noise.values(window.inputCount))
    let w = try Guarded(noise.values(outChannels * taps))
    let (xs, ws) = (x.slice.values(), w.slice.values())
    let pixels = window.outPixels
    var sums = [Float](repeating: 0, count: form.batch * outChannels * pixels)
    form.forEachTap { plane, out, tap, pixel in
      let (image, channel) = (plane / form.channels, plane % form.channels)
      for m in 0..<multiplier {
        let o = channel * multiplier + m
        sums[(image * outChannels + o) * pixels + out] +=
          xs[plane * form.height * form.width + pixel] * ws[o * taps + tap]
      }
    }
    let y = try sameBits(count: sums.count) {
      convolveDepthwise(
        window, multiplier: multiplier, x.slice, weight: w.slice, into: $0, threads: $1)
    }
    expectClose(y, sums)
  }

  static let pools: [WindowCase] = [
    WindowCase(channels: 2, height: 11, width: 35, kernel: (3, 3), stride: (2, 2), pad: (1, 1)),
    WindowCase(channels: 2, height: 10, width: 13, kernel: (2, 2), stride: (2, 2)),
    WindowCase(channels: 1, height: 8, width: 21, kernel: (5, 5), pad: (2, 2)),
    WindowCase(
      channels: 1, height: 8, width: 9, kernel: (3, 2), stride: (3, 3), pad: (1, 1), ceil: true),
    WindowCase(batch: 3, channels: 2, height: 1, width: 1),
  ]

  @Test(arguments: pools)
  func pooling(form: WindowCase) throws {
    var noise = Noise()
    let window = form.window
    var xs = noise.values(window.inputCount)
    xs[xs.count / 2] = .nan
    let x = try Guarded(xs)
    let (planes, pixels) = (form.batch * form.channels, window.outPixels)
    var largest = [Float](repeating: -.infinity, count: planes * pixels)
    var sums = [Float](repeating: 0, count: planes * pixels)
    var counts = [Int](repeating: 0, count: planes * pixels)
    form.forEachTap { plane, out, _, pixel in
      let value = xs[plane * form.height * form.width + pixel]
      let place = plane * pixels + out
      largest[place] = value.isNaN || largest[place].isNaN ? .nan : max(largest[place], value)
      sums[place] += value
      counts[place] += 1
    }
    func pooled(_ function: PoolFunction) throws -> [Float] {
      try sameBits(count: planes * pixels) {
        pool(function, window, x.slice, into: $0, threads: $1)
      }
    }
    expectClose(try pooled(.maximum), largest, within: 0)
    expectClose(
      try pooled(.average(.insideImage)), zip(sums, counts).map { $0 / Float($1) })
    expectClose(try pooled(.average(.fixed(7))), sums.map { $0 / 7 })
    if !form.ceil {
      let taps = Float(form.kernel.0 * form.kernel.1)
      expectClose(try pooled(.average(.paddedWindow)), sums.map { $0 / taps })
    }
  }

  @Test(arguments: [(7, 9, 3, 4), (5, 5, 1, 1), (2, 3, 4, 5), (6, 6, 6, 6)])
  func adaptivePooling(height: Int, width: Int, outHeight: Int, outWidth: Int) throws {
    var noise = Noise()
    let x = try Guarded(noise.values(3 * height * width))
    let xs = x.slice.values()
    var expected: [Float] = []
    for plane in 0..<3 {
      for oy in 0..<outHeight {
        for ox in 0..<outWidth {
          var (sum, count) = (0.0, 0.0)
          for iy in 0..<height where iy >= oy * height / outHeight {
            guard iy * outHeight < (oy + 1) * height else { continue }
            for ix in 0..<width where ix >= ox * width / outWidth {
              guard ix * outWidth < (ox + 1) * width else { continue }
              sum += Double(xs[(plane * height + iy) * width + ix])
              count += 1
            }
          }
          expected.append(Float(sum / count))
        }
      }
    }
    let y = try sameBits(count: expected.count) {
      adaptiveAveragePool(
        planes: 3, height: height, width: width, outHeight: outHeight, outWidth: outWidth,
        x.slice, into: $0, threads: $1)
    }
    expectClose(y, expected)
  }
}
