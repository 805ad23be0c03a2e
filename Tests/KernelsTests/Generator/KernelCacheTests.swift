import Foundation
import MartletKernels
import Testing

struct KernelCacheTests {
  private struct Doubling: KernelSpecification {
    let instructionSet: InstructionSet
    let factor: Float

    func program() -> KernelProgram {
      var builder = KernelBuilder(instructionSet)
      let x = builder.parameter()
      let product = builder.binary(.multiply, builder.load(Address(x)), factor)
      builder.store(product, to: Address(x))
      return builder.finish(named: "times \(factor)")
    }
  }

  @Test(arguments: KernelMode.available)
  func equalSpecificationsShareAKernel(_ set: InstructionSet) throws {
    let cache = KernelCache()
    let kernel = try cache.kernel(for: Doubling(instructionSet: set, factor: 2))
    #expect(try cache.kernel(for: Doubling(instructionSet: set, factor: 2)) === kernel)
    #expect(try cache.kernel(for: Doubling(instructionSet: set, factor: 3)) !== kernel)
    #expect(cache.count == 2)
  }

  @Test(arguments: KernelMode.available)
  func threadsMayAskAtOnce(_ set: InstructionSet) async throws {
    let cache = KernelCache()
    let results = await withTaskGroup(of: Float.self, returning: [Float].self) { group in
      for i in 0..<64 {
        group.addTask {
          let factor = Float(i % 4 + 1)
          var values = [Float](repeating: 5, count: 16)
          let kernel = try? cache.kernel(for: Doubling(instructionSet: set, factor: factor))
          unsafe values.withUnsafeMutableBytes {
            kernel?.call(with: Int(bitPattern: $0.baseAddress))
          }
          return values[0] / factor
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results == Array(repeating: 5, count: 64))
    #expect(cache.count == 4)
  }

  @Test(arguments: KernelMode.available)
  func onlyTheLatestAreKept(_ set: InstructionSet) throws {
    let cache = KernelCache(limit: 8)
    let held = try cache.kernel(for: Doubling(instructionSet: set, factor: 0.5))
    for factor in 1...40 {
      _ = try cache.kernel(for: Doubling(instructionSet: set, factor: Float(factor)))
      #expect(cache.count <= 9)
    }
    // Somebody else holds it, so it is not made anew.
    #expect(try cache.kernel(for: Doubling(instructionSet: set, factor: 0.5)) === held)
    let names = cache.all.map(\.name)
    #expect(names.contains("times 40.0") && names.contains("times 36.0"))
    #expect(!names.contains("times 1.0"))
  }

  #if os(Linux)
    @Test(arguments: KernelMode.available)
    func codeIsNeverWritable(_ set: InstructionSet) throws {
      let kernel = try Kernel(Doubling(instructionSet: set, factor: 7).program())
      // Reading by path stops after the first block of such a file.
      let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps"))
      let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      let both = maps.split(separator: "\n").filter { $0.contains(" rwx") }
      #expect(both.isEmpty)
      #expect(maps.contains(" r-xp"))
      #expect(!kernel.codeBytes.isEmpty)
    }
  #endif

  @Test func modeIsWhatWasAskedOrTheBest() {
    let all: [InstructionSet] = [.avx2, .avx512]
    #expect(KernelMode(asked: nil, available: all) == .native(.avx512))
    #expect(KernelMode(asked: "avx2", available: all) == .native(.avx2))
    #expect(KernelMode(asked: "portable", available: all) == .portable)
    #expect(KernelMode(asked: "avx512", available: [.avx2]) == .native(.avx2))
    #expect(KernelMode(asked: "avx2", available: []) == .portable)
    #expect(KernelMode(asked: "unknown", available: all) == .native(.avx512))
    #expect(KernelMode.unknown("unknown") == "unknown")
    for known in [nil, "", "portable", "avx2", "avx512"] {
      #expect(KernelMode.unknown(known) == nil)
    }
  }

  @Test func unknownInstructionsAreRefused() {
    for set in InstructionSet.allCases where !KernelMode.available.contains(set) {
      #expect(throws: KernelError.self) {
        try Kernel(Doubling(instructionSet: set, factor: 2).program())
      }
    }
  }

  @Test func profilersReadTheNames() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "perf-\(UUID().uuidString).map")
    defer { try? FileManager.default.removeItem(at: file) }
    let map = PerformanceMap(path: file.path)
    map.add(address: 0x7F00_1000, byteCount: 255, name: "gemm f32 6x16")
    map.add(address: 0x7F00_2000, byteCount: 16, name: "relu")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text == "7f001000 ff gemm f32 6x16\n7f002000 10 relu\n")
  }
}
