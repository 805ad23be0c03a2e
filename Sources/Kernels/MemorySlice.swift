/// A typed run of elements in an `AlignedMemory`, checked against its size when made.
///
/// It holds its memory, so that parallel work can carry it. Reads and writes of the elements
/// happen inside this module only; a kernel's caller upholds that nobody else reaches what the
/// kernel writes while it runs.
@safe
package struct MemorySlice<Element: BitwiseCopyable>: @unchecked Sendable {
  package let memory: AlignedMemory
  package let count: Int
  let base: UnsafeMutablePointer<Element>

  /// The `count` elements that start `offset` elements in.
  package init(_ memory: AlignedMemory, offset: Int = 0, count: Int) {
    let width = MemoryLayout<Element>.stride
    precondition(
      offset >= 0 && count >= 0 && count <= memory.byteCount / width - offset,
      "slice outside the memory")
    self.memory = memory
    self.count = count
    unsafe base = (memory.base + offset * width).assumingMemoryBound(to: Element.self)
  }

  /// The slice `count` elements long that starts `offset` elements into the memory's bytes.
  package init(_ memory: AlignedMemory, byteOffset: Int, count: Int) {
    let width = MemoryLayout<Element>.stride
    precondition(
      byteOffset >= 0 && count >= 0 && byteOffset % MemoryLayout<Element>.alignment == 0
        && byteOffset <= memory.byteCount && count <= (memory.byteCount - byteOffset) / width,
      "\(count) elements from byte \(byteOffset) on lie outside \(memory.byteCount) bytes"
    )
    self.memory = memory
    self.count = count
    unsafe base = (memory.base + byteOffset).assumingMemoryBound(to: Element.self)
  }

  /// Whether both begin at the same byte.
  package func isSame(as other: MemorySlice) -> Bool { unsafe base == other.base }

  private init(memory: AlignedMemory, base: UnsafeMutablePointer<Element>, count: Int) {
    self.memory = memory
    self.count = count
    unsafe self.base = unsafe base
  }

  /// The part that starts `offset` elements in and is `count` long.
  package subscript(from offset: Int, count count: Int) -> MemorySlice {
    precondition(
      offset >= 0 && count >= 0 && count <= self.count - offset, "part outside the slice")
    return unsafe MemorySlice(memory: memory, base: base + offset, count: count)
  }

  /// Whether the two runs share a byte.
  package func overlaps<Other>(_ other: MemorySlice<Other>) -> Bool {
    let start = UInt(bitPattern: unsafe base)
    let otherStart = UInt(bitPattern: unsafe other.base)
    return start < otherStart + UInt(other.count * MemoryLayout<Other>.stride)
      && otherStart < start + UInt(count * MemoryLayout<Element>.stride)
  }
}

extension MemorySlice {
  /// New memory that holds the values.
  package init(_ values: [Element]) throws(AllocationError) {
    let memory = try AlignedMemory(byteCount: values.count * MemoryLayout<Element>.stride)
    self.init(memory, count: values.count)
    memory.withMutableSpan(of: Element.self, offset: 0, count: values.count) { span in
      for i in values.indices { span[i] = values[i] }
    }
  }

  /// The elements, copied out.
  package func values() -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(count)
    for i in 0..<count { result.append(unsafe base[i]) }
    return result
  }
}
