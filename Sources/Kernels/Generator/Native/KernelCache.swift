/// A kernel's description by which it is found again.
package protocol KernelSpecification: Hashable, Sendable {
  var instructionSet: InstructionSet { get }
  func program() -> KernelProgram
}

/// The process's kernels, each generated once.
package final class KernelCache: Sendable {
  package static let shared = KernelCache()

  private let kernels = Locked<[AnyHashable: Kernel]>([:])

  package init() {}

  /// - Throws: `KernelError` where machine code cannot run.
  package func kernel(for specification: some KernelSpecification) throws(KernelError) -> Kernel {
    let key = AnyHashable(specification)
    if let kernel = kernels.withLock({ $0[key] }) { return kernel }
    // Outside the lock: other kernels can be generated meanwhile. Of two equal ones the first
    // to be ready stays.
    let kernel = try Kernel(specification.program())
    return kernels.withLock { all in
      if let other = all[key] { return other }
      all[key] = kernel
      return kernel
    }
  }

  package var count: Int { kernels.withLock { $0.count } }

  /// The kernels so far, by name: for profiles and tests of the code.
  package var all: [Kernel] {
    kernels.withLock { Array($0.values) }.sorted { $0.program.name < $1.program.name }
  }
}
