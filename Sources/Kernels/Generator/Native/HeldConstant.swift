/// What a register holds that never changes.
enum HeldConstant {
  case lanes(UInt32)
  case integer(Int)
}

extension MachineInstruction {
  /// The register that the instruction sets to a constant.
  var constant: (VirtualRegister, HeldConstant)? {
    switch self {
    case .zero(let a): (a, .lanes(0))
    case .ones(let a): (a, .lanes(.max))
    case .setInteger(let a, let value): (a, .integer(value))
    case .vector(let step):
      if step.opcode == .broadcast, let a = step.register,
        case .memory(let memory) = step.source, case .constant(.lane(let bits)) = memory.base
      {
        (a, .lanes(bits))
      } else {
        nil
      }
    default: nil
    }
  }

  var isConstant: Bool { constant != nil }
}
