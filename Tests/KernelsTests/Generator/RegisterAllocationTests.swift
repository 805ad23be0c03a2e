import MartletKernels
import Testing

struct RegisterAllocationTests {
  /// More sums than registers, more pointers than integer registers, in nested loops.
  @Test(arguments: KernelMode.available)
  func spillsUnderPressure(_ set: InstructionSet) throws {
    var builder = KernelBuilder(set)
    let x = builder.parameter()
    let y = builder.parameter()
    let pointers = (0..<18).map { i in
      let pointer = builder.copy(x)
      builder.add(4 * i, to: pointer)
      return pointer
    }
    let sums = (0..<40).map { builder.constant(Float($0)) }
    builder.loop(3) { b in
      b.loop(2) { b in
        for (i, sum) in sums.enumerated() {
          b.multiplyAdd(
            sum, b.load(Address(pointers[i % 18])), .broadcast(Address(x, offset: 4 * i)))
        }
        for pointer in pointers { b.add(4, to: pointer) }
      }
      let shared = b.load(Address(x))
      for sum in sums { b.move(b.binary(.maximum, sum, shared), into: sum) }
    }
    for (i, sum) in sums.enumerated() {
      builder.store(sum, to: Address(y, offset: i * set.vectorBytes))
    }
    let program = builder.finish(named: "pressure")
    let kernel = try Kernel(program)
    #expect(kernel.spillCount > 40 - set.vectorRegisterCount)
    #expect(kernel.integerSpillCount > 0)
    try expectSame(program, kernel)
  }

  /// A tile of 6 × 2 vectors fills AVX2's registers exactly.
  @Test(arguments: KernelMode.available)
  func tilesFitWithoutSpills(_ set: InstructionSet) throws {
    var builder = KernelBuilder(set)
    let x = builder.parameter()
    let y = builder.parameter()
    let columns = 2
    let rows = set == .avx2 ? 6 : 14
    let sums = (0..<rows).map { _ in (0..<columns).map { _ in builder.zero() } }
    builder.loop(5) { b in
      let values = (0..<columns).map { b.load(Address(x, offset: $0 * set.vectorBytes)) }
      for (i, row) in sums.enumerated() {
        let factor = b.broadcast(Address(y, offset: 4 * i))
        for (sum, value) in zip(row, values) { b.multiplyAdd(sum, value, factor) }
      }
      b.add(columns * set.vectorBytes, to: x)
      b.add(4 * rows, to: y)
    }
    let z = builder.loadInteger(Address(y, offset: 0))
    builder.ifPositive(z) { b in b.add(0, to: z) }
    for (i, sum) in sums.joined().enumerated() {
      builder.store(sum, to: Address(y, offset: 4096 - 4 * rows * 5 + i * set.vectorBytes))
    }
    let program = builder.finish(named: "tile")
    let kernel = try Kernel(program)
    #expect(kernel.spillCount == 0)
    try expectSame(program, kernel)
  }

  /// A constant costs a memory operand at most, not a place on the stack.
  @Test(arguments: KernelMode.available)
  func constantsAreMadeAnew(_ set: InstructionSet) throws {
    var builder = KernelBuilder(set)
    let x = builder.parameter()
    let y = builder.parameter()
    let constants = (0..<50).map { builder.constant(Float($0) + 0.25) }
    let numbers = (0..<20).map { builder.integer($0 + 1) }
    let sum = builder.load(Address(x))
    let total = builder.integer(-100)
    builder.loop(2) { b in
      for constant in constants { b.move(b.add(sum, constant), into: sum) }
      for number in numbers { b.add(number, to: total) }
    }
    builder.ifPositive(total) { $0.store(sum, to: Address(y)) }
    let program = builder.finish(named: "constants")
    let kernel = try Kernel(program)
    #expect(kernel.spillCount == 0)
    // The pointers, which are used once.
    #expect(kernel.integerSpillCount <= 2)
    try expectSame(program, kernel)
  }

  @Test(arguments: KernelMode.available)
  func movesGoAway(_ set: InstructionSet) throws {
    func code(_ body: (inout KernelBuilder, VectorRegister, VectorRegister) -> Void) throws
      -> [UInt8]
    {
      var builder = KernelBuilder(set)
      let x = builder.parameter()
      let sum = builder.load(Address(x))
      builder.loop(3) { b in
        let value = b.load(Address(x, offset: 64))
        body(&b, sum, value)
      }
      builder.store(sum, to: Address(x))
      return try Kernel(builder.finish(named: "moves")).codeBytes
    }
    let direct = try code { b, sum, value in
      b.emit(.binary(.maximum, sum, sum, .register(value)))
    }
    let moved = try code { b, sum, value in
      b.move(b.binary(.maximum, sum, .register(value)), into: sum)
    }
    #expect(direct == moved)
    let copied = try code { b, sum, value in
      let copy = b.copy(value)
      b.emit(.binary(.maximum, sum, sum, .register(copy)))
    }
    #expect(direct == copied)
  }

  /// Two arrays of 8 KiB: one with numbers, one for results.
  private func expectSame(_ program: KernelProgram, _ kernel: Kernel) throws {
    var random = RandomNumbers(7)
    var memory: [UInt8] = []
    for _ in 0..<4096 {
      let bits = random.value().bitPattern
      for byte in 0..<4 { memory.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte))) }
    }
    var buffers = [memory]
    try KernelInterpreter.run(
      program,
      parameters: [.address(buffer: 0, byteOffset: 0), .address(buffer: 0, byteOffset: 8192)],
      memory: &buffers)
    unsafe memory.withUnsafeMutableBytes {
      let start = Int(bitPattern: $0.baseAddress)
      kernel.call(with: (start, start + 8192))
    }
    #expect(memory == buffers[0])
  }
}
