/// A virtual vector register: `lanes` floats, or as many 32-bit integers.
package struct VectorRegister: Sendable, Hashable { let id: Int }

/// A virtual register for a 64-bit integer or an address.
package struct ScalarRegister: Sendable, Hashable { let id: Int }

/// A virtual register of one bit for each lane.
package struct MaskRegister: Sendable, Hashable { let id: Int }

/// `base + index · scale + offset`, in bytes.
package struct Address: Sendable, Hashable {
  package var base: ScalarRegister
  package var index: ScalarRegister?
  /// 1, 2, 4 or 8.
  package var scale: Int
  package var offset: Int

  package init(
    _ base: ScalarRegister, offset: Int = 0, index: ScalarRegister? = nil, scale: Int = 1
  ) {
    precondition([1, 2, 4, 8].contains(scale), "no such scale")
    self.base = base
    self.index = index
    self.scale = scale
    self.offset = offset
  }
}

/// Where an operation takes its last operand from.
package enum VectorOperand: Sendable, Hashable {
  case register(VectorRegister)
  /// A whole vector, at any alignment.
  case memory(Address)
  /// One float for every lane.
  case broadcast(Address)
  /// The same 32 bits in every lane, from the kernel's own constants.
  case constant(UInt32)
}

/// Lane by lane on floats unless it says otherwise. Maximum and minimum are the processor's: the
/// second operand where either is NaN or both are zero.
package enum BinaryOperation: Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide, minimum, maximum
  /// On bits; `andNot` is ¬a ∧ b.
  case and, or, xor, andNot
  /// On 32-bit integers, wrapping.
  case addInteger, subtractInteger
  /// Within each group of four lanes: the lower or upper two of both, interleaved by one or two.
  case unpackLow, unpackHigh, unpackLowPairs, unpackHighPairs
  /// The second operand's lanes, those that the first one's integers name, modulo `lanes`.
  case permute
  /// The first operand times 2 to the power of the second rounded down (AVX-512 alone).
  case scale
}

package enum UnaryOperation: Sendable, Hashable, CaseIterable {
  case squareRoot
  /// To a whole number; ties to even.
  case roundToNearest
  case floor, ceiling, truncate
  /// Float to 32-bit integer, ties to even, and back.
  case toInteger, toFloat
}

package enum ShiftOperation: Sendable, Hashable, CaseIterable {
  case left, rightLogical, rightArithmetic
}

/// Ordered comparisons are false where an operand is NaN.
package enum Comparison: Sendable, Hashable, CaseIterable {
  case equal, less, lessOrEqual, greater, greaterOrEqual
  /// True where they differ or one is NaN.
  case notEqual
  /// True where either is NaN.
  case unordered
}

/// One step of a kernel. Loops and conditions are marked by their beginnings and ends and nest.
package enum KernelInstruction: Sendable, Hashable {
  // Vectors.
  case zero(VectorRegister)
  /// The same 32 bits in every lane.
  case constant(VectorRegister, UInt32)
  case move(VectorRegister, VectorRegister)
  case load(VectorRegister, Address)
  case broadcast(VectorRegister, Address)
  /// Every lane is the register's first.
  case broadcastLane(VectorRegister, VectorRegister)
  /// Lanes outside the mask become zero, and their memory is not touched.
  case loadMasked(VectorRegister, Address, MaskRegister)
  case store(Address, VectorRegister)
  case storeMasked(Address, VectorRegister, MaskRegister)
  /// The first lane alone.
  case storeFirst(Address, VectorRegister)
  case binary(BinaryOperation, VectorRegister, VectorRegister, VectorOperand)
  /// `a ← a + b · c`, rounded once.
  case multiplyAdd(VectorRegister, VectorRegister, VectorOperand)
  /// `a ← a − b · c`, rounded once.
  case multiplySubtract(VectorRegister, VectorRegister, VectorOperand)
  /// `a ← a · b + c`, rounded once: a step of Horner's rule.
  case multiplyThenAdd(VectorRegister, VectorRegister, VectorOperand)
  case unary(UnaryOperation, VectorRegister, VectorRegister)
  case shift(ShiftOperation, VectorRegister, VectorRegister, Int)
  /// Lanes within each group of four, chosen by two bits each, the lowest first.
  case permuteWithin(VectorRegister, VectorRegister, UInt8)
  /// Whole groups of four lanes. AVX2: each half of the result is chosen by four bits (0 and 1
  /// are a's groups, 2 and 3 b's), as `vperm2f128`. AVX-512: the lower two groups are chosen from
  /// a and the upper two from b by two bits each, as `vshuff32x4`.
  case permuteGroups(VectorRegister, VectorRegister, VectorRegister, UInt8)

  // Masks.
  case compare(MaskRegister, Comparison, VectorRegister, VectorRegister)
  /// The first lanes, as many as the register says, 0 to `lanes`.
  case maskFirst(MaskRegister, ScalarRegister)
  /// Where the mask is set the third operand, elsewhere the fourth.
  case select(VectorRegister, MaskRegister, VectorRegister, VectorRegister)

  // Integers.
  case parameter(ScalarRegister, Int)
  case setInteger(ScalarRegister, Int)
  case copyInteger(ScalarRegister, ScalarRegister)
  case addConstant(ScalarRegister, Int)
  case addInteger(ScalarRegister, ScalarRegister)
  case subtractInteger(ScalarRegister, ScalarRegister)
  case multiplyConstant(ScalarRegister, Int)
  /// `a ← min(a, b)`, signed.
  case minimumInteger(ScalarRegister, ScalarRegister)
  case loadInteger(ScalarRegister, Address)
  case prefetch(Address)

  // Control.
  /// Repeats as often as the register says, not at all when that is zero or less. The register
  /// counts down and may be read inside.
  case loop(ScalarRegister)
  case endLoop
  case ifPositive(ScalarRegister)
  case otherwise
  case endIf
}
