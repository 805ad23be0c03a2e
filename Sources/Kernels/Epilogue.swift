/// What happens to a product's or convolution's result while it is still in the cache:
/// y ← f(y + bias + addend).
package struct Epilogue: Sendable {
  /// Which index of the result chooses the bias.
  package enum BiasAxis: Sendable {
    case row, column
  }

  package var bias: MemorySlice<Float>?
  package var biasAxis: BiasAxis
  /// Laid out as the whole result.
  package var addend: MemorySlice<Float>?
  package var function: PointwiseFunction

  package init(
    bias: MemorySlice<Float>? = nil, biasAxis: BiasAxis = .row,
    addend: MemorySlice<Float>? = nil, function: PointwiseFunction = .identity
  ) {
    self.bias = bias
    self.biasAxis = biasAxis
    self.addend = addend
    self.function = function
  }

  package var isIdentity: Bool { bias == nil && addend == nil && function == .identity }

  func check(rows: Int, columns: Int) {
    guard let bias else { return }
    precondition(
      bias.count == (biasAxis == .row ? rows : columns), "the bias has another size")
  }

  /// Applies to a tile whose first element is `tile`; `row` and `column` choose the bias, and
  /// `offset` is the tile's place in the whole result.
  @inline(never)
  func apply(
    _ tile: UnsafeMutablePointer<Float>, stride: Int, row: Int, rows: Int, column: Int,
    columns: Int, offset: Int
  ) {
    for r in 0..<rows {
      let y = unsafe tile + r * stride
      if let addend {
        precondition(offset + r * stride + columns <= addend.count, "the addend is too short")
        unsafe addRow(addend.base + offset + r * stride, to: y, count: columns)
      }
      if let bias {
        switch biasAxis {
        case .row:
          let value = unsafe bias.base[row + r]
          if function == .relu {
            // The commonest pair, in one pass.
            unsafe addScalarReLU(value, to: y, count: columns)
            continue
          }
          unsafe addScalar(value, to: y, count: columns)
        case .column:
          unsafe addRow(bias.base + column, to: y, count: columns)
        }
      }
      if function != .identity {
        unsafe function.visit(MapRow(x: y, y: y, count: columns))
      }
    }
  }

  private func addRow(
    _ x: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    var i = 0
    while i &+ Vector.lanes <= count {
      unsafe (Vector(loading: y + i) + Vector(loading: x + i)).store(to: y + i)
      i &+= Vector.lanes
    }
    while i < count {
      unsafe y[i] += x[i]
      i &+= 1
    }
  }

  private func addScalar(_ x: Float, to y: UnsafeMutablePointer<Float>, count: Int) {
    var i = 0
    while i &+ Vector.lanes <= count {
      unsafe (Vector(loading: y + i) + x).store(to: y + i)
      i &+= Vector.lanes
    }
    while i < count {
      unsafe y[i] += x
      i &+= 1
    }
  }

  private func addScalarReLU(_ x: Float, to y: UnsafeMutablePointer<Float>, count: Int) {
    var i = 0
    while i &+ Vector.lanes <= count {
      let sum = unsafe Vector(loading: y + i) + x
      unsafe sum.replacing(with: 0, where: sum .< 0).store(to: y + i)
      i &+= Vector.lanes
    }
    while i < count {
      let sum = unsafe y[i] + x
      unsafe y[i] = sum < 0 ? 0 : sum
      i &+= 1
    }
  }
}
