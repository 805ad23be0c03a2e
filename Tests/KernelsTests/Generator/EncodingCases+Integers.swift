import MartletKernels

extension EncodingCases {
  mutating func addIntegers() {
    for (i, a) in GeneralRegister.allCases.enumerated() {
      for b in [GeneralRegister.allCases[15 - i], .rsp, .r13] {
        add("mov \(a),\(b)") { $0.move(a, b) }
        add("add \(a),\(b)") { $0.integer(.add, a, b) }
        add("sub \(a),\(b)") { $0.integer(.subtract, a, b) }
        add("cmp \(a),\(b)") { $0.integer(.compare, a, b) }
        add("imul \(a),\(b)") { $0.multiply(a, b) }
        add("imul \(a),\(b),0x7f") { $0.multiply(a, b, by: 127) }
        add("imul \(a),\(b),0xffffffffffff8000") { $0.multiply(a, b, by: -32768) }
        add("cmovg \(a),\(b)") { $0.moveIfGreater(a, b) }
      }
      add("add \(a),0x7f") { $0.integer(.add, a, constant: 127) }
      add("sub \(a),0xffffffffffffff80") { $0.integer(.subtract, a, constant: -128) }
      // The accumulator has a shorter form of its own, which is not used.
      add("cmp \(a),0x80") { $0.integer(.compare, a, constant: 128) }
      add("movabs \(a),0x123456789abcdef") { $0.set(a, 0x0123_4567_89AB_CDEF) }
      add("mov \(a),0xffffffffffffffff") { $0.set(a, -1) }
      add("test \(a),\(a)") { $0.test(a) }
      add("dec \(a)") { $0.decrement(a) }
      add("shl \(a),0x6") { $0.shiftLeft(a, by: 6) }
      add("push \(a)") { $0.push(a) }
      add("pop \(a)") { $0.pop(a) }
    }
    add("xor eax,eax") { $0.set(.rax, 0) }
    add("xor r12d,r12d") { $0.set(.r12, 0) }
    add("mov edi,0xffffffff") { $0.set(.rdi, 0xFFFF_FFFF) }
    add("mov r9d,0x1") { $0.set(.r9, 1) }
    add("and rsp,0xffffffffffffffc0") { $0.alignStack(to: 64) }
    add("vzeroupper") { $0.clearUpperHalves() }
    add("ret") { $0.returnToCaller() }
    for (i, place) in MemoryCase.all.enumerated() {
      let a = GeneralRegister.allCases[i % 16]
      add("mov \(a),QWORD PTR \(place.text)") { $0.load(a, place.memory) }
      add("mov QWORD PTR \(place.text),\(a)") { $0.store(place.memory, a) }
      add("lea \(a),\(place.text)") { $0.loadAddress(a, place.memory) }
      add("cmp \(a),QWORD PTR \(place.text)") { $0.integer(.compare, a, place.memory) }
      add("cmp QWORD PTR \(place.text),0x0") {
        $0.integer(.compare, place.memory, constant: 0)
      }
      add("add QWORD PTR \(place.text),0x1000") {
        $0.integer(.add, place.memory, constant: 4096)
      }
      add("dec QWORD PTR \(place.text)") { $0.decrement(place.memory) }
      add("prefetcht0 BYTE PTR \(place.text)") { $0.prefetch(place.memory) }
    }
  }

  /// What fills the space before loops.
  mutating func addPadding() {
    let texts = [
      "nop", "xchg ax,ax", "nop DWORD PTR [rax]", "nop DWORD PTR [rax+0x0]",
      "nop DWORD PTR [rax+rax*1+0x0]", "nop WORD PTR [rax+rax*1+0x0]",
      "nop DWORD PTR [rax+0x0]", "nop DWORD PTR [rax+rax*1+0x0]",
      "nop WORD PTR [rax+rax*1+0x0]",
    ]
    for (i, text) in texts.enumerated() {
      add(text) { $0.alignCode(to: $0.bytes.count + i + 1) }
    }
  }

  /// Jumps, and operands that lie behind the code. Distances are written as addresses.
  mutating func addLabels() {
    var behind: Label?
    var ahead: Label?
    add("nop") {
      $0.alignData(to: 1)
      behind = $0.label()
      ahead = $0.label()
      if let behind { $0.place(behind) }
      $0.emit(0x90)
    }
    guard let behind, let ahead else { return }
    let start = starts[starts.count - 1]
    add("jmp 0x" + String(start, radix: 16)) { $0.jump(to: behind) }
    add("jne 0x" + String(start, radix: 16)) { $0.jump(.notZero, to: behind) }
    add("je 0x" + String(start, radix: 16)) { $0.jump(.zero, to: behind) }
    let end = start + 1 + 3 * 2 + 2 * 6 + 5 + 8 + 3 * 10
    let target = "# 0x" + String(end, radix: 16)
    add("jle 0x" + String(end, radix: 16)) { $0.jump(.lessOrEqual, to: ahead) }
    add("jg 0x" + String(end, radix: 16)) { $0.jump(.greater, to: ahead) }
    add("jmp 0x" + String(end, radix: 16)) { $0.jump(to: ahead) }
    let place = MachineMemory(ahead)
    func rip(_ rest: Int, _ immediate: String = "") -> String {
      "[rip+0x\(String(rest, radix: 16))]\(immediate) \(target)"
    }
    add("vaddps ymm9,ymm8,YMMWORD PTR \(rip(30))") {
      $0.vex(.of(.add), .bits256, reg: 9, second: 8, source: .memory(place))
    }
    add("vaddps zmm31,zmm16,DWORD BCST \(rip(20))") {
      $0.evex(.of(.add), .bits512, reg: 31, second: 16, source: .broadcast(place))
    }
    add("vbroadcastss zmm20,DWORD PTR \(rip(10))") {
      $0.evex(.broadcast, .bits512, reg: 20, source: .memory(place))
    }
    add("vpermilps ymm1,YMMWORD PTR \(rip(0, ",0x1b"))") {
      $0.vex(
        .permuteWithin, .bits256, reg: 1, source: .memory(place), immediate: 0x1B)
    }
    add("nop") {
      $0.place(ahead)
      $0.emit(0x90)
    }
  }
}
