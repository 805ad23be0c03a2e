/// A call's parameters in the kernel's order (`TileSpecification.Parameter`), then the operands of
/// its epilogue.
struct TileCall: BitwiseCopyable {
  var x = 0
  var weights = 0
  var result = 0
  var bias = 0
  var strips = 0
  var stripCount = 0
  var blocks = 0
  var tail = 0
  var blockStride = 0
  var rowStride = 0
  var vectorStride = 0
  var continues = 0
  var ends = 0
  var prefetched = 0
  var subtrahend = 0
  var difference = 0
  /// `TileSpecification.operandLimit` of them.
  private var operands = (0, 0, 0, 0, 0, 0, 0, 0)

  mutating func setOperand(_ number: Int, _ address: Int) {
    switch number {
    case 0: operands.0 = address
    case 1: operands.1 = address
    case 2: operands.2 = address
    case 3: operands.3 = address
    case 4: operands.4 = address
    case 5: operands.5 = address
    case 6: operands.6 = address
    case 7: operands.7 = address
    default: preconditionFailure("more operands than a call takes")
    }
  }

  @inline(__always)
  func run(_ kernel: KernelEntry) {
    precondition(
      MemoryLayout<Self>.size == TileSpecification.parameterCount * MemoryLayout<Int>.size,
      "as many parameters as the kernel takes")
    unsafe withUnsafeBytes(of: self) {
      guard let base = $0.baseAddress else { return }
      unsafe kernel.call(base.assumingMemoryBound(to: Int.self))
    }
  }
}
