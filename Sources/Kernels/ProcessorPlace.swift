#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The processors that threads run on, where the system tells (Linux).
package enum ProcessorPlace {
  /// The number of the one that the calling thread is on; nil where it is not known.
  package static var current: Int? {
    guard let getProcessor = unsafe getProcessor else { return nil }
    let number = unsafe getProcessor()
    return number >= 0 ? Int(number) : nil
  }

  /// Moves the calling thread to another processor, of those it may run on, where it is on this
  /// one. Later it may run on all of them again.
  package static func leave(_ place: Int) {
    guard current == place, let getMask = unsafe getMask, let setMask = unsafe setMask else {
      return
    }
    let bits = UInt.bitWidth
    // The system's masks have so many.
    unsafe withUnsafeTemporaryAllocation(of: UInt.self, capacity: 2 * 1024 / bits) { masks in
      let half = masks.count / 2
      unsafe masks.initialize(repeating: 0)
      guard let allowed = masks.baseAddress, place < half * bits else { return }
      let size = half * MemoryLayout<UInt>.size
      guard unsafe getMask(0, size, allowed) == 0 else { return }
      let others = unsafe allowed + half
      unsafe others.update(from: allowed, count: half)
      unsafe others[place / bits] &= ~(1 << UInt(place % bits))
      guard unsafe (0..<half).contains(where: { unsafe others[$0] != 0 }) else { return }
      if unsafe setMask(0, size, others) == 0 { _ = unsafe setMask(0, size, allowed) }
    }
  }

  private typealias GetProcessor = @convention(c) () -> Int32
  private typealias UseMask = @convention(c) (Int32, Int, UnsafeMutablePointer<UInt>) -> Int32

  // The C library's headers hide them from Swift.
  private static let getProcessor = unsafe symbol("sched_getcpu").map {
    unsafe unsafeBitCast($0, to: GetProcessor.self)
  }
  private static let getMask = unsafe symbol("sched_getaffinity").map {
    unsafe unsafeBitCast($0, to: UseMask.self)
  }
  private static let setMask = unsafe symbol("sched_setaffinity").map {
    unsafe unsafeBitCast($0, to: UseMask.self)
  }

  private static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
    #if os(Linux)
      unsafe dlsym(nil, name)
    #else
      nil
    #endif
  }
}
