/// Where the memory that a door's kernels work on begins.
package struct KernelBases: Sendable {
  package var x: Int
  package var y: Int
  package var weight: Int
  package var table: Int
  package var secondTable: Int

  package init(x: Int, y: Int, weight: Int = 0, table: Int = 0, secondTable: Int = 0) {
    self.x = x
    self.y = y
    self.weight = weight
    self.table = table
    self.secondTable = secondTable
  }

  @inline(__always)
  init(
    x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>,
    weight: UnsafeMutablePointer<Float>? = nil, table: UnsafeMutablePointer<Int>? = nil,
    secondTable: UnsafeMutablePointer<Int>? = nil
  ) {
    self.x = Int(bitPattern: x)
    self.y = Int(bitPattern: y)
    self.weight = Int(bitPattern: weight)
    self.table = Int(bitPattern: table)
    self.secondTable = Int(bitPattern: secondTable)
  }
}

/// One call of a kernel, for the interpreter.
package struct KernelCall: Sendable {
  package let specification: any KernelSpecification
  package let parameters: [Int]

  init(_ specification: any KernelSpecification, _ parameters: UnsafePointer<Int>, _ count: Int) {
    self.specification = specification
    self.parameters = unsafe Array(UnsafeBufferPointer(start: parameters, count: count))
  }
}

/// A door that can tell the calls it makes, so that they can be made in the interpreter too.
package protocol InterpretedKernels {
  /// Every call of one run.
  func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall]

  /// The tables that the kernels read: first and second.
  var tables: [MemorySlice<Int>] { get }
}

extension OperandBroadcast {
  /// Bytes from an operand's start to what a plane of the result takes of it.
  ///
  /// - Parameter start: bytes from the result's start to the place that is computed.
  @inline(__always)
  func offset(ofPlane plane: Int, start: Int, _ result: BlockedShape) -> Int {
    switch self {
    case .full: start
    case .channel: plane % result.blocks * result.lanes * 4
    case .image: plane * result.lanes * 4
    case .scalar: 0
    }
  }
}

/// - Precondition: each operand is as large as its broadcast says for results of that shape.
func checkOperands(
  _ operands: [MemorySlice<Float>], _ broadcasts: [OperandBroadcast], _ result: BlockedShape
) {
  precondition(operands.count == broadcasts.count, "another number of operands")
  for index in broadcasts.indices {
    let needed =
      switch broadcasts[index] {
      case .full: result.count
      case .channel: result.channels
      case .image: result.batch * result.blocks * result.lanes
      case .scalar: 1
      }
    precondition(operands[index].count >= needed, "an operand is too short")
  }
}
