import MartletOps
import MartletTensor
import MartletTracer

/// A value of the graph, or a literal, with its static type.
struct Typed {
  var argument: Argument
  var type: GraphType

  init(_ argument: Argument, _ type: GraphType) {
    self.argument = argument
    self.type = type
  }

  init(_ value: GraphValue, _ type: GraphType) { self.init(.value(value), type) }
}

/// What an expression stands for while it is compiled: a value, or something that only becomes one
/// by a call, an index or an attribute.
indirect enum Operand {
  case value(Typed)
  /// A tuple by its items: a display, or an operator's several results.
  case tuple([Operand])
  /// A list by its items, not made yet, with its elements' type where that is stated.
  case list([Operand], element: GraphType?)
  /// A dictionary by its entries, not made yet, with its type where that is stated.
  case dictionary([(key: Operand, value: Operand)], GraphType?)
  /// `torch`, `torch.nn.functional`, `ops.prim`, `math`, `__torch__.torch.nn`, `CONSTANTS`.
  case namespace(String)
  /// An operator by its name without overload, perhaps with its first argument.
  case builtin(String, receiver: Typed?)
  /// A word with a rule of its own, as `annotate` and `range`.
  case special(Special)
  case method(Typed, className: String, String)
  case function(String)
  case classReference(String)
  /// A function within a function, which sees what surrounds it.
  case closure(FunctionSyntax)
  /// A type where a value may stand: an argument of `isinstance`.
  case type(GraphType)
  case iterable(Iterable)

  static func value(_ argument: Argument, _ type: GraphType) -> Operand {
    .value(Typed(argument, type))
  }

  static func int(_ number: Int) -> Operand { .value(.int(number), .int) }
  static func bool(_ flag: Bool) -> Operand { .value(.bool(flag), .bool) }
  static func string(_ text: String) -> Operand { .value(.string(text), .string) }
  static var none: Operand { .value(.none, .none) }
}

/// Words with a rule of their own.
enum Special: String {
  case annotate, fork, getattr, hasattr, int, float, bool, str, complex, isinstance, len, list
  case tuple, dict, range, enumerate, zip, reversed, print, min, max, abs, round, divmod, sum
  case sorted, ord, chr, any, all, pow
  case uncheckedCast = "unchecked_cast"
  case uncheckedUnwrap = "unchecked_unwrap_optional"
  case uninitialized
  case device, wait, isScripting, isTracing, new, exception
}

/// What a `for` walks.
indirect enum Iterable {
  case range([Typed])
  case enumerate(Operand, start: Typed)
  case zip([Operand])
}

extension Operand {
  /// The static type, or nil for what is no value. An empty list has none of its own either:
  /// `.list(.any)`.
  var type: GraphType? {
    switch self {
    case .value(let value): value.type
    case .tuple(let items): Operand.types(items).map { .tuple($0) }
    case .list(let items, let element): element.map { .list($0) } ?? Operand.listType(items)
    case .dictionary(let entries, let type): type ?? Operand.dictionaryType(entries)
    default: nil
    }
  }

  private static func types(_ items: [Operand]) -> [GraphType]? {
    let types = items.compactMap(\.type)
    return types.count == items.count ? types : nil
  }

  private static func listType(_ items: [Operand]) -> GraphType? {
    guard let types = types(items) else { return nil }
    guard let first = types.first else { return .list(.any) }
    return .list(types.dropFirst().reduce(first) { TypeRules.joined($0, $1) ?? .any })
  }

  private static func dictionaryType(_ entries: [(key: Operand, value: Operand)]) -> GraphType? {
    guard let keys = listType(entries.map(\.key)), let values = listType(entries.map(\.value)),
      case .list(let key) = keys, case .list(let value) = values
    else { return nil }
    return entries.isEmpty ? .dictionary(.string, .any) : .dictionary(key, value)
  }

  /// How messages name it.
  var summary: String {
    if let type { return TypeRules.text(type) }
    switch self {
    case .namespace(let name): return "the namespace '\(name)'"
    case .builtin(let name, _): return "the operator \(name)"
    case .special(let word): return "'\(word.rawValue)'"
    case .method(_, _, let name): return "the method '\(name)'"
    case .function(let name): return "the function '\(name)'"
    case .classReference(let name): return "the class '\(name)'"
    case .closure(let syntax): return "the function '\(syntax.name)'"
    case .type(let type): return "the type \(TypeRules.text(type))"
    case .iterable: return "an iterator"
    default: return "several values"
    }
  }
}
