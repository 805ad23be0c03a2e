import MartletKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The generated pointwise functions, against float64.
struct EmitterTests {
  /// One function over a row, with an unaligned start.
  static func run(
    _ function: PointwiseFunction, _ x: [Float], _ instructionSet: InstructionSet
  ) throws -> [Float] {
    let lanes = instructionSet.lanes
    let program = PointwiseSpecification(
      instructionSet: instructionSet, steps: [.function(function, .input(0))], inputs: [.dense]
    ).program()
    let block = lanes * PointwiseSpecification.unrolling
    let y = try runEverywhere(
      program,
      [
        .integer(x.count / block), .integer(x.count % block / lanes), .integer(x.count % lanes),
        .integer(1), .address(buffer: 1, byteOffset: 4), .integer(0),
        .address(buffer: 0, byteOffset: 0), .integer(0),
      ], [x, [Float](repeating: 7, count: x.count + 2)])[1]
    #expect(y.first == 7 && y.last == 7, "wrote outside")
    return Array(y.dropFirst().dropLast())
  }

  @Test(arguments: PointwiseTests.functions, InstructionSet.allCases)
  func sizesAndTails(function: PointwiseFunction, instructionSet: InstructionSet) throws {
    var noise = Noise()
    for count in [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127] {
      let x = noise.values(count).map { $0 * 8 }
      let y = try Self.run(function, x, instructionSet)
      expectClose(
        y, x.map { PointwiseTests.reference(function, $0) }, within: 2e-6, "\(function)")
    }
  }

  @Test(arguments: PointwiseTests.functions, InstructionSet.allCases)
  func specialValues(function: PointwiseFunction, instructionSet: InstructionSet) throws {
    let tiny = Float.leastNonzeroMagnitude
    let values: [Float] = [
      0, -0.0, .nan, .infinity, -.infinity, tiny, -tiny, tiny * 71_362, .leastNormalMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 88, 89, -87, -104, 1, -1, 20, 20.5,
    ]
    let y = try Self.run(function, values, instructionSet)
    for (value, got) in zip(values, y) {
      let expected = PointwiseTests.reference(function, value)
      if PointwiseTests.isUndetermined(function, value) {
        #expect(got.isNaN || abs(got) <= 1e-34, "\(function)(\(value)) gave \(got)")
        continue
      }
      if [.geluTanh, .hardSwish].contains(function), abs(value) > 1e12 { continue }
      let close =
        got == expected || got.isNaN && expected.isNaN
        || abs(got - expected) <= max(abs(expected) * 1e-6, .leastNormalMagnitude)
      #expect(close, "\(function)(\(value)) gave \(got), not \(expected)")
    }
  }

  /// The bounds that the emitters state, over every 99,730th float32 of the range.
  @Test(
    arguments: [
      (PointwiseFunction.exp, Float(-87), Float(88.7), Float(1.5)), (.sigmoid, -87, 88, 5),
      (.sigmoid, -20, 20, 3), (.silu, -80, 80, 5), (.silu, -20, 20, 3), (.tanh, -20, 20, 3),
      (.erf, -6, 6, 5), (.log, 0, 3e38, 1.5),
      (.softplus(beta: 1, threshold: 100), -87, 88, 4), (.logSigmoid, -80, 87, 4),
      (.elu(alpha: 1), -80, 10, 2), (.mish, -40, 40, 6),
    ], InstructionSet.allCases)
  func errorInULP(
    bound: (PointwiseFunction, Float, Float, Float), instructionSet: InstructionSet
  ) throws {
    let (function, low, high, limit) = bound
    var samples: [Float] = []
    for sign in [Float(1), -1] {
      var pattern = Float.leastNormalMagnitude.bitPattern
      while pattern < Float.infinity.bitPattern {
        let value = sign * Float(bitPattern: pattern)
        if value >= low, value <= high { samples.append(value) }
        pattern += 99_730
      }
    }
    var (worst, place) = (0.0, Float(0))
    for (value, got) in zip(samples, try Self.run(function, samples, instructionSet)) {
      let exact = PointwiseTests.exactReference(function, Double(value))
      let unit = Double(max(Float(exact).magnitude, .leastNormalMagnitude).ulp)
      let error = abs(Double(got) - exact) / unit
      if error > worst { (worst, place) = (error, value) }
    }
    #expect(worst <= Double(limit), "\(function): \(worst) ULP at \(place)")
  }

  /// With all but four vector registers taken, no function spills.
  @Test(arguments: PointwiseTests.functions, KernelMode.available)
  func fewRegisters(function: PointwiseFunction, instructionSet: InstructionSet) throws {
    var builder = KernelBuilder(instructionSet)
    let (x, y) = (builder.parameter(), builder.parameter())
    let values = (0..<(instructionSet.vectorRegisterCount - 4)).map { index in
      builder.load(Address(x, offset: index * builder.vectorBytes))
    }
    for (index, value) in values.enumerated() {
      let result = EpilogueEmitter.emit(
        [.function(function), .add(operand: 0, .channel)], on: value, in: &builder
      ) { _, _, _ in .memory(Address(x)) }
      builder.store(result, to: Address(y, offset: index * builder.vectorBytes))
    }
    let kernel = try Kernel(builder.finish(named: "pressure"))
    #expect(kernel.spillCount == 0, "\(function)")
  }
}
