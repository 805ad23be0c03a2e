import MartletTensor

/// Writes a pickle as PyTorch's C++ pickler does: protocol 2, texts and names once.
///
/// Values are written in the order of Python's stack machine: what a call, a list or an object
/// holds is written within its closure.
/// ```swift
/// var pickle = PickleWriter()
/// try pickle.object("__torch__.M") { attributes in
///   attributes.string("weight")
///   try attributes.tensor(weight)
/// }
/// try archive.add(pickle: pickle, named: "data")
/// ```
package struct PickleWriter {
  var bytes: [UInt8] = [PickleReader.Opcode.proto.rawValue, 2]
  private var memoCount = 0
  private var texts: [String: Int] = [:]
  private var globals: [PickleGlobal: Int] = [:]
  private var identities: [AnyHashable: Int] = [:]
  /// The storages that the tensors written so far view, by their keys.
  var storages: [Storage] = []

  package init() {}

  /// The pickle, which must hold one value by now, and its storages in the order of their keys.
  package consuming func finish() -> (bytes: [UInt8], storages: [Storage]) {
    emit(.stop)
    return (bytes, storages)
  }

  package mutating func none() { emit(.none) }

  package mutating func bool(_ value: Bool) { emit(value ? .newTrue : .newFalse) }

  package mutating func int(_ value: Int) {
    switch value {
    case 0...0xFF: emit(.binInt1, value, 1)
    case 0x100...0xFFFF: emit(.binInt2, value, 2)
    case Int(Int32.min)...Int(Int32.max): emit(.binInt, value, 4)
    default:
      emit(.long1, 8, 1)
      bytes.appendNumber(value, 8)
    }
  }

  package mutating func double(_ value: Double) {
    emit(.binFloat)
    for i in (0..<8).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * i)))
    }
  }

  package mutating func string(_ value: String) {
    if let index = texts[value] { return get(index) }
    let utf8 = Array(value.utf8)
    emit(.binUnicode, utf8.count, 4)
    bytes += utf8
    texts[value] = put()
  }

  /// A class or function by its full name, as in `__torch__.torch.nn.modules.conv.Conv2d`.
  package mutating func global(_ qualifiedName: String) {
    let dot = qualifiedName.lastIndex(of: ".")
    let module = dot.map { String(qualifiedName[..<$0]) } ?? ""
    let name = dot.map { String(qualifiedName[$0...].dropFirst()) } ?? qualifiedName
    global(PickleGlobal(module, name))
  }

  package mutating func global(_ global: PickleGlobal) {
    if let index = globals[global] { return get(index) }
    emit(.global)
    bytes += Array("\(global.module)\n\(global.name)\n".utf8)
    globals[global] = put()
  }

  package mutating func complex(_ real: Double, _ imaginary: Double) {
    global(PickleGlobal("builtins", "complex"))
    double(real)
    double(imaginary)
    emit(.tuple2)
    emit(.reduce)
  }

  /// A device by its name, as in `cpu`.
  package mutating func device(_ name: String) {
    // The name of the memo's entry can be no text's or module's.
    if let index = identities["device \(name)"] { return get(index) }
    global(PickleGlobal("torch", "device"))
    string(name)
    emit(.tuple1)
    emit(.reduce)
    identities["device \(name)"] = put()
  }

  /// A tuple of `count` values, which the body writes.
  package mutating func tuple(count: Int, _ body: (inout PickleWriter) throws -> Void) rethrows {
    if count > 3 { emit(.mark) }
    try body(&self)
    switch count {
    case 0: emit(.emptyTuple)
    case 1: emit(.tuple1)
    case 2: emit(.tuple2)
    case 3: emit(.tuple3)
    default: emit(.tuple)
    }
  }

  /// A list of numbers or tensors.
  package mutating func list(
    of kind: ListKind, _ body: (inout PickleWriter) throws -> Void
  ) rethrows {
    global(PickleGlobal("torch.jit._pickle", kind.rawValue))
    emit(.mark)
    try list(body)
    emit(.tuple)
    emit(.reduce)
  }

  /// The lists that PyTorch has functions for.
  package enum ListKind: String, Sendable {
    case ints = "build_intlist"
    case doubles = "build_doublelist"
    case bools = "build_boollist"
    case tensors = "build_tensorlist"
  }

  /// A list of anything else, with its type as TorchScript prints it: `List[str]`.
  package mutating func list(
    type: String, _ body: (inout PickleWriter) throws -> Void
  ) rethrows {
    global(PickleGlobal("torch.jit._pickle", "restore_type_tag"))
    try list(body)
    string(type)
    emit(.tuple2)
    emit(.reduce)
  }

  /// A dictionary with its type as TorchScript prints it: `Dict[str, int]`. The body writes keys
  /// and values in turn.
  package mutating func dictionary(
    type: String, _ body: (inout PickleWriter) throws -> Void
  ) rethrows {
    global(PickleGlobal("torch.jit._pickle", "restore_type_tag"))
    try dictionary(body)
    string(type)
    emit(.tuple2)
    emit(.reduce)
  }

  /// An object of a script's class. The body writes names and values of attributes in turn.
  package mutating func object(
    _ className: String, _ body: (inout PickleWriter) throws -> Void
  ) rethrows {
    global(className)
    emit(.emptyTuple)
    emit(.newObject)
    try dictionary(body)
    emit(.build)
  }

  /// A member of a script's enumeration, by its value.
  package mutating func enumeration(
    _ className: String, _ value: (inout PickleWriter) throws -> Void
  ) rethrows {
    global(className)
    try value(&self)
    emit(.reduce)
  }

  /// A value that others may share: the body writes it the first time.
  package mutating func shared(
    _ identity: some Hashable & Sendable, _ body: (inout PickleWriter) throws -> Void
  ) rethrows {
    if let index = identities[AnyHashable(identity)] { return get(index) }
    try body(&self)
    identities[AnyHashable(identity)] = put()
  }

  /// A plain list, as Python's own pickler has them.
  package mutating func list(_ body: (inout PickleWriter) throws -> Void) rethrows {
    emit(.emptyList)
    emit(.mark)
    try body(&self)
    emit(.appends)
  }

  /// A plain dictionary, as Python's own pickler has them.
  package mutating func dictionary(_ body: (inout PickleWriter) throws -> Void) rethrows {
    emit(.emptyDict)
    emit(.mark)
    try body(&self)
    emit(.setItems)
  }
}

/// Bytes and memo.
extension PickleWriter {
  mutating func emit(_ opcode: PickleReader.Opcode) { bytes.append(opcode.rawValue) }

  private mutating func emit(_ opcode: PickleReader.Opcode, _ value: Int, _ width: Int) {
    emit(opcode)
    bytes.appendNumber(value, width)
  }

  /// Remembers the value on top of the stack.
  private mutating func put() -> Int {
    let index = memoCount
    memoCount += 1
    index > 0xFF ? emit(.longBinPut, index, 4) : emit(.binPut, index, 1)
    return index
  }

  private mutating func get(_ index: Int) {
    index > 0xFF ? emit(.longBinGet, index, 4) : emit(.binGet, index, 1)
  }
}
