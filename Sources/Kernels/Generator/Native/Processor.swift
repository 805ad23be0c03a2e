/// What the processor and the system can run, asked by generated code.
enum Processor {
  /// The instruction sets whose every part is there, with the system keeping their registers.
  static let instructionSets: [InstructionSet] = {
    #if arch(x86_64)
      guard let questions = try? Questions() else { return [] }
      return detect(questions)
    #else
      return []
    #endif
  }()

  /// Whether a multiply-add of 512 bits takes its unit two cycles, so that wide vectors do no more
  /// products than those of 256 bits: Zen 4.
  static let halvesWideVectors = amdFamily == 0x19

  /// Whether the second-level cache gives a wide vector in every cycle: Zen 5 and later.
  static let hasWideCaches = amdFamily ?? 0 >= 0x1A

  /// The family that AMD numbers its processor by; nil for others.
  private static let amdFamily: UInt64? = {
    #if arch(x86_64)
      guard let questions = try? Questions() else { return nil }
      let vendor = questions.identify(0)
      let signature = questions.identify(1).a
      // "AuthenticAMD" in three registers.
      guard vendor.b == 0x6874_7541, vendor.d == 0x6974_6E65, vendor.c == 0x444D_4163
      else { return nil }
      return (signature >> 8 & 0xF) + (signature >> 20 & 0xFF)
    #else
      return nil
    #endif
  }()

  #if arch(x86_64)
    /// Whether it has `vpclmulqdq` on 128 bits.
    static let multipliesWithoutCarry: Bool = {
      guard !instructionSets.isEmpty, let questions = try? Questions() else { return false }
      return questions.identify(1).c.has(1)
    }()

    private static func detect(_ questions: Questions) -> [InstructionSet] {
      let last = questions.identify(0).a
      let basic = questions.identify(1)
      // FMA, OSXSAVE, AVX.
      guard last >= 7, basic.c.has(12), basic.c.has(27), basic.c.has(28) else { return [] }
      let extended = questions.identify(7)
      let kept = questions.keptState()
      // The lower and upper halves of 16 registers; AVX2, BMI2.
      guard kept & 0x06 == 0x06, extended.b.has(5), extended.b.has(8) else { return [] }
      // Masks and the upper 16 registers too; F, DQ, BW, VL.
      let hasAVX512 =
        kept & 0xE6 == 0xE6 && extended.b.has(16) && extended.b.has(17) && extended.b.has(30)
        && extended.b.has(31)
      return hasAVX512 ? [.avx2, .avx512] : [.avx2]
    }

    /// Runs `cpuid` and `xgetbv`.
    private struct Questions {
      private let cpuid: CodeMemory
      private let xgetbv: CodeMemory

      init() throws(KernelError) {
        var code = Assembler()
        code.push(.rbx)
        code.load(.rax, MachineMemory(.rdi))
        code.load(.rcx, MachineMemory(.rdi, 8))
        code.emit([0x0F, 0xA2])
        code.store(MachineMemory(.rdi), .rax)
        code.store(MachineMemory(.rdi, 8), .rbx)
        code.store(MachineMemory(.rdi, 16), .rcx)
        code.store(MachineMemory(.rdi, 24), .rdx)
        code.pop(.rbx)
        code.returnToCaller()
        cpuid = try CodeMemory(code.bytes)
        code = Assembler()
        code.set(.rcx, 0)
        code.emit([0x0F, 0x01, 0xD0])
        code.store(MachineMemory(.rdi), .rax)
        code.returnToCaller()
        xgetbv = try CodeMemory(code.bytes)
      }

      func identify(_ leaf: UInt64) -> (a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
        var registers: (a: UInt64, b: UInt64, c: UInt64, d: UInt64) = (leaf, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &registers) {
          if let base = $0.baseAddress { unsafe cpuid.call(base) }
        }
        return registers
      }

      /// The parts of the registers that the system keeps for each thread.
      func keptState() -> UInt64 {
        var state: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &state) {
          if let base = $0.baseAddress { unsafe xgetbv.call(base) }
        }
        return state
      }
    }
  #endif
}

extension UInt64 {
  fileprivate func has(_ bit: Int) -> Bool { self >> UInt64(bit) & 1 == 1 }
}
