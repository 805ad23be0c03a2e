#if canImport(Glibc)
  import Glibc
#endif

package enum ProcessHeap {
  /// Gives the system the pages that nothing lies in any more, after much was allocated and freed.
  package static func trim() {
    SparePages.clear()
    #if canImport(Glibc)
      // Not in what Swift imports of the library.
      typealias Trim = @convention(c) (Int) -> Int32
      guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
      _ = unsafe unsafeBitCast(symbol, to: Trim.self)(0)
    #endif
  }
}
