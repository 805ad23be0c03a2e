/// Writes a kernel's instructions: registers are made as they are needed, without end, and given
/// to the processor's by `RegisterAllocation`.
///
/// A register is defined before it is used. One that is carried around a loop is defined before
/// the loop; one that is first defined inside has no value when the next round begins.
package struct KernelBuilder {
  package let instructionSet: InstructionSet
  package private(set) var parameterCount = 0
  private(set) var instructions: [KernelInstruction] = []
  private var vectorCount = 0
  private var scalarCount = 0
  private var maskCount = 0

  package init(_ instructionSet: InstructionSet) { self.instructionSet = instructionSet }

  /// Floats in a vector.
  package var lanes: Int { instructionSet.lanes }
  package var vectorBytes: Int { instructionSet.vectorBytes }

  package func finish(named name: String) -> KernelProgram {
    KernelProgram(
      name: name, instructionSet: instructionSet, parameterCount: parameterCount,
      instructions: instructions, vectorCount: vectorCount, scalarCount: scalarCount,
      maskCount: maskCount)
  }

  package mutating func emit(_ instruction: KernelInstruction) { instructions.append(instruction) }

  package mutating func vector() -> VectorRegister {
    defer { vectorCount += 1 }
    return VectorRegister(id: vectorCount)
  }

  package mutating func scalar() -> ScalarRegister {
    defer { scalarCount += 1 }
    return ScalarRegister(id: scalarCount)
  }

  package mutating func mask() -> MaskRegister {
    defer { maskCount += 1 }
    return MaskRegister(id: maskCount)
  }
}

extension KernelBuilder {
  /// The next parameter of the call, in order.
  package mutating func parameter() -> ScalarRegister {
    let register = scalar()
    emit(.parameter(register, parameterCount))
    parameterCount += 1
    return register
  }

  /// The parameter with that number, read where it is needed so that it holds a register for a
  /// short time only.
  package mutating func parameter(_ index: Int) -> ScalarRegister {
    let register = scalar()
    emit(.parameter(register, index))
    parameterCount = max(parameterCount, index + 1)
    return register
  }

  package mutating func integer(_ value: Int) -> ScalarRegister {
    let register = scalar()
    emit(.setInteger(register, value))
    return register
  }

  package mutating func copy(_ other: ScalarRegister) -> ScalarRegister {
    let register = scalar()
    emit(.copyInteger(register, other))
    return register
  }

  package mutating func set(_ register: ScalarRegister, to other: ScalarRegister) {
    emit(.copyInteger(register, other))
  }

  package mutating func add(_ constant: Int, to register: ScalarRegister) {
    if constant != 0 { emit(.addConstant(register, constant)) }
  }

  package mutating func add(_ other: ScalarRegister, to register: ScalarRegister) {
    emit(.addInteger(register, other))
  }

  package mutating func subtract(_ other: ScalarRegister, from register: ScalarRegister) {
    emit(.subtractInteger(register, other))
  }

  package mutating func multiply(_ register: ScalarRegister, by constant: Int) {
    emit(.multiplyConstant(register, constant))
  }

  package mutating func loadInteger(_ address: Address) -> ScalarRegister {
    let register = scalar()
    emit(.loadInteger(register, address))
    return register
  }

  /// Repeats `body` as often as the register says; the register is used up.
  package mutating func loop(_ count: ScalarRegister, _ body: (inout KernelBuilder) -> Void) {
    emit(.loop(count))
    body(&self)
    emit(.endLoop)
  }

  /// Repeats `body` a fixed number of times, without a loop when that is one.
  package mutating func loop(_ count: Int, _ body: (inout KernelBuilder) -> Void) {
    if count == 1 { return body(&self) }
    guard count > 0 else { return }
    loop(integer(count), body)
  }

  package mutating func ifPositive(
    _ register: ScalarRegister, _ body: (inout KernelBuilder) -> Void,
    else other: ((inout KernelBuilder) -> Void)? = nil
  ) {
    emit(.ifPositive(register))
    body(&self)
    if let other {
      emit(.otherwise)
      other(&self)
    }
    emit(.endIf)
  }
}
