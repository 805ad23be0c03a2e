import MartletOps
import MartletTensor

/// Says how two values differ beyond the tolerance, or nil when they agree: shapes, dtypes and
/// whole numbers exactly; floating-point ones by largest absolute difference over largest
/// absolute value; NaN and infinities in the same places.
public func difference(_ got: Value, _ expected: Value, tolerance: Double) throws -> String? {
  switch (got, expected) {
  case (.tensor(let a), .tensor(let b)):
    return try difference(a, b, tolerance: tolerance)
  case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)), (.list(let a), .tuple(let b)):
    guard a.count == b.count else { return "\(a.count) results, expected \(b.count)" }
    for (index, pair) in zip(a, b).enumerated() {
      if let found = try difference(pair.0, pair.1, tolerance: tolerance) {
        return "item \(index): \(found)"
      }
    }
    return nil
  case (.double(let a), .double(let b)):
    return a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * max(abs(b), 1)
      ? nil : "got \(a), expected \(b)"
  case (.complex(let a, let b), .complex(let c, let d)):
    return try difference(
      .tuple([.double(a), .double(b)]), .tuple([.double(c), .double(d)]), tolerance: tolerance)
  case (.packed(let a), .packed(let b)):
    return a.className == b.className
      ? try difference(a.state, b.state, tolerance: tolerance)
      : "\(a.className), expected \(b.className)"
  default:
    return got.summary == expected.summary && got.kindName == expected.kindName
      ? nil : "got \(got.summary), expected \(expected.summary)"
  }
}

public func difference(_ got: Tensor, _ expected: Tensor, tolerance: Double) throws -> String? {
  guard got.sizes == expected.sizes else {
    return "sizes \(got.sizes), expected \(expected.sizes)"
  }
  guard got.dtype == expected.dtype else { return "\(got.dtype), expected \(expected.dtype)" }
  if got.dtype.isComplex {
    return try difference(got.viewedAsReal(), expected.viewedAsReal(), tolerance: tolerance)
  }
  if got.isQuantized || expected.isQuantized {
    guard got.quantizer?.rounded == expected.quantizer?.rounded else {
      return "\(got.quantizer.map { "\($0)" } ?? "plain"), expected "
        + "\(expected.quantizer.map { "\($0)" } ?? "plain")"
    }
    return try difference(
      got.storedNumbers, expected.storedNumbers, steps: tolerance >= 1 ? Int64(tolerance) : 0)
  }
  let a: [Double] = try got.converted(to: .float64).elements()
  let b: [Double] = try expected.converted(to: .float64).elements()
  if !got.dtype.isFloatingPoint {
    let wrong = zip(
      try got.converted(to: .int64).elements(as: Int64.self),
      try expected.converted(to: .int64).elements(as: Int64.self)
    ).enumerated().first {
      $0.element.0 != $0.element.1
    }
    return wrong.map { "at \($0.offset): got \($0.element.0), expected \($0.element.1)" }
  }
  let largest = b.filter(\.isFinite).map(abs).max() ?? 0
  // One unit in the last place of the narrow types is far above the float32 tolerance.
  let unit: Double =
    switch got.dtype {
    case .float16: 1.0 / 1024
    case .bfloat16: 1.0 / 128
    default: 0
    }
  let allowed = max(tolerance, unit) * max(largest, 1e-30)
  for (index, (x, y)) in zip(a, b).enumerated() {
    if x == y || (x.isNaN && y.isNaN) { continue }
    guard x.isFinite, y.isFinite, abs(x - y) <= allowed else {
      return "at \(index): got \(x), expected \(y), allowed difference \(allowed)"
    }
  }
  return nil
}

/// Stored numbers of quantised tensors, which may lie this far from each other.
private func difference(_ got: Tensor, _ expected: Tensor, steps: Int64) throws -> String? {
  let a = try got.converted(to: .int64).elements(as: Int64.self)
  let b = try expected.converted(to: .int64).elements(as: Int64.self)
  let wrong = zip(a, b).enumerated().first { abs($0.element.0 - $0.element.1) > steps }
  return wrong.map { "at \($0.offset): got the number \($0.element.0), expected \($0.element.1)" }
}

extension Quantizer {
  /// With scales of float32, as PyTorch's packed weights keep them.
  fileprivate var rounded: Quantizer {
    switch self {
    case .perTensor(let scale, let point): .perTensor(scale: Double(Float(scale)), zeroPoint: point)
    case .perChannel(let scales, let points, let axis):
      .perChannel(scales: scales.map { Double(Float($0)) }, zeroPoints: points, axis: axis)
    case .perChannelFloat: self
    }
  }
}
