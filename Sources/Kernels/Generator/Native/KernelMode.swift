#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How kernels run in this process.
package enum KernelMode: Sendable, Hashable {
  /// Compiled Swift and BLAS: there is no generated code for this processor, or the system gives
  /// no pages to run it from.
  case portable
  case native(InstructionSet)

  /// The best there is, unless `MARTLET_KERNELS` is `portable`, `avx2` or `avx512`. A set that
  /// the processor lacks is the best that it has; compiling a program refuses other words.
  package static let current = KernelMode(asked: request, available: available)

  /// What `MARTLET_KERNELS` may say.
  package static let names = ["portable"] + InstructionSet.allCases.map(\.rawValue)

  /// What it says, where that is none of them.
  package static let unknownRequest = unknown(request)

  package static func unknown(_ asked: String?) -> String? {
    guard let asked, !asked.isEmpty, !names.contains(asked) else { return nil }
    return asked
  }

  private static let request =
    unsafe getenv("MARTLET_KERNELS").map { unsafe String(cString: $0) }

  /// The instruction sets that kernels can run with here, the best last.
  package static var available: [InstructionSet] { Processor.instructionSets }

  package init(asked: String?, available: [InstructionSet]) {
    guard asked != "portable", let best = available.last else {
      self = .portable
      return
    }
    let wanted = asked.flatMap { InstructionSet(rawValue: $0) }
    self = .native(wanted.flatMap { available.contains($0) ? $0 : nil } ?? best)
  }

  package var instructionSet: InstructionSet? {
    if case .native(let set) = self { set } else { nil }
  }
}
