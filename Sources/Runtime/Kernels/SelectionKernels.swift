import MartletKernels
import MartletOps
import MartletTensor

/// Elements chosen by truth values or by indices.
extension KernelRegistry {
  static let selectionKernels: [String: KernelBuild] = [
    "aten::where.self": { try buildChoice($0, "condition", "self", "other", &$1) },
    "aten::where.ScalarOther": { try buildChoice($0, "condition", "self", "other", &$1) },
    "aten::where.ScalarSelf": { try buildChoice($0, "condition", "self", "other", &$1) },
    "aten::masked_fill.Scalar": { try buildChoice($0, "mask", "value", "self", &$1) },
    "aten::masked_fill.Tensor": { try buildChoice($0, "mask", "value", "self", &$1) },
    "aten::gather": buildGather, "aten::index_select": buildIndexSelect,
    "aten::index.Tensor": buildIndex, "aten::index.Tensor_hacked_twin": buildIndex,
  ]

  private static func buildChoice(
    _ instruction: Instruction, _ mask: String, _ whenTrue: String, _ whenFalse: String,
    _ builder: inout StepBuilder
  ) throws -> Bool {
    let result = instruction.result
    let condition = try instruction.arguments.tensor(mask)
    /// The tensor or number in the result's dtype; nil where a computed one has another.
    func operand(_ name: String) throws -> Tensor? {
      guard case .tensor(let tensor) = instruction.arguments[name] else {
        switch try instruction.arguments.scalar(name) {
        case .complex: return nil
        case .double(let number): return try .filled([], result.dtype, with: number)
        // Beyond 2⁵³ a double is not every integer.
        case let number:
          return try Tensor([number.int64], shape: [Int]()).converted(to: result.dtype)
        }
      }
      if tensor.dtype == result.dtype { return tensor }
      return tensor.isMeta ? nil : try tensor.converted(to: result.dtype)
    }
    guard condition.dtype == .bool, result.dtype.byteCount <= 8, !result.dtype.isComplex,
      let a = try operand(whenTrue), let b = try operand(whenFalse)
    else { return false }
    let sizes = result.sizes
    let geometry = StridedGeometry(
      sizes: sizes,
      strides: [Layout.contiguousStrides(sizes)]
        + [condition, a, b].map { broadcastStrides($0.layout, to: sizes) })
    let c = try builder.operand(condition)
    let (p, q) = (try builder.operand(a), try builder.operand(b))
    let y = try builder.result(result)
    let threads = builder.threads
    func body<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
      _ type: Bits.Type
    ) -> StepBody {
      { context in
        select(
          c.elements(context, of: UInt8.self), p.elements(context, of: type),
          q.elements(context, of: type), into: y.elements(context, of: type),
          geometry: geometry, threads: threads)
      }
    }
    let step =
      switch result.dtype.byteCount {
      case 1: body(UInt8.self)
      case 2: body(UInt16.self)
      case 4: body(UInt32.self)
      default: body(UInt64.self)
      }
    builder.add(
      "select", instruction.title, instruction.origin, inputs: [c, p, q], outputs: [y], step)
    return true
  }

  @Sendable private static func buildGather(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let (x, index) = (
      try instruction.arguments.tensor("self"), try instruction.arguments.tensor("index")
    )
    guard index.dtype == .int64, x.dim > 0, index.dim == x.dim, instruction.result.count > 0,
      [4, 8].contains(x.dtype.byteCount)
    else { return false }
    let dim = try instruction.arguments.dim("dim", rank: x.dim)
    var strides = x.strides
    strides[dim] = 0
    let geometry = StridedGeometry(
      sizes: index.sizes,
      strides: [Layout.contiguousStrides(index.sizes), index.strides, strides])
    let (source, places) = (try builder.operand(x), try builder.operand(index))
    let y = try builder.result(instruction.result)
    let (size, stride, threads) = (x.sizes[dim], x.strides[dim], builder.threads)
    func body<Element: BitwiseCopyable & Sendable>(_ type: Element.Type) -> StepBody {
      { context in
        let isInside = gatherElements(
          source.elements(context, of: type), size: size, stride: stride,
          indices: places.elements(context, of: Int64.self),
          into: y.elements(context, of: type), geometry: geometry, threads: threads)
        if !isInside {
          throw MartletError(
            .index, "gather(): an index is out of bounds for dimension \(dim) with size \(size)")
        }
      }
    }
    builder.add(
      "gather", instruction.title, instruction.origin, inputs: [source, places], outputs: [y],
      x.dtype.byteCount == 4 ? body(UInt32.self) : body(UInt64.self))
    return true
  }

  @Sendable private static func buildIndexSelect(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let x = try instruction.arguments.tensor("self")
    guard x.dim > 0 else { return false }
    return try builder.addSlices(
      instruction, x, try instruction.arguments.dim("dim", rank: x.dim),
      try instruction.arguments.tensor("index"), allowsNegative: false)
  }

  /// One index tensor; others go by the reference.
  @Sendable private static func buildIndex(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let x = try instruction.arguments.tensor("self")
    guard case .list(let items) = instruction.arguments["indices"] else { return false }
    let given = items.enumerated().filter { !$1.tensors.isEmpty }
    guard given.count == 1, let index = given[0].element.tensors.first else { return false }
    return try builder.addSlices(
      instruction, x, given[0].offset, index, allowsNegative: true)
  }
}

extension StepBuilder {
  fileprivate mutating func addSlices(
    _ instruction: Instruction, _ x: Tensor, _ dim: Int, _ index: Tensor, allowsNegative: Bool
  ) throws -> Bool {
    guard index.dtype == .int64, dim < x.dim, instruction.result.count > 0,
      [4, 8].contains(x.dtype.byteCount)
    else { return false }
    let (source, places) = (try dense(x), try dense(index))
    let y = try result(instruction.result)
    let outer = x.sizes[..<dim].reduce(1, *)
    let inner = x.sizes[(dim + 1)...].reduce(1, *)
    let (size, threads) = (x.sizes[dim], threads)
    func body<Element: BitwiseCopyable & Sendable>(_ type: Element.Type) -> StepBody {
      { context in
        let isInside = gatherSlices(
          source.elements(context, of: type), outer: outer, size: size, inner: inner,
          indices: places.elements(context, of: Int64.self), allowsNegative: allowsNegative,
          into: y.elements(context, of: type), threads: threads)
        if !isInside {
          throw MartletError(
            .index, "an index is out of bounds for dimension \(dim) with size \(size)")
        }
      }
    }
    add(
      "gather", instruction.title, instruction.origin, inputs: [source, places], outputs: [y],
      x.dtype.byteCount == 4 ? body(UInt32.self) : body(UInt64.self))
    return true
  }
}
