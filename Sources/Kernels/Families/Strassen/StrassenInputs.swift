/// How x lies, in rows or in blocks of channels, and how its sums lie.
struct StrassenInputs: Sendable {
  let x, sums: StrassenInputSpecification.Strides
  /// Whether the outer loop runs over blocks of channels, and the inner one over rows.
  let isBlocked: Bool
  /// Rounds of the loop over channels.
  let rounds: Int
  /// Bytes from a row to the next, of x and of the sums.
  let rowStride: Int
  /// From a block of the sums to the next, and of all that begin with S1 or with S3.
  let blockStride: Int
  let byteCount: Int

  /// - Parameter rows: the most of a quarter.
  init(_ geometry: TileGeometry, rows: Int) {
    let bytes = geometry.vectorBytes
    rowStride = geometry.pixelStride
    isBlocked = geometry.blockStride != geometry.blockChannels * MemoryLayout<Float>.stride
    if isBlocked {
      let blocks = geometry.blocks / 2
      // An odd number of lines, so that blocks do not share ways of one set.
      blockStride = ((rows * rowStride + 63) / 64 | 1) * 64
      rounds = blocks
      x = .init(outer: geometry.blockStride, inner: rowStride, half: blocks * geometry.blockStride)
      sums = .init(outer: blockStride, inner: rowStride, half: blocks * blockStride)
      byteCount = geometry.blocks * blockStride
    } else {
      let half = geometry.channels / 2 * MemoryLayout<Float>.stride
      blockStride = geometry.blockStride
      rounds = half / bytes
      x = .init(outer: rowStride, inner: bytes, half: half)
      sums = x
      byteCount = rows * rowStride
    }
  }
}
