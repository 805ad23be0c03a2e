/// A kernel's description by which it is found again.
package protocol KernelSpecification: Hashable, Sendable {
  var instructionSet: InstructionSet { get }
  func program() -> KernelProgram
}

/// The process's kernels, each generated once as long as somebody holds it. The cache itself holds
/// those that were asked for last.
package final class KernelCache: Sendable {
  package static let shared = KernelCache()

  private struct Entry {
    /// Nil for one that the cache has let go of.
    var held: Kernel?
    weak var kernel: Kernel?
    var lastUse: Int

    init(_ kernel: Kernel, _ lastUse: Int) {
      held = kernel
      self.kernel = kernel
      self.lastUse = lastUse
    }
  }

  private struct Table {
    var entries: [AnyHashable: Entry] = [:]
    var heldCount = 0
    /// Counts the requests.
    var time = 0

    mutating func kernel(_ key: AnyHashable) -> Kernel? {
      time += 1
      guard let index = entries.index(forKey: key), let kernel = entries.values[index].kernel
      else { return nil }
      entries.values[index].lastUse = time
      if entries.values[index].held == nil {
        entries.values[index].held = kernel
        heldCount += 1
      }
      return kernel
    }

    mutating func add(_ kernel: Kernel, _ key: AnyHashable) {
      if entries[key]?.held == nil { heldCount += 1 }
      entries[key] = Entry(kernel, time)
    }

    /// Lets go of the oldest, a quarter of the limit at once so that it seldom looks.
    mutating func shrink(to limit: Int) {
      guard heldCount > limit else { return }
      let uses = entries.values.filter { $0.held != nil }.map(\.lastUse).sorted()
      let oldest = uses[heldCount - max(limit - limit / 4, 1)]
      for key in entries.keys where entries[key].map({ $0.lastUse < oldest }) ?? false {
        entries[key]?.held = nil
      }
      entries = entries.filter { $0.value.kernel != nil }
      heldCount = entries.values.count { $0.held != nil }
    }
  }

  private let table = Locked(Table())
  private let limit: Int

  /// - Parameter limit: how many kernels it holds that nobody else does.
  package init(limit: Int = 512) {
    precondition(limit > 0, "holds one kernel at least")
    self.limit = limit
  }

  /// - Throws: `KernelError` where machine code cannot run.
  package func kernel(for specification: some KernelSpecification) throws(KernelError) -> Kernel {
    let key = AnyHashable(specification)
    if let kernel = table.withLock({ $0.kernel(key) }) { return kernel }
    // Outside the lock: other kernels can be generated meanwhile. Of two equal ones the first
    // to be ready stays.
    let kernel = try Kernel(specification.program())
    return table.withLock { table in
      if let other = table.kernel(key) { return other }
      table.add(kernel, key)
      table.shrink(to: limit)
      return kernel
    }
  }

  package var count: Int { all.count }

  /// The kernels that are there, by name: for profiles and tests of the code.
  package var all: [Kernel] {
    table.withLock { $0.entries.values.compactMap(\.kernel) }.sorted { $0.name < $1.name }
  }
}
