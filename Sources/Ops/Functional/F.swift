import MartletTensor

/// The functions of `torch.nn.functional`, with its names and defaults.
///
/// ```swift
/// let y = try F.relu(F.conv2d(x, weight, bias, stride: 2, padding: 1))
/// ```
/// In a trace each call is recorded as the operator that PyTorch's trace records for it.
public enum F {}

/// What stands for one number per spatial axis: a single number for all of them, or a list.
public protocol PerAxis {
  /// One number for every axis, or one for each.
  var perAxis: [Dim] { get }
}

extension Int: PerAxis {
  public var perAxis: [Dim] { [Dim(self)] }
}

extension Dim: PerAxis {
  public var perAxis: [Dim] { [self] }
}

extension Shape: PerAxis {
  public var perAxis: [Dim] { Array(self) }
}

extension Array: PerAxis where Element: DimConvertible {
  public var perAxis: [Dim] { map(\.dim) }
}

extension PerAxis {
  /// A list with one number for each of `count` axes, as PyTorch hands it to operators. A list
  /// of another length stays as it is: the operator refuses it.
  package func value(count: Int) -> Value {
    let dims = perAxis
    return .list(
      (dims.count == 1 ? Array(repeating: dims[0], count: count) : dims).map { .int($0) })
  }
}
