import MartletKernels
import MartletOps
import MartletTensor

/// Borders, rotations and repetitions: every axis of the result takes given places of the input's.
extension KernelRegistry {
  static let borderKernels: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [
      "aten::pad": { try buildBorder($0, "pad", &$1) },
      "aten::constant_pad_nd": { try buildBorder($0, "pad", &$1) },
      "aten::roll": buildRoll, "aten::repeat": buildRepeat,
    ]
    for axes in 1...3 {
      for name in ["reflection", "replication"] {
        kernels["aten::\(name)_pad\(axes)d"] = { try buildBorder($0, "padding", &$1) }
      }
    }
    return kernels
  }()

  private static func buildBorder(
    _ instruction: Instruction, _ amountName: String, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let x = try arguments.tensor("self")
    let amounts = try arguments.ints(amountName)
    var border: Padding.Border?
    var number = 0.0
    switch instruction.name {
    case "aten::pad":
      border = Padding.Border(rawValue: try arguments.string("mode"))
      number = try arguments.optionalDouble("value") ?? 0
    case "aten::constant_pad_nd": number = try arguments.scalar("value").double
    default: border = instruction.name.contains("reflection") ? .reflect : .replicate
    }
    guard x.dtype == .float32 || number == 0 else { return false }
    var maps = x.sizes.map { Array(0..<$0) }
    for position in 0..<(amounts.count / 2) {
      let (before, after) = (amounts[2 * position], amounts[2 * position + 1])
      let axis = x.dim - 1 - position
      let size = x.sizes[axis]
      maps[axis] =
        border?.sources(size, before: before, after: after)
        ?? (-before..<max(size + after, -before)).map { $0 < size ? $0 : -1 }
    }
    try builder.addIndexed(instruction, x, maps, filling: number)
    return true
  }

  @Sendable private static func buildRoll(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let x = try instruction.arguments.tensor("self")
    let shifts = try instruction.arguments.ints("shifts")
    let dims = try instruction.arguments.ints("dims")
    guard !dims.isEmpty, x.count > 0 else { return false }
    var maps = x.sizes.map { Array(0..<$0) }
    for (shift, dim) in zip(shifts, dims) {
      let axis = try wrapDim(dim, rank: x.dim)
      let size = x.sizes[axis]
      maps[axis] = maps[axis].indices.map { maps[axis][(($0 - shift) % size + size) % size] }
    }
    try builder.addIndexed(instruction, x, maps, filling: 0)
    return true
  }

  @Sendable private static func buildRepeat(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let x = try instruction.arguments.tensor("self")
    let repeats = try instruction.arguments.ints("repeats")
    let sizes = [Int](repeating: 1, count: repeats.count - x.dim) + x.sizes
    let whole = x.viewed(x.layout.broadcast(to: sizes))
    let maps = zip(sizes, repeats).map { size, count in (0..<(size * count)).map { $0 % size } }
    try builder.addIndexed(instruction, whole, maps, filling: 0)
    return true
  }
}

extension StepBuilder {
  fileprivate mutating func addIndexed(
    _ instruction: Instruction, _ input: Tensor, _ maps: [[Int]], filling number: Double
  ) throws {
    let threads = threads
    if isBlocked(input), maps.count == 4, maps[1].elementsEqual(0..<input.sizes[1]),
      maps[0].elementsEqual(0..<input.sizes[0])
    {
      return try addBlocked(instruction, input, maps, filling: number)
    }
    let x = try dense(input)
    let y = try result(instruction.result)
    let copy = IndexedCopy(sizes: input.sizes, maps: maps)
    func body<Element: BitwiseCopyable & Sendable>(_ value: Element) -> StepBody {
      { context in
        copy.run(
          x.elements(context, of: Element.self), filling: value,
          into: y.elements(context, of: Element.self), threads: threads)
      }
    }
    let step =
      switch input.dtype.byteCount {
      case 1: body(UInt8(0))
      case 2: body(UInt16(0))
      case 4: body(input.dtype == .float32 ? Float(number).bitPattern : 0)
      case 8: body(UInt64(0))
      default: body(SIMD2<UInt64>())
      }
    add("border", instruction.title, instruction.origin, inputs: [x], outputs: [y], step)
  }

  /// The same within the blocks of an image in NCHWc.
  private mutating func addBlocked(
    _ instruction: Instruction, _ input: Tensor, _ maps: [[Int]], filling number: Double
  ) throws {
    let x = try blockedOperand(input)
    guard let from = x.blocked, let to = BlockedShape(instruction.result.sizes, lanes: from.lanes)
    else { throw MartletError(.graph, "no image in blocks: \(input.sizes)") }
    let planes = from.batch * from.blocks
    let copy = IndexedCopy(
      sizes: [planes, from.height, from.width, from.lanes],
      maps: [Array(0..<planes), maps[2], maps[3], Array(0..<from.lanes)])
    let y = blockedResult(instruction.result, to)
    let threads = threads
    add("border", instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      copy.run(
        x.elements($0), filling: Float(number), into: y.elements($0), threads: threads)
    }
  }
}
