import MartletTensor
import MartletTorchScript
import TestSupport
import Testing

@Suite struct PickleTests {
  private func read(
    _ body: [UInt8], _ globals: PickleGlobals = .torchScript,
    _ limits: PickleLimits = PickleLimits()
  ) throws -> PickleValue {
    try PickleReader.read(
      Pickle.head + body + Pickle.stop, place: "it", allowing: globals, limits: limits)
  }

  @Test func `numbers`() throws {
    let cases: [([UInt8], Int)] = [
      ([0x4B, 0xFF], 255), ([0x4D, 0x01, 0xFF], 0xFF01), ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], -2),
      ([0x8A, 0], 0), ([0x8A, 1, 0x80], -128), ([0x8A, 2, 0xFF, 0x00], 255),
      (Pickle.int(.min), .min), ([0x8B, 3, 0, 0, 0, 1, 2, 3], 0x030201),
    ]
    for (bytes, wanted) in cases { #expect(try read(bytes).int == wanted) }
    guard case .largeInt(let digits) = try read([0x8A, 9] + [UInt8](repeating: 1, count: 9)) else {
      Issue.record("no large integer")
      return
    }
    #expect(digits.count == 9)
    #expect(try read([0x47, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]).double == 1.5)
  }

  @Test func `TorchScript's module`() throws {
    let archive = try ZipArchive(path: archivePath("everything.pt"))
    let value = try PickleReader.read(
      archive.bytes("data.pkl"), place: archive.place("data.pkl"), allowing: .torchScript)
    let module = try #require(value.object)
    #expect(module.kind == .new)
    #expect(module.callee == PickleGlobal("__torch__", "Everything"))
    let attributes = try #require(module.state?.dictionary).byName
    let ints = try #require(attributes["ints"]?.object)
    #expect(ints.callee == PickleGlobal("torch.jit._pickle", "build_intlist"))
    #expect(ints.arguments.first?.ints == [1, 2])
    let texts = try #require(attributes["texts"]?.object)
    #expect(texts.callee == PickleGlobal("torch.jit._pickle", "restore_type_tag"))
    #expect(texts.arguments.last?.string == "List[str]")
    #expect(attributes["pair"]?.elements?.first?.int == 70000)
    #expect(attributes["nothing"]?.isNone == true)
    #expect(attributes["large"]?.int == 1 << 33)
    #expect(attributes["shade"]?.object?.argument.int == 2)
    #expect(attributes["device"]?.object?.arguments.first?.string == "cpu")
    // The shared parameter is one value.
    let weights = ["a", "b"].compactMap { name in
      attributes[name]?.object?.state?.dictionary?["weight"]?.object
    }
    #expect(weights.count == 2)
    #expect(weights.first === weights.last)
    let reader = try TensorReader(archive)
    let weight = try reader.tensor(.object(weights[0]), named: "a.weight")
    #expect(weight.requiresGrad)
    #expect(try weight.tensor.array(of: Float.self) == [1, 1, 1])
    let tensors = try #require(attributes["tensors"]?.object?.arguments.first?.elements)
    let part = try reader.tensor(tensors[1], named: "tensors.1").tensor
    #expect(part.sizes == [2])
    #expect(part.layout.offset == 1)
  }

  @Test func `foreign globals are all named`() throws {
    let body =
      Pickle.global("os", "system") + Pickle.text("rm -rf /") + [0x85, 0x52]
      + Pickle.global("builtins", "eval") + [0x86]
    expectError("it: names what no file of weights needs: builtins.eval, os.system; nothing was") {
      try read(body)
    }
    // Also where the rest is broken, and by the newer opcode.
    expectError("needs: os.system") { try read(Pickle.global("os", "system") + [0x52]) }
    expectError("needs: posix.system") {
      try read(Pickle.text("posix") + Pickle.text("system") + [0x93])
    }
    #expect(try read(Pickle.global("__torch__.a.b", "C")).global?.description == "__torch__.a.b.C")
    expectError("needs: __torch__.C") {
      try read(Pickle.global("__torch__", "C"), .tensors)
    }
    expectError("needs: __torch__evil.C") { try read(Pickle.global("__torch__evil", "C")) }
  }

  @Test func `cycles`() throws {
    let list: [UInt8] = [0x5D, 0x71, 0]  // [] as 0
    expectError("cyclic references") { try read(list + [0x68, 0, 0x61]) }
    expectError("cyclic references") { try read(list + [0x68, 0, 0x85, 0x61]) }
    // {} as 0 holds an object, which is built from 0.
    expectError("cyclic references") {
      try read(
        [0x7D, 0x71, 0, 0x4B, 1, 0x68, 0, 0x85, 0x73])
    }
    let object = Pickle.global("__torch__", "M") + [0x29, 0x81, 0x71, 0]
    expectError("cyclic references") { try read(object + [0x68, 0, 0x62]) }
    expectError("cyclic references") { try read(object + [0x68, 0, 0x85, 0x62]) }
  }

  @Test func `depth`() throws {
    for count in [10_000, 1_000_000] {
      expectError("more than 512 levels") {
        try read(
          [UInt8](repeating: 0x5D, count: count) + [UInt8](repeating: 0x61, count: count - 1))
      }
    }
    expectError("more than 512 levels") { try read([0x4E] + [UInt8](repeating: 0x85, count: 9999)) }
    // Grown from the inside: each list is held before it takes the next.
    let nest: [UInt8] = (0..<2000).reduce(into: [0x5D]) { bytes, _ in
      bytes += [0x5D, 0x72] + ZipMaker.numbers((0, 4)) + [0x61, 0x6A] + ZipMaker.numbers((0, 4))
    }
    expectError("cyclic references") { try read(nest + nest) }
    // Marks upon marks.
    expectError("ends with 0 values") { try read([UInt8](repeating: 0x28, count: 100_000)) }
  }

  @Test func `shared lists of shared lists`() throws {
    // Each list holds the one before ten times.
    var body: [UInt8] = [0x5D, 0x71, 0]
    for _ in 0..<30 {
      body +=
        [0x5D, 0x28]
        + [UInt8](repeating: 0x68, count: 20).enumerated().map {
          $0.offset % 2 == 0 ? $0.element : 0
        }
      body += [0x65, 0x71, 0]
    }
    expectError("when shared ones are counted anew") { try read(body) }
  }

  @Test func `limits`() throws {
    var limits = PickleLimits()
    limits.values = 10
    expectError("more than 10 values") {
      try read([UInt8](repeating: 0x4E, count: 11), .tensors, limits)
    }
    limits = PickleLimits()
    limits.byteCount = 10
    expectError("more than 10 bytes") {
      try read([UInt8](repeating: 0x4E, count: 20), .tensors, limits)
    }
  }

  @Test func `broken pickles`() throws {
    let cases: [(String, [UInt8])] = [
      ("opcode 0x69", [0x69]),  // INST
      ("opcode 0x49", [0x49]),  // INT
      ("takes a value where there is none", [0x61]),
      ("takes a value where there is none", [0x28, 0x30, 0x30]),
      ("takes a mark where there is none", [0x4E, 0x74]),
      ("ends with 2 values", [0x4E, 0x4E]),
      ("ends with 0 values", []),
      ("recalls value 3", [0x68, 3]),
      ("appends to None", [0x4E, 0x4E, 0x61]),
      ("sets entries of list", [0x5D, 0x4E, 0x4E, 0x73]),
      ("a key without a value", [0x7D, 0x28, 0x4E, 0x75]),
      ("sets the state of list", [0x5D, 0x4E, 0x62]),
      ("calls None", [0x4E, 0x29, 0x52]),
      ("wants 200 more bytes", [0x58, 200, 0, 0, 0]),
      ("a length of 18446744073709551615 bytes", [0x8D] + [UInt8](repeating: 0xFF, count: 8)),
      ("a text that is no UTF-8", [0x58, 1, 0, 0, 0, 0xFF]),
      ("pickle protocol 9", [0x80, 9]),
      ("names a global by None", [0x4E, 0x4E, 0x93]),
      ("in place of a tuple", Pickle.global("__torch__", "M") + [0x4E, 0x81]),
    ]
    for (message, body) in cases { expectError(message) { try read(body) } }
    expectError("begins with byte 0x80") {
      try PickleReader.read([0x28, 0x2E], place: "it", allowing: .tensors)
    }
    expectError("1 bytes follow the pickle's end") {
      try PickleReader.read(
        Pickle.head + [0x4E] + Pickle.stop + [0], place: "it", allowing: .tensors)
    }
  }
}
