extension Kernel {
  /// Calls the kernel once on copies of the buffers, as `KernelInterpreter.run` does; what
  /// bounds it keeps to is for the interpreter to check.
  package func run(
    parameters: [KernelParameter], memory: inout [[UInt8]]
  ) throws(AllocationError) {
    var copies: [AlignedMemory] = []
    for buffer in memory {
      let copy = try AlignedMemory(byteCount: buffer.count)
      copy.withMutableSpan(of: UInt8.self, offset: 0, count: buffer.count) { span in
        for i in buffer.indices { span[i] = buffer[i] }
      }
      copies.append(copy)
    }
    let bits = parameters.map { parameter in
      switch parameter {
      case .integer(let value): value
      case .address(let buffer, let byteOffset):
        Int(bitPattern: unsafe copies[buffer].base) + byteOffset
      }
    }
    unsafe bits.withUnsafeBufferPointer { if let base = $0.baseAddress { unsafe call(base) } }
    memory = copies.map { copy in
      copy.withSpan(of: UInt8.self, offset: 0, count: copy.byteCount) { span in
        span.indices.map { span[$0] }
      }
    }
  }
}
