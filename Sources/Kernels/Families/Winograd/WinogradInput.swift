/// Transforms a run of tiles of one tile row, for some channel blocks:
/// V[element][block][tile][c] = Bᵀ d B, where d is the tile's patch of x.
///
/// Element j n + i belongs to the i-th point along y and the j-th along x. Rows outside the image
/// are counted by the call, columns outside are left out of the code.
package struct WinogradInputSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  let tile: WinogradTile
  /// The patch's columns that lie inside the image.
  let columns: Range<Int>

  package init(instructionSet: InstructionSet, tile: WinogradTile, columns: Range<Int>) {
    self.instructionSet = instructionSet
    self.tile = tile
    self.columns = columns
  }

  enum Parameter: Int {
    /// Where the first patch's first row inside the image would begin, with all its columns.
    case x
    case v, scratch
    case tiles, blocks
    /// Rows of the patch above the image, inside it and below.
    case above, inside, below
    /// Bytes.
    case rowStride, planeStride, elementStride, blockStride
  }

  var name: String {
    "winograd_input_f32_\(instructionSet.rawValue)_\(tile.name)"
      + "_columns\(columns.lowerBound)_\(columns.upperBound)"
  }

  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let n = tile.inputs
    let vector = instructionSet.vectorBytes
    let x = b.parameter(.x)
    let v = b.parameter(.v)
    let elementStride = b.parameter(.elementStride)
    b.loop(b.parameter(.blocks)) { b in
      let patch = b.copy(x)
      let target = b.copy(v)
      b.loop(b.parameter(.tiles)) { b in
        transformRows(patch, &b)
        let source = b.parameter(.scratch)
        let element = b.copy(target)
        b.loop(n) { b in
          let values = (0..<n).map { b.load(Address(source, offset: $0 * vector)) }
          let result = tile.transformInput(values, in: &b).compactMap { $0 }
          for value in result {
            b.store(value, to: Address(element))
            b.add(elementStride, to: element)
          }
          b.add(n * vector, to: source)
        }
        b.add(tile.step * vector, to: patch)
        b.add(vector, to: target)
      }
      b.add(b.parameter(.planeStride), to: x)
      b.add(b.parameter(.blockStride), to: v)
    }
    return b.finish(named: name)
  }

  /// Transforms the patch's rows and leaves them in the scratch by column.
  private func transformRows(_ patch: ScalarRegister, _ b: inout KernelBuilder) {
    let n = tile.inputs
    let vector = instructionSet.vectorBytes
    let target = b.parameter(.scratch)
    func zeros(_ count: Parameter) {
      b.loop(b.parameter(count)) { b in
        let zero = b.zero()
        for column in 0..<n { b.store(zero, to: Address(target, offset: column * n * vector)) }
        b.add(vector, to: target)
      }
    }
    zeros(.above)
    let row = b.copy(patch)
    let rowStride = b.parameter(.rowStride)
    b.loop(b.parameter(.inside)) { b in
      let values = (0..<n).map { column in
        columns.contains(column) ? b.load(Address(row, offset: column * vector)) : nil
      }
      for (column, value) in tile.transformInput(values, in: &b).enumerated() {
        b.store(value ?? b.zero(), to: Address(target, offset: column * n * vector))
      }
      b.add(rowStride, to: row)
      b.add(vector, to: target)
    }
    zeros(.below)
  }
}

extension KernelBuilder {
  fileprivate mutating func parameter(
    _ parameter: WinogradInputSpecification.Parameter
  ) -> ScalarRegister { self.parameter(parameter.rawValue) }
}
