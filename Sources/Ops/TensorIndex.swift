import MartletTensor

/// One place of `x[…]`: a number, a range, a tensor, or one of the words below.
///
/// | Python | Swift |
/// | --- | --- |
/// | `x[0]`, `x[-1]`, `x[i]` | `x[0]`, `x[-1]`, `x[i]` |
/// | `x[1:3]`, `x[1:-1]`, `x[2:]`, `x[:2]` | `x[1..<3]`, `x[1..<(-1)]`, `x[2...]`, `x[..<2]` |
/// | `x[::2]`, `x[1:7:2]` | `x[.slice(step: 2)]`, `x[.slice(1, 7, step: 2)]` |
/// | `x[:, 0]`, `x[..., 0]`, `x[None]` | `x[.all, 0]`, `x[.ellipsis, 0]`, `x[.newAxis]` |
/// | `x[index]`, `x[mask]`, `x[:, index]` | `x[index]`, `x[mask]`, `x[.all, index]` |
///
/// Negative positions count from the end, also in ranges; ranges are cut to the axis.
public struct TensorIndex: Sendable {
  enum Kind: Sendable {
    case select(Dim)
    case slice(start: Dim?, end: Dim?, step: Int)
    case ellipsis
    case newAxis
    case tensor(Tensor)
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }
}

/// What can stand in `x[…]`.
public protocol TensorIndexConvertible {
  var tensorIndex: TensorIndex { get }
}

extension TensorIndex: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { self }
}

extension Int: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { TensorIndex(.select(dim)) }
}

extension Dim: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { TensorIndex(.select(self)) }
}

extension Tensor: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { TensorIndex(.tensor(self)) }
}

extension TensorIndexConvertible where Self == TensorIndex {
  /// A whole axis (Python's `:`).
  public static var all: TensorIndex { TensorIndex(.slice(start: nil, end: nil, step: 1)) }

  /// As many whole axes as there are left (Python's `...`).
  public static var ellipsis: TensorIndex { TensorIndex(.ellipsis) }

  /// A new axis of size one (Python's `None`).
  public static var newAxis: TensorIndex { TensorIndex(.newAxis) }

  /// Every `step`-th element from `start` up to `end` (Python's `start:end:step`).
  public static func slice(
    _ start: (any DimConvertible)? = nil, _ end: (any DimConvertible)? = nil, step: Int = 1
  ) -> TensorIndex {
    TensorIndex(.slice(start: start?.dim, end: end?.dim, step: step))
  }
}

// Swift's own ranges refuse `1..<(-1)` with a trap, so subscripts have ranges of their own.
// Disfavoured, so that ranges elsewhere stay Swift's.

/// The elements from `start` up to, not including, `end`, within a tensor's subscript.
@_disfavoredOverload
public func ..< (start: some DimConvertible, end: some DimConvertible) -> TensorIndex {
  TensorIndex(.slice(start: start.dim, end: end.dim, step: 1))
}

/// The elements before `end`, within a tensor's subscript.
@_disfavoredOverload
public prefix func ..< (end: some DimConvertible) -> TensorIndex {
  TensorIndex(.slice(start: nil, end: end.dim, step: 1))
}

/// The elements from `start` on, within a tensor's subscript.
@_disfavoredOverload
public postfix func ... (start: some DimConvertible) -> TensorIndex {
  TensorIndex(.slice(start: start.dim, end: nil, step: 1))
}
