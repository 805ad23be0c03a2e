#if !canImport(Darwin)
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// The OpenBLAS of the machine, opened at run time and held to the calling thread: parallel work
  /// goes through our own pool.
  ///
  /// It knows processors by model number and takes its slowest kernels for those that are newer
  /// than itself. This chooses by what the processor can do, as `OPENBLAS_CORETYPE` would.
  @safe
  package struct OpenBLAS {
    private let handle: UnsafeMutableRawPointer

    /// Nil where there is none.
    static func open() -> OpenBLAS? {
      // Before its own threads are started, which would spin beside ours.
      let wish = "OPENBLAS_NUM_THREADS"
      let isOurs = unsafe getenv(wish) == nil
      if isOurs { unsafe setenv(wish, "1", 1) }
      defer { if isOurs { unsafe unsetenv(wish) } }
      for name in ["libopenblas.so.0", "libopenblas.so"] {
        if let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) {
          let library = unsafe OpenBLAS(handle: handle)
          library.useOneThread()
          library.correctCore()
          return library
        }
      }
      return nil
    }

    func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(handle, name) }

    private func useOneThread() {
      typealias Entry = @convention(c) (Int32) -> Void
      guard let entry = unsafe symbol("openblas_set_num_threads") else { return }
      unsafe unsafeBitCast(entry, to: Entry.self)(1)
    }

    /// What OpenBLAS calls the kernels that fit these processor flags, or nil for none better
    /// than its fallback.
    package static func coreName(forFlagsIn processorInfo: String?) -> String? {
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
    private func correctCore() {
      typealias CoreName = @convention(c) () -> UnsafePointer<CChar>?
      typealias Entry = @convention(c) () -> Void
      guard let question = unsafe symbol("openblas_get_corename"),
        let current = unsafe unsafeBitCast(question, to: CoreName.self)(),
        unsafe String(cString: current) == "Prescott",
        unsafe getenv("OPENBLAS_CORETYPE") == nil,
        let name = Self.coreName(forFlagsIn: TextFile.read("/proc/cpuinfo")),
        // Not in every build of the library, nor in its header.
        let quit = unsafe symbol("gotoblas_dynamic_quit"),
        let start = unsafe symbol("gotoblas_dynamic_init")
      else { return }
      unsafe setenv("OPENBLAS_CORETYPE", name, 1)
      unsafe unsafeBitCast(quit, to: Entry.self)()
      unsafe unsafeBitCast(start, to: Entry.self)()
      unsafe unsetenv("OPENBLAS_CORETYPE")
    }
  }
#endif
