import Foundation
import Martlet

/// How long to measure each figure.
let seconds = 0.5

/// The median time of calls that last `seconds` together, in seconds.
func median(_ body: () throws -> Void) rethrows -> Double {
  try body()
  return try Latency.measure(seconds: seconds, body).median / .seconds(1)
}

/// A number with so many digits behind the point.
func text(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }

/// One line for each layer: the kernels, the time, the rate, its share of the peak measured beside
/// it, and how many blocks of memory a steady run asks for.
struct Table {
  private(set) var excess: [String] = []

  init() {
    print(Self.row("layer", "ms", "GFLOP/s", "peak", "GB/s", "allocations", "kernels"))
  }

  mutating func add(_ name: String, _ profile: Profile) {
    let time = profile.stepTotal / .seconds(1)
    let work = profile.steps.compactMap(\.floatingPointOperations).reduce(0, +)
    let bytes = profile.steps.reduce(0) { $0 + $1.byteCount }
    let rate = Double(work) / time
    let share = rate / (profile.peak.operationsPerSecond * Double(profile.threads)) * 100
    let kernels = profile.steps.map(\.kernel).joined(separator: ", ")
    print(
      Self.row(
        name, text(time * 1e3, 4), work > 0 ? text(rate / 1e9, 1) : "",
        work > 0 ? text(share, 1) + " %" : "", text(Double(bytes) / time / 1e9, 1),
        "\(profile.allocationCount)", kernels))
    if profile.allocationCount > 1 { excess.append(name) }
  }

  private static func row(_ cells: String...) -> String {
    let widths = [40, 10, 9, 8, 8, 12]
    let columns = zip(cells, widths).enumerated().map { index, pair in
      let space = String(repeating: " ", count: max(pair.1 - pair.0.count, 1))
      return index == 0 ? pair.0 + space : space + pair.0
    }
    return columns.joined() + "  " + (cells.last ?? "")
  }
}
