import MartletOps
import MartletTensor
import MartletTracer

/// Writes modules and values as TorchScript's pickles hold them. What has an identity (modules,
/// objects, containers that change) is written once.
struct ModulePickler {
  let classes: ModuleClasses
  let unit: CompilationUnit

  func write(_ module: TracedModule, to pickle: inout PickleWriter) throws {
    try pickle.shared(ObjectIdentifier(module)) { pickle in
      if let state = module.scriptClass?.stateMethod {
        let value = try module.run([], method: state.name)
        return try pickle.restored(classes.name(of: module)) { pickle in
          try write(value, state.returnType, to: &pickle)
        }
      }
      try pickle.object(classes.name(of: module)) { pickle in
        for slot in classes.slots(of: module) {
          pickle.string(slot.name)
          try write(slot, to: &pickle)
        }
      }
    }
  }

  private func write(_ slot: ModuleSlot, to pickle: inout PickleWriter) throws {
    switch slot.content {
    case .parameter(let tensor):
      let hasGradient = tensor.dtype.isFloatingPoint || tensor.dtype.isComplex
      try pickle.tensor(tensor, requiresGrad: hasGradient)
    case .buffer(let tensor), .tensor(let tensor): try pickle.tensor(tensor)
    case .value(let value): try write(value, slot.type ?? .any, to: &pickle)
    case .module(let child): try write(child, to: &pickle)
    }
  }

  /// - Parameters:
  ///   - type: what the value is declared to be; containers are written with it.
  ///   - isShapeOnly: whether tensors are written without their elements.
  func write(
    _ value: Value, _ type: GraphType, to pickle: inout PickleWriter, isShapeOnly: Bool = false
  ) throws {
    let type = type.said(of: value)
    func item(_ value: Value, _ type: GraphType, _ pickle: inout PickleWriter) throws {
      try write(value, type, to: &pickle, isShapeOnly: isShapeOnly)
    }
    switch value {
    case .none: pickle.none()
    case .tensor(let tensor):
      if isShapeOnly { try pickle.shape(of: tensor) } else { try pickle.tensor(tensor) }
    case .bool(let flag): pickle.bool(flag)
    case .int(let dim):
      if type == .float { pickle.double(Double(dim.number)) } else { pickle.int(dim.number) }
    case .double(let number): pickle.double(number)
    case .complex(let real, let imaginary): pickle.complex(real, imaginary)
    case .string(let text): pickle.string(text)
    case .device(let name): pickle.device(name)
    case .list(let items):
      let element: GraphType = if case .list(let element) = type { element } else { .any }
      func all(_ pickle: inout PickleWriter) throws {
        for value in items { try item(value, element, &pickle) }
      }
      if let kind = PickleWriter.ListKind(elements: element) {
        try pickle.list(of: kind, all)
      } else {
        try pickle.list(type: "List[\(element.annotation)]", all)
      }
    case .tuple(let items):
      let types = type.itemTypes
      try pickle.tuple(count: items.count) { pickle in
        for (index, value) in items.enumerated() {
          try item(value, index < types.count ? types[index] : .any, &pickle)
        }
      }
    case .dictionary(let entries):
      var types = (GraphType.any, GraphType.any)
      if case .dictionary(let key, let value) = type { types = (key, value) }
      try pickle.dictionary(type: "Dict[\(types.0.annotation), \(types.1.annotation)]") { pickle in
        for entry in entries {
          try item(entry.key, types.0, &pickle)
          try item(entry.value, types.1, &pickle)
        }
      }
    case .enumeration(let member):
      try pickle.enumeration(member.className) { try item(member.value, .any, &$0) }
    case .reference(let reference):
      try pickle.shared(ObjectIdentifier(reference)) { try item(reference.current, type, &$0) }
    case .object(let object): try write(object, to: &pickle)
    case .packed(let object):
      try pickle.shared(ObjectIdentifier(object)) { pickle in
        try pickle.restored(object.className) { pickle in
          try item(object.state, object.stateType, &pickle)
        }
      }
    }
  }

  private func write(_ object: ScriptObject, to pickle: inout PickleWriter) throws {
    guard let script = unit.classes[object.className] else {
      throw MartletError(
        .graph, "an object of class \(object.className), which nothing declares, cannot be saved")
    }
    try pickle.shared(ObjectIdentifier(object)) { pickle in
      if let method = script.stateMethod {
        let value = try InterpreterRun.result(
          of: method.graph, receiver: .object(object), [], unit: unit)
        return try pickle.restored(script.name) { pickle in
          try write(value, method.returnType, to: &pickle)
        }
      }
      try pickle.object(script.name) { pickle in
        for attribute in script.attributes {
          guard let value = object[attribute.name] else {
            throw MartletError(
              .graph,
              "an object of class \(script.name) has no value for its attribute "
                + "'\(attribute.name)'")
          }
          pickle.string(attribute.name)
          try write(value, attribute.type, to: &pickle)
        }
      }
    }
  }
}

extension PickleWriter.ListKind {
  /// The list of such elements, where PyTorch has one of its own.
  fileprivate init?(elements: GraphType) {
    switch elements {
    case .int: self = .ints
    case .float: self = .doubles
    case .bool: self = .bools
    case .tensor: self = .tensors
    default: return nil
    }
  }
}

extension GraphType {
  /// The type without options, or the value's own where this says nothing.
  fileprivate func said(of value: Value) -> GraphType {
    switch self {
    case .optional(let wrapped): return wrapped.said(of: value)
    case .any, .scalar: return GraphType(of: value)
    default: return self
    }
  }

  fileprivate var itemTypes: [GraphType] {
    switch self {
    case .tuple(let items): items
    case .namedTuple(let type): type.fieldTypes
    default: []
    }
  }
}

extension ScriptClass {
  /// The method that gives what the class's `__setstate__` takes, where it has both.
  fileprivate var stateMethod: ScriptFunction? {
    method("__setstate__") == nil ? nil : method("__getstate__")
  }
}

extension PackedParameters {
  /// What `__setstate__` of PyTorch's class declares to take.
  fileprivate var stateType: GraphType {
    let packed = GraphType.module(PackedParameters.classNames[0])
    return switch content {
    case .linear: .tuple([.tensor, .optional(.tensor)])
    case .convolution: .tuple([.string, .list(.tensor), .list(.optional(.tensor))])
    case .embedding: .tuple([.int, .list(.tensor), .list(.float), .list(.int)])
    case .cell: .tuple([.string, .list(.tensor), .list(.float), .list(.int), .list(packed)])
    }
  }
}

extension PickleWriter {
  /// An object whose class restores itself from a state, which the body writes.
  fileprivate mutating func restored(
    _ className: String, _ body: (inout PickleWriter) throws -> Void
  ) rethrows {
    global(className)
    emit(.emptyTuple)
    emit(.newObject)
    try body(&self)
    emit(.build)
  }

  /// A tensor with sizes and dtype whose storage's entry is empty, as PyTorch keeps the inputs of
  /// a trace.
  fileprivate mutating func shape(of tensor: Tensor) throws {
    guard let type = StorageType.of(tensor.dtype) else {
      throw MartletError(.dtype, "PyTorch's archives have no \(tensor.dtype)")
    }
    let layout = Layout(contiguous: tensor.sizes)
    global(PickleGlobal("torch._utils", "_rebuild_tensor_v2"))
    emit(.mark)
    emit(.mark)
    string("storage")
    global(PickleGlobal("torch", type.storageName))
    string("\(storages.count)")
    string("cpu")
    int(layout.count)
    emit(.tuple)
    emit(.binPersistentID)
    storages.append(.meta(byteCount: 0))
    int(0)
    for numbers in [layout.sizes, layout.strides] {
      emit(.mark)
      for number in numbers { int(number) }
      emit(.tuple)
    }
    bool(false)
    global(PickleGlobal("collections", "OrderedDict"))
    emit(.emptyTuple)
    emit(.reduce)
    emit(.tuple)
    emit(.reduce)
  }
}
