#if canImport(Glibc)
  import Glibc
#endif

/// Bytes of the processor's caches that belong to one core, where the system tells them.
///
/// Kernels cut their work by them; results do not depend on it.
enum CacheSizes {
  static let first = size(32 << 10, least: 16 << 10, most: 64 << 10) { name in name.0 }
  static let second = size(512 << 10, least: 256 << 10, most: 2 << 20) { name in name.1 }

  private static func size(
    _ usual: Int, least: Int, most: Int, _ choose: ((Int32, Int32)) -> Int32
  ) -> Int {
    #if canImport(Glibc)
      let names = (Int32(_SC_LEVEL1_DCACHE_SIZE), Int32(_SC_LEVEL2_CACHE_SIZE))
      let told = sysconf(choose(names))
      if told > 0 { return min(max(told, least), most) }
    #endif
    return usual
  }
}
