import MartletKernels
import Testing

/// Dense [N, C, H, W] values in NCHWc; lanes past the last channel hold infinities and NaN.
func blocked(_ values: [Float], _ shape: BlockedShape) -> [Float] {
  var result = (0..<shape.count).map { $0 % 3 == 0 ? Float.nan : .infinity }
  forEachElement(of: shape) { plain, place in result[place] = values[plain] }
  return result
}

/// The dense values of an image in NCHWc.
func dense(_ values: [Float], _ shape: BlockedShape) -> [Float] {
  var result = [Float](
    repeating: 0, count: shape.batch * shape.channels * shape.height * shape.width)
  forEachElement(of: shape) { plain, place in result[plain] = values[place] }
  return result
}

private func forEachElement(of shape: BlockedShape, _ body: (Int, Int) -> Void) {
  let pixels = shape.height * shape.width
  for image in 0..<shape.batch {
    for channel in 0..<shape.channels {
      let (block, lane) = channel.quotientAndRemainder(dividingBy: shape.lanes)
      for pixel in 0..<pixels {
        body(
          (image * shape.channels + channel) * pixels + pixel,
          image * shape.imageStride + block * shape.blockStride + pixel * shape.lanes + lane)
      }
    }
  }
}

/// Makes a door's calls in the interpreter, on buffers that begin with x, y, weights and tables,
/// and demands the bits that the processor gave.
///
/// - Parameter result: which buffer is written.
func expectInterpreted(
  _ door: some InterpretedKernels, x: [Float], y: [Float], weight: [Float] = [],
  operands: [[Float]] = [], result: Int = 1, native: [Float],
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  func bytes(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }
  func base(_ buffer: Int) -> Int {
    KernelParameter.address(buffer: buffer, byteOffset: 0).bits
  }
  var memory = [x, y, weight].map(bytes)
  for index in 0..<2 {
    memory.append(
      index < door.tables.count ? door.tables[index].values().flatMap { littleEndian($0) } : [])
  }
  memory += operands.map(bytes)
  let calls = door.calls(
    KernelBases(x: base(0), y: base(1), weight: base(2), table: base(3), secondTable: base(4)),
    operands: operands.indices.map { base(5 + $0) })
  for call in calls {
    try KernelInterpreter.run(
      call.specification.program(), parameters: call.parameters.map { .integer($0) },
      memory: &memory)
  }
  let interpreted = stride(from: 0, to: memory[result].count, by: 4).map { start in
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(memory[result][start + $1]) << ($1 * 8) })
  }
  let differences = zip(interpreted, native).count {
    $0.bitPattern != $1.bitPattern && !($0.isNaN && $1.isNaN)
  }
  #expect(
    interpreted.count == native.count && differences == 0, "the interpreter differs",
    sourceLocation: sourceLocation)
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// Runs a door natively with 1, 2 and 5 threads on results that hold `initial` before, and
/// demands the same bits.
func sameBits(
  initial: [Float], sourceLocation: Testing.SourceLocation = #_sourceLocation,
  _ run: (MemorySlice<Float>, Int) throws -> Void
) throws -> [Float] {
  var first: [Float]?
  for threads in [1, 2, 5] {
    let output = try Guarded(initial)
    try run(output.slice, threads)
    #expect(output.isIntact, "wrote outside", sourceLocation: sourceLocation)
    let values = output.slice.values()
    if let first {
      #expect(
        first.map(\.bitPattern) == values.map(\.bitPattern), "\(threads) threads differ",
        sourceLocation: sourceLocation)
    } else {
      first = values
    }
  }
  return first ?? []
}
