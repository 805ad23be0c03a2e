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
  /// the processor lacks is the best that it has.
  package static let current = KernelMode(
    asked: unsafe getenv("MARTLET_KERNELS").flatMap { unsafe String(validatingCString: $0) },
    available: available)

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
