/// How a picture's size is changed: as Pillow's filters of these names do, with their support
/// widened when a picture shrinks.
public enum ResamplingFilter: String, Sendable, CaseIterable {
  case bilinear, bicubic

  /// The filter's reach on either side of its centre, in pixels of the larger picture.
  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  func weight(_ x: Double) -> Double {
    let x = abs(x)
    switch self {
    case .bilinear: return x < 1 ? 1 - x : 0
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}

/// What each new pixel of a line takes of the old ones: Pillow's coefficients, 22 bits after the
/// point (`libImaging/Resample.c`).
struct ResamplingLine {
  static let precision = 22

  /// The first old pixel of each new one.
  private(set) var starts: [Int] = []
  /// How many old pixels each new one takes.
  private(set) var counts: [Int] = []
  /// `stride` numbers for each new pixel.
  private(set) var weights: [Int]
  let stride: Int

  init(from old: Int, to new: Int, _ filter: ResamplingFilter) {
    let scale = Double(old) / Double(new)
    let widening = max(scale, 1)
    let support = filter.support * widening
    stride = Int(support.rounded(.up)) * 2 + 1
    weights = [Int](repeating: 0, count: new * stride)
    for index in 0..<new {
      let center = (Double(index) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), old)
      let values = (start..<end).map {
        filter.weight((Double($0) - center + 0.5) * (1 / widening))
      }
      let sum = values.reduce(0, +)
      for (place, value) in values.enumerated() {
        let share = (sum == 0 ? value : value / sum) * Double(1 << Self.precision)
        weights[index * stride + place] = Int(share < 0 ? share - 0.5 : share + 0.5)
      }
      starts.append(start)
      counts.append(end - start)
    }
  }
}

extension Picture {
  /// The picture in another size, with Pillow's pixels (`Image.resize`).
  ///
  /// - Throws: `PictureError` when the size is not positive or too large.
  public func resized(
    width newWidth: Int, height newHeight: Int, filter: ResamplingFilter = .bilinear
  ) throws(PictureError) -> Picture {
    try Self.check(newWidth, newHeight)
    var result = self
    if newWidth != width {
      try Self.check(newWidth, height)
      result = result.resampledAcross(ResamplingLine(from: width, to: newWidth, filter))
    }
    if newHeight != height {
      result = result.resampledDown(ResamplingLine(from: height, to: newHeight, filter))
    }
    return result
  }

  private func resampledAcross(_ line: ResamplingLine) -> Picture {
    let newWidth = line.starts.count
    var target = [UInt8](repeating: 0, count: newWidth * height * 3)
    for y in 0..<height {
      for x in 0..<newWidth {
        var (red, green, blue) = (Self.half, Self.half, Self.half)
        var source = (y * width + line.starts[x]) * 3
        let first = x * line.stride
        for place in first..<(first + line.counts[x]) {
          let weight = line.weights[place]
          red &+= weight &* Int(bytes[source])
          green &+= weight &* Int(bytes[source + 1])
          blue &+= weight &* Int(bytes[source + 2])
          source += 3
        }
        let place = (y * newWidth + x) * 3
        target[place] = Self.level(red)
        target[place + 1] = Self.level(green)
        target[place + 2] = Self.level(blue)
      }
    }
    return Picture(checked: newWidth, height, target)
  }

  private func resampledDown(_ line: ResamplingLine) -> Picture {
    let newHeight = line.starts.count
    let rowLength = width * 3
    var target = [UInt8](repeating: 0, count: newHeight * rowLength)
    var sums = [Int](repeating: 0, count: rowLength)
    for y in 0..<newHeight {
      for i in 0..<rowLength { sums[i] = Self.half }
      for place in 0..<line.counts[y] {
        let weight = line.weights[y * line.stride + place]
        let source = (line.starts[y] + place) * rowLength
        for i in 0..<rowLength { sums[i] &+= weight &* Int(bytes[source + i]) }
      }
      let row = y * rowLength
      for i in 0..<rowLength { target[row + i] = Self.level(sums[i]) }
    }
    return Picture(checked: width, newHeight, target)
  }

  /// Half of a grey level, so that what is cut off was rounded.
  private static let half = 1 << (ResamplingLine.precision - 1)

  private static func level(_ sum: Int) -> UInt8 {
    UInt8(clamping: sum >> ResamplingLine.precision)
  }
}
