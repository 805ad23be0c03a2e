import MartletTensor

/// The fake quantisation of models in quantisation-aware training, which observes what it
/// quantises.
enum ObservedQuantization {
  package static let operators: [Operator] = [fused]

  /// While `observer_on` is one, moves `running_min` and `running_max` towards the tensor's ends
  /// and sets `scale` and `zero_point` by them; while `fake_quant_on` is one, gives the values moved
  /// to those of the scheme, else the tensor.
  static let fused = Operator(
    "aten::fused_moving_avg_obs_fake_quant(Tensor self, Tensor observer_on, "
      + "Tensor fake_quant_on, Tensor(a!) running_min, Tensor(b!) running_max, "
      + "Tensor(c!) scale, Tensor(d!) zero_point, float averaging_const, int quant_min, "
      + "int quant_max, int ch_axis, bool per_row_fake_quant=False, bool symmetric_quant=False) "
      + "-> Tensor",
    .mutating { arguments in
      let x = try arguments.tensor("self")
      let isPerRow = try arguments.bool("per_row_fake_quant")
      let axis = isPerRow ? try arguments.dim("ch_axis", rank: x.dim) : 0
      if x.isMeta { return [.tensor(try x.placeholder())] }
      if try arguments.tensor("observer_on").scalar(as: Int64.self) == 1 {
        try observe(x, arguments, axis: isPerRow ? axis : nil)
      }
      guard try arguments.tensor("fake_quant_on").scalar(as: Int64.self) == 1 else {
        return [.tensor(x)]
      }
      let (scale, point) = (arguments["scale"], arguments["zero_point"])
      let (low, high) = (arguments["quant_min"], arguments["quant_max"])
      return [
        .tensor(
          isPerRow
            ? try FakeQuantization.perChannel(
              .tensor(x), scale, point, axis.value, low, high)
            : try FakeQuantization.perTensorByTensors(.tensor(x), scale, point, low, high))
      ]
    })

  private static func observe(_ x: Tensor, _ arguments: Arguments, axis: Int?) throws {
    let ranges = try ends(x, axis: axis)
    let (least, largest) = (
      try arguments.tensor("running_min"), try arguments.tensor("running_max")
    )
    let weight = Float(try arguments.double("averaging_const"))
    func moved(_ tensor: Tensor, _ seen: [Float]) throws -> [Float] {
      var running = try tensor.converted(to: .float32).elements(as: Float.self)
      // A first call makes as many as there are rows.
      if running.count != seen.count { running = seen.map { _ in .infinity } }
      return zip(running, seen).map { $0.isInfinite ? $1 : $0 + weight * ($1 - $0) }
    }
    let lows = try moved(least, ranges.map(\.low))
    let highs = try moved(largest, ranges.map(\.high))
    let isSymmetric = try arguments.bool("symmetric_quant")
    let (first, last) = (try arguments.int("quant_min"), try arguments.int("quant_max"))
    var scales: [Float] = []
    var points: [Int32] = []
    for (low, high) in zip(lows, highs) {
      let scheme = try ValueRange(low, high).scheme(first, last, isSymmetric: isSymmetric)
      guard case .perTensor(let scale, let point) = scheme else { continue }
      scales.append(Float(scale))
      points.append(Int32(truncatingIfNeeded: point))
    }
    try write(lows, "running_min", arguments)
    try write(highs, "running_max", arguments)
    try write(scales, "scale", arguments)
    try write(points, "zero_point", arguments)
  }

  private static func write<T: TensorElement>(
    _ values: [T], _ name: String, _ arguments: Arguments
  ) throws {
    let target = try arguments.tensor(name)
    guard target.layout.count == values.count else {
      throw MartletError(
        .shape, "'\(name)' should have \(values.count) elements, got \(target.sizes)")
    }
    try target.assign(try Tensor(values, shape: target.sizes))
  }

  /// The least and the largest value, of each entry of the axis if there is one.
  private static func ends(_ x: Tensor, axis: Int?) throws -> [ValueRange] {
    guard x.dtype == .float32, x.layout.count > 0 else {
      throw MartletError(
        .dtype, "observed quantisation takes float32 tensors with elements, got \(x.summaryText)")
    }
    let parts = axis.map { axis in (0..<x.sizes[axis]).map { x.selectedView(axis, $0) } } ?? [x]
    return try parts.map { part in
      try part.withElements(as: Float.self) { span in
        var (low, high) = (span[0], span[0])
        for i in span.indices {
          low = min(low, span[i])
          high = max(high, span[i])
        }
        return ValueRange(low, high)
      }
    }
  }
}

extension Tensor {
  fileprivate var summaryText: String { "\(dtype)\(sizes)" }
}
