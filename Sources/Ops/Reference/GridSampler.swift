import MartletTensor

/// Finds the elements around a place of a grid, and their weights.
struct GridSampler<T: RealElement> {
  /// Depth, height, width.
  let sizes: [Int]
  let mode: Int
  let padding: Int
  let alignCorners: Bool

  struct Tap {
    let position: Int
    let weight: T
  }

  /// The elements of a plane that make the value at a place.
  func taps(x: T, y: T, z: T?) -> [Tap] {
    let depth = z.map { axis($0, sizes[0]) } ?? [(0, T(1))]
    let rows = axis(y, sizes[1])
    let columns = axis(x, sizes[2])
    var taps: [Tap] = []
    for (k, depthWeight) in depth {
      for (i, rowWeight) in rows {
        for (j, columnWeight) in columns {
          guard let k, let i, let j else { continue }
          taps.append(
            Tap(
              position: (k * sizes[1] + i) * sizes[2] + j,
              weight: depthWeight * rowWeight * columnWeight))
        }
      }
    }
    return taps
  }

  /// Along one axis: positions, nil outside, and weights.
  private func axis(_ coordinate: T, _ size: Int) -> [(Int?, T)] {
    let place =
      alignCorners
      ? (coordinate + 1) / 2 * T(size - 1) : ((coordinate + 1) * T(size) - 1) / 2
    if mode == 2 {
      let first = place.rounded(.down)
      return zip(-1...2, ResizeAxis.cubicWeights(place - first)).map { offset, weight in
        (inside(pad(first + T(offset), size), size), weight)
      }
    }
    let padded = pad(place, size)
    if mode == 1 { return [(inside(padded.rounded(.toNearestOrEven), size), 1)] }
    let first = padded.rounded(.down)
    return [
      (inside(first, size), first + 1 - padded), (inside(first + 1, size), padded - first),
    ]
  }

  private func inside(_ place: T, _ size: Int) -> Int? {
    place >= 0 && place < T(size) ? Int(place) : nil
  }

  private func pad(_ place: T, _ size: Int) -> T {
    switch padding {
    case 1: return clip(place, size)
    case 2:
      // Between the outer elements' centres, or between their edges.
      let doubledLow = alignCorners ? 0 : -1
      let doubledHigh = alignCorners ? 2 * (size - 1) : 2 * size - 1
      return clip(reflect(place, doubledLow, doubledHigh), size)
    default: return place
    }
  }

  /// What is not a number goes to the first element, as in PyTorch.
  private func clip(_ place: T, _ size: Int) -> T { min(T(size - 1), place > 0 ? place : 0) }

  private func reflect(_ place: T, _ doubledLow: Int, _ doubledHigh: Int) -> T {
    if doubledLow == doubledHigh { return 0 }
    let low = T(doubledLow) / 2
    let span = T(doubledHigh - doubledLow) / 2
    let distance = abs(place - low)
    let extra = distance.truncatingRemainder(dividingBy: span)
    let flips = (distance / span).rounded(.down)
    return flips.truncatingRemainder(dividingBy: 2) == 0 ? extra + low : span - extra + low
  }
}
