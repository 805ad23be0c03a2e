import MartletKernels
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// A large matrix that serves one row is not packed, and gives what the operator gives.
@Test func largeMatricesStayWhereTheyLie() throws {
  let (rows, columns) = (2051, 2050)
  let w = try noise([rows, columns], seed: 3) * (1 / 32)
  let bias = try noise([rows], seed: 4)
  let x = try noise([1, columns], seed: 5)
  let addend = try noise([1, rows], seed: 6)
  func function(_ x: Tensor) throws -> Tensor { try F.relu(F.linear(x, w, bias)) + addend }
  let traced = try trace({ (x: Tensor) in try function(x) }, x, allowConstants: true)
  let expected = try function(x)
  let program = try traced.compile(threads: 1)
  #expect(try difference(program(x), expected, tolerance: 1e-5) == nil)
  #expect(try bits(traced.compile(threads: 3).run([x])[0]) == bits(program.run([x])[0]))
  if KernelMode.current == .portable { return }
  #expect("\(program)".contains("matrixvector"), "\(program)")
  #expect(program.packedByteCount == 0)
  // It is held all the same, as the plan says.
  #expect(program.plannedPeakByteCount >= rows * columns * 4)
  // More rows share packed panels.
  let two = try noise([2, columns], seed: 7)
  #expect(try difference(program(two), function(two), tolerance: 1e-5) == nil)
}
