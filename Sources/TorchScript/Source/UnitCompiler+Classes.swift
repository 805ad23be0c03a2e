import MartletOps
import MartletTensor
import MartletTracer

/// A class's attributes and the syntax of its methods.
struct DeclaredClass {
  var script: ScriptClass
  var methods: [FunctionSyntax] = []
  let entry: UnitCompiler.Entry<ClassSyntax>

  /// The type of its instances.
  var type: GraphType {
    switch script.kind {
    case .module, .object, .interface: .module(script.name)
    case .enumeration: .enumeration(script.name)
    case .namedTuple:
      .namedTuple(
        NamedTupleType(
          name: script.name, fieldNames: script.attributes.map(\.name),
          fieldTypes: script.attributes.map(\.type)))
    }
  }

  func methodSyntax(_ name: String) -> FunctionSyntax? { methods.first { $0.name == name } }
}

extension UnitCompiler {
  /// What the base class says, without a look at the body.
  func kind(ofClass name: String) -> ScriptClass.Kind? {
    guard let entry = classSyntax[name] else { return nil }
    switch entry.syntax.base?.split(separator: ".").last {
    case "Module": return .module
    case "NamedTuple": return .namedTuple
    case "Enum": return .enumeration
    case "ModuleInterface", "Interface": return .interface
    default: return .object
    }
  }

  /// Whether a class has the methods that an interface asks for.
  func implements(_ name: String, _ interface: String) -> Bool {
    guard kind(ofClass: interface) == .interface, let wanted = classSyntax[interface]?.syntax,
      let given = classSyntax[name]?.syntax
    else { return false }
    let methods = UnitCompiler.methods(of: given)
    return UnitCompiler.methods(of: wanted).allSatisfy { method in
      methods.contains {
        $0.name == method.name && $0.parameters.count == method.parameters.count
      }
    }
  }

  private static func methods(of syntax: ClassSyntax) -> [FunctionSyntax] {
    syntax.body.compactMap { if case .define(let method) = $0.kind { method } else { nil } }
  }

  /// The type of a class's instances by its name.
  func instanceType(_ name: String, from source: SourceText, at position: Int) throws -> GraphType {
    switch kind(ofClass: name) {
    case .module, .object, .interface: .module(name)
    case .enumeration: .enumeration(name)
    case .namedTuple: try declaredClass(name, from: source, at: position).type
    case nil:
      throw source.failure("expected a type, got '\(name)', which no file declares", at: position)
    }
  }

  func declaredClass(_ name: String, from source: SourceText, at position: Int) throws
    -> DeclaredClass
  {
    if let known = declaredClasses[name] { return known }
    guard let entry = classSyntax[name], let kind = kind(ofClass: name) else {
      throw source.failure("expected a class, got '\(name)', which no file declares", at: position)
    }
    guard classesInProgress.count < 100 else {
      throw entry.source.failure(
        "expected at most 100 classes within each other", at: entry.syntax.position)
    }
    guard classesInProgress.insert(name).inserted else {
      throw entry.source.failure(
        "expected classes that do not contain each other, got '\(name)' within itself",
        at: entry.syntax.position)
    }
    defer { classesInProgress.remove(name) }
    var declared = DeclaredClass(script: ScriptClass(kind: kind, name: name), entry: entry)
    for statement in entry.syntax.body {
      try declare(statement, &declared)
    }
    var parts = 0
    guard declared.type.isBounded(depth: 64, &parts, limit: 10_000) else {
      throw entry.source.failure(
        "expected a tuple of at most 64 levels and 10000 parts", at: entry.syntax.position)
    }
    declaredClasses[name] = declared
    if kind == .object, let initializer = declared.methodSyntax("__init__"),
      assignsNewAttributes(initializer, declared)
    {
      // Its assignments declare the attributes.
      try body(of: "\(name).__init__", initializer, entry, selfType: declared.type)
    }
    return declaredClasses[name] ?? declared
  }

  private func assignsNewAttributes(_ initializer: FunctionSyntax, _ declared: DeclaredClass)
    -> Bool
  {
    AssignedNames.attributes(in: initializer.body, of: initializer.parameters.first?.name ?? "")
      .contains { declared.script.attribute($0) == nil }
  }

  private func declare(_ statement: Statement, _ declared: inout DeclaredClass) throws {
    let entry = declared.entry
    let types = TypeReader(unit: self, source: entry.source, qualifier: entry.qualifier)
    switch statement.kind {
    case .pass: break
    case .expression(let value):
      // Nothing but a docstring.
      guard case .string = value.kind else { throw unexpected(statement, entry) }
    case .define(let function):
      guard declared.methodSyntax(function.name) == nil else {
        throw entry.source.failure(
          "expected a new name, got the method '\(function.name)' again", at: function.position)
      }
      declared.methods.append(function)
    case .assign(let targets, let annotation, let value):
      guard targets.count == 1 else { throw unexpected(statement, entry) }
      if let annotation {
        guard case .name(let name) = targets[0].kind else { throw unexpected(statement, entry) }
        try add(name, annotation, value, types, &declared, statement)
      } else if let value {
        try assign(targets[0], value, types, &declared, statement)
      }
    default: throw unexpected(statement, entry)
    }
  }

  private func unexpected(_ statement: Statement, _ entry: Entry<ClassSyntax>) -> MartletError {
    entry.source.failure("expected an attribute or a method", at: statement.position)
  }

  /// `__parameters__ = […]`, `__annotations__["0"] = T`, `RED = 1`.
  private func assign(
    _ target: Expression, _ value: Expression, _ types: TypeReader,
    _ declared: inout DeclaredClass, _ statement: Statement
  ) throws {
    switch target.kind {
    case .name("__parameters__"): declared.script.parameters = try types.strings(value)
    case .name("__buffers__"): declared.script.buffers = try types.strings(value)
    case .name("__annotations__"), .name("__constants__"), .name("__slots__"): break
    case .name(let name) where name.hasPrefix("__") && name.hasSuffix("_hooks__"): break
    case .name(let name) where declared.script.kind == .enumeration:
      let member = EnumerationMember(
        className: declared.script.name, name: name, value: try types.constant(value).0)
      declared.script.members.append(member)
    case .subscripted(let base, let keys):
      guard case .name("__annotations__") = base.kind, keys.count == 1,
        case .string(let name) = keys[0].kind
      else { throw unexpected(statement, declared.entry) }
      try add(name, value, nil, types, &declared, statement)
    default: throw unexpected(statement, declared.entry)
    }
  }

  private func add(
    _ name: String, _ annotation: Expression, _ value: Expression?, _ types: TypeReader,
    _ declared: inout DeclaredClass, _ statement: Statement
  ) throws {
    if let inner = TypeReader.finalType(annotation) {
      guard let value else { throw unexpected(statement, declared.entry) }
      let (constant, type) = try types.constant(value)
      let stated = try inner.map { try types.type($0) } ?? type
      declared.script.constants.append(.init(name, stated, types.adapted(constant, to: stated)))
      return
    }
    guard declared.script.attribute(name) == nil else {
      throw types.source.failure(
        "expected a new name, got the attribute '\(name)' again", at: statement.position)
    }
    let type = try types.type(annotation)
    let standard = try value.map { types.adapted(try types.constant($0).0, to: type) }
    declared.script.attributes.append(.init(name, type, defaultValue: standard))
  }
}
