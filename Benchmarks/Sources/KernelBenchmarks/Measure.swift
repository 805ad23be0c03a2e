/// The median time of calls that last about a second together, in seconds.
func median(_ body: () throws -> Void) rethrows -> Double {
  try body()
  let clock = ContinuousClock()
  let start = clock.now
  var times: [Double] = []
  while times.count < 3 || clock.now - start < .seconds(1) {
    let time = try clock.measure(body).components
    times.append(Double(time.seconds) + Double(time.attoseconds) * 1e-18)
  }
  times.sort()
  return times[times.count / 2]
}

/// A number with so many digits behind the point.
func text(_ value: Double, _ digits: Int = 2) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let whole = Int((value * scale).rounded())
  let (before, after) = whole.quotientAndRemainder(dividingBy: Int(scale))
  let rest = String(after)
  return "\(before).\(String(repeating: "0", count: digits - rest.count))\(rest)"
}

func report(_ name: String, _ figures: String...) {
  let padding = String(repeating: " ", count: max(44 - name.count, 1))
  print(name + padding + figures.joined(separator: "   "))
}
