import MartletTensor

extension PickleReader {
  /// The opcodes that PyTorch's picklers write, by Python's names for them.
  enum Opcode: UInt8 {
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2E
    case mark = 0x28
    case pop = 0x30
    case popMark = 0x31
    case dup = 0x32
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    case long4 = 0x8B
    case binFloat = 0x47
    case shortBinUnicode = 0x8C
    case binUnicode = 0x58
    case binUnicode8 = 0x8D
    case shortBinString = 0x55
    case binString = 0x54
    case shortBinBytes = 0x43
    case binBytes = 0x42
    case binBytes8 = 0x8E
    case byteArray8 = 0x96
    case emptyList = 0x5D
    case append = 0x61
    case appends = 0x65
    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyDict = 0x7D
    case setItem = 0x73
    case setItems = 0x75
    case emptySet = 0x8F
    case addItems = 0x90
    case frozenSet = 0x91
    case global = 0x63
    case stackGlobal = 0x93
    case binGet = 0x68
    case longBinGet = 0x6A
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case binPersistentID = 0x51
    case reduce = 0x52
    case newObject = 0x81
    case build = 0x62
  }

  mutating func perform(_ opcode: Opcode, _ bytes: Span<UInt8>) throws {
    switch opcode {
    case .proto:
      let version = try number(bytes, 1)
      guard (2...5).contains(version) else {
        throw wrong("pickle protocol \(version); 2 to 5 are known")
      }
    case .frame:
      let count = try number(bytes, 8)
      try require(bytes, count)
    case .stop: break
    case .mark: try pushMark()
    case .pop: try drop()
    case .popMark: _ = try popToMark()
    case .dup: try push(top())
    case .none: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.int(Int(Int32(truncatingIfNeeded: number(bytes, 4)))))
    case .binInt1: try push(.int(number(bytes, 1)))
    case .binInt2: try push(.int(number(bytes, 2)))
    case .long1: try pushLong(bytes, number(bytes, 1))
    case .long4: try pushLong(bytes, number(bytes, 4))
    case .binFloat: try push(.double(double(bytes)))
    case .shortBinUnicode: try push(.string(string(bytes, number(bytes, 1))))
    case .binUnicode: try push(.string(string(bytes, number(bytes, 4))))
    case .binUnicode8: try push(.string(string(bytes, number(bytes, 8))))
    case .shortBinString: try push(.string(string(bytes, number(bytes, 1))))
    case .binString: try push(.string(string(bytes, number(bytes, 4))))
    case .shortBinBytes: try push(.bytes(array(bytes, number(bytes, 1))))
    case .binBytes: try push(.bytes(array(bytes, number(bytes, 4))))
    case .binBytes8, .byteArray8: try push(.bytes(array(bytes, number(bytes, 8))))
    default: try performOnStack(opcode, bytes)
    }
  }

  private mutating func performOnStack(_ opcode: Opcode, _ bytes: Span<UInt8>) throws {
    switch opcode {
    case .emptyList: try push(.list(PickleList()))
    case .emptySet: try push(.list(PickleList(isSet: true)))
    case .emptyDict: try push(.dictionary(PickleDictionary()))
    case .append:
      let value = try pop()
      try append([value], to: top())
    case .appends:
      let values = try popToMark()
      try append(values, to: top())
    case .addItems:
      let values = try popToMark()
      try append(values, to: top(), isSet: true)
    case .frozenSet:
      let set = PickleList(isSet: true)
      try append(popToMark(), to: .list(set), isSet: true)
      try push(.list(set))
    case .emptyTuple: try push(tuple([]))
    case .tuple: try push(tuple(popToMark()))
    case .tuple1: try push(tuple(pop(1)))
    case .tuple2: try push(tuple(pop(2)))
    case .tuple3: try push(tuple(pop(3)))
    case .setItem:
      let pair = try pop(2)
      try set(pair, on: top())
    case .setItems:
      let pairs = try popToMark()
      try set(pairs, on: top())
    case .global:
      let module = try line(bytes)
      try name(PickleGlobal(module, line(bytes)))
    case .stackGlobal:
      let names = try pop(2)
      guard let module = names[0].string, let global = names[1].string else {
        throw wrong("names a global by \(names[0].kindName) and \(names[1].kindName)")
      }
      try name(PickleGlobal(module, global))
    case .binGet: try push(recall(number(bytes, 1)))
    case .longBinGet: try push(recall(number(bytes, 4)))
    case .binPut: try remember(top(), as: number(bytes, 1))
    case .longBinPut: try remember(top(), as: number(bytes, 4))
    case .memoize: try remember(top(), as: memo.count)
    case .binPersistentID: try push(persistent(pop()))
    case .reduce:
      let parts = try pop(2)
      try push(object(.call, parts[0], parts[1]))
    case .newObject:
      let parts = try pop(2)
      try push(object(.new, parts[0], parts[1]))
    case .build:
      let state = try pop()
      try build(top(), state: state)
    default: throw wrong("opcode \(opcode) cannot stand here")
    }
  }

  private mutating func pushMark() throws {
    guard marks.count < limits.values else { throw wrong("sets too many marks") }
    marks.append(stack.count)
  }

  private mutating func drop() throws {
    // Python's POP also takes a mark.
    if let mark = marks.last, mark == stack.count {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }

  /// The values in the order in which they were pushed.
  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private mutating func pushLong(_ bytes: Span<UInt8>, _ count: Int) throws {
    guard count <= 8 else {
      guard count <= 1024 else { throw wrong("an integer of \(count) bytes") }
      return try push(.largeInt(array(bytes, count)))
    }
    let digits = try array(bytes, count)
    var value: UInt64 = 0
    for digit in digits.reversed() { value = value << 8 | UInt64(digit) }
    if count > 0, count < 8, let last = digits.last, last >= 0x80 {
      value |= UInt64.max << UInt64(8 * count)
    }
    try push(.int(Int(Int64(bitPattern: value))))
  }
}
