/// A program's machine code.
package final class Kernel: Sendable {
  /// The program's.
  package let name: String
  package let instructionSet: InstructionSet
  package let parameterCount: Int
  /// Vector registers that live on the stack because there are too few.
  package let spillCount: Int
  /// Integer registers that do.
  package let integerSpillCount: Int
  private let code: CodeMemory
  private let instructionByteCount: Int

  /// - Throws: `KernelError` where the code cannot run.
  package init(_ program: KernelProgram) throws(KernelError) {
    guard KernelMode.available.contains(program.instructionSet) else {
      throw KernelError.unsupported(program.instructionSet)
    }
    let native = NativeCode(program)
    name = program.name
    instructionSet = program.instructionSet
    parameterCount = program.parameterCount
    spillCount = native.spillCount
    integerSpillCount = native.integerSpillCount
    code = try CodeMemory(native.bytes)
    instructionByteCount = native.instructionByteCount
    PerformanceMap.shared?.add(
      address: code.address, byteCount: native.instructionByteCount, name: program.name)
  }

  /// The machine code without its constants.
  package var codeBytes: [UInt8] { Array(code.bytes.prefix(instructionByteCount)) }

  /// Its code, for those who hold the kernel meanwhile.
  var entry: KernelEntry { KernelEntry(address: code.address) }

  /// Runs the kernel on its parameters, as many as the program takes.
  @inline(__always)
  package func call(_ parameters: UnsafePointer<Int>) { unsafe code.call(parameters) }

  /// The same with the parameters in a tuple of `Int`s.
  @inline(__always)
  package func call<Parameters>(with parameters: Parameters) {
    precondition(
      MemoryLayout<Parameters>.size == parameterCount * MemoryLayout<Int>.size,
      "as many parameters as the kernel takes")
    unsafe withUnsafeBytes(of: parameters) {
      if let base = $0.baseAddress { unsafe code.call(base) }
    }
  }
}

/// A kernel's code, which lasts as long as the kernel. It counts no references: threads that call
/// the same kernel at once would wait for each other's counts.
struct KernelEntry: Sendable, BitwiseCopyable {
  fileprivate let address: UInt

  /// Runs the kernel on its parameters, as many as the program takes.
  @inline(__always)
  func call(_ parameters: UnsafePointer<Int>) {
    unsafe unsafeBitCast(
      address, to: (@convention(c) (UnsafeRawPointer) -> Void).self)(parameters)
  }
}
