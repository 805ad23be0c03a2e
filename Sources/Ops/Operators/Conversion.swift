import MartletTensor

/// Other dtypes, copies, and the tensor itself under another name.
package enum Conversion {
  package static let operators: [Operator] = [
    toDType, toLayout, toDevice, toOther, toPrimDevice, toPrimDType, toPrimOther, typeAs, toCopy,
    clone, contiguous, cpu, detach, alias, liftFresh, lift, liftFreshCopy, detachCopy, aliasCopy,
  ]

  static let toDType = Operator(
    "aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, "
      + "MemoryFormat? memory_format=None) -> Tensor(a)",
    .composite { try convert($0, to: try $0.dtype("dtype")) })
  static let toLayout = Operator(
    "aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, "
      + "Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, "
      + "MemoryFormat? memory_format=None) -> Tensor(a)",
    .composite { try convert($0, to: try $0.dtype("dtype"), device: $0["device"]) })
  static let toDevice = Operator(
    "aten::to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, "
      + "bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)",
    .composite { try convert($0, to: try $0.dtype("dtype"), device: $0["device"]) })
  static let toOther = Operator(
    "aten::to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, "
      + "MemoryFormat? memory_format=None) -> Tensor(a)",
    .composite { try convert($0, to: try $0.tensor("other").dtype) })
  static let toPrimDevice = Operator(
    "aten::to.prim_Device(Tensor(a) self, Device? device, int? dtype=None, "
      + "bool non_blocking=False, bool copy=False) -> Tensor(b|a)",
    .composite { try convert($0, to: try $0.dtype("dtype"), device: $0["device"]) })
  static let toPrimDType = Operator(
    "aten::to.prim_dtype(Tensor(a) self, int? dtype=None, bool non_blocking=False, "
      + "bool copy=False) -> Tensor(b|a)",
    .composite { try convert($0, to: try $0.dtype("dtype")) })
  static let toPrimOther = Operator(
    "aten::to.prim_other(Tensor(a) self, bool non_blocking=False, bool copy=False) "
      + "-> Tensor(b|a)",
    .composite { try convert($0, to: nil) })
  static let typeAs = Operator(
    "aten::type_as(Tensor self, Tensor other) -> Tensor",
    .composite { arguments in
      let (x, other) = (try arguments.tensor("self"), try arguments.tensor("other"))
      return [.tensor(x.dtype == other.dtype ? x : try copy(x, other.dtype))]
    })

  /// The tensor itself where it is already as asked and no copy is.
  private static func convert(_ arguments: Arguments, to dtype: DType?, device: Value = .none)
    throws -> [Value]
  {
    let x = try arguments.tensor("self")
    let toMeta = try Device(device) == .meta
    if dtype ?? x.dtype == x.dtype, !(try arguments.bool("copy")), x.isMeta || !toMeta {
      return [.tensor(x)]
    }
    return [.tensor(try copy(x, dtype ?? x.dtype, toMeta: toMeta))]
  }

  private static func copy(_ x: Tensor, _ dtype: DType, toMeta: Bool = false) throws -> Tensor {
    try toCopy(
      .tensor(x), dtype.value, .none, toMeta ? .device("meta") : .none, .none, false, .none)
  }

  static let toCopy = Operator(
    "aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, "
      + "Device? device=None, bool? pin_memory=None, bool non_blocking=False, "
      + "MemoryFormat? memory_format=None) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        _ = try Device(arguments["device"])
        let x = try arguments.tensor("self")
        return [TensorSpec(x.sizes, try arguments.dtype("dtype") ?? x.dtype)]
      },
      compute: { try $0.tensor("self").convert(into: $1[0]) }))

  static let clone = copying(
    "aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor")
  static let lift = copying("aten::lift(Tensor self) -> Tensor")
  static let liftFreshCopy = copying("aten::lift_fresh_copy(Tensor self) -> Tensor")
  static let detachCopy = copying("aten::detach_copy(Tensor self) -> Tensor")
  static let aliasCopy = copying("aten::alias_copy(Tensor self) -> Tensor")

  private static func copying(_ schema: String) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          return [TensorSpec(x.sizes, x.dtype)]
        },
        compute: { try $0.tensor("self").convert(into: $1[0]) }))
  }

  /// Row-major order without gaps; other memory formats are the runtime's own business.
  static let contiguous = Operator(
    "aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)",
    .composite { [.tensor(try $0.tensor("self").compacted())] })

  static let cpu = itself("aten::cpu(Tensor(a) self) -> Tensor(b|a)")
  static let detach = itself("aten::detach(Tensor(a) self) -> Tensor(a)")
  static let alias = itself("aten::alias(Tensor(a) self) -> Tensor(a)")
  static let liftFresh = itself("aten::lift_fresh(Tensor(a) self) -> Tensor(a)")

  private static func itself(_ schema: String) -> Operator {
    Operator(schema, .view { [$0["self"]] })
  }
}

/// Where a tensor lives: in memory, or nowhere.
enum Device {
  case cpu, meta

  /// - Throws: `MartletError` of kind `.unsupported` for devices that are not the CPU.
  init(_ value: Value) throws {
    switch value {
    case .none: self = .cpu
    case .device(let name), .string(let name):
      switch name.split(separator: ":").first {
      case "cpu": self = .cpu
      case "meta": self = .meta
      default:
        throw MartletError(
          .unsupported, "Martlet runs on the device 'cpu', the call asks for '\(name)'")
      }
    default: throw MartletError(.argument, "expected a device, got \(value.summary)")
    }
  }
}

extension Tensor {
  /// The same values in another dtype; the tensor itself when it has it (`torch.Tensor.to`).
  public func to(
    _ dtype: DType, copy: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Conversion.toDType(
      .tensor(self), dtype.value, false, .bool(copy), at: SourceLocation(file, line))
  }

  /// The same values in another tensor's dtype (`torch.Tensor.type_as`).
  public func typeAs(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Conversion.typeAs(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  public func float(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.float32, file: file, line: line)
  }

  public func double(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.float64, file: file, line: line)
  }

  public func half(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.float16, file: file, line: line)
  }

  public func bfloat16(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.bfloat16, file: file, line: line)
  }

  public func int(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.int32, file: file, line: line)
  }

  public func long(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.int64, file: file, line: line)
  }

  public func bool(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try to(.bool, file: file, line: line)
  }

  /// A copy with storage of its own (`torch.clone`).
  public func clone(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Conversion.clone(.tensor(self), at: SourceLocation(file, line))
  }

  /// The tensor itself: there are no gradients to leave behind (`torch.Tensor.detach`).
  public func detach(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Conversion.detach(.tensor(self), at: SourceLocation(file, line))
  }

  /// This tensor if its elements lie in row-major order, otherwise a copy in which they do
  /// (`torch.Tensor.contiguous`).
  public func contiguous(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Conversion.contiguous(.tensor(self), at: SourceLocation(file, line))
  }
}
