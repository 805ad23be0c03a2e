import MartletOps
import MartletTensor

/// How far two results are apart, by the rule of `torch.jit.trace`'s check: each element within
/// `atol + rtol * |model's|`, NaN equal to NaN, whole numbers exactly.
enum ValueDifference {
  /// Says how the trace's value differs from the model's, or nil when it does not.
  static func between(_ trace: Value, _ model: Value, tolerance: Double) throws -> String? {
    switch (trace, model) {
    case (.tensor(let a), .tensor(let b)): return try between(a, b, tolerance: tolerance)
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      guard a.count == b.count else { return "\(a.count) items, the model gives \(b.count)" }
      for (index, pair) in zip(a, b).enumerated() {
        if let found = try between(pair.0, pair.1, tolerance: tolerance) {
          return "item \(index): \(found)"
        }
      }
      return nil
    default:
      return trace.summary == model.summary
        ? nil : "\(trace.summary), the model gives \(model.summary)"
    }
  }

  private static func between(_ trace: Tensor, _ model: Tensor, tolerance: Double) throws
    -> String?
  {
    guard trace.sizes == model.sizes else {
      return "sizes \(trace.sizes), the model gives \(model.sizes)"
    }
    guard trace.dtype == model.dtype else {
      return "\(trace.dtype), the model gives \(model.dtype)"
    }
    if trace.isMeta || model.isMeta { return nil }
    if trace.dtype.isComplex {
      return try between(trace.viewedAsReal(), model.viewedAsReal(), tolerance: tolerance)
    }
    guard trace.dtype.isFloatingPoint else {
      let a = try trace.converted(to: .int64).elements(as: Int64.self)
      let b = try model.converted(to: .int64).elements(as: Int64.self)
      guard let index = a.indices.first(where: { a[$0] != b[$0] }) else { return nil }
      return "\(a[index]) at element \(index), the model gives \(b[index])"
    }
    let a = try trace.converted(to: .float64).elements(as: Double.self)
    let b = try model.converted(to: .float64).elements(as: Double.self)
    let absolute = trace.dtype == .float64 ? 1e-7 : 1e-5
    var largest = 0.0
    var relative = 0.0
    var isWithin = true
    for index in a.indices where a[index] != b[index] && !(a[index].isNaN && b[index].isNaN) {
      let difference = abs(a[index] - b[index])
      if !(difference <= absolute + tolerance * abs(b[index])) || b[index].isInfinite {
        isWithin = false
      }
      // A difference from infinity or NaN is as large as can be.
      largest = max(largest, difference.isNaN ? .infinity : difference)
      let ratio = difference / abs(b[index])
      relative = max(relative, ratio.isNaN ? .infinity : ratio)
    }
    if isWithin { return nil }
    return "largest absolute difference \(short(largest)), relative \(short(relative)); allowed "
      + "\(short(absolute)) + \(short(tolerance)) of the model's value"
  }

  /// Four significant digits.
  static func short(_ number: Double) -> String {
    guard number.isFinite, abs(number) > 1e-300 else { return "\(number)" }
    var scale = 1.0
    while abs(number) * scale < 1000 { scale *= 10 }
    return "\((number * scale).rounded() / scale)"
  }
}
