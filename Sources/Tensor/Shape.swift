/// The sizes of a tensor, outermost first.
///
/// Elements are `Dim`s: from a tensor that is being traced they record where they come from.
public struct Shape: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  package var dims: [Dim]

  package init(dims: [Dim]) { self.dims = dims }

  public init(_ sizes: some Sequence<Int>) { dims = sizes.map { Dim(number: $0) } }
  public init(arrayLiteral elements: Dim...) { dims = elements }

  public var startIndex: Int { 0 }
  public var endIndex: Int { dims.count }

  /// The size at a position; negative positions count from the end, as PyTorch's do.
  public subscript(position: Int) -> Dim { dims[position < 0 ? position + dims.count : position] }

  package var sizes: [Int] { dims.map(\.number) }
}

extension Shape: Equatable {
  public static func == (a: Shape, b: Shape) -> Bool {
    a.noteCompared()
    b.noteCompared()
    return a.sizes == b.sizes
  }

  public static func == (a: Shape, b: [Int]) -> Bool {
    a.noteCompared()
    return a.sizes == b
  }

  /// In a trace a comparison fixes every size.
  private func noteCompared() {
    for dim in dims { dim.noteBaked("a comparison of shapes") }
  }
}

extension Shape: CustomStringConvertible {
  public var description: String { "\(sizes)" }
}

/// What can be given where a shape is asked for: `[2, 3]`, `[x.shape[0], -1]`, a `Shape`.
public protocol ShapeConvertible {
  var shape: Shape { get }
}

extension Shape: ShapeConvertible {
  public var shape: Shape { self }
}

/// A size given as a number or as a `Dim`.
public protocol DimConvertible {
  var dim: Dim { get }
}

extension Int: DimConvertible {
  public var dim: Dim { Dim(number: self) }
}

extension Dim: DimConvertible {
  public var dim: Dim { self }
}

extension Array: ShapeConvertible where Element: DimConvertible {
  public var shape: Shape { Shape(dims: map(\.dim)) }
}
