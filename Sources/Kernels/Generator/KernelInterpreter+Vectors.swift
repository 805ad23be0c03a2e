extension KernelInterpreter {
  typealias Bits = SIMD16<UInt32>
  private typealias Floats = SIMD16<Float>

  mutating func runVector(
    _ instruction: KernelInstruction
  ) throws(KernelInterpreterError) {
    switch instruction {
    case .zero(let target): vectors[target.id] = .zero
    case .constant(let target, let bits): vectors[target.id] = Bits(repeating: bits)
    case .move(let target, let x): vectors[target.id] = vectors[x.id]
    case .load(let target, let address): vectors[target.id] = try load(address)
    case .broadcast(let target, let address):
      vectors[target.id] = Bits(repeating: memory.load(try locate(address, byteCount: 4)))
    case .broadcastLane(let target, let x):
      vectors[target.id] = Bits(repeating: vectors[x.id][0])
    case .loadMasked(let target, let address, let mask):
      vectors[target.id] = try load(address, masks[mask.id])
    case .store(let address, let x): try store(vectors[x.id], address, .max)
    case .storeMasked(let address, let x, let mask):
      try store(vectors[x.id], address, masks[mask.id])
    case .storeFirst(let address, let x): try store(vectors[x.id], address, 1)
    case .binary(.permute, let target, let a, let b):
      let from = try value(b)
      let chosen = vectors[a.id] & Bits(repeating: UInt32(lanes - 1))
      for lane in 0..<16 { vectors[target.id][lane] = from[Int(chosen[lane])] }
    case .binary(let operation, let target, let a, let b):
      vectors[target.id] = Self.apply(operation, vectors[a.id], try value(b))
    case .multiplyAdd(let target, let a, let b):
      let sum = vectors[target.id].floats.addingProduct(vectors[a.id].floats, try value(b).floats)
      vectors[target.id] = sum.bits
    case .multiplySubtract(let target, let a, let b):
      let difference = vectors[target.id].floats.addingProduct(
        (vectors[a.id] ^ Bits(repeating: 1 << 31)).floats, try value(b).floats)
      vectors[target.id] = difference.bits
    case .multiplyThenAdd(let target, let b, let c):
      let sum = try value(c).floats.addingProduct(vectors[target.id].floats, vectors[b.id].floats)
      vectors[target.id] = sum.bits
    case .unary(let operation, let target, let x):
      vectors[target.id] = Self.apply(operation, vectors[x.id])
    case .shift(let operation, let target, let x, let count):
      vectors[target.id] = Self.apply(operation, vectors[x.id], count)
    case .permuteWithin(let target, let x, let choice):
      let from = vectors[x.id]
      for lane in 0..<16 {
        let chosen = Int(choice) >> (lane % 4 * 2) & 3
        vectors[target.id][lane] = from[lane & ~3 + chosen]
      }
    case .permuteGroups(let target, let a, let b, let choice):
      vectors[target.id] = groups(vectors[a.id], vectors[b.id], Int(choice))
    case .compare(let target, let comparison, let a, let b):
      masks[target.id] = Self.compare(vectors[a.id].floats, comparison, vectors[b.id].floats)
    case .maskFirst(let target, let count):
      let count = scalars[count.id]
      guard count >= 0, count <= lanes else {
        throw .maskCount(instruction: position, count: count)
      }
      masks[target.id] = UInt16(truncatingIfNeeded: 1 << count - 1)
    case .select(let target, let mask, let whenSet, let other):
      let chosen = masks[mask.id]
      var result = vectors[other.id]
      for lane in 0..<16 where chosen >> lane & 1 == 1 { result[lane] = vectors[whenSet.id][lane] }
      vectors[target.id] = result
    default: preconditionFailure("not a vector's instruction")
    }
  }

  private func value(_ operand: VectorOperand) throws(KernelInterpreterError) -> Bits {
    switch operand {
    case .register(let register): vectors[register.id]
    case .memory(let address): try load(address)
    case .broadcast(let address):
      Bits(repeating: memory.load(try locate(address, byteCount: 4)))
    case .constant(let bits): Bits(repeating: bits)
    }
  }

  private func load(_ address: Address) throws(KernelInterpreterError) -> Bits {
    let place = try locate(address, byteCount: lanes * 4)
    var result = Bits.zero
    for lane in 0..<lanes { result[lane] = memory.load(place + lane * 4) }
    return result
  }

  private func load(
    _ address: Address, _ mask: UInt16
  ) throws(KernelInterpreterError) -> Bits {
    var result = Bits.zero
    for lane in 0..<lanes where mask >> lane & 1 == 1 {
      var place = address
      place.offset += lane * 4
      result[lane] = memory.load(try locate(place, byteCount: 4))
    }
    return result
  }

  private mutating func store(
    _ value: Bits, _ address: Address, _ mask: UInt16
  ) throws(KernelInterpreterError) {
    for lane in 0..<lanes where mask >> lane & 1 == 1 {
      var place = address
      place.offset += lane * 4
      memory.store(value[lane], try locate(place, byteCount: 4))
    }
  }

  private func groups(_ a: Bits, _ b: Bits, _ choice: Int) -> Bits {
    var result = Bits.zero
    for group in 0..<(lanes / 4) {
      let (from, index): (Bits, Int)
      if lanes == 8 {
        let half = choice >> (group * 4)
        if half & 8 != 0 { continue }
        (from, index) = (half & 2 == 0 ? a : b, half & 1)
      } else {
        (from, index) = (group < 2 ? a : b, choice >> (group * 2) & 3)
      }
      for lane in 0..<4 { result[group * 4 + lane] = from[index * 4 + lane] }
    }
    return result
  }
}

extension KernelInterpreter {
  private static func apply(_ operation: BinaryOperation, _ a: Bits, _ b: Bits) -> Bits {
    let (x, y) = (a.floats, b.floats)
    switch operation {
    case .add: return (x + y).bits
    case .subtract: return (x - y).bits
    case .multiply: return (x * y).bits
    case .divide: return (x / y).bits
    case .minimum: return y.replacing(with: x, where: x .< y).bits
    case .maximum: return y.replacing(with: x, where: x .> y).bits
    case .and: return a & b
    case .or: return a | b
    case .xor: return a ^ b
    case .andNot: return ~a & b
    case .addInteger: return a &+ b
    case .subtractInteger: return a &- b
    case .unpackLow: return interleave(a, b, from: 0, by: 1)
    case .unpackHigh: return interleave(a, b, from: 2, by: 1)
    case .unpackLowPairs: return interleave(a, b, from: 0, by: 2)
    case .unpackHighPairs: return interleave(a, b, from: 2, by: 2)
    case .permute: preconditionFailure("depends on the number of lanes")
    case .scale: return scaled(x, y).bits
    }
  }

  private static func scaled(_ x: SIMD16<Float>, _ exponents: SIMD16<Float>) -> SIMD16<Float> {
    var result = SIMD16<Float>.zero
    for lane in 0..<16 {
      let count = Double(exponents[lane]).rounded(.down)
      // Infinity times 2^−∞ and zero times 2^∞ are NaN.
      let factor =
        count.isNaN
        ? .nan
        : count.isInfinite
          ? (count > 0 ? .infinity : 0)
          : Double(sign: .plus, exponent: Int(min(max(count, -600), 600)), significand: 1)
      result[lane] = Float(Double(x[lane]) * factor)
    }
    return result
  }

  private static func interleave(_ a: Bits, _ b: Bits, from first: Int, by run: Int) -> Bits {
    var result = Bits.zero
    for group in stride(from: 0, to: 16, by: 4) {
      for lane in 0..<4 {
        let source = lane / run % 2 == 0 ? a : b
        let index = first + (run == 1 ? lane / 2 : lane % 2)
        result[group + lane] = source[group + index]
      }
    }
    return result
  }

  private static func apply(_ operation: UnaryOperation, _ x: Bits) -> Bits {
    switch operation {
    case .squareRoot: return x.floats.squareRoot().bits
    case .roundToNearest: return x.floats.rounded(.toNearestOrEven).bits
    case .floor: return x.floats.rounded(.down).bits
    case .ceiling: return x.floats.rounded(.up).bits
    case .truncate: return x.floats.rounded(.towardZero).bits
    case .toInteger:
      var result = Bits.zero
      for lane in 0..<16 {
        // What does not fit, NaN too, becomes the least integer.
        let whole = x.floats[lane].rounded(.toNearestOrEven)
        result[lane] = UInt32(bitPattern: Int32(exactly: whole) ?? .min)
      }
      return result
    case .toFloat: return Floats(SIMD16<Int32>(truncatingIfNeeded: x)).bits
    }
  }

  private static func apply(_ operation: ShiftOperation, _ x: Bits, _ count: Int) -> Bits {
    switch operation {
    case .left: count > 31 ? .zero : x &<< Bits(repeating: UInt32(count))
    case .rightLogical: count > 31 ? .zero : x &>> Bits(repeating: UInt32(count))
    case .rightArithmetic:
      Bits(
        truncatingIfNeeded: SIMD16<Int32>(truncatingIfNeeded: x)
          &>> SIMD16<Int32>(repeating: Int32(min(count, 31))))
    }
  }

  private static func compare(_ a: Floats, _ comparison: Comparison, _ b: Floats) -> UInt16 {
    let lanes =
      switch comparison {
      case .equal: a .== b
      case .less: a .< b
      case .lessOrEqual: a .<= b
      case .greater: a .> b
      case .greaterOrEqual: a .>= b
      case .notEqual: a .!= b
      case .unordered: (a .!= a) .| (b .!= b)
      }
    var result: UInt16 = 0
    for lane in 0..<16 where lanes[lane] { result |= 1 << lane }
    return result
  }
}

extension SIMD16<UInt32> {
  fileprivate var floats: SIMD16<Float> { unsafe unsafeBitCast(self, to: SIMD16<Float>.self) }
}

extension SIMD16<Float> {
  fileprivate var bits: SIMD16<UInt32> { unsafe unsafeBitCast(self, to: SIMD16<UInt32>.self) }
}
