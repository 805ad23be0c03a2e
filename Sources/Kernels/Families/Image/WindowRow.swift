/// The parameters that kernels over rows of a window's results begin with, in this order.
struct WindowParameters {
  let x, y, weight, table, rows, rowStep, lanes: ScalarRegister

  static let count = 7

  init(_ b: inout KernelBuilder) {
    x = b.parameter()
    y = b.parameter()
    weight = b.parameter()
    table = b.parameter()
    rows = b.parameter()
    rowStep = b.parameter()
    lanes = b.parameter()
  }
}

/// One row of results: how many of the window's rows lie inside the image, and where the first of
/// them begins in the plane and in the weights.
struct WindowRow {
  let taps, source, firstWeight: ScalarRegister

  /// Elements of a row's entry in the table; see `WindowGeometry.rowTable`.
  static let entry = 3

  /// Reads the next entry.
  init(_ parameters: WindowParameters, _ b: inout KernelBuilder) {
    let table = parameters.table
    taps = b.loadInteger(Address(table))
    source = b.loadInteger(Address(table, offset: 8))
    firstWeight = b.loadInteger(Address(table, offset: 16))
    b.add(Self.entry * 8, to: table)
    b.add(parameters.x, to: source)
    b.add(parameters.weight, to: firstWeight)
  }
}
