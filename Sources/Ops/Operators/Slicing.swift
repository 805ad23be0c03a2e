import MartletTensor

/// Views of a part of the elements.
package enum Slicing {
  package static let operators: [Operator] = [
    select, slice, narrow, narrowTensor, unbind, diagonal, linalgDiagonal, unfold, asStrided,
  ]

  static let select = Operator(
    "aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      guard x.dim > 0 else {
        throw MartletError(.index, "select() cannot be applied to a 0-dim tensor.")
      }
      let dim = try arguments.dim("dim", rank: x.dim)
      return [.tensor(selected(x, dim, try position(arguments, x, dim)))]
    })

  static let slice = Operator(
    "aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, "
      + "SymInt step=1) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let (dim, range, step) = try range(of: arguments, in: x)
      return [.tensor(sliced(x, dim, range, step: step))]
    })

  static let narrow = Operator(
    "aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)",
    .view { arguments in
      [.tensor(try narrowed(arguments, start: try arguments.int("start")))]
    })

  static let narrowTensor = Operator(
    "aten::narrow.Tensor(Tensor(a) self, int dim, Tensor start, SymInt length) -> Tensor(a)",
    takesComplex: true,
    .dataDependent { arguments in
      let start = try arguments.tensor("start")
      guard start.dim == 0, start.dtype.isInteger else {
        throw MartletError(.argument, "start must be an 0-dim integral Tensor.")
      }
      return [.tensor(try narrowed(arguments, start: try start.scalar(as: Int64.self).number))]
    })

  static let unbind = Operator(
    "aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]",
    .view { arguments in
      let x = try arguments.tensor("self")
      let dim = try arguments.dim("dim", rank: x.dim)
      guard x.dim > 0 else {
        throw MartletError(.index, "Dimension specified as \(dim) but tensor has no dimensions")
      }
      return [.list((0..<x.sizes[dim]).map { .tensor(selected(x, dim, $0)) })]
    })

  static let diagonal = Operator(
    "aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)",
    .view { [.tensor(try diagonal(of: try $0.tensor("self"), $0))] })

  static let linalgDiagonal = Operator(
    "aten::linalg_diagonal(Tensor(a) A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor(a)",
    .view { [.tensor(try diagonal(of: try $0.tensor("A"), $0))] })

  /// Windows of `size` elements, `step` apart, along one axis; a last axis runs within a window.
  static let unfold = Operator(
    "aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let dim = try arguments.dim("dimension", rank: x.dim)
      let (size, step) = (try arguments.int("size"), try arguments.int("step"))
      let extent = x.dim == 0 ? 1 : x.sizes[dim]
      guard size >= 0, size <= extent else {
        throw MartletError(
          .shape,
          "maximum size for tensor at dimension \(dim) is \(extent) but size is \(size)")
      }
      guard step > 0 else { throw MartletError(.argument, "step is \(step) but must be > 0") }
      var layout = x.layout
      layout.sizes.append(size)
      layout.strides.append(x.dim == 0 ? 1 : x.strides[dim])
      if x.dim > 0 {
        layout.sizes[dim] = (extent - size) / step + 1
        layout.strides[dim] *= step
      }
      return [.tensor(x.viewed(layout))]
    })

  static let asStrided = Operator(
    "aten::as_strided(Tensor(a) self, SymInt[] size, SymInt[] stride, "
      + "SymInt? storage_offset=None) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      return [.tensor(x.viewed(try stridedLayout(arguments, x)))]
    })

  static func selected(_ x: Tensor, _ dim: Int, _ index: Int) -> Tensor {
    var layout = x.layout
    layout.offset += index * layout.strides[dim]
    layout.sizes.remove(at: dim)
    layout.strides.remove(at: dim)
    var result = x.viewed(layout)
    result.quantizer = x.quantizer?.selecting(index, ofAxis: dim)
    return result
  }

  static func sliced(_ x: Tensor, _ dim: Int, _ range: Range<Int>, step: Int = 1) -> Tensor {
    var layout = x.layout
    layout.offset += range.lowerBound * layout.strides[dim]
    layout.sizes[dim] = (range.count + step - 1) / step
    layout.strides[dim] *= step
    var result = x.viewed(layout)
    if let quantizer = x.quantizer, quantizer.axis == dim {
      result.quantizer = quantizer.channels(
        stride(from: range.lowerBound, to: range.upperBound, by: step))
    }
    return result
  }

  /// Argument `index` counted from the start of the axis.
  static func position(_ arguments: Arguments, _ x: Tensor, _ dim: Int) throws -> Int {
    let index = try arguments.int("index")
    let size = x.sizes[dim]
    guard index >= -size, index < size else {
      throw MartletError(
        .index,
        "select(): index \(index) out of range for tensor of size \(x.sizes) at dimension \(dim)")
    }
    return index < 0 ? index + size : index
  }

  /// Arguments `dim`, `start`, `end` and `step`, with the ends clamped as Python's slices are.
  static func range(of arguments: Arguments, in x: Tensor) throws -> (Int, Range<Int>, Int) {
    guard x.dim > 0 else {
      throw MartletError(.index, "slice() cannot be applied to a 0-dim tensor.")
    }
    let dim = try arguments.dim("dim", rank: x.dim)
    let step = try arguments.int("step")
    guard step > 0 else { throw MartletError(.argument, "slice step must be positive") }
    let size = x.sizes[dim]
    func clamp(_ bound: Int?, _ missing: Int) -> Int {
      guard let bound else { return missing }
      return min(max(bound < 0 ? bound + size : bound, 0), size)
    }
    let start = clamp(try arguments.optionalInt("start"), 0)
    let end = max(clamp(try arguments.optionalInt("end"), size), start)
    return (dim, start..<end, step)
  }

  private static func narrowed(_ arguments: Arguments, start given: Int) throws -> Tensor {
    let x = try arguments.tensor("self")
    guard x.dim > 0 else {
      throw MartletError(.index, "narrow() cannot be applied to a 0-dim tensor.")
    }
    let dim = try arguments.dim("dim", rank: x.dim)
    let length = try arguments.int("length")
    let size = x.sizes[dim]
    guard length >= 0 else {
      throw MartletError(.argument, "narrow(): length must be non-negative.")
    }
    guard given >= -size, given <= size else {
      throw MartletError(
        .index,
        "start out of range (expected to be in range of [\(-size), \(size)], but got \(given))")
    }
    let start = given < 0 ? given + size : given
    guard start <= size - length else {
      throw MartletError(
        .index,
        "start (\(start)) + length (\(length)) exceeds dimension size (\(size)).")
    }
    return sliced(x, dim, start..<(start + length))
  }

  static func diagonal(of x: Tensor, _ arguments: Arguments) throws -> Tensor {
    let dim1 = try arguments.dim("dim1", rank: x.dim)
    let dim2 = try arguments.dim("dim2", rank: x.dim)
    guard dim1 != dim2, x.dim >= 2 else {
      throw MartletError(
        .argument, "diagonal dimensions cannot be identical \(dim1), \(dim2)")
    }
    let offset = try arguments.int("offset")
    var layout = x.layout
    let size =
      offset >= 0
      ? min(x.sizes[dim1], x.sizes[dim2] - offset) : min(x.sizes[dim1] + offset, x.sizes[dim2])
    if size > 0 {
      layout.offset += offset >= 0 ? offset * x.strides[dim2] : -offset * x.strides[dim1]
    }
    for dim in [max(dim1, dim2), min(dim1, dim2)] {
      layout.sizes.remove(at: dim)
      layout.strides.remove(at: dim)
    }
    layout.sizes.append(max(size, 0))
    layout.strides.append(x.strides[dim1] + x.strides[dim2])
    return x.viewed(layout)
  }

  /// Arguments `size`, `stride` and `storage_offset`, checked against the storage.
  static func stridedLayout(_ arguments: Arguments, _ x: Tensor) throws -> Layout {
    let sizes = try arguments.ints("size")
    let strides = try arguments.ints("stride")
    let offset = try arguments.optionalInt("storage_offset") ?? x.layout.offset
    guard sizes.count == strides.count else {
      throw MartletError(.argument, "mismatch in length of strides and shape")
    }
    guard !sizes.contains(where: { $0 < 0 }), !strides.contains(where: { $0 < 0 }), offset >= 0
    else {
      throw MartletError(
        .argument, "as_strided: sizes, strides and storage_offset must not be negative")
    }
    let available = x.storage.byteCount / x.dtype.byteCount
    var last = offset
    var overflow = false
    for (size, stride) in zip(sizes, strides) where size > 1 {
      let (reach, over) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(reach)
      (last, overflow) = (sum, overflow || over || carry)
    }
    guard sizes.contains(0) || (!overflow && last < available) else {
      throw MartletError(
        .index,
        "setStorage: sizes \(sizes), strides \(strides), storage offset \(offset) reach beyond "
          + "the storage's \(available) elements")
    }
    return Layout(sizes: sizes, strides: strides, offset: sizes.contains(0) ? 0 : offset)
  }
}

extension Int64 {
  /// As a size or an index.
  package var number: Int { Int(self) }
}
