import MartletTensor

/// Convolution whose taps are moved by offsets that the network computes.
package enum DeformableConvolution {
  package static let operators: [Operator] = [deformConv2d]

  /// `input: [N, C, H, W]`, `weight: [O, C / groups, KH, KW]`, `offset: [N, 2·G·KH·KW, OH, OW]` as
  /// (y, x) for each tap of each of G groups of channels, `mask: [N, G·KH·KW, OH, OW]` (read where
  /// `use_mask`), `bias: [O]`. What lies outside the image is zero.
  static let deformConv2d = Operator(
    "torchvision::deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, "
      + "Tensor bias, SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, "
      + "SymInt dilation_h, SymInt dilation_w, SymInt groups, SymInt offset_groups, "
      + "bool use_mask) -> Tensor",
    .kernel(
      infer: { [try Call($0).spec] },
      compute: { arguments, results in
        let call = try Call(arguments)
        if results[0].count == 0 { return }
        if results[0].dtype == .float64 {
          try call.evaluate(Double.self, results[0])
        } else {
          try call.evaluate(Float.self, results[0])
        }
      }))

  private struct Call {
    let convolution: ConvolutionCall
    let offset: Tensor
    let mask: Tensor?
    let offsetGroups: Int

    init(_ arguments: Arguments) throws {
      func two(_ name: String) throws -> [Int] {
        [try arguments.int("\(name)_h"), try arguments.int("\(name)_w")]
      }
      let input = try arguments.tensor("input")
      try input.dtype.requireFloating("deform_conv2d")
      convolution = try ConvolutionCall(
        input: input, weight: try arguments.tensor("weight"), bias: try arguments.tensor("bias"),
        stride: try two("stride"), padding: try two("pad"), dilation: try two("dilation"),
        groups: try arguments.int("groups"))
      offset = try arguments.tensor("offset")
      mask = try arguments.bool("use_mask") ? try arguments.tensor("mask") : nil
      offsetGroups = try arguments.int("offset_groups")
      guard offsetGroups > 0, input.sizes[1] % offsetGroups == 0 else {
        throw MartletError(
          .argument,
          "deform_conv2d: offset_groups must divide the \(input.sizes[1]) channels, got "
            + "\(offsetGroups)")
      }
      let taps = offsetGroups * convolution.kernel.reduce(1, *)
      for (name, tensor, count) in [("offset", offset, 2 * taps), ("mask", mask, taps)] {
        let sizes = [input.sizes[0], count] + convolution.outputSizes
        guard let tensor, tensor.sizes != sizes || tensor.dtype != input.dtype else { continue }
        throw MartletError(
          .shape,
          "deform_conv2d: expected \(name) \(input.dtype)\(sizes), got "
            + "\(tensor.dtype)\(tensor.sizes)")
      }
    }

    var spec: TensorSpec { convolution.spec }

    func evaluate<T: RealElement>(_ type: T.Type, _ result: Tensor) throws {
      let call = convolution
      let (channels, windows) = (call.input.sizes[1], call.outputSizes.reduce(1, *))
      let taps = call.kernel.reduce(1, *)
      let groupDepth = call.weight.sizes[1] * taps
      let groupOutputs = call.weight.sizes[0] / call.groups
      let weights = try call.weight.converted(to: T.dtype).compacted()
      let columns = try Tensor.allocate([channels * taps, windows], T.dtype)
      let bias = try call.bias?.converted(to: T.dtype).reshapedView([call.outputChannels, 1, 1])
      try MatrixProducts.filling(result, startingFrom: bias) {
        target in
        for n in 0..<call.input.sizes[0] {
          try gather(type, n, into: columns)
          for group in 0..<call.groups {
            try matrixProduct(
              Matrices(
                weights, rows: groupOutputs, columns: groupDepth,
                offset: group * groupOutputs * groupDepth),
              Matrices(
                columns, rows: groupDepth, columns: windows, offset: group * groupDepth * windows),
              into: Matrices(
                target, rows: groupOutputs, columns: windows,
                offset: (n * call.groups + group) * groupOutputs * windows),
              accumulate: true)
          }
        }
      }
    }

    /// The moved taps of image `n` as columns.
    private func gather<T: RealElement>(_ type: T.Type, _ n: Int, into columns: Tensor) throws {
      let call = convolution
      let (channels, height, width) = (
        call.input.sizes[1], call.input.sizes[2], call.input.sizes[3]
      )
      let (rows, lines) = (call.outputSizes[0], call.outputSizes[1])
      let taps = call.kernel.reduce(1, *)
      let shifts: [T] = try offset.selectedView(0, n).converted(to: T.dtype).elements()
      let factors: [T]? = try mask?.selectedView(0, n).converted(to: T.dtype).elements()
      try call.input.selectedView(0, n).withElements(as: T.self) { image in
        try columns.writeUnshared(as: T.self) { to in
          func element(_ plane: Int, _ y: Int, _ x: Int) -> T {
            y >= 0 && y < height && x >= 0 && x < width ? image[plane + y * width + x] : 0
          }
          var next = 0
          for channel in 0..<channels {
            let group = channel / (channels / offsetGroups)
            for tap in 0..<taps {
              let (i, j) = (tap / call.kernel[1], tap % call.kernel[1])
              for window in 0..<(rows * lines) {
                let at = (group * taps + tap) * rows * lines + window
                let shift = 2 * (group * taps + tap) * rows * lines + window
                let y =
                  T(window / lines * call.stride[0] - call.padding[0] + i * call.dilation[0])
                  + shifts[shift]
                let x =
                  T(window % lines * call.stride[1] - call.padding[1] + j * call.dilation[1])
                  + shifts[shift + rows * lines]
                var value = T.zero
                if y > -1, y < T(height), x > -1, x < T(width) {
                  let (top, left) = (y.rounded(.down), x.rounded(.down))
                  let (down, across) = (y - top, x - left)
                  let (r, c, plane) = (Int(top), Int(left), channel * height * width)
                  value =
                    (1 - down) * (1 - across) * element(plane, r, c)
                    + (1 - down) * across * element(plane, r, c + 1)
                    + down * (1 - across) * element(plane, r + 1, c)
                    + down * across * element(plane, r + 1, c + 1)
                }
                to[next] = value * (factors?[at] ?? 1)
                next += 1
              }
            }
          }
        }
      }
    }
  }
}
