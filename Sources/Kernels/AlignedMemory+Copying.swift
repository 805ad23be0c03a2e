#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension AlignedMemory {
  /// Writes the bytes over this memory's, from `offset` on.
  public func overwrite(with bytes: Span<UInt8>, at offset: Int = 0) {
    willWrite()
    precondition(
      offset >= 0 && offset <= byteCount && bytes.count <= byteCount - offset,
      "range outside the memory")
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe memmove(base + offset, start, source.count)
    }
    withExtendedLifetime(self) {}
  }
}
