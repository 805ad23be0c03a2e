#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import Synchronization

/// What the system is asked of whole pages.
enum MemoryPages {
  private static let byteCount = sysconf(Int32(_SC_PAGESIZE))
  /// The larger page that processors have beside.
  static let largeByteCount = 2 << 20

  /// Zeroed pages that nobody else uses, many of them at a large page's boundary; nil where there
  /// are none.
  static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let size = rounded(byteCount)
    let spare = size < largeByteCount ? 0 : largeByteCount
    let mapped = unsafe mmap(
      nil, size + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
    if spare == 0 { return unsafe mapped }
    let before = -Int(bitPattern: mapped) & (largeByteCount - 1)
    let start = unsafe mapped + before
    if before > 0 { unsafe munmap(mapped, before) }
    if spare > before { unsafe munmap(start + size, spare - before) }
    return unsafe start
  }

  /// Has the system use large pages for all that lies there but the end, as it finds time.
  static func preferLarge(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if os(Linux)
      unsafe madvise(start, byteCount & ~(largeByteCount - 1), MADV_HUGEPAGE)
    #endif
  }

  /// Moves what lies there into large pages. Only speeds reading up: older systems refuse.
  ///
  /// - Parameter rest: called after each with the nanoseconds that it took.
  static func collapse(
    _ start: UnsafeMutableRawPointer, _ byteCount: Int, restingBy rest: (_ took: UInt64) -> Void
  ) {
    #if os(Linux)
      // `MADV_COLLAPSE`, which older headers lack.
      let advice: Int32 = 25
      var offset = 0
      while offset + largeByteCount <= byteCount {
        let before = monotonicNanoseconds()
        guard unsafe madvise(start + offset, largeByteCount, advice) == 0 else { return }
        rest(monotonicNanoseconds() - before)
        offset += largeByteCount
      }
    #endif
  }

  /// Gives the system the pages that lie in the range; reading them finds zeros.
  static func drop(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    let before = -Int(bitPattern: start) & (self.byteCount - 1)
    let count = (byteCount - before) & ~(self.byteCount - 1)
    if count > 0 { unsafe madvise(start + before, count, MADV_DONTNEED) }
  }

  static func mayBeLarge(_ byteCount: Int) -> Bool { byteCount >= largeByteCount }

  static func unmap(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    unsafe munmap(start, rounded(byteCount))
  }

  /// Drops the pages that the range touches; reading them fetches a file's bytes again.
  static func release(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    let before = Int(bitPattern: start) & (self.byteCount - 1)
    // Darwin's advice of that name only ages the pages, which suits as well.
    guard byteCount > 0 else { return }
    unsafe madvise(start - before, byteCount + before, MADV_DONTNEED)
    #if os(Linux)
      // Whoever reads a byte later is to have its page back, not the two megabytes around it.
      unsafe madvise(start - before, byteCount + before, MADV_NOHUGEPAGE)
    #endif
  }

  /// Maps the pages that the range touches, read only.
  static func fetch(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    let before = Int(bitPattern: start) & (self.byteCount - 1)
    #if os(Linux)
      // `MADV_POPULATE_READ`, which older headers lack and older systems refuse.
      let advice: Int32 = 22
    #else
      let advice = MADV_WILLNEED
    #endif
    unsafe madvise(start - before, byteCount + before, advice)
  }

  /// Has the system give the range its pages in one go, before all of them are written: a fault for
  /// each takes half as long again. A range that is a large page's becomes one where that is quick.
  static func fill(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if os(Linux)
      if byteCount == largeByteCount, Int(bitPattern: start) % largeByteCount == 0,
        unsafe fillLarge(start)
      {
        return
      }
      unsafe populate(start, byteCount)
    #endif
  }

  #if os(Linux)
    /// How many blocks more are to have small pages; or one of those below.
    private static let pace = Atomic<Int>(0)
    private static let (untried, tried, quick) = (0, -1, -2)

    /// A large page is had in a quarter of the time of as many small ones, or, where the machine is
    /// a virtual one whose host has yet to give that memory or pages must be moved out of the way,
    /// in many times theirs. So one thread tries, and a slow one has others wait. False where none
    /// was tried.
    private static func fillLarge(_ start: UnsafeMutableRawPointer) -> Bool {
      let known = pace.load(ordering: .relaxed)
      if known > 0 {
        _ = pace.compareExchange(expected: known, desired: known - 1, ordering: .relaxed)
      }
      guard
        known == quick
          || known == untried
            && pace.compareExchange(expected: untried, desired: tried, ordering: .relaxed).exchanged
      else { return false }
      let before = monotonicNanoseconds()
      guard unsafe madvise(start, largeByteCount, MADV_HUGEPAGE) == 0 else { return false }
      unsafe populate(start, largeByteCount)
      let isSlow = monotonicNanoseconds() - before > 1_500_000
      pace.store(isSlow ? 64 : quick, ordering: .relaxed)
      return true
    }

    private static func populate(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
      // `MADV_POPULATE_WRITE`, which older headers lack and older systems refuse.
      let advice: Int32 = 23
      unsafe madvise(start, rounded(byteCount), advice)
    }
  #endif

  private static func rounded(_ byteCount: Int) -> Int {
    (byteCount + self.byteCount - 1) & ~(self.byteCount - 1)
  }
}
