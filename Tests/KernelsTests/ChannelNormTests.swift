import MartletKernels
import Testing

struct ChannelNormTests {
  static func normalized(
    _ values: [Double], _ weight: [Float]?, _ bias: [Float]?
  ) -> [Float] {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let factor = 1 / (squares / Double(values.count) + 1e-5).squareRoot()
    return values.indices.map { i in
      Float((values[i] - mean) * factor * Double(weight?[i] ?? 1) + Double(bias?[i] ?? 0))
    }
  }

  /// Where an element lies in its layout.
  static func place(
    _ layout: ChannelLayout, _ image: Int, _ channel: Int, _ pixel: Int, channels: Int,
    spatial: Int, lanes: Int
  ) -> Int {
    if layout == .last { return (image * spatial + pixel) * channels + channel }
    let blocks = (channels + lanes - 1) / lanes
    return ((image * blocks + channel / lanes) * spatial + pixel) * lanes + channel % lanes
  }

  @Test(arguments: [1, 8, 17, 48, 96], KernelMode.available)
  func channels(channels: Int, instructionSet: InstructionSet) throws {
    let (batch, lanes) = (2, instructionSet.lanes)
    for (from, to) in [
      (ChannelLayout.blocked, ChannelLayout.last), (.last, .blocked), (.blocked, .blocked),
      (.last, .last),
    ] {
      for spatial in [0, 1, 4, 7, 400] {
        for isAffine in [true, false] {
          let kernel = try ChannelNormKernel(
            batch: batch, channels: channels, spatial: spatial, input: from, output: to,
            epsilon: 1e-5, hasWeight: isAffine, hasBias: isAffine,
            instructionSet: instructionSet)
          var noise = Noise()
          let (weight, bias) = (
            try Guarded(noise.values(channels)), try Guarded(noise.values(channels))
          )
          // What lies beyond the channels reaches none of them.
          var xs = [Float](repeating: .nan, count: kernel.inputCount)
          var expected: [Int: Float] = [:]
          for image in 0..<batch {
            for pixel in 0..<spatial {
              let values = noise.values(channels).map { $0 * 3 + 1 }
              let results = Self.normalized(
                values.map(Double.init), isAffine ? weight.slice.values() : nil,
                isAffine ? bias.slice.values() : nil)
              for channel in 0..<channels {
                let inPlace = Self.place(
                  from, image, channel, pixel, channels: channels, spatial: spatial,
                  lanes: lanes)
                let outPlace = Self.place(
                  to, image, channel, pixel, channels: channels, spatial: spatial, lanes: lanes)
                xs[inPlace] = values[channel]
                expected[outPlace] = results[channel]
              }
            }
          }
          let x = try Guarded(xs)
          let y = try sameBits(count: kernel.outputCount) { y, threads in
            kernel.run(
              x.slice, weight: isAffine ? weight.slice : nil, bias: isAffine ? bias.slice : nil,
              into: y, threads: threads)
          }
          let places = expected.keys.sorted()
          expectClose(
            places.map { y[$0] }, places.map { expected[$0] ?? .nan }, within: 4e-6,
            "\(from) \(to) \(spatial)")
        }
      }
    }
  }

  @Test(arguments: [(32, 1), (32, 2), (6, 3), (5, 5), (64, 4)], KernelMode.available)
  func groups(form: (Int, Int), instructionSet: InstructionSet) throws {
    let ((channels, groups), batch, lanes) = (form, 2, instructionSet.lanes)
    for spatial in [1, 5, 16, 131] {
      for format in [ImageFormat.plain, .blocked] {
        guard
          let kernel = try GroupNormKernel(
            format: format, batch: batch, channels: channels, spatial: spatial, groups: groups,
            epsilon: 1e-5, hasWeight: true, hasBias: true, instructionSet: instructionSet)
        else {
          #expect(format == .blocked && channels / groups % lanes != 0)
          continue
        }
        var noise = Noise()
        let (weight, bias) = (
          try Guarded(noise.values(channels)), try Guarded(noise.values(channels))
        )
        let (ws, bs) = (weight.slice.values(), bias.slice.values())
        let perGroup = channels / groups
        var xs = [Float](repeating: 0, count: batch * channels * spatial)
        var expected = xs
        for image in 0..<batch {
          for group in 0..<groups {
            let values = noise.values(perGroup * spatial).map { $0 * 3 - 2 }
            let own = (0..<(perGroup * spatial)).map { group * perGroup + $0 / spatial }
            let results = Self.normalized(
              values.map(Double.init), own.map { ws[$0] }, own.map { bs[$0] })
            for (index, channel) in own.enumerated() {
              let place =
                format == .plain
                ? (image * channels + channel) * spatial + index % spatial
                : Self.place(
                  .blocked, image, channel, index % spatial, channels: channels,
                  spatial: spatial, lanes: lanes)
              xs[place] = values[index]
              expected[place] = results[index]
            }
          }
        }
        let x = try Guarded(xs)
        let y = try sameBits(count: xs.count) {
          kernel.run(
            x.slice, weight: weight.slice, bias: bias.slice, into: $0, threads: $1)
        }
        expectClose(y, expected, within: 4e-6, "\(format) \(spatial)")
      }
    }
  }

  /// Natively and interpreted.
  @Test(arguments: InstructionSet.allCases)
  func sameBitsInterpreted(instructionSet: InstructionSet) throws {
    let (channels, pixels, lanes) = (37, 6, instructionSet.lanes)
    var noise = Noise()
    _ = try runEverywhere(
      ChannelNormSpecification(
        instructionSet: instructionSet, hasWeight: true, hasBias: true
      ).program(),
      [
        .integer(pixels / 4), .integer(pixels % 4), .integer(channels / lanes),
        .integer(channels % lanes), .address(buffer: 0, byteOffset: 0), .integer(channels * 4),
        .integer(lanes * 4), .address(buffer: 1, byteOffset: 0), .integer(lanes * 4),
        .integer(lanes * pixels * 4), .address(buffer: 2, byteOffset: 0),
        .address(buffer: 3, byteOffset: 0), .address(buffer: 4, byteOffset: 0),
      ],
      [
        noise.values(channels * pixels), [Float](repeating: 0, count: 48 * pixels),
        noise.values(channels), noise.values(channels), [Float(channels), 1e-5],
      ])
    let spatial = 19 * lanes
    for isBlocked in [true, false] {
      _ = try runEverywhere(
        GroupNormSpecification(
          instructionSet: instructionSet, isBlocked: isBlocked, hasWeight: true, hasBias: true
        ).program(),
        [
          .integer(2 * spatial / (4 * lanes)), .integer(2 * spatial % (4 * lanes) / lanes),
          .integer(0), .integer(spatial / (4 * lanes)),
          .integer(spatial % (4 * lanes) / lanes), .integer(0), .integer(2),
          .integer(spatial * 4), .address(buffer: 0, byteOffset: 0),
          .address(buffer: 1, byteOffset: 0), .address(buffer: 2, byteOffset: 0),
          .address(buffer: 3, byteOffset: 0), .address(buffer: 4, byteOffset: 0),
        ],
        [
          noise.values(2 * spatial), [Float](repeating: 0, count: 2 * spatial),
          noise.values(2 * lanes), noise.values(2 * lanes), [Float(2 * spatial), 1e-5],
        ])
    }
  }
}
