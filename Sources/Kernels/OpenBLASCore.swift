#if os(Linux)
  import COpenBLAS
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// OpenBLAS knows processors by model number and takes its slowest kernels for those that are
  /// newer than itself. This chooses by what the processor can do, as `OPENBLAS_CORETYPE` would.
  package enum OpenBLASCore {
    /// What OpenBLAS calls the kernels that fit these processor flags, or nil for none better
    /// than its fallback.
    package static func name(forFlagsIn processorInfo: String?) -> String? {
      guard
        let line = processorInfo?.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
      else { return nil }
      let flags = Set(line.split(separator: " "))
      if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]) {
        return "SkylakeX"
      }
      return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }

    /// Switches the library's kernels when it fell back; only before its first use.
    static func correct() {
      guard let current = unsafe openblas_get_corename(),
        unsafe String(cString: current) == "Prescott",
        unsafe getenv("OPENBLAS_CORETYPE") == nil,
        let name = name(forFlagsIn: TextFile.read("/proc/cpuinfo")),
        // Not in every build of the library, nor in its header.
        let quit = unsafe dlsym(nil, "gotoblas_dynamic_quit"),
        let start = unsafe dlsym(nil, "gotoblas_dynamic_init")
      else { return }
      typealias Entry = @convention(c) () -> Void
      unsafe setenv("OPENBLAS_CORETYPE", name, 1)
      unsafe unsafeBitCast(quit, to: Entry.self)()
      unsafe unsafeBitCast(start, to: Entry.self)()
      unsafe unsetenv("OPENBLAS_CORETYPE")
    }
  }
#endif
