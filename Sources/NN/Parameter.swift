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

  public init(_ value: Tensor, persistent: Bool = true) {
    self.value = value
    self.isPersistent = persistent
  }
}
