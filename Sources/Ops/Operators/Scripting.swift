import MartletKernels
import MartletTensor

/// What scripts ask of the language itself: enumerations, ranges, gradients that are off.
package enum Scripting {
  package static let operators: [Operator] =
    [
      enumName, enumEquals, enumDiffers, deriveIndex, gradEnabled, setGradEnabled,
      uncheckedUnwrap, unwrap, warn, requiresGrad, isScripting, deviceType, deviceIndex,
      isTracing, autocast, booleanSum,
    ] + enumValues + divisions + properties + listEqualities + lists

  static let enumName = Operator(
    "prim::EnumName(AnyEnumType enum) -> str", .scalar { [.string(try member($0, "enum").name)] })
  static let enumValues = ["int", "float", "str"].map { kind in
    Operator(
      "prim::EnumValue.\(kind)(AnyEnumType enum) -> \(kind)",
      .scalar { [try member($0, "enum").value] })
  }
  static let enumEquals = Operator(
    "aten::eq.enum(AnyEnumType a, AnyEnumType b) -> bool",
    .scalar { [.bool($0["a"].isEqual(to: $0["b"]))] })
  static let enumDiffers = Operator(
    "aten::ne.enum(AnyEnumType a, AnyEnumType b) -> bool",
    .scalar { [.bool(!$0["a"].isEqual(to: $0["b"]))] })

  private static func member(_ arguments: Arguments, _ name: String) throws -> EnumerationMember {
    guard case .enumeration(let member) = arguments[name] else {
      throw MartletError(
        .argument, "expected a member of an enumeration, got \(arguments[name].kindName)")
    }
    return member
  }

  /// The number that round `index` of `range(start, …, step)` has.
  static let deriveIndex = Operator(
    "aten::__derive_index(int index, int start, int step) -> int",
    .scalar { [.int(Dim(try $0.int("start") &+ $0.int("index") &* $0.int("step")))] })

  static let divisions: [Operator] =
    [
      Operator(
        "aten::divmod.int(int x, int y) -> (int, int)",
        .scalar { arguments in
          let (x, y) = (Int64(try arguments.int("x")), Int64(try arguments.int("y")))
          guard y != 0 else {
            throw MartletError(.value, "ZeroDivisionError: integer division or modulo by zero")
          }
          return [
            .int(Dim(Int(Division.floor(x, y)))), .int(Dim(Int(Division.remainder(x, y)))),
          ]
        })
    ]
    + [("float", "float", "float"), ("int_float", "int", "float"), ("float_int", "float", "int")]
    .map { overload, x, y in
      Operator(
        "aten::divmod.\(overload)(\(x) x, \(y) y) -> (float, float)",
        .scalar { arguments in
          let (x, y) = (
            try Scalar(arguments["x"]).double, try Scalar(arguments["y"]).double
          )
          guard y != 0 else {
            throw MartletError(.value, "ZeroDivisionError: float divmod()")
          }
          var remainder = x.truncatingRemainder(dividingBy: y)
          if remainder != 0, (remainder < 0) != (y < 0) { remainder += y }
          return [.double(((x - remainder) / y).rounded()), .double(remainder)]
        })
    }

  static let gradEnabled = Operator(
    "aten::is_grad_enabled() -> bool", .scalar { _ in [.bool(false)] })
  static let setGradEnabled = Operator(
    "aten::set_grad_enabled(bool val) -> ()", .scalar { _ in [] })
  static let requiresGrad = Operator(
    "prim::requires_grad(Tensor a) -> bool", .scalar { _ in [.bool(false)] })
  static let isScripting = Operator(
    "aten::is_scripting() -> bool", .scalar { _ in [.bool(true)] })
  static let isTracing = Operator(
    "aten::_get_tracing_state() -> bool", .scalar { _ in [.bool(false)] })
  static let autocast = Operator(
    "aten::is_autocast_enabled() -> bool", .scalar { _ in [.bool(false)] })

  static let unwrap = unwrapping("aten::_unwrap_optional(t(a)? optional) -> t(a)")
  static let uncheckedUnwrap = unwrapping(
    "prim::unchecked_unwrap_optional(t(a)? optional) -> t(a)")

  private static func unwrapping(_ schema: String) -> Operator {
    Operator(
      schema,
      .containers { arguments in
        if case .none = arguments["optional"] {
          throw MartletError(.value, "Unwrapping null optional")
        }
        return [arguments["optional"]]
      })
  }

  static let warn = Operator(
    "aten::warn(str message, int stacklevel=2) -> ()",
    .scalar { arguments in
      let message = try arguments.string("message")
      StandardError.write("martlet: warning: \(message)\n")
      return []
    })

  static let deviceType = Operator(
    "prim::type(Device self) -> str",
    .scalar { [.string(try $0.deviceName.split(separator: ":").first.map(String.init) ?? "cpu")] })
  static let deviceIndex = Operator(
    "prim::index(Device self) -> int?",
    .scalar { arguments in
      let parts = try arguments.deviceName.split(separator: ":")
      guard parts.count == 2, let index = Int(parts[1]) else { return [.none] }
      return [.int(Dim(index))]
    })

  /// What a tensor of this package never is.
  static let properties: [Operator] = [
    "mkldnn", "mps", "mtia", "ipu", "maia", "vulkan", "xla", "xpu", "sparse", "sparse_csr",
    "nested",
  ].map { name in
    Operator("prim::is_\(name)(Tensor a) -> bool", .scalar { _ in [.bool(false)] })
  }

  static let booleanSum = Operator(
    "aten::sum.bool(bool[] self) -> int",
    .scalar { [.int(Dim(try [Value]($0["self"]).count { try Bool($0) }))] })

  static let lists: [Operator] =
    [("max", true), ("min", false)].flatMap { name, takesLarger in
      ["int", "float", "bool"].map { kind in
        Operator(
          "prim::\(name).\(kind)_list(\(kind)[] l, \(kind)[] r) -> \(kind)[]",
          .scalar { arguments in
            let (l, r) = (try [Value](arguments["l"]), try [Value](arguments["r"]))
            return [.list(try isLess(l, r) == takesLarger ? r : l)]
          })
      }
    }

  private static func isLess(_ l: [Value], _ r: [Value]) throws -> Bool {
    let (a, b) = (try l.map { try Scalar($0).double }, try r.map { try Scalar($0).double })
    return a.lexicographicallyPrecedes(b)
  }

  static let listEqualities: [Operator] = [("eq", true), ("ne", false)].map { name, wanted in
    Operator(
      "aten::\(name).Tensor_list(Tensor[] a, Tensor[] b) -> bool",
      .containers { arguments in
        let (a, b) = (try arguments.items("a"), try arguments.items("b"))
        guard a.count == b.count else { return [.bool(!wanted)] }
        let isEqual = try zip(a, b).allSatisfy { try Containers.isEqualByValue($0, $1) }
        return [.bool(isEqual == wanted)]
      })
  }
}

extension Arguments {
  fileprivate var deviceName: String {
    get throws {
      switch self["self"] {
      case .device(let name), .string(let name): name
      default: throw MartletError(.argument, "expected a device, got \(self["self"].kindName)")
      }
    }
  }
}
