/// Folds long messages to short ones of the same CRC-32, by carry-less multiplication: some times
/// as fast as tables.
///
/// After Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", 2009. The
/// factors are powers of x modulo the polynomial of zip archives, with its bits reversed.
package enum CRC32Folding {
  /// A message in the place of the first `byteCount` bytes of a longer one.
  package struct Residue: Sendable {
    package let bytes: [UInt8]
    package let byteCount: Int
  }

  /// Bytes that are folded at once.
  private static let step = 64

  /// The message that leaves an empty register as `bytes`, up to their last whole 64, leave one
  /// that holds `register`. Nil where there are fewer, or no such processor.
  package static func fold(_ bytes: Span<UInt8>, register: UInt32) -> Residue? {
    guard bytes.count >= step, let code else { return nil }
    var residue = [UInt8](repeating: 0, count: 16)
    let blocks = bytes.count / step
    unsafe bytes.withUnsafeBytes { source in
      unsafe residue.withUnsafeMutableBytes { target in
        let parameters = (
          Int(bitPattern: source.baseAddress), blocks - 1, Int(bitPattern: target.baseAddress), 0,
          Int(register), 0,
          // x⁵¹²⁺⁶⁴ and x⁵¹², then x¹²⁸⁺⁶⁴ and x¹²⁸.
          0x1_5444_2BD4, 0x1_C6E4_1596, 0x1_7519_97D0, 0x0_CCAA_009E
        )
        unsafe withUnsafeBytes(of: parameters) {
          if let base = $0.baseAddress { unsafe code.call(base) }
        }
      }
    }
    return Residue(bytes: residue, byteCount: blocks * step)
  }

  private static let code: CodeMemory? = {
    #if arch(x86_64)
      guard KernelMode.current != .portable, Processor.multipliesWithoutCarry else { return nil }
      return try? CodeMemory(machineCode)
    #else
      return nil
    #endif
  }()

  /// Four accumulators of 16 bytes each, which become one at the end.
  private static var machineCode: [UInt8] {
    var code = Assembler()
    let (far, near) = (UInt8(4), UInt8(5))
    code.load(.rax, MachineMemory(.rdi))
    code.load(.rcx, MachineMemory(.rdi, 8))
    code.load(.rdx, MachineMemory(.rdi, 16))
    for i in UInt8(0)..<4 { code.load(i, MachineMemory(.rax, 16 * Int32(i))) }
    code.exclusiveOr(0, 0, .memory(MachineMemory(.rdi, 32)))
    code.load(far, MachineMemory(.rdi, 48))
    code.load(near, MachineMemory(.rdi, 64))
    let (loop, end) = (code.label(), code.label())
    code.test(.rcx)
    code.jump(.zero, to: end)
    code.place(loop)
    code.integer(.add, .rax, constant: Int32(step))
    for i in UInt8(0)..<4 {
      code.fold(i, by: far, into: .memory(MachineMemory(.rax, 16 * Int32(i))), temporary: 8 + i)
    }
    code.decrement(.rcx)
    code.jump(.notZero, to: loop)
    code.place(end)
    for i in UInt8(1)..<4 { code.fold(0, by: near, into: .register(i), temporary: 8) }
    code.vex(.store, .bits128, reg: 0, source: .memory(MachineMemory(.rdx)))
    code.returnToCaller()
    code.finish()
    return code.bytes
  }
}

extension VectorOpcode {
  fileprivate static let carrylessProduct = Self(prefix: 1, map: 3, code: 0x44)
  fileprivate static let exclusiveOr128 = Self(prefix: 1, map: 1, code: 0xEF)
}

extension Assembler {
  fileprivate mutating func load(_ target: UInt8, _ memory: MachineMemory) {
    vex(.load, .bits128, reg: target, source: .memory(memory))
  }

  fileprivate mutating func exclusiveOr(_ target: UInt8, _ a: UInt8, _ b: VectorSource) {
    vex(.exclusiveOr128, .bits128, reg: target, second: a, source: b)
  }

  /// target ← low(target) · low(factors) + high(target) · high(factors) + data.
  fileprivate mutating func fold(
    _ target: UInt8, by factors: UInt8, into data: VectorSource, temporary: UInt8
  ) {
    let factors = VectorSource.register(factors)
    vex(
      .carrylessProduct, .bits128, reg: temporary, second: target, source: factors, immediate: 0)
    vex(
      .carrylessProduct, .bits128, reg: target, second: target, source: factors, immediate: 0x11)
    exclusiveOr(temporary, temporary, data)
    exclusiveOr(target, target, .register(temporary))
  }
}
