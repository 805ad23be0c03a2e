import MartletKernels

extension EncodingCases {
  /// Registers that take every bit of the prefixes to both its values.
  private static let low: [(UInt8, UInt8, UInt8)] = [
    (0, 1, 2), (7, 8, 15), (8, 15, 7), (15, 7, 8), (9, 0, 0), (0, 10, 0), (0, 0, 11), (5, 5, 5),
  ]
  private static let high: [(UInt8, UInt8, UInt8)] =
    low + [
      (16, 1, 2), (1, 16, 2), (1, 2, 16), (24, 23, 31), (31, 24, 23), (23, 31, 24), (8, 17, 30),
    ]

  mutating func addVectors() {
    for form in VectorForm.all {
      let places = form.name == "vaddps" ? MemoryCase.all : MemoryCase.few
      if form.hasVEX { addVEX(form, places) }
      if form.hasEVEX { addEVEX(form, places) }
    }
  }

  private func text(
    _ form: VectorForm, _ letter: String, _ a: UInt8, _ b: UInt8, _ source: String
  ) -> String {
    var parts = ["\(letter)mm\(a)"]
    if form.isThreeOperand { parts.append("\(letter)mm\(b)") }
    parts.append(source)
    if let immediate = form.immediate {
      let text = form.immediateText ?? "0x" + String(immediate, radix: 16)
      if !text.isEmpty { parts.append(text) }
    }
    return "\(form.name) " + parts.joined(separator: ",")
  }

  private mutating func addVEX(_ form: VectorForm, _ places: [MemoryCase]) {
    for (a, b, c) in Self.low {
      add(text(form, "y", a, b, "ymm\(c)")) {
        $0.vex(
          form.opcode, .bits256, reg: a, second: form.isThreeOperand ? b : 0,
          source: .register(c), immediate: form.immediate)
      }
    }
    for (i, place) in places.enumerated() {
      let (a, b, _) = Self.low[i % Self.low.count]
      add(text(form, "y", a, b, "YMMWORD PTR \(place.text)")) {
        $0.vex(
          form.opcode, .bits256, reg: a, second: form.isThreeOperand ? b : 0,
          source: .memory(place.memory), immediate: form.immediate)
      }
    }
  }

  private mutating func addEVEX(_ form: VectorForm, _ places: [MemoryCase]) {
    for (a, b, c) in Self.high {
      add(text(form, "z", a, b, "zmm\(c)")) {
        $0.evex(
          form.opcode, .bits512, reg: a, second: form.isThreeOperand ? b : 0,
          source: .register(c), immediate: form.immediate)
      }
    }
    for (i, place) in places.enumerated() {
      let (a, b, _) = Self.high[i % Self.high.count]
      let second = form.isThreeOperand ? b : 0
      add(text(form, "z", a, b, "ZMMWORD PTR \(place.text)")) {
        $0.evex(
          form.opcode, .bits512, reg: a, second: second, source: .memory(place.memory),
          immediate: form.immediate)
      }
      guard form.opcode.takesBroadcast else { continue }
      add(text(form, "z", a, b, "DWORD BCST \(place.text)")) {
        $0.evex(
          form.opcode, .bits512, reg: a, second: second, source: .broadcast(place.memory),
          immediate: form.immediate)
      }
    }
  }

  /// Instructions with masks, in mask registers and in vectors.
  mutating func addMasks() {
    for (i, place) in MemoryCase.all.enumerated() {
      let (a, b, _) = Self.high[i % Self.high.count]
      let mask = UInt8(1 + i % 7)
      add("vmovups zmm\(a){k\(mask)}{z},ZMMWORD PTR \(place.text)") {
        $0.evex(
          .load, .bits512, reg: a, source: .memory(place.memory), mask: mask, isZeroing: true)
      }
      add("vmovups ZMMWORD PTR \(place.text){k\(mask)},zmm\(b)") {
        $0.evex(.store, .bits512, reg: b, source: .memory(place.memory), mask: mask)
      }
    }
    for (a, b, c) in Self.high {
      let mask = 1 + a % 7
      add("vblendmps zmm\(a){k\(mask)},zmm\(b),zmm\(c)") {
        $0.evex(.blendByMask, .bits512, reg: a, second: b, source: .register(c), mask: mask)
      }
      add("vcmplt_oqps k\(mask),zmm\(b),zmm\(c)") {
        $0.evex(
          .compare, .bits512, reg: mask, second: b, source: .register(c),
          immediate: Comparison.less.predicate)
      }
    }
    for place in MemoryCase.few {
      for (a, b, _) in Self.low {
        add("vmaskmovps ymm\(a),ymm\(b),YMMWORD PTR \(place.text)") {
          $0.vex(.loadMasked, .bits256, reg: a, second: b, source: .memory(place.memory))
        }
        add("vmaskmovps YMMWORD PTR \(place.text),ymm\(b),ymm\(a)") {
          $0.vex(.storeMasked, .bits256, reg: a, second: b, source: .memory(place.memory))
        }
      }
      add("kmovw k3,WORD PTR \(place.text)") {
        $0.vex(.loadMask, .bits128, reg: 3, source: .memory(place.memory))
      }
      add("kmovw WORD PTR \(place.text),k7") {
        $0.vex(.storeMask, .bits128, reg: 7, source: .memory(place.memory))
      }
    }
    for (a, b, c) in Self.low {
      add("vblendvps ymm\(a),ymm\(b),ymm\(c),ymm\(15 - a)") {
        $0.vex(
          .blendByVector, .bits256, reg: a, second: b, source: .register(c),
          immediate: (15 - a) << 4)
      }
    }
    for (i, name) in Self.shortNames.enumerated() {
      add("kmovw k\(1 + i % 7),\(name)") {
        $0.vex(.maskFromInteger, .bits128, reg: UInt8(1 + i % 7), source: .register(UInt8(i)))
      }
      add("bzhi \(name),\(Self.shortNames[15 - i]),\(Self.shortNames[(i + 5) % 16])") {
        $0.vex(
          .zeroHighBits, .bits128, reg: UInt8(i), second: UInt8((i + 5) % 16),
          source: .register(UInt8(15 - i)))
      }
      add("vmovd xmm\(15 - i),\(name)") {
        $0.vex(.fromInteger, .bits128, reg: UInt8(15 - i), source: .register(UInt8(i)))
      }
    }
  }

  private static let shortNames = [
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d",
    "r13d", "r14d", "r15d",
  ]

  /// Broadcasts, shifts, stores.
  mutating func addOddVectors() {
    for (i, place) in MemoryCase.all.enumerated() {
      let (a, _, _) = Self.high[i % Self.high.count]
      let (b, _, _) = Self.low[i % Self.low.count]
      add("vmovups ZMMWORD PTR \(place.text),zmm\(a)") {
        $0.evex(.store, .bits512, reg: a, source: .memory(place.memory))
      }
      add("vmovups YMMWORD PTR \(place.text),ymm\(b)") {
        $0.vex(.store, .bits256, reg: b, source: .memory(place.memory))
      }
      add("vbroadcastss zmm\(a),DWORD PTR \(place.text)") {
        $0.evex(.broadcast, .bits512, reg: a, source: .memory(place.memory))
      }
      add("vbroadcastss ymm\(b),DWORD PTR \(place.text)") {
        $0.vex(.broadcast, .bits256, reg: b, source: .memory(place.memory))
      }
      add("vmovss DWORD PTR \(place.text),xmm\(a | 16)") {
        $0.evex(.storeFirst, .bits128, reg: a | 16, source: .memory(place.memory))
      }
      add("vmovss DWORD PTR \(place.text),xmm\(b)") {
        $0.vex(.storeFirst, .bits128, reg: b, source: .memory(place.memory))
      }
    }
    for (a, b, c) in Self.high {
      add("vbroadcastss zmm\(a),xmm\(b)") {
        $0.evex(.broadcast, .bits512, reg: a, source: .register(b))
      }
      for (operation, name) in Self.shifts {
        add("\(name) zmm\(b),zmm\(c),0x17") {
          $0.evex(
            .of(operation), .bits512, reg: 0, second: b, source: .register(c), immediate: 0x17)
        }
      }
    }
    for (a, b, c) in Self.low {
      add("vbroadcastss ymm\(a),xmm\(b)") {
        $0.vex(.broadcast, .bits256, reg: a, source: .register(b))
      }
      add("vpbroadcastd ymm\(a),xmm\(b)") {
        $0.vex(.broadcastInteger, .bits256, reg: a, source: .register(b))
      }
      add("vxorps xmm\(a),xmm\(a),xmm\(a)") {
        $0.vex(.of(.xor), .bits128, reg: a, second: a, source: .register(a))
      }
      for (operation, name) in Self.shifts {
        add("\(name) ymm\(b),ymm\(c),0x1f") {
          $0.vex(
            .of(operation), .bits256, reg: 0, second: b, source: .register(c), immediate: 0x1F)
        }
      }
    }
  }

  private static let shifts: [(ShiftOperation, String)] = [
    (.left, "vpslld"), (.rightLogical, "vpsrld"), (.rightArithmetic, "vpsrad"),
  ]
}
