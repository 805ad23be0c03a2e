/// A kernel as virtual registers see it; the native code and the interpreter are made from it.
///
/// Called with an array of 64-bit parameters, addresses among them.
package struct KernelProgram: Sendable, Hashable {
  /// Tells family, data type, layout and tile, for profiles.
  package let name: String
  package let instructionSet: InstructionSet
  package let parameterCount: Int
  package let instructions: [KernelInstruction]
  package let vectorCount: Int
  package let scalarCount: Int
  package let maskCount: Int
}
