import MartletOps
import MartletTensor
import MartletTracer

extension FunctionCompiler {
  func compileAssignment(_ targets: [Expression], _ annotation: Expression?, _ value: Expression?)
    throws
  {
    let stated = try annotation.map { try types.type($0) }
    guard let value else {
      // `x: T` alone only states a type.
      return
    }
    var operand = try compile(value, hint: stated)
    if let stated {
      operand = .value(try converted(operand, to: stated) { "a value of type \($0)" })
    }
    for target in targets { try assign(to: target, operand, type: stated) }
  }

  func assign(to target: Expression, _ operand: Operand, type: GraphType? = nil) throws {
    switch target.kind {
    case .name(let name): try assignVariable(name, operand, type, at: target.position)
    case .tuple(let targets), .list(let targets): try unpack(operand, targets, at: target.position)
    case .attribute(let base, let name): try assignAttribute(base, name, operand, target)
    case .subscripted(let base, let indices):
      try assignItem(base, indices, operand, at: target.position)
    default:
      throw failure("expected a variable, an attribute or an item", at: target.position)
    }
  }

  private func assignVariable(
    _ name: String, _ operand: Operand, _ type: GraphType?, at position: Int
  ) throws {
    var operand = operand
    switch operand {
    case .list, .dictionary, .iterable: operand = .value(try materialized(operand))
    case .tuple(let items):
      operand = .tuple(
        try items.map { item in
          item.type == nil ? item : .value(try materialized(item))
        })
      if let type = operand.type { try check(type) }
    default: break
    }
    var declared = type
    if frames[frames.count - 1].variables[name] == nil || isRefined(name),
      let outer = outerVariable(name), outer.problem == nil, let given = operand.type,
      let outerType = outer.type
    {
      var bindings: TypeRules.Bindings = [:]
      guard
        TypeRules.fits(given, outerType, &bindings, .lenient, implements: unit.implements)
          || TypeRules.fits(outerType, given, &bindings, .lenient, implements: unit.implements)
      else {
        throw failure(
          "expected a value of type \(TypeRules.text(outerType)) for '\(name)', which it has "
            + "outside of this block, got \(TypeRules.text(given))", at: position)
      }
      declared = declared ?? outerType
    }
    if case .value(let typed) = operand, case .value(let value) = typed.argument,
      isNewest(value)
    {
      nameNewValue(value, name)
    }
    assign(name, operand, type: declared)
  }

  private func isRefined(_ name: String) -> Bool {
    frames[frames.count - 1].variables[name]?.isAssigned != true
  }

  private func outerVariable(_ name: String) -> Variable? {
    for frame in frames.dropLast().reversed() {
      if let found = frame.variables[name] { return found }
    }
    return nil
  }

  /// Whether the last node of the block gives the value: only then the name is its own.
  private func isNewest(_ value: GraphValue) -> Bool {
    blocks[blocks.count - 1].nodes.last?.outputs.contains(value) ?? false
  }

  /// `a, b, *c = value`.
  private func unpack(_ operand: Operand, _ targets: [Expression], at position: Int) throws {
    let star = targets.firstIndex { if case .star = $0.kind { true } else { false } }
    let items = try self.items(
      of: operand, count: targets.count, isExact: star == nil, at: position)
    if let star {
      let (before, behind) = (star, targets.count - star - 1)
      guard items.count >= before + behind else {
        throw failure(
          "expected at least \(before + behind) items, got \(items.count)", at: position)
      }
      for (target, item) in zip(targets[..<star], items) { try assign(to: target, item) }
      if case .star(let inner) = targets[star].kind {
        try assign(to: inner, .tuple(Array(items[before..<(items.count - behind)])))
      }
      for (target, item) in zip(targets[(star + 1)...], items.suffix(behind)) {
        try assign(to: target, item)
      }
      return
    }
    guard items.count == targets.count else {
      throw failure("expected \(targets.count) items, got \(items.count)", at: position)
    }
    for (target, item) in zip(targets, items) { try assign(to: target, item) }
  }

  private func items(of operand: Operand, count: Int, isExact: Bool, at position: Int) throws
    -> [Operand]
  {
    switch operand {
    case .tuple(let items), .list(let items, _): return items
    default: break
    }
    let value = try materialized(operand)
    if case .tuple(let parts) = value.argument, let types = value.type.tupleItems,
      parts.count == types.count
    {
      return zip(parts, types).map { .value($0, $1) }
    }
    switch value.type {
    case .tuple(let types): return unpacked(.tupleUnpack, value, types)
    case .namedTuple(let type): return unpacked(.tupleUnpack, value, type.fieldTypes)
    case .list(let element) where isExact:
      return unpacked(.listUnpack, value, Array(repeating: element, count: count))
    case .tensor where isExact:
      if let items = splitUnknown(value, count) { return items }
    default: break
    }
    throw failure(
      "expected a tuple of \(count) items, got \(TypeRules.text(value.type))", at: position)
  }

  private func unpacked(_ prim: Prim, _ value: Typed, _ types: [GraphType]) -> [Operand] {
    let outputs = emit(.prim(prim), [value.argument], outputs: types)
    return zip(outputs, types).map { .value(.value($0), $1) }
  }

  /// An operator that the catalogue lacks gives as many results as are taken from it.
  private func splitUnknown(_ value: Typed, _ count: Int) -> [Operand]? {
    let last = blocks.count - 1
    guard let node = blocks[last].nodes.last, case .unknown = node.kind,
      node.outputs.count == 1, value.argument.graphValue == node.outputs[0], count > 0
    else { return nil }
    let more = (1..<count).map { _ in graph.newValue(.tensor) }
    blocks[last].nodes[blocks[last].nodes.count - 1].outputs += more
    return (node.outputs + more).map { .value(.value($0), .tensor) }
  }

  private func assignAttribute(
    _ base: Expression, _ name: String, _ operand: Operand, _ target: Expression
  ) throws {
    let object = try materialized(try compile(base))
    guard case .module(let className) = object.type else {
      throw failure(
        "expected an object, got \(TypeRules.text(object.type))", at: target.position)
    }
    var declared = try unit.declaredClass(className, from: source, at: target.position)
    if declaresAttributes, declared.script.attribute(name) == nil {
      let value = try materialized(operand)
      declared.script.attributes.append(.init(name, value.type))
      unit.declaredClasses[className] = declared
      emit(.prim(.setAttr), label: name, [object.argument, value.argument], outputs: [])
      return
    }
    guard let attribute = declared.script.attribute(name) else {
      throw failure(
        "expected an attribute of \(className), got '\(name)'", at: target.position)
    }
    let value = try converted(operand, to: attribute.type) { "a value of type \($0) for '\(name)'" }
    emit(.prim(.setAttr), label: name, [object.argument, value.argument], outputs: [])
  }
}

/// Augmented assignment.
extension FunctionCompiler {
  func compileAugmented(
    _ operation: BinaryOperator, _ target: Expression, _ value: Expression
  ) throws {
    let right = try compile(value)
    let place = target.position
    switch target.kind {
    case .subscripted(let base, let indices):
      let container = try materialized(try compile(base))
      if container.type == .tensor {
        // Views are written to in place; other indices read, compute and write back.
        let index = try tensorIndex(container, indices, at: place)
        if index.tensors == nil {
          _ = try callInPlace(operation, .value(index.view), right, at: place)
          return
        }
        let old = try read(index, at: place)
        let new = try callInPlace(operation, old, right, at: place)
        try write(index, new, at: place)
        return
      }
      guard indices.count == 1 else { throw failure("expected one index", at: place) }
      let key = Operand.value(try materialized(try compile(indices[0])))
      let old = try callOperator("aten::__getitem__", [.value(container), key], [], at: place)
      let new = try callInPlace(operation, old, right, at: place)
      _ = try callOperator("aten::_set_item", [.value(container), key, new], [], at: place)
    default:
      let old = try compile(target)
      try assign(to: target, try callInPlace(operation, old, right, at: place))
    }
  }

  /// Tensors and lists change in place, other values are replaced.
  private func callInPlace(
    _ operation: BinaryOperator, _ left: Operand, _ right: Operand, at position: Int
  ) throws -> Operand {
    let value = try materialized(left)
    if value.type == .tensor {
      let name = FunctionCompiler.operatorName(operation)
      let inPlace =
        name.hasPrefix("aten::__")
        ? "aten::__i" + name.dropFirst("aten::__".count) : name + "_"
      if operation != .matMul {
        return try callOperator(inPlace, [.value(value), right], [], at: position)
      }
    }
    if case .list = value.type, operation == .add {
      _ = try callOperator("aten::add_", [.value(value), right], [], at: position)
      return .value(value)
    }
    return try callBinary(operation, .value(value), right, at: position)
  }
}

/// Conversion to a type that is stated.
extension FunctionCompiler {
  /// The value as the type that is asked for, by the conversions that PyTorch makes on its own.
  func converted(
    _ operand: Operand, to type: GraphType, _ wanted: (String) -> String
  ) throws -> Typed {
    var bindings: TypeRules.Bindings = [:]
    for strictness in [TypeRules.Strictness.exact, .converting, .lenient] {
      let matcher = CallMatcher(strictness: strictness, implements: unit.implements)
      if let fit = matcher.fit(operand, type, count: nil, &bindings) {
        var value = try materialized(try apply(fit))
        // A value of a narrower type is of the stated one from here on.
        if !TypeRules.isPlain(type) || value.type == .any || value.type == .none {
          value.type = type
        }
        return value
      }
    }
    throw failure("expected \(wanted(TypeRules.text(type))), got \(operand.summary)")
  }
}
