import MartletKernels
import Testing

/// Runs the program in the interpreter and, where the processor can, natively, and demands the
/// same bits; any NaN equals any other.
func runEverywhere(
  _ program: KernelProgram, _ parameters: [KernelParameter], _ buffers: [[Float]],
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> [[Float]] {
  let memory = buffers.map { buffer in
    buffer.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
    }
  }
  func floats(_ bytes: [UInt8]) -> [Float] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << ($1 * 8) })
    }
  }
  var interpreted = memory
  try KernelInterpreter.run(program, parameters: parameters, memory: &interpreted)
  let expected = interpreted.map(floats)
  guard KernelMode.available.contains(program.instructionSet) else { return expected }
  var native = memory
  try Kernel(program).run(parameters: parameters, memory: &native)
  for (index, pair) in zip(expected, native.map(floats)).enumerated() {
    let differs = zip(pair.0, pair.1).enumerated().first { _, values in
      values.0.bitPattern != values.1.bitPattern && !(values.0.isNaN && values.1.isNaN)
    }
    if let differs {
      Issue.record(
        """
        \(program.name): buffer \(index) at \(differs.offset): interpreted \
        \(differs.element.0), native \(differs.element.1)
        """, sourceLocation: sourceLocation)
    }
  }
  return expected
}
