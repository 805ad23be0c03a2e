import MartletKernels
import MartletTensor

/// How the elements of one axis of a resized image are mixed from the source's.
package struct ResizeAxis: Sendable {
  /// For each element of the result `taps` source positions …
  package var positions: [Int] = []
  /// … and their weights, as computed in the result's compute type.
  package var weights: [Double] = []
  package let taps: Int

  package static let one = ResizeAxis(positions: [0], weights: [1], taps: 1)

  private init(positions: [Int], weights: [Double], taps: Int) {
    self.positions = positions
    self.weights = weights
    self.taps = taps
  }

  package var count: Int { positions.count / taps }
}

extension ResizeAxis {
  /// One source element each; always computed in float32, as PyTorch does.
  ///
  /// - Parameter exact: from the middle of the result's element rather than its edge.
  package static func nearest(_ source: Int, _ target: Int, scale: Double?, exact: Bool)
    -> ResizeAxis
  {
    let step: Float = ratio(source, target, scale)
    let positions = (0..<target).map { index in
      let place = exact ? Float((Double(index) + 0.5) * Double(step)) : Float(index) * step
      return min(Int(place.rounded(.down)), source - 1)
    }
    return ResizeAxis(
      positions: positions, weights: Array(repeating: 1, count: target), taps: 1)
  }

  /// The two neighbours, weighted by distance.
  package static func linear<T: RealElement>(
    _: T.Type, _ source: Int, _ target: Int, scale: Double?, alignCorners: Bool
  ) -> ResizeAxis {
    var axis = ResizeAxis(positions: [], weights: [], taps: 2)
    let step: T = spacing(source, target, scale, alignCorners)
    for index in 0..<target {
      if source == target {
        axis.positions += [index, index]
        axis.weights += [1, 0]
        continue
      }
      let place =
        alignCorners ? step * T(index) : max(step * (T(index) + T(0.5)) - T(0.5), 0)
      let first = min(Int(place), source - 1)
      let weight = min(max(place - T(first), 0), 1)
      axis.positions += [first, min(first + 1, source - 1)]
      axis.weights += [(1 - weight).double, weight.double]
    }
    return axis
  }

  /// What weighs source elements by their distance when an image is made smaller.
  package enum Filter: Sendable {
    /// A triangle; Keys' cubic convolution with a = -0.5; a sinc windowed by a wider one.
    case triangle, cubic, lanczos

    /// Where it ends, in widths.
    var reach: Int {
      switch self {
      case .triangle: 1
      case .cubic: 2
      case .lanczos: 3
      }
    }

    func weight(_ x: Double) -> Double {
      switch self {
      case .triangle: return max(1 - x, 0)
      case .cubic:
        let a = -0.5
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
      case .lanczos: return x < 3 ? Filter.sinc(x) * Filter.sinc(x / 3) : 0
      }
    }

    private static func sinc(_ x: Double) -> Double {
      x == 0 ? 1 : Libm.sin(x * .pi) / (x * .pi)
    }
  }

  /// Every source element under a filter that is as wide as an element of the result, or of the
  /// source where that is larger.
  package static func antialiased<T: RealElement>(
    _: T.Type, _ source: Int, _ target: Int, scale: Double?, alignCorners: Bool, filter: Filter
  ) -> ResizeAxis {
    let step: T = spacing(source, target, scale, alignCorners)
    let width = max(step, 1)
    let reach = T(filter.reach) * width
    let taps = Int((reach * 2).double.rounded(.up)) + 1
    var axis = ResizeAxis(positions: [], weights: [], taps: taps)
    for index in 0..<target {
      let middle = step * (T(index) + T(0.5))
      let first = max(Int((middle - reach + T(0.5)).double), 0)
      let end = min(Int((middle + reach + T(0.5)).double), source)
      var weights = (first..<max(end, first)).map { position in
        let distance = (T(position) - middle + T(0.5)) / width
        return filter.weight(abs(distance.double))
      }
      let total = weights.reduce(0, +)
      if total != 0 { weights = weights.map { $0 / total } }
      for tap in 0..<taps {
        axis.positions.append(min(first + tap, source - 1))
        axis.weights.append(tap < weights.count ? weights[tap] : 0)
      }
    }
    return axis
  }

  /// The four neighbours, by the cubic convolution of Keys with a = -0.75.
  package static func cubic<T: RealElement>(
    _: T.Type, _ source: Int, _ target: Int, scale: Double?, alignCorners: Bool
  ) -> ResizeAxis {
    var axis = ResizeAxis(positions: [], weights: [], taps: 4)
    let step: T = spacing(source, target, scale, alignCorners)
    for index in 0..<target {
      let place = alignCorners ? step * T(index) : step * (T(index) + T(0.5)) - T(0.5)
      let first = min(Int(place.rounded(.down)), source - 1)
      let t = min(max(place - T(first), 0), 1)
      axis.positions += (-1...2).map { min(max(first + $0, 0), source - 1) }
      axis.weights += cubicWeights(t).map(\.double)
    }
    return axis
  }

  /// The weights of the four neighbours of a place `t` past the second.
  package static func cubicWeights<T: RealElement>(_ t: T) -> [T] {
    let a = T(-0.75)
    func near(_ x: T) -> T { ((a + 2) * x - (a + 3)) * x * x + 1 }
    func far(_ x: T) -> T { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return [far(t + 1), near(t), near(1 - t), far(2 - t)]
  }

  private static func spacing<T: RealElement>(
    _ source: Int, _ target: Int, _ scale: Double?, _ alignCorners: Bool
  ) -> T {
    if alignCorners { return target > 1 ? T(source - 1) / T(target - 1) : 0 }
    return ratio(source, target, scale)
  }

  /// Source elements per element of the result.
  private static func ratio<T: RealElement>(_ source: Int, _ target: Int, _ scale: Double?) -> T {
    if let scale, scale > 0 { return T(1 / scale) }
    return T(source) / T(target)
  }
}

/// Fills `result` with the resized planes of `x`; the last `axes.count` axes are resized.
package func resize<T: RealElement>(
  _: T.Type, _ x: Tensor, _ axes: [ResizeAxis], into result: Tensor
) throws {
  let all = Array(repeating: ResizeAxis.one, count: 3 - axes.count) + axes
  let sizes = Array(repeating: 1, count: 3 - axes.count) + x.sizes.suffix(axes.count)
  func weights(_ d: Int) -> [T] { all[d].weights.map { T(rounding: $0) } }
  // Arrays of arrays would be retained anew at every element.
  let (depthTaps, rowTaps, columnTaps) = (all[0].taps, all[1].taps, all[2].taps)
  let (depths, rows, columns) = (all[0].positions, all[1].positions, all[2].positions)
  let (depthWeights, rowWeights, columnWeights) = (weights(0), weights(1), weights(2))
  let (height, width) = (sizes[1], sizes[2])
  try x.withElements(as: T.self) { from in
    try result.fill(as: T.self) { to in
      var next = 0
      for plane in stride(from: 0, to: from.count, by: sizes.reduce(1, *)) {
        for d in 0..<(depths.count / depthTaps) {
          for h in 0..<(rows.count / rowTaps) {
            for w in 0..<(columns.count / columnTaps) {
              var volume = T.zero
              for i in (d * depthTaps)..<((d + 1) * depthTaps) {
                var area = T.zero
                for j in (h * rowTaps)..<((h + 1) * rowTaps) {
                  let line = plane + (depths[i] * height + rows[j]) * width
                  var sum = T.zero
                  for k in (w * columnTaps)..<((w + 1) * columnTaps) {
                    sum += from[line + columns[k]] * columnWeights[k]
                  }
                  area += rowTaps == 1 ? sum : sum * rowWeights[j]
                }
                volume += depthTaps == 1 ? area : area * depthWeights[i]
              }
              to[next] = volume
              next += 1
            }
          }
        }
      }
    }
  }
}
