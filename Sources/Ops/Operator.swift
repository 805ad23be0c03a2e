import MartletTensor
import Synchronization

/// One ATen operator: its schema, its shape rule, its reference evaluation.
///
/// The reference evaluation defines the operator: fast kernels are checked against it, and it
/// runs where there is none.
package final class Operator: Sendable {
  package typealias Evaluate = @Sendable (Arguments) throws -> [Value]
  package typealias Infer = @Sendable (Arguments) throws -> [TensorSpec]
  package typealias Compute = @Sendable (Arguments, [Tensor]) throws -> Void

  /// How an operator comes to its results.
  package enum Body: Sendable {
    /// New tensors: `infer` checks the arguments and gives the results' sizes and dtypes, without
    /// reading elements; `compute` fills contiguous tensors of them.
    case kernel(infer: Infer, compute: Compute)
    /// Another view of an argument's storage, or the argument itself; reads no elements.
    case view(Evaluate)
    /// Calls other operators and reads no elements itself, so it works on meta tensors too.
    case composite(Evaluate)
    /// Numbers, strings, lists and sizes; reads no elements.
    case scalar(Evaluate)
    /// Lists and dictionaries that may change: takes `Value.reference` as it is, where all other
    /// operators are given what it holds. Reads no tensor's elements.
    case containers(Evaluate)
    /// Needs the elements to know its results' sizes or its numbers.
    case dataDependent(Evaluate)
    /// Changes elements of an argument where they lie, and gives that argument; or prints, or
    /// seeds. On meta tensors it only checks.
    case mutating(Evaluate)
  }

  /// With the overload, as `aten::add.Tensor`.
  package let name: String
  /// The schema as PyTorch prints it.
  let signature: String
  private let parsed = AtomicLazyReference<ParsedSchema>()
  package let body: Body
  /// The largest difference from PyTorch relative to the largest magnitude, in float32.
  package let tolerance: Double
  /// Whether two calls with the same arguments may differ.
  package let isRandom: Bool
  /// Whether a kernel or a data-dependent body computes with complex numbers or moves them. Where
  /// it does not, they are refused before it sees them.
  package let takesComplex: Bool
  /// Whether the body itself knows quantised tensors. Of the others, `QuantizedRules` says what
  /// they do with them.
  package let takesQuantized: Bool
  /// The operator whose result this one writes over its first argument, for one that does:
  /// `aten::relu` for `aten::relu_`. It takes the first of the same arguments.
  package let functional: Operator?

  /// - Parameter schema: exactly as PyTorch prints it, read when it is first asked for. A malformed
  ///   one is this package's own bug; the contract test reads them all.
  package init(
    _ schema: String, tolerance: Double = 1e-5, isRandom: Bool = false,
    takesComplex: Bool = false, takesQuantized: Bool = false, functional: Operator? = nil,
    _ body: Body
  ) {
    signature = schema
    name = String(Substring(schema.utf8.prefix { $0 != UInt8(ascii: "(") }))
    self.body = body
    self.tolerance = tolerance
    self.isRandom = isRandom
    self.takesComplex = takesComplex
    self.takesQuantized = takesQuantized
    self.functional = functional
  }

  package var schema: Schema {
    (parsed.load() ?? parsed.storeIfNil(ParsedSchema(signature))).schema
  }

  /// Without the overload, as `aten::add`.
  package var baseName: String { String(Catalog.base(of: name)) }

  /// Whether it works on containers with an identity.
  package var takesReferences: Bool { if case .containers = body { true } else { false } }
}

private final class ParsedSchema: Sendable {
  let schema: Schema

  init(_ text: String) {
    do { schema = try Schema(text) } catch { preconditionFailure("\(error)") }
  }
}

/// The sizes and dtype of a tensor to be made.
package struct TensorSpec: Sendable, Hashable {
  package let sizes: [Int]
  package let dtype: DType

  package init(_ sizes: [Int], _ dtype: DType) {
    self.sizes = sizes
    self.dtype = dtype
  }
}

extension Operator {
  /// The results by the reference evaluation, unrecorded. On meta tensors: meta results.
  package func evaluate(_ arguments: Arguments) throws -> [Value] {
    arguments.hasQuantizedTensor && !takesQuantized
      ? try evaluateQuantized(arguments) : try evaluateBody(arguments)
  }

  /// What the body alone says.
  func evaluateBody(_ arguments: Arguments) throws -> [Value] {
    switch body {
    case .view(let evaluate), .composite(let evaluate), .scalar(let evaluate),
      .containers(let evaluate), .mutating(let evaluate):
      return try evaluate(arguments)
    case .dataDependent(let evaluate):
      if arguments.hasMetaTensor {
        throw MartletError(
          .value, "\(name) needs its arguments' values, and a meta tensor has none")
      }
      try refuseComplex(arguments.values)
      return try evaluate(arguments)
    case .kernel(let infer, let compute):
      try refuseComplex(arguments.values)
      let specs = try infer(arguments)
      if !takesComplex, let spec = specs.first(where: { $0.dtype.isComplex }) {
        throw complexRefusal(spec.dtype)
      }
      if let spec = specs.first(where: { $0.dtype.isQuantized }) {
        throw MartletError(
          .dtype, "\(name) makes no tensors of \(spec.dtype): they need a scale and a zero point")
      }
      if specs.contains(where: { $0.dtype == .complex64 }) { try refuseHalves(arguments.values) }
      if arguments.isMeta {
        return try specs.map { .tensor(try .meta($0.sizes, $0.dtype)) }
      }
      let results = try specs.map { try Tensor.allocate($0.sizes, $0.dtype) }
      try compute(arguments, results)
      return results.map { .tensor($0) }
    }
  }

  private func refuseComplex(_ values: [Value]) throws {
    guard !takesComplex else { return }
    for value in values { if let dtype = value.complexDType { throw complexRefusal(dtype) } }
  }

  /// A number beside float16 gives complex32 in PyTorch, which there is not here.
  private func refuseHalves(_ values: [Value]) throws {
    let tensors = values.flatMap(\.tensors)
    guard tensors.contains(where: { $0.dtype == .float16 && $0.dim > 0 }),
      values.contains(where: { $0.complexDType != nil }),
      !tensors.contains(where: { $0.dtype.isComplex && $0.dim > 0 })
    else { return }
    throw MartletError(.dtype, "\(schema.name): the result would be complex32, not supported")
  }

  private func complexRefusal(_ dtype: DType) -> MartletError {
    MartletError(.dtype, "\"\(schema.name)\" is not implemented for \(dtype)")
  }
}

extension Value {
  /// The dtype of the first complex tensor or number inside.
  fileprivate var complexDType: DType? {
    switch self {
    case .tensor(let tensor): tensor.dtype.isComplex ? tensor.dtype : nil
    case .complex: .complex128
    case .list(let items), .tuple(let items): items.lazy.compactMap(\.complexDType).first
    default: nil
    }
  }
}
