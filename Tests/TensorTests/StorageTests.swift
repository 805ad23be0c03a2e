import Foundation
import MartletKernels
import MartletTensor
import TestSupport
import Testing

struct StorageTests {
  @Test func derivedBytesAreComputedWhenTheyAreRead() throws {
    let count = Locked(0)
    let (values, nine): ([UInt8], [UInt8]) = ([1, 2, 3, 4], [9])
    let storage = Storage.derived(byteCount: 4) {
      count.withLock { $0 += 1 }
      let memory = try AlignedMemory(byteCount: 4)
      memory.overwrite(with: values.span)
      return memory
    }
    #expect(!storage.isMeta && !storage.isReadOnly)
    #expect(count.withLock { $0 } == 0)
    #expect(try bytes(storage) == [1, 2, 3, 4])
    #expect(try bytes(storage) == [1, 2, 3, 4])
    #expect(count.withLock { $0 } == 1)
    storage.letGo()
    #expect(try bytes(storage) == [1, 2, 3, 4])
    #expect(count.withLock { $0 } == 2)
    // What was written is not what would be computed.
    try storage.writableBytes().overwrite(with: nine.span)
    storage.letGo()
    #expect(try bytes(storage) == [9, 2, 3, 4])
    #expect(count.withLock { $0 } == 2)
  }

  @Test func pagesOfAFileComeBack() throws {
    try withFile { file, values in
      let storage = try storage(file)
      #expect(try bytes(storage) == values)
      #if os(Linux)
        #expect(try residentKilobytes(ofFile: file.path) >= 1024)
      #endif
      for isBeside in [false, true] {
        storage.letGo()
        FilePages.releaseAll(threads: 2, isBeside: isBeside)
        #if os(Linux)
          // Other tests' plans may let go of it first, on threads of theirs.
          let limit = ContinuousClock.now + .seconds(60)
          while try residentKilobytes(ofFile: file.path) > 0, .now < limit { usleep(10_000) }
          #expect(try residentKilobytes(ofFile: file.path) == 0)
        #endif
        #expect(try bytes(storage) == values)
      }
    }
  }

  @Test func writtenPagesStay() throws {
    try withFile { file, values in
      let storage = try storage(file)
      // Through another view of the file.
      let part = AlignedMemory(
        part: 0..<8192, of: try #require(AlignedMemory(file: file, range: 8192..<16384)))
      part.withMutableSpan(of: UInt8.self, offset: 0, count: 8192) { $0[5] = 200 }
      storage.letGo()
      FilePages.releaseAll()
      var expected = values
      expected[8197] = 200
      #expect(try bytes(storage) == expected)
    }
  }

  @Test(arguments: [0, 1, 1 << 16, 1 << 20, (3 << 20) + 5])
  func keptMemoryIsAlignedAndWritable(_ byteCount: Int) throws {
    let memory = try AlignedMemory(keptByteCount: byteCount)
    #expect(memory.byteCount == byteCount)
    #expect(memory.isAligned(to: AlignedMemory.alignment))
    if byteCount > 0 {
      memory.withMutableSpan(of: UInt8.self, offset: 0, count: byteCount) {
        $0[0] = 1
        $0[byteCount - 1] = 2
      }
      memory.withSpan(of: UInt8.self, offset: 0, count: byteCount) {
        #expect($0[byteCount - 1] == 2)
      }
    }
    #expect(throws: AllocationError.self) { try AlignedMemory(keptByteCount: .max - 100) }
    #expect(throws: AllocationError.self) { try AlignedMemory(keptByteCount: -1) }
  }

  private func bytes(_ storage: Storage) throws -> [UInt8] {
    try storage.bytes().withSpan(of: UInt8.self, offset: 0, count: storage.byteCount) { span in
      span.indices.map { span[$0] }
    }
  }

  private func storage(_ file: MappedFile) throws -> Storage {
    Storage(memory: try #require(AlignedMemory(file: file, range: 0..<file.byteCount)))
  }

  private func withFile(_ body: (MappedFile, [UInt8]) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).bin")
    defer { try? FileManager.default.removeItem(at: url) }
    let values = (0..<(1 << 20) + 100).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
    try Data(values).write(to: url)
    try body(try MappedFile(path: url.path, access: .copyOnWrite), values)
  }
}
