import MartletKernels
import MartletTensor

/// Elements moved as they are, whatever their dtype: five widths serve all.
extension Tensor {
  /// Copies `source` over the part of this tensor's storage that `region` shows.
  ///
  /// `source` has `region`'s sizes and this tensor's dtype.
  package func overwrite(_ region: Layout, with source: Tensor) throws {
    precondition(region.sizes == source.sizes && source.dtype == dtype, "needs equal sizes")
    var layouts = [region, source.layout]
    if layouts.allSatisfy(\.isContiguous) {
      // One long row.
      layouts = layouts.map { Layout(contiguous: [region.count], offset: $0.offset) }
    }
    switch dtype.byteCount {
    case 1: try source.moveRows(UInt8.self, layouts, into: self)
    case 2: try source.moveRows(UInt16.self, layouts, into: self)
    case 4: try source.moveRows(UInt32.self, layouts, into: self)
    case 8: try source.moveRows(UInt64.self, layouts, into: self)
    default: try source.moveRows(Complex<Double>.self, layouts, into: self)
    }
  }

  private func moveRows<T: BitwiseCopyable>(
    _ type: T.Type, _ layouts: [Layout], into target: Tensor
  ) throws {
    try withElementBits(of: self, writing: target, as: T.self) { from, to in
      MartletOps.forEachRow(layouts) { starts, count, strides in
        var (i, j) = (starts[0], starts[1])
        for _ in 0..<count {
          to[i] = from[j]
          i += strides[0]
          j += strides[1]
        }
      }
    }
  }

  /// Copies elements of `source` to elements of this new tensor, by their places in the storages:
  /// for each pair of `outer` places and each pair of `inner` places the element at their sum.
  package func overwrite(
    at outer: [Int], plus inner: [Int] = [0], with source: Tensor, at sourceOuter: [Int],
    plus sourceInner: [Int] = [0]
  ) throws {
    precondition(outer.count == sourceOuter.count && inner.count == sourceInner.count)
    let places = MovedPlaces(
      target: outer, targetInner: inner, source: sourceOuter, sourceInner: sourceInner)
    switch dtype.byteCount {
    case 1: try source.movePlaces(UInt8.self, places, into: self)
    case 2: try source.movePlaces(UInt16.self, places, into: self)
    case 4: try source.movePlaces(UInt32.self, places, into: self)
    case 8: try source.movePlaces(UInt64.self, places, into: self)
    default: try source.movePlaces(Complex<Double>.self, places, into: self)
    }
  }

  private func movePlaces<T: BitwiseCopyable>(
    _ type: T.Type, _ places: MovedPlaces, into target: Tensor
  ) throws {
    try withElementBits(of: self, writing: target, as: T.self) { from, to in
      for n in places.target.indices {
        let (i, j) = (places.target[n], places.source[n])
        for m in places.targetInner.indices {
          to[i + places.targetInner[m]] = from[j + places.sourceInner[m]]
        }
      }
    }
  }
}

private struct MovedPlaces {
  let target, targetInner, source, sourceInner: [Int]
}

/// All of both storages as bits of one width.
private func withElementBits<T: BitwiseCopyable>(
  of source: Tensor, writing target: Tensor, as type: T.Type,
  _ body: (Span<T>, inout MutableSpan<T>) throws -> Void
) throws {
  let width = MemoryLayout<T>.stride
  let read = try source.storage.bytes()
  let written = try target.storage.bytes()
  try read.withSpan(of: T.self, offset: 0, count: read.byteCount / width) { from in
    try written.withMutableSpan(of: T.self, offset: 0, count: written.byteCount / width) { to in
      try body(from, &to)
    }
  }
}

extension Layout {
  /// The place of each element in the storage, in row-major order.
  package func places() -> [Int] {
    var places: [Int] = []
    places.reserveCapacity(count)
    forEachRow { start, count, stride in
      var place = start
      for _ in 0..<count {
        places.append(place)
        place += stride
      }
    }
    return places
  }

  /// The layout of some of the axes, from the first element.
  package func keeping(_ axes: some Sequence<Int>) -> Layout {
    Layout(sizes: axes.map { sizes[$0] }, strides: axes.map { strides[$0] }, offset: offset)
  }

  /// The part of an axis from `start`.
  package func slicing(_ dim: Int, from start: Int, count: Int) -> Layout {
    var part = self
    part.offset += start * strides[dim]
    part.sizes[dim] = count
    return part
  }
}

extension Tensor {
  /// A contiguous copy in another dtype, with storage of its own.
  package func freshCopy(as target: DType) throws -> Tensor {
    target == dtype ? try copied() : try converted(to: target)
  }

  /// The elements as whole numbers, in row-major order.
  package func integers() throws -> [Int] {
    try converted(to: .int64).elements(as: Int64.self).map(\.number)
  }
}
