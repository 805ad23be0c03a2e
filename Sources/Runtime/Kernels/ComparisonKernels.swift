import MartletKernels
import MartletOps
import MartletTensor

/// Truth values of one or two tensors.
extension KernelRegistry {
  static let comparisonKernels: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [:]
    for (names, function) in comparisons {
      for name in names {
        kernels["aten::\(name).Tensor"] = { try buildComparison(function, $0, &$1) }
        kernels["aten::\(name).Scalar"] = { try buildComparison(function, $0, &$1) }
      }
    }
    for (name, function) in logic {
      kernels["aten::logical_\(name)"] = { try buildComparison(function, $0, &$1) }
      // Of truth values alone, which the result's dtype tells.
      kernels["aten::bitwise_\(name).Tensor"] = { try buildComparison(function, $0, &$1) }
    }
    for name in ["logical_not", "bitwise_not"] {
      kernels["aten::\(name)"] = { try buildNegation($0, &$1) }
    }
    return kernels
  }()

  private static let comparisons: [([String], TruthFunction)] = [
    (["eq"], .equal), (["ne", "not_equal"], .notEqual), (["lt", "less"], .less),
    (["le", "less_equal"], .lessOrEqual), (["gt", "greater"], .greater),
    (["ge", "greater_equal"], .greaterOrEqual),
  ]
  private static let logic: [(String, TruthFunction)] = [
    ("and", .and), ("or", .or), ("xor", .exclusiveOr),
  ]

  private static func buildComparison(
    _ function: TruthFunction, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let a = try instruction.arguments.tensor("self")
    let b: Tensor
    if case .tensor(let tensor) = instruction.arguments["other"] {
      b = tensor
    } else {
      guard let number = try a.comparable(try instruction.arguments.scalar("other")) else {
        return false
      }
      b = number
    }
    return try builder.addComparison(function, instruction, a, b)
  }

  private static func buildNegation(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let x = try instruction.arguments.tensor("self")
    return try builder.addComparison(.equal, instruction, x, try .filled([], x.dtype, with: 0))
  }
}

extension StepBuilder {
  fileprivate mutating func addComparison(
    _ function: TruthFunction, _ instruction: Instruction, _ a: Tensor, _ b: Tensor
  ) throws -> Bool {
    let result = instruction.result
    guard result.dtype == .bool, a.dtype == b.dtype,
      [.float32, .int64, .int32, .bool].contains(a.dtype)
    else { return false }
    let geometry = StridedGeometry(
      sizes: result.sizes,
      strides: [Layout.contiguousStrides(result.sizes)]
        + [a, b].map { broadcastStrides($0.layout, to: result.sizes) })
    let (p, q) = (try operand(a), try operand(b))
    let y = try self.result(result)
    let threads = threads
    func body<Element: Numeric & Comparable & BitwiseCopyable & Sendable>(
      _ type: Element.Type
    ) -> StepBody {
      { context in
        compare(
          function, p.elements(context, of: type), q.elements(context, of: type),
          into: y.elements(context, of: UInt8.self), geometry: geometry, threads: threads)
      }
    }
    let step =
      switch a.dtype {
      case .float32: body(Float.self)
      case .int64: body(Int64.self)
      case .int32: body(Int32.self)
      default: body(UInt8.self)
      }
    add("compare", instruction.title, instruction.origin, inputs: [p, q], outputs: [y], step)
    return true
  }
}

extension Tensor {
  /// The number in this tensor's dtype; nil where both would promote to another.
  fileprivate func comparable(_ number: Scalar) throws -> Tensor? {
    switch number {
    case .complex: nil
    case .double(let value):
      dtype == .float32 ? try .filled([], dtype, with: value) : nil
    default:
      // A truth value is compared with whole numbers as one of them.
      dtype == .bool || (dtype == .int32 && Int32(exactly: number.int64) == nil)
        ? nil : try Tensor([number.int64], shape: [Int]()).converted(to: dtype)
    }
  }
}
