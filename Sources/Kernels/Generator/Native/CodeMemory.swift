#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pages of machine code: written while they cannot run, and read-only once they can.
@safe
final class CodeMemory: @unchecked Sendable {
  let byteCount: Int
  // Never written after `init`: threads may share it.
  private let base: UnsafeMutableRawPointer

  init(_ bytes: [UInt8]) throws(KernelError) {
    byteCount = bytes.count
    let pages = unsafe mmap(
      nil, bytes.count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED else {
      throw KernelError.noCodePages("mmap failed: \(unsafe String(cString: strerror(errno)))")
    }
    unsafe bytes.withUnsafeBytes {
      unsafe pages.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
    guard unsafe mprotect(pages, bytes.count, PROT_READ | PROT_EXEC) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      unsafe munmap(pages, bytes.count)
      throw KernelError.noCodePages("mprotect failed: \(reason)")
    }
    unsafe base = pages
  }

  deinit { unsafe munmap(base, byteCount) }

  /// What was written.
  var bytes: [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  var address: UInt { unsafe UInt(bitPattern: base) }

  @inline(__always)
  func call(_ parameters: UnsafeRawPointer) {
    unsafe unsafeBitCast(base, to: (@convention(c) (UnsafeRawPointer) -> Void).self)(parameters)
  }
}

/// Why there is no machine code.
package enum KernelError: Error, Sendable, CustomStringConvertible {
  /// The system gives no pages that may be run.
  case noCodePages(String)
  /// The processor or the system lacks the instructions.
  case unsupported(InstructionSet)

  package var description: String {
    switch self {
    case .noCodePages(let reason): "no pages for machine code: \(reason)"
    case .unsupported(let instructionSet):
      "the processor does not run \(instructionSet.rawValue) code"
    }
  }
}
