import MartletKernels

/// Machine code beside the text that a disassembler writes for it.
struct EncodingCases {
  private(set) var assembler = Assembler()
  private(set) var texts: [String] = []
  private(set) var starts: [Int] = []

  /// Every form of instruction with many registers and memory operands.
  static let all: EncodingCases = {
    var cases = EncodingCases()
    cases.addVectors()
    cases.addMasks()
    cases.addOddVectors()
    cases.addIntegers()
    cases.addPadding()
    cases.addLabels()
    cases.assembler.finish()
    let bytes = cases.assembler.bytes
    cases.encodings = zip(cases.starts, cases.starts.dropFirst() + [bytes.count]).map {
      Array(bytes[$0..<$1])
    }
    return cases
  }()

  mutating func add(_ text: String, _ write: (inout Assembler) -> Void) {
    texts.append(text)
    starts.append(assembler.bytes.count)
    write(&assembler)
  }

  /// The bytes of each case.
  private(set) var encodings: [[UInt8]] = []
}

/// A memory operand and how it is written.
struct MemoryCase {
  let memory: MachineMemory
  let text: String

  init(
    _ base: GeneralRegister, _ displacement: Int32 = 0, index: GeneralRegister? = nil,
    scale: Int = 1
  ) {
    memory = MachineMemory(base, displacement, index: index, scale: scale)
    var text = "[\(base)"
    if let index { text += "+\(index)*\(scale)" }
    if displacement != 0 || base.low == 5 {
      let digits = String(displacement.magnitude, radix: 16)
      text += displacement < 0 ? "-0x\(digits)" : "+0x\(digits)"
    }
    self.text = text + "]"
  }

  /// Every base and index, and displacements around the limits of one byte, counted by 1 and by
  /// the sizes that EVEX counts by.
  static let all: [MemoryCase] = {
    var cases: [MemoryCase] = []
    for base in GeneralRegister.allCases {
      for displacement: Int32 in [0, 8, -8] { cases.append(MemoryCase(base, displacement)) }
    }
    for (i, index) in GeneralRegister.allCases.filter({ $0 != .rsp }).enumerated() {
      cases.append(MemoryCase(.rsp, i % 2 == 0 ? 0 : 64, index: index, scale: 1 << (i % 4)))
    }
    for base: GeneralRegister in [.rbp, .r13, .r12, .rax] {
      for index: GeneralRegister in [.rcx, .r12, .r13] {
        for displacement: Int32 in [0, 4, -64, 4096] {
          cases.append(MemoryCase(base, displacement, index: index, scale: 4))
        }
      }
    }
    for unit: Int32 in [1, 4, 16, 32, 64] {
      for count: Int32 in [127, 128, -128, -129] {
        cases.append(MemoryCase(.rdi, unit * count))
        cases.append(MemoryCase(.rdi, unit * count + 1))
      }
    }
    return cases + [MemoryCase(.rdx, .max), MemoryCase(.r9, .min)]
  }()

  static let few: [MemoryCase] = [
    MemoryCase(.rax), MemoryCase(.rsp, 64), MemoryCase(.rbp), MemoryCase(.r12, 4),
    MemoryCase(.r13, -128, index: .r15, scale: 8), MemoryCase(.r8, 8192),
  ]
}

/// An instruction on vectors: `name a, b, c`, as it is with all its widths.
struct VectorForm {
  let name: String
  let opcode: VectorOpcode
  /// Whether the prefix names a second operand.
  let isThreeOperand: Bool
  var immediate: UInt8?
  /// How the immediate is written; nil: as a number.
  var immediateText: String?
  var hasVEX = true
  var hasEVEX = true

  static let all: [VectorForm] =
    binaries + comparisons + unaries + [
      VectorForm(name: "vfmadd231ps", opcode: .multiplyAdd, isThreeOperand: true),
      VectorForm(name: "vfmadd213ps", opcode: .multiplyThenAdd, isThreeOperand: true),
      VectorForm(name: "vfnmadd231ps", opcode: .multiplySubtract, isThreeOperand: true),
      VectorForm(name: "vmovups", opcode: .load, isThreeOperand: false),
      VectorForm(name: "vmovaps", opcode: .move, isThreeOperand: false),
      VectorForm(
        name: "vpermilps", opcode: .permuteWithin, isThreeOperand: false, immediate: 0x4E),
      VectorForm(
        name: "vperm2f128", opcode: .permuteHalves, isThreeOperand: true, immediate: 0x31,
        hasEVEX: false),
      VectorForm(
        name: "vshuff32x4", opcode: .permuteQuarters, isThreeOperand: true, immediate: 0x4E,
        hasVEX: false),
      VectorForm(name: "vblendmps", opcode: .blendByMask, isThreeOperand: true, hasVEX: false),
      VectorForm(
        name: "vpternlogd", opcode: .ternaryLogic, isThreeOperand: true, immediate: 0xFF,
        hasVEX: false),
      VectorForm(
        name: "vpcmpeqd", opcode: .compareEqualIntegers, isThreeOperand: true, hasEVEX: false),
      VectorForm(
        name: "vpcmpgtd", opcode: .compareGreaterIntegers, isThreeOperand: true,
        hasEVEX: false),
    ]

  private static let binaries: [VectorForm] = BinaryOperation.allCases.map {
    let name =
      switch $0 {
      case .add: "vaddps"
      case .subtract: "vsubps"
      case .multiply: "vmulps"
      case .divide: "vdivps"
      case .minimum: "vminps"
      case .maximum: "vmaxps"
      case .and: "vandps"
      case .or: "vorps"
      case .xor: "vxorps"
      case .andNot: "vandnps"
      case .addInteger: "vpaddd"
      case .subtractInteger: "vpsubd"
      case .unpackLow: "vunpcklps"
      case .unpackHigh: "vunpckhps"
      case .unpackLowPairs: "vunpcklpd"
      case .unpackHighPairs: "vunpckhpd"
      case .permute: "vpermps"
      case .scale: "vscalefps"
      }
    return VectorForm(
      name: name, opcode: .of($0), isThreeOperand: true, hasVEX: $0 != .scale)
  }

  private static let comparisons: [VectorForm] = Comparison.allCases.map {
    let name =
      switch $0 {
      case .equal: "vcmpeqps"
      case .less: "vcmplt_oqps"
      case .lessOrEqual: "vcmple_oqps"
      case .greater: "vcmpgt_oqps"
      case .greaterOrEqual: "vcmpge_oqps"
      case .notEqual: "vcmpneqps"
      case .unordered: "vcmpunordps"
      }
    return VectorForm(
      name: name, opcode: .compare, isThreeOperand: true, immediate: $0.predicate,
      immediateText: "", hasEVEX: false)
  }

  private static let unaries: [VectorForm] = UnaryOperation.allCases.flatMap {
    operation -> [VectorForm] in
    let (opcode, immediate) = VectorOpcode.of(operation)
    let (vex, evex) =
      switch operation {
      case .squareRoot: ("vsqrtps", "vsqrtps")
      case .toInteger: ("vcvtps2dq", "vcvtps2dq")
      case .toFloat: ("vcvtdq2ps", "vcvtdq2ps")
      default: ("vroundps", "vrndscaleps")
      }
    return [
      VectorForm(
        name: vex, opcode: opcode, isThreeOperand: false, immediate: immediate, hasEVEX: false),
      VectorForm(
        name: evex, opcode: opcode, isThreeOperand: false, immediate: immediate, hasVEX: false),
    ]
  }
}
