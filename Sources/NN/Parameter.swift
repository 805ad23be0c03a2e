import MartletTensor

/// A tensor that a module learns, held by reference so that modules can share it (tied weights).
public final class Parameter {
  /// The current values.
  public var value: Tensor

  public init(_ value: Tensor) { self.value = value }
}

/// A tensor that belongs to a module's state and is not learned, as batch norm's running mean.
public final class Buffer {
  /// The current values.
  public var value: Tensor
  /// Whether it is part of the state dictionary.
  public let isPersistent: Bool
  /// Whether a state dictionary without it is complete, as for counters that old ones lack.
  let mayBeMissing: Bool

  public convenience init(_ value: Tensor, persistent: Bool = true) {
    self.init(value, persistent: persistent, mayBeMissing: false)
  }

  init(_ value: Tensor, persistent: Bool, mayBeMissing: Bool) {
    self.value = value
    self.isPersistent = persistent
    self.mayBeMissing = mayBeMissing
  }
}
