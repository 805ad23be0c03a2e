import MartletOps
import MartletTensor

/// A layer's setting for each spatial axis, given as one number for all or as a list.
public struct AxisSizes: PerAxis, Sendable, CustomStringConvertible {
  /// One number for every axis, or one for each.
  public let numbers: [Int]
  /// Whether it was given as a number; it prints as one.
  public let isNumber: Bool

  init(_ sizes: any PerAxis) {
    numbers = sizes.perAxis.map(\.number)
    isNumber = sizes is Int || sizes is Dim || (sizes as? AxisSizes)?.isNumber == true
  }

  public var perAxis: [Dim] { numbers.map { Dim($0) } }

  public var description: String { isNumber ? "\(numbers[0])" : Python.tuple(numbers) }

  /// One number for each of `count` axes.
  func expanded(_ count: Int) -> [Int] {
    numbers.count == 1 ? Array(repeating: numbers[0], count: count) : numbers
  }
}
