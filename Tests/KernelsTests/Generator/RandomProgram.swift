import MartletKernels

/// A program of random instructions, loops and conditions over memory of a fixed layout.
///
/// Vectors hold floats or integers and never the one as the other, because the processor and the
/// interpreter may give NaN different signs.
struct RandomProgram {
  let program: KernelProgram
  let parameters: [KernelParameter]
  let memory: [UInt8]
  /// Bytes of the results that are floats; those behind are integers.
  static let floatResults = 8192..<12288
  private static let integerResults = 12288..<16384
  private static let byteCount = 16384 + 64

  init(_ set: InstructionSet, seed: UInt64) {
    var writer = Writer(set, seed: seed)
    program = writer.write()
    var memory: [UInt8] = []
    for i in 0..<(Self.byteCount / 4) {
      let bits: UInt32
      switch i * 4 {
      case ..<4096: bits = (writer.random.value() * 4).bitPattern
      case ..<8192: bits = UInt32(truncatingIfNeeded: Int(writer.random.next() % 64) - 32)
      default: bits = 0
      }
      for byte in 0..<4 { memory.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte))) }
    }
    self.memory = memory
    parameters = [
      .address(buffer: 0, byteOffset: 0), .address(buffer: 0, byteOffset: 4096),
      .address(buffer: 0, byteOffset: Self.floatResults.lowerBound),
      .address(buffer: 0, byteOffset: Self.integerResults.lowerBound),
      .integer(Int(seed % 7) - 1), .integer(2),
    ]
  }

  /// The memory after the interpreter has run the program.
  func interpreted() throws -> [UInt8] {
    var buffers = [memory]
    try KernelInterpreter.run(program, parameters: parameters, memory: &buffers)
    return buffers[0]
  }

  /// The memory after the machine code has.
  func run(_ kernel: Kernel) -> [UInt8] {
    var result = memory
    unsafe result.withUnsafeMutableBytes { bytes in
      let start = Int(bitPattern: bytes.baseAddress)
      let words = parameters.map {
        switch $0 {
        case .integer(let value): value
        case .address(_, let byteOffset): start + byteOffset
        }
      }
      unsafe words.withUnsafeBufferPointer {
        if let base = $0.baseAddress { unsafe kernel.call(base) }
      }
    }
    return result
  }

  /// The first byte where two memories differ, one NaN being as good as another.
  static func difference(_ a: [UInt8], _ b: [UInt8]) -> Int? {
    for i in stride(from: 0, to: min(a.count, b.count), by: 4) where a[i..<i + 4] != b[i..<i + 4] {
      if floatResults.contains(i), float(a, i).isNaN, float(b, i).isNaN { continue }
      return i
    }
    return nil
  }

  private static func float(_ bytes: [UInt8], _ start: Int) -> Float {
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
  }
}

/// A fixed sequence of numbers.
struct RandomNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state >> 11
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  mutating func value() -> Float { Float(below(2001) - 1000) / 512 }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

extension RandomProgram {
  fileprivate struct Writer {
    var random: RandomNumbers
    let set: InstructionSet
    var builder: KernelBuilder
    var floats: [VectorRegister] = []
    var integers: [VectorRegister] = []
    var masks: [MaskRegister] = []
    var scalars: [ScalarRegister] = []
    /// Byte offsets below 512 that loops move.
    var indices: [ScalarRegister] = []
    var sources: [ScalarRegister] = []
    var targets: [ScalarRegister] = []
    let vectorLimit: Int
    let scalarLimit: Int
    var remaining: Int
    var depth = 0

    init(_ set: InstructionSet, seed: UInt64) {
      random = RandomNumbers(seed)
      self.set = set
      builder = KernelBuilder(set)
      vectorLimit = 3 + random.below(2 * set.vectorRegisterCount)
      scalarLimit = 2 + random.below(16)
      remaining = 20 + random.below(200)
    }

    mutating func write() -> KernelProgram {
      sources = [builder.parameter(), builder.parameter()]
      targets = [builder.parameter(), builder.parameter()]
      scalars = [builder.parameter(), builder.parameter()]
      floats = [builder.load(Address(sources[0])), builder.constant(1.5)]
      integers = [builder.load(Address(sources[1])), builder.constant(bits: 7)]
      while remaining > 0 { step() }
      for (i, x) in floats.enumerated() { builder.store(x, to: result(0, i)) }
      for (i, x) in integers.enumerated() { builder.store(x, to: result(1, i)) }
      return builder.finish(named: "random")
    }

    private func result(_ kind: Int, _ place: Int) -> Address {
      Address(targets[kind], offset: 64 * (place % 63))
    }

    mutating func step() {
      remaining -= 1
      switch random.below(20) {
      case 0: loop()
      case 1: condition()
      case 2, 3, 4: scalarStep()
      case 5: maskStep()
      case 6: builder.store(random.pick(floats), to: result(0, random.below(63)))
      case 7: storeOddly()
      case 8...10: integerStep()
      default: floatStep()
      }
    }
  }
}

extension RandomProgram.Writer {
  /// What is defined inside has no value behind.
  private mutating func scope(_ body: (inout Self) -> Void) {
    let (f, i, m, s, x) = (floats, integers, masks, scalars, indices)
    depth += 1
    body(&self)
    depth -= 1
    (floats, integers, masks, scalars, indices) = (f, i, m, s, x)
  }

  private mutating func steps(_ count: Int) {
    for _ in 0..<count where remaining > 0 { step() }
  }

  private mutating func loop() {
    guard depth < 3 else { return }
    let count: ScalarRegister
    if random.below(3) == 0 {
      count = builder.copy(random.pick(scalars))
      builder.emit(.minimumInteger(count, builder.integer(4)))
    } else {
      count = builder.integer(random.below(5))
    }
    let index = builder.integer(0)
    builder.emit(.loop(count))
    scope { writer in
      writer.indices.append(index)
      writer.scalars.append(writer.builder.copy(count))
      writer.steps(2 + writer.random.below(14))
      writer.builder.add(4 << writer.random.below(5), to: index)
    }
    builder.emit(.endLoop)
  }

  private mutating func condition() {
    guard depth < 3 else { return }
    builder.emit(.ifPositive(random.pick(scalars)))
    scope { $0.steps(1 + $0.random.below(8)) }
    if random.below(2) == 0 {
      builder.emit(.otherwise)
      scope { $0.steps(1 + $0.random.below(8)) }
    }
    builder.emit(.endIf)
  }

  private mutating func scalarStep() {
    let a = random.pick(scalars)
    let b = random.pick(scalars)
    switch random.below(9) {
    case 0: keep(builder.integer(random.below(40) - 20))
    case 1: keep(builder.copy(a))
    case 2: builder.add(random.pick([-1, 1, 127, 128, -129, 1 << 40]), to: a)
    case 3: builder.add(b, to: a)
    case 4: builder.subtract(b, from: a)
    case 5: builder.multiply(a, by: random.pick([-3, -1, 0, 1, 2, 8, 1000, 1 << 33]))
    case 6: builder.emit(.minimumInteger(a, b))
    case 7: keep(builder.loadInteger(Address(sources[1], offset: 8 * random.below(400))))
    default: builder.set(a, to: b)
    }
  }

  private mutating func keep(_ scalar: ScalarRegister) {
    if scalars.count < scalarLimit {
      scalars.append(scalar)
    } else {
      builder.set(random.pick(scalars), to: scalar)
    }
  }

  private mutating func place(_ kind: Int) -> Address {
    let offset = 4 * random.below(512)
    guard let index = indices.last, random.below(2) == 0 else {
      return Address(sources[kind], offset: offset)
    }
    return Address(
      sources[kind], offset: offset, index: index, scale: random.pick([1, 2, 4, 8]))
  }

  private mutating func keep(
    _ vector: VectorRegister, _ pool: WritableKeyPath<Self, [VectorRegister]>
  ) {
    if self[keyPath: pool].count < vectorLimit && random.below(4) > 0 {
      self[keyPath: pool].append(vector)
    } else {
      builder.move(vector, into: random.pick(self[keyPath: pool]))
    }
  }

  private mutating func operand(_ kind: Int) -> VectorOperand {
    switch random.below(6) {
    case 0: .memory(place(kind))
    case 1: .broadcast(place(kind))
    case 2:
      .constant(kind == 0 ? random.value().bitPattern : UInt32(random.below(4)))
    default: .register(random.pick(kind == 0 ? floats : integers))
    }
  }

  private mutating func floatStep() {
    let a = random.pick(floats)
    let b = random.pick(floats)
    switch random.below(16) {
    case 0: builder.emit(.multiplyAdd(a, b, operand(0)))
    case 1: builder.emit(.multiplySubtract(a, b, operand(0)))
    case 2: builder.emit(.multiplyThenAdd(a, b, operand(0)))
    case 3: keep(builder.load(place(0)), \.floats)
    case 4: keep(builder.broadcast(place(0)), \.floats)
    case 5: keep(builder.broadcastFirst(a), \.floats)
    case 6:
      let sign = random.pick([UInt32(1) << 31, UInt32(1) << 31 - 1])
      let operation = random.pick([BinaryOperation.and, .xor, .andNot])
      keep(builder.binary(operation, a, .constant(sign)), \.floats)
    case 7:
      let operation = random.pick(
        UnaryOperation.allCases.filter { $0 != .toFloat && $0 != .toInteger })
      keep(builder.unary(operation, a), \.floats)
    case 8: keep(shuffled(a, b, operand(0)), \.floats)
    case 9: keep(builder.unary(.toFloat, random.pick(integers)), \.floats)
    case 10:
      if masks.isEmpty { return }
      keep(builder.select(random.pick(masks), a, else: b), \.floats)
    case 11:
      if masks.isEmpty { return }
      keep(builder.load(place(0), random.pick(masks)), \.floats)
    case 12: keep(builder.copy(a), \.floats)
    case 13:
      keep(random.below(2) == 0 ? builder.zero() : builder.constant(random.value()), \.floats)
    default:
      let operation = random.pick([
        BinaryOperation.add, .subtract, .multiply, .divide, .minimum, .maximum,
        set == .avx512 ? .scale : .add,
      ])
      keep(builder.binary(operation, a, operand(0)), \.floats)
    }
  }

  private mutating func shuffled(
    _ a: VectorRegister, _ b: VectorRegister, _ c: VectorOperand
  ) -> VectorRegister {
    switch random.below(3) {
    case 0: builder.permuteWithin(a, UInt8(random.below(256)))
    case 1:
      builder.permuteGroups(a, b, UInt8(random.below(256)))
    default:
      builder.binary(
        random.pick([.unpackLow, .unpackHigh, .unpackLowPairs, .unpackHighPairs, .permute]), a, c)
    }
  }

  private mutating func integerStep() {
    let a = random.pick(integers)
    let b = random.pick(integers)
    switch random.below(8) {
    case 0: keep(builder.load(place(1)), \.integers)
    case 1: keep(builder.unary(.toInteger, random.pick(floats)), \.integers)
    case 2:
      keep(
        builder.shift(random.pick(ShiftOperation.allCases), a, by: random.below(35)), \.integers)
    case 3: keep(shuffled(a, b, operand(1)), \.integers)
    case 4:
      keep(builder.constant(bits: random.pick([0, .max, 3, 1 << 31])), \.integers)
    default:
      let operation = random.pick([
        BinaryOperation.addInteger, .subtractInteger, .and, .or, .xor, .andNot,
      ])
      keep(builder.binary(operation, a, operand(1)), \.integers)
    }
  }

  private mutating func maskStep() {
    let mask =
      random.below(2) == 0
      ? builder.maskFirst(builder.integer(random.below(set.lanes + 1)))
      : builder.compare(
        random.pick(floats), random.pick(Comparison.allCases), random.pick(floats))
    if masks.count > 9 { masks.remove(at: random.below(masks.count)) }
    masks.append(mask)
  }

  private mutating func storeOddly() {
    let place = result(0, random.below(63))
    switch random.below(4) {
    case 0: builder.storeFirst(random.pick(floats), to: place)
    case 1: builder.emit(.prefetch(place))
    case 2: builder.store(random.pick(integers), to: result(1, random.below(63)))
    default:
      if masks.isEmpty { return }
      builder.store(random.pick(floats), to: place, random.pick(masks))
    }
  }
}
