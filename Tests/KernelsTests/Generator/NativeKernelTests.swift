import MartletKernels
import Testing

/// Generated code against plain loops, on every instruction set that runs here.
struct NativeKernelTests {
  @Test(arguments: KernelMode.available)
  func addsVectors(_ set: InstructionSet) throws {
    var builder = KernelBuilder(set)
    let x = builder.parameter()
    let y = builder.parameter()
    let z = builder.parameter()
    let count = builder.parameter()
    let rest = builder.parameter()
    let bytes = builder.vectorBytes
    builder.loop(count) { b in
      let sum = b.binary(.add, b.load(Address(x)), .memory(Address(y)))
      b.store(sum, to: Address(z))
      for pointer in [x, y, z] { b.add(bytes, to: pointer) }
    }
    builder.ifPositive(rest) { b in
      let mask = b.maskFirst(rest)
      let sum = b.add(b.load(Address(x), mask), b.load(Address(y), mask))
      b.store(sum, to: Address(z), mask)
    }
    let kernel = try Kernel(builder.finish(named: "add"))
    for size in [0, 1, set.lanes - 1, set.lanes, set.lanes + 1, 127] {
      let a = (0..<size).map { Float($0) * 0.5 }
      let b = (0..<size).map { Float($0 * $0) }
      var result = [Float](repeating: -1, count: size + 1)
      call(kernel, a, b, &result, size / set.lanes, size % set.lanes)
      #expect(result == (0..<size).map { a[$0] + b[$0] } + [-1])
    }
  }

  @Test(arguments: KernelMode.available)
  func multipliesAndAddsInRegisters(_ set: InstructionSet) throws {
    var builder = KernelBuilder(set)
    let x = builder.parameter()
    let y = builder.parameter()
    let z = builder.parameter()
    let count = builder.parameter()
    _ = builder.parameter()
    let sums = (0..<3).map { _ in builder.zero() }
    builder.loop(count) { b in
      let value = b.load(Address(x))
      for (i, sum) in sums.enumerated() {
        b.multiplyAdd(sum, value, .broadcast(Address(y, offset: 4 * i)))
      }
      b.add(set.vectorBytes, to: x)
      b.add(4, to: y)
    }
    for (i, sum) in sums.enumerated() {
      let scaled = builder.binary(.multiply, sum, .constant(Float(2).bitPattern))
      builder.store(scaled, to: Address(z, offset: i * set.vectorBytes))
    }
    let kernel = try Kernel(builder.finish(named: "fma"))
    #expect(kernel.spillCount == 0)
    let steps = 9
    let a = (0..<(steps * set.lanes)).map { Float($0 % 7) }
    let b = (0..<(steps + 2)).map { Float($0) }
    var result = [Float](repeating: 0, count: 3 * set.lanes)
    call(kernel, a, b, &result, steps, 0)
    let expected = (0..<(3 * set.lanes)).map { i in
      2
        * (0..<steps).reduce(Float(0)) {
          $0 + a[$1 * set.lanes + i % set.lanes] * b[$1 + i / set.lanes]
        }
    }
    #expect(result == expected)
  }

  private func call(
    _ kernel: Kernel, _ a: [Float], _ b: [Float], _ result: inout [Float], _ count: Int,
    _ rest: Int
  ) {
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe result.withUnsafeMutableBufferPointer { result in
          kernel.call(
            with: (
              Int(bitPattern: a.baseAddress), Int(bitPattern: b.baseAddress),
              Int(bitPattern: result.baseAddress), count, rest
            ))
        }
      }
    }
  }
}
