import Synchronization

/// Counts the blocks of `AlignedMemory` that a task asks for, for tests of what must not allocate.
package final class AllocationCounter: Sendable {
  @TaskLocal package static var current: AllocationCounter?

  private let total = Atomic<Int>(0)

  package init() {}

  package var count: Int { total.load(ordering: .relaxed) }

  func add() { total.wrappingAdd(1, ordering: .relaxed) }
}
