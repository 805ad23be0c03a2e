import Foundation
import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import Testing

/// What programs keep, and what they let go of.
struct MemoryTests {
  /// How often something was packed.
  private final class Count: Sendable {
    private let value = Locked(0)
    var number: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
  }

  private func packed(
    _ weights: PackedWeights, _ tensor: Tensor, _ count: Count
  ) throws -> AlignedMemory {
    let packed = try weights.packed(
      tensor, nil, form: "same", count: 4, memory: AlignedMemory.init(keptByteCount:)
    ) { weight, _, target in
      count.add()
      #expect(weight.count == 4 && target.count == 4)
    }
    try packed.work.finish()
    return packed.memory
  }

  @Test func packedWeightsAreSharedWhileSomebodyHoldsThem() throws {
    let weights = PackedWeights()
    let tensor = try noise([4])
    let count = Count()
    var first: AlignedMemory? = try packed(weights, tensor, count)
    #expect(try packed(weights, tensor, count) === first)
    #expect(count.number == 1)
    #expect(weights.byteCount == 16)
    first = nil
    #expect(weights.byteCount == 0)
    first = try packed(weights, tensor, count)
    #expect(count.number == 2)
    // Of another tensor, even one that has taken the place of one that is gone.
    for seed in UInt64(2)..<50 {
      let before = count.number
      _ = try packed(weights, try noise([4], seed: seed), count)
      #expect(count.number == before + 1)
    }
    #expect(weights.byteCount == 16)
    withExtendedLifetime(first) {}
  }

  /// Whoever comes after one that failed packs once more.
  @Test func packingThatFailsIsTriedAgain() throws {
    let weights = PackedWeights()
    let tensor = try noise([4])
    let count = Count()
    let packed = try weights.packed(
      tensor, nil, form: "same", count: 4, memory: AlignedMemory.init(keptByteCount:)
    ) { _, _, _ in
      count.add()
      if count.number < 3 { throw MartletError(.memory, "none left") }
    }
    for _ in 0..<2 {
      #expect(throws: MartletError.self) { try packed.work.finish() }
    }
    for _ in 0..<2 { try packed.work.finish() }
    #expect(count.number == 3)
  }

  /// Plans for many sizes at once, which share the packing of their weights.
  @Test func plansMadeAtOnceShareTheirPacking() throws {
    let module = try tracedSmallNet()
    let program = try module.compile(threads: 2)
    let alone = try module.compile(threads: 1)
    let results = Locked<[Int: [Float]]>([:])
    BesideWork.onThreads(8) { index in
      let size = 8 + index / 2
      let outputs = try? program.run([noise([1, 3, size, size], seed: UInt64(size))])
      let values = try? outputs?.first?.elements(as: Float.self)
      results.withLock { $0[index] = values }
    }
    for index in 0..<8 {
      let size = 8 + index / 2
      let expected = try alone.run([noise([1, 3, size, size], seed: UInt64(size))])
      #expect(
        try results.withLock({ $0[index] }) == expected.first?.elements(as: Float.self))
    }
  }

  @Test(.enabled(if: KernelMode.current != .portable))
  func foldedWeightsAreLetGo() throws {
    let program = try tracedSmallNet().compile(threads: 1)
    let label = try #require(
      program.graph.constants.keys.first { $0.hasSuffix("conv2.weight.normalized") })
    let folded = try #require(program.graph.constants[label])
    // Computed once more, and as before.
    let again = try folded.elements(as: Float.self)
    folded.storage.letGo()
    #expect(try folded.elements(as: Float.self) == again)
    #expect(program.packedByteCount > 0)
  }

  #if os(Linux)
    // In a process of its own, where nothing else allocates. `MARTLET_MEMORY_RUNS` and
    // `MARTLET_MEMORY_SIZES` make it longer.
    @Test func memoryStaysFlatOverManySizes() async {
      await #expect(processExitsWith: .success) {
        try MemoryTests.runManySizes()
      }
    }

    static func number(_ name: String, _ usual: Int) -> Int {
      ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
    }

    static func residentByteCount() throws -> Int {
      let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      return try #require(pages) * sysconf(Int32(_SC_PAGESIZE))
    }

    static func runManySizes() throws {
      let (runs, count) = (number("MARTLET_MEMORY_RUNS", 600), number("MARTLET_MEMORY_SIZES", 60))
      let program = try tracedSmallNet().compile(threads: 1)
      var state: UInt64 = 7
      func random(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
      }
      let inputs = try (0..<count).map {
        try noise([1 + random(2), 3, 8 + random(60), 8 + random(60)], seed: UInt64($0 + 1))
      }
      // Every size is planned, and the allocator has what it needs at most.
      for _ in 0..<2 { for input in inputs { _ = try program.run([input]) } }
      let before = try residentByteCount()
      for _ in 0..<runs { _ = try program.run([inputs[random(count)]]) }
      let after = try residentByteCount()
      print("\(runs) runs, \(count) sizes: \(before >> 10) KiB before, \(after >> 10) KiB after")
      #expect(after - before < 4 << 20, "grew from \(before) to \(after) bytes")
    }
  #endif
}
