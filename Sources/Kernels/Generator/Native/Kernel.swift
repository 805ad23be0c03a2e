/// A program and its machine code.
package final class Kernel: Sendable {
  package let program: KernelProgram
  /// Vector registers that live on the stack because there are too few.
  package let spillCount: Int
  /// Integer registers that do.
  package let integerSpillCount: Int
  /// The machine code without its constants.
  package let codeBytes: [UInt8]
  private let code: CodeMemory

  /// - Throws: `KernelError` where the code cannot run.
  package init(_ program: KernelProgram) throws(KernelError) {
    guard KernelMode.available.contains(program.instructionSet) else {
      throw KernelError.unsupported(program.instructionSet)
    }
    let native = NativeCode(program)
    self.program = program
    spillCount = native.spillCount
    integerSpillCount = native.integerSpillCount
    codeBytes = Array(native.bytes.prefix(native.instructionByteCount))
    code = try CodeMemory(native.bytes)
    PerformanceMap.shared?.add(
      address: code.address, byteCount: native.instructionByteCount, name: program.name)
  }

  /// Runs the kernel on its parameters, as many as the program takes.
  @inline(__always)
  package func call(_ parameters: UnsafePointer<Int>) { unsafe code.call(parameters) }

  /// The same with the parameters in a tuple of `Int`s.
  @inline(__always)
  package func call<Parameters>(with parameters: Parameters) {
    precondition(
      MemoryLayout<Parameters>.size == program.parameterCount * MemoryLayout<Int>.size,
      "as many parameters as the kernel takes")
    unsafe withUnsafeBytes(of: parameters) {
      if let base = $0.baseAddress { unsafe code.call(base) }
    }
  }
}
