import Foundation
import MartletKernels
import Testing

/// Layers of recurrent units against loops over single elements.
@Suite struct RecurrentTests {
  struct Sizes: Sendable, CustomStringConvertible {
    var steps = 3
    var batch = 2
    var width = 5
    var directions = 1
    var isBatchFirst = false

    var description: String {
      "T\(steps) B\(batch) H\(width) D\(directions) batch first \(isBatchFirst)"
    }
  }

  private static let sizes = [
    Sizes(), Sizes(steps: 1, batch: 1, width: 1), Sizes(steps: 4, batch: 1, width: 33),
    Sizes(steps: 3, batch: 19, width: 18, directions: 2),
    Sizes(steps: 5, batch: 3, width: 70, directions: 2, isBatchFirst: true),
    Sizes(steps: 2, batch: 16, width: 16, isBatchFirst: true),
  ]

  @Test(arguments: RecurrentUnit.allCases, sizes)
  func agreesWithLoops(_ unit: RecurrentUnit, _ sizes: Sizes) throws {
    for set in KernelMode.available {
      for hasBias in [true, false] { try check(unit, sizes, hasBias, set) }
    }
  }

  @Test func refusesNothing() throws {
    let set = try #require(KernelMode.available.first)
    for (steps, batch, width) in [(0, 1, 1), (1, 0, 1), (1, 1, 0)] {
      #expect(
        try RecurrentKernel(
          .gru, steps: steps, batch: batch, width: width, hasBias: false, instructionSet: set)
          == nil)
    }
  }

  /// The cells' kernel alone, in the interpreter.
  @Test(arguments: RecurrentUnit.allCases, KernelMode.available)
  func isInterpretedAlike(_ unit: RecurrentUnit, set: InstructionSet) throws {
    let (batch, width) = (3, 37)
    let layer = try #require(
      try RecurrentKernel(
        unit, steps: 1, batch: batch, width: width, hasBias: false, instructionSet: set))
    var noise = Noise(5)
    let inputs = noise.values(batch * unit.gates * width).map { $0 * 4 }
    let (h, c) = (noise.values(batch * width), noise.values(batch * width))
    let (hidden, cell) = (try MemorySlice(h), try MemorySlice(c))
    // Without weights the state's part is zero.
    let packed = try MemorySlice([Float](repeating: 0, count: layer.packedCount))
    let y = try MemorySlice([Float](repeating: .nan, count: batch * width))
    let pass = RecurrentKernel.Pass(
      inputs: try MemorySlice(inputs), packed: packed, hiddenStart: try MemorySlice(h),
      cellStart: try MemorySlice(c), hidden: hidden, cell: cell)
    let scratch = try MemorySlice([Float](repeating: 0, count: layer.scratchCount))
    layer.run(pass, into: y, scratch: scratch)
    try expectInterpreted(
      layer, x: inputs, y: [Float](repeating: .nan, count: batch * width),
      weight: [Float](repeating: 0, count: inputs.count), operands: [h, c], native: y.values())
  }

  private func check(
    _ unit: RecurrentUnit, _ sizes: Sizes, _ hasBias: Bool, _ set: InstructionSet
  ) throws {
    let layer = try #require(
      try RecurrentKernel(
        unit, steps: sizes.steps, batch: sizes.batch, width: sizes.width,
        directions: sizes.directions, isBatchFirst: sizes.isBatchFirst, hasBias: hasBias,
        instructionSet: set))
    let gates = unit.gates * sizes.width
    let states = sizes.batch * sizes.width
    var noise = Noise(31)
    let passes = (0..<sizes.directions).map { _ in
      Loops(
        unit: unit, sizes: sizes, inputs: noise.values(sizes.steps * sizes.batch * gates),
        weight: noise.values(gates * sizes.width).map { $0 / 4 },
        bias: hasBias ? noise.values(gates) : nil, hidden: noise.values(states),
        cell: noise.values(states))
    }
    var expected = [Float](repeating: 0, count: sizes.steps * states * sizes.directions)
    var last: [([Float], [Float])] = []
    for (direction, var pass) in passes.enumerated() {
      pass.run(direction, into: &expected)
      last.append((pass.hidden, pass.cell))
    }
    let result = try sameBits(count: expected.count) { y, threads in
      let placed = try passes.map { pass in
        let packed = try MemorySlice([Float](repeating: .nan, count: layer.packedCount))
        layer.pack(
          weight: try MemorySlice(pass.weight), bias: try pass.bias.map { try MemorySlice($0) },
          into: packed)
        return RecurrentKernel.Pass(
          inputs: try MemorySlice(pass.inputs), packed: packed,
          hiddenStart: try MemorySlice(pass.hidden), cellStart: try MemorySlice(pass.cell),
          hidden: try MemorySlice([Float](repeating: .nan, count: states)),
          cell: try MemorySlice([Float](repeating: .nan, count: states)))
      }
      layer.run(
        placed[0], placed.count > 1 ? placed[1] : nil, into: y,
        scratch: try MemorySlice([Float](repeating: .nan, count: layer.scratchCount)),
        threads: threads)
      for (pass, last) in zip(placed, last) {
        expectClose(pass.hidden.values(), last.0, within: 1e-5)
        if unit == .lstm, let cell = pass.cell { expectClose(cell.values(), last.1, within: 1e-5) }
      }
    }
    expectClose(result, expected, within: 1e-5)
  }
}

private struct Loops {
  let unit: RecurrentUnit
  let sizes: RecurrentTests.Sizes
  let inputs: [Float]
  let weight: [Float]
  let bias: [Float]?
  var hidden: [Float]
  var cell: [Float]

  mutating func run(_ direction: Int, into y: inout [Float]) {
    let (width, gates) = (sizes.width, unit.gates * sizes.width)
    for index in 0..<sizes.steps {
      let step = direction == 0 ? index : sizes.steps - 1 - index
      for b in 0..<sizes.batch {
        let row = sizes.isBatchFirst ? b * sizes.steps + step : step * sizes.batch + b
        let old = Array(hidden[(b * width)..<((b + 1) * width)])
        func parts(_ gate: Int, _ i: Int) -> (Float, Float) {
          let place = gate * width + i
          var sum = bias?[place] ?? 0
          for k in 0..<width { sum += weight[place * width + k] * old[k] }
          return (inputs[row * gates + place], sum)
        }
        func sum(_ gate: Int, _ i: Int) -> Float {
          let (p, u) = parts(gate, i)
          return p + u
        }
        func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
        for i in 0..<width {
          let next: Float
          switch unit {
          case .tanh: next = tanh(sum(0, i))
          case .relu: next = max(sum(0, i), 0)
          case .gru:
            let (p, u) = parts(2, i)
            let new = tanh(p + sigmoid(sum(0, i)) * u)
            let update = sigmoid(sum(1, i))
            next = (1 - update) * new + update * old[i]
          case .lstm:
            let value =
              sigmoid(sum(1, i)) * cell[b * width + i] + sigmoid(sum(0, i)) * tanh(sum(2, i))
            cell[b * width + i] = value
            next = sigmoid(sum(3, i)) * tanh(value)
          }
          hidden[b * width + i] = next
          y[(row * sizes.directions + direction) * width + i] = next
        }
      }
    }
  }
}
