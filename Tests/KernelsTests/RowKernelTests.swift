import MartletKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct RowKernelTests {
  static let operations: [RowOperation] = [
    .softmax(isLogarithmic: false, isScaled: false, hasMask: false),
    .softmax(isLogarithmic: true, isScaled: false, hasMask: false),
    .softmax(isLogarithmic: false, isScaled: true, hasMask: false),
    .softmax(isLogarithmic: false, isScaled: false, hasMask: true),
    .softmax(isLogarithmic: false, isScaled: true, hasMask: true),
    .softmax(isLogarithmic: true, isScaled: true, hasMask: true),
    .layerNorm(hasWeight: true, hasBias: true, hasAddend: false),
    .layerNorm(hasWeight: false, hasBias: false, hasAddend: false),
    .attentionSoftmax,
    .layerNorm(hasWeight: true, hasBias: true, hasAddend: true),
    .layerNorm(hasWeight: true, hasBias: false, hasAddend: false),
    .layerNorm(hasWeight: false, hasBias: true, hasAddend: true),
    .rmsNorm(hasWeight: true, hasAddend: false), .rmsNorm(hasWeight: false, hasAddend: true),
    .reduce(.sum), .reduce(.mean), .reduce(.maximum),
  ]

  /// One row in float64.
  static func expected(
    _ operation: RowOperation, _ x: [Float], _ operand: [Float], _ weight: [Float],
    _ bias: [Float], scale: Float, epsilon: Double
  ) -> [Float] {
    var values = x.map(Double.init)
    if case .softmax(_, true, _) = operation { values = values.map { $0 * Double(scale) } }
    if operation.hasOperand { values = zip(values, operand).map { $0 + Double($1) } }
    let count = Double(values.count)
    switch operation {
    case .softmax(let isLogarithmic, _, _):
      let top = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - top) }
      return values.map {
        Float(isLogarithmic ? $0 - top - log(sum) : exp($0 - top) / sum)
      }
    case .attentionSoftmax:
      let top = values.max() ?? 0
      if top == -.infinity { return values.map { _ in 0 } }
      let sum = values.reduce(0) { $0 + exp($1 - top) }
      return values.map { Float(exp($0 - top) / sum) }
    case .layerNorm, .rmsNorm:
      var mean = 0.0
      if case .layerNorm = operation { mean = values.reduce(0, +) / count }
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let factor = 1 / (variance + epsilon).squareRoot()
      return values.indices.map { i in
        let scaled = (values[i] - mean) * factor * (operation.hasWeight ? Double(weight[i]) : 1)
        return Float(scaled + (operation.hasBias ? Double(bias[i]) : 0))
      }
    case .reduce(.sum): return [Float(values.reduce(0, +))]
    case .reduce(.mean): return [Float(values.reduce(0, +) / count)]
    case .reduce(.maximum):
      return [values.contains { $0.isNaN } ? .nan : Float(values.max() ?? -.infinity)]
    }
  }

  @Test(arguments: operations, KernelMode.available)
  func rows(operation: RowOperation, instructionSet: InstructionSet) throws {
    for (size, outer) in [
      (1, [3]), (7, [2, 3]), (8, [5]), (9, [1]), (15, [2]), (16, [3]), (17, [2, 2]), (63, [3]),
      (64, [2]), (65, [2]), (127, [300]), (1000, [3]), (197, [2, 2, 5]), (6, []), (4, [0]),
    ] {
      let rows = outer.reduce(1, *)
      var noise = Noise()
      let x = try Guarded(noise.values(rows * size).map { $0 * 4 })
      // The operand repeats along the first of several axes.
      var strides = [Int](repeating: 0, count: outer.count)
      var period = 1
      for axis in outer.indices.reversed() where axis > 0 || outer.count == 1 {
        strides[axis] = period * size
        period *= outer[axis]
      }
      let operand = try Guarded(noise.values(period * size))
      let (weight, bias) = (try Guarded(noise.values(size)), try Guarded(noise.values(size)))
      let kernel = try RowKernel(
        operation, outer: outer, size: size, operandStrides: strides, epsilon: 1e-5,
        scale: 0.125, instructionSet: instructionSet)
      let y = try sameBits(count: kernel.count) { y, threads in
        kernel.run(
          x.slice, operand: operation.hasOperand ? operand.slice : nil,
          weight: operation.hasWeight ? weight.slice : nil,
          bias: operation.hasBias ? bias.slice : nil, into: y, threads: threads)
      }
      let (xs, os) = (x.slice.values(), operand.slice.values())
      let expected = (0..<rows).flatMap { row in
        Self.expected(
          operation, Array(xs[(row * size)..<((row + 1) * size)]),
          Array(os[(row % max(period, 1) * size)..<((row % max(period, 1) + 1) * size)]),
          weight.slice.values(), bias.slice.values(), scale: 0.125, epsilon: 1e-5)
      }
      expectClose(y, expected, within: 4e-6, "\(operation) \(size)")
    }
  }

  /// Natively and interpreted.
  @Test(arguments: operations, InstructionSet.allCases)
  func sameBitsInterpreted(operation: RowOperation, instructionSet: InstructionSet) throws {
    let program = RowSpecification(
      instructionSet: instructionSet, operation: operation
    ).program()
    let lanes = instructionSet.lanes
    for size in [1, lanes - 1, lanes, lanes + 1, 4 * lanes, 127] {
      for special in [nil, Float.nan, .infinity, -.infinity] {
        var noise = Noise()
        var x = noise.values(size * 3)
        if let special { x[size + size / 2] = special }
        _ = try runEverywhere(
          program,
          [
            .integer(3), .integer(size / (4 * lanes)), .integer(size % (4 * lanes) / lanes),
            .integer(size % lanes), .address(buffer: 0, byteOffset: 0), .integer(size * 4),
            .address(buffer: 5, byteOffset: 0), .integer(size * 4),
            .address(buffer: 1, byteOffset: 0), .integer(size * 4),
            .address(buffer: 2, byteOffset: 0), .address(buffer: 3, byteOffset: 0),
            .address(buffer: 4, byteOffset: 0),
          ],
          [
            x, noise.values(size * 3), noise.values(size), noise.values(size),
            [Float(size), 1e-5, 0.5], [Float](repeating: 0, count: size * 3),
          ])
      }
    }
  }

  @Test(arguments: operations, KernelMode.available)
  func notANumberSpreads(operation: RowOperation, instructionSet: InstructionSet) throws {
    for place in [0, 5, 17, 70, 76] {
      var values = [Float](repeating: 1, count: 77)
      values[place] = .nan
      let x = try MemorySlice(values)
      let ones = try MemorySlice([Float](repeating: 1, count: 77))
      let kernel = try RowKernel(
        operation, outer: [1], size: 77, epsilon: 1e-5, instructionSet: instructionSet)
      let y = try MemorySlice([Float](repeating: 0, count: kernel.count))
      kernel.run(
        x, operand: operation.hasOperand ? ones : nil, weight: operation.hasWeight ? ones : nil,
        bias: operation.hasBias ? ones : nil, into: y)
      #expect(y.values().allSatisfy { $0.isNaN }, "\(operation) \(place)")
    }
  }

  @Test(
    arguments: [
      ColumnOperation.softmax, .logSoftmax, .reduce(.sum), .reduce(.mean), .reduce(.maximum),
    ], KernelMode.available)
  func columns(operation: ColumnOperation, instructionSet: InstructionSet) throws {
    let row: RowOperation =
      switch operation {
      case .softmax: .softmax(isLogarithmic: false, isScaled: false, hasMask: false)
      case .logSoftmax: .softmax(isLogarithmic: true, isScaled: false, hasMask: false)
      case .reduce(let reduction): .reduce(reduction)
      }
    for (outer, size, inner) in [
      (2, 1, 1), (3, 5, 8), (2, 49, 16), (1, 10, 17), (2, 4, 127), (300, 9, 16), (2, 3000, 33),
      (0, 3, 3), (2, 7, 0),
    ] {
      var noise = Noise()
      var values = noise.values(outer * size * inner).map { $0 * 4 }
      if values.count > 40 { values[values.count - 3] = .nan }
      let x = try Guarded(values)
      let kernel = try ColumnKernel(
        operation, outer: outer, size: size, inner: inner, instructionSet: instructionSet)
      let y = try sameBits(count: kernel.count) { kernel.run(x.slice, into: $0, threads: $1) }
      var expected = [Float](repeating: 0, count: kernel.count)
      for o in 0..<outer {
        for i in 0..<inner {
          let column = (0..<size).map { values[(o * size + $0) * inner + i] }
          let result = Self.expected(row, column, [], [], [], scale: 1, epsilon: 0)
          for (place, value) in result.enumerated() {
            let isReduced = result.count == 1 && kernel.count == outer * inner
            expected[isReduced ? o * inner + i : (o * size + place) * inner + i] =
              column.contains { $0.isNaN } ? .nan : value
          }
        }
      }
      expectClose(y, expected, within: 4e-6, "\(operation) \(outer) \(size) \(inner)")
    }
  }
}
