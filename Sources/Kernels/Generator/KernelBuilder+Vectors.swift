/// Vector operations as functions: each gives a new register unless it says where it writes.
extension KernelBuilder {
  package mutating func zero() -> VectorRegister { make { .zero($0) } }

  /// The value in every lane.
  package mutating func constant(_ value: Float) -> VectorRegister {
    make { .constant($0, value.bitPattern) }
  }

  package mutating func constant(bits: UInt32) -> VectorRegister { make { .constant($0, bits) } }

  package mutating func copy(_ x: VectorRegister) -> VectorRegister { make { .move($0, x) } }

  package mutating func move(_ x: VectorRegister, into target: VectorRegister) {
    emit(.move(target, x))
  }

  package mutating func load(_ address: Address) -> VectorRegister { make { .load($0, address) } }

  package mutating func load(_ address: Address, _ mask: MaskRegister) -> VectorRegister {
    make { .loadMasked($0, address, mask) }
  }

  package mutating func broadcast(_ address: Address) -> VectorRegister {
    make { .broadcast($0, address) }
  }

  /// The register's first lane in every lane.
  package mutating func broadcastFirst(_ x: VectorRegister) -> VectorRegister {
    make { .broadcastLane($0, x) }
  }

  package mutating func store(_ x: VectorRegister, to address: Address) {
    emit(.store(address, x))
  }

  package mutating func store(_ x: VectorRegister, to address: Address, _ mask: MaskRegister) {
    emit(.storeMasked(address, x, mask))
  }

  package mutating func storeFirst(_ x: VectorRegister, to address: Address) {
    emit(.storeFirst(address, x))
  }

  package mutating func binary(
    _ operation: BinaryOperation, _ a: VectorRegister, _ b: VectorOperand
  ) -> VectorRegister {
    make { .binary(operation, $0, a, b) }
  }

  package mutating func binary(
    _ operation: BinaryOperation, _ a: VectorRegister, _ b: VectorRegister
  ) -> VectorRegister {
    binary(operation, a, .register(b))
  }

  package mutating func add(_ a: VectorRegister, _ b: VectorRegister) -> VectorRegister {
    binary(.add, a, b)
  }

  package mutating func binary(
    _ operation: BinaryOperation, _ a: VectorRegister, _ b: Float
  ) -> VectorRegister {
    binary(operation, a, .constant(b.bitPattern))
  }

  package mutating func subtract(_ a: VectorRegister, _ b: VectorRegister) -> VectorRegister {
    binary(.subtract, a, b)
  }

  package mutating func multiply(_ a: VectorRegister, _ b: VectorRegister) -> VectorRegister {
    binary(.multiply, a, b)
  }

  package mutating func divide(_ a: VectorRegister, _ b: VectorRegister) -> VectorRegister {
    binary(.divide, a, b)
  }

  /// `accumulator ← accumulator + a · b`
  package mutating func multiplyAdd(
    _ accumulator: VectorRegister, _ a: VectorRegister, _ b: VectorOperand
  ) {
    emit(.multiplyAdd(accumulator, a, b))
  }

  package mutating func multiplyAdd(
    _ accumulator: VectorRegister, _ a: VectorRegister, _ b: VectorRegister
  ) {
    emit(.multiplyAdd(accumulator, a, .register(b)))
  }

  /// `value ← value · factor + addend`, rounded once
  package mutating func multiply(
    _ value: VectorRegister, by factor: VectorRegister, thenAdd addend: VectorOperand
  ) {
    emit(.multiplyThenAdd(value, factor, addend))
  }

  package mutating func multiply(
    _ value: VectorRegister, by factor: VectorRegister, thenAdd addend: Float
  ) {
    emit(.multiplyThenAdd(value, factor, .constant(addend.bitPattern)))
  }

  package mutating func unary(_ operation: UnaryOperation, _ x: VectorRegister) -> VectorRegister {
    make { .unary(operation, $0, x) }
  }

  package mutating func shift(
    _ operation: ShiftOperation, _ x: VectorRegister, by count: Int
  ) -> VectorRegister {
    make { .shift(operation, $0, x, count) }
  }

  package mutating func permuteWithin(_ x: VectorRegister, _ choice: UInt8) -> VectorRegister {
    make { .permuteWithin($0, x, choice) }
  }

  package mutating func permuteGroups(
    _ a: VectorRegister, _ b: VectorRegister, _ choice: UInt8
  ) -> VectorRegister {
    make { .permuteGroups($0, a, b, choice) }
  }

  /// Lanes of `x`, those that the integers in `choice` name.
  package mutating func permute(_ x: VectorOperand, _ choice: VectorRegister) -> VectorRegister {
    binary(.permute, choice, x)
  }

  package mutating func compare(
    _ a: VectorRegister, _ comparison: Comparison, _ b: VectorRegister
  ) -> MaskRegister {
    let register = mask()
    emit(.compare(register, comparison, a, b))
    return register
  }

  package mutating func maskFirst(_ count: ScalarRegister) -> MaskRegister {
    let register = mask()
    emit(.maskFirst(register, count))
    return register
  }

  package mutating func select(
    _ mask: MaskRegister, _ whenSet: VectorRegister, else other: VectorRegister
  ) -> VectorRegister {
    make { .select($0, mask, whenSet, other) }
  }

  private mutating func make(
    _ instruction: (VectorRegister) -> KernelInstruction
  ) -> VectorRegister {
    let register = vector()
    emit(instruction(register))
    return register
  }
}
