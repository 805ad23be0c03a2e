import Dispatch
import Foundation
import MartletKernels
import Synchronization
import Testing

struct ThreadPoolTests {
  @Test(arguments: [0, 1, 2, 3, 100], [1, 2, 3, 8])
  func everyTileOnce(tiles: Int, threads: Int) throws {
    let counts = try MemorySlice<Float>([Float](repeating: 0, count: 128))
    let slots = Locked(Set<Int>())
    ThreadPool.shared.run(tiles: tiles, threads: threads) { tile, slot in
      let cell = counts[from: tile, count: 1]
      fill(cell, with: cell.values()[0] + 1)
      slots.withLock { _ = $0.insert(slot) }
    }
    #expect(counts.values().prefix(tiles).allSatisfy { $0 == 1 })
    #expect(counts.values().dropFirst(tiles).allSatisfy { $0 == 0 })
    let used = slots.withLock { $0 }
    #expect(used.allSatisfy { $0 >= 0 && $0 < threads })
  }

  @Test func oneThreadStaysOnTheCaller() {
    let pool = ThreadPool()
    let total = Counter()
    pool.run(tiles: 50, threads: 1) { tile in total.add(tile) }
    #expect(total.value == 1225)
    #expect(pool.workerCount == 0)
  }

  @Test func workersAreMadeAsAsked() {
    let pool = ThreadPool()
    pool.run(tiles: 10, threads: 3) { _ in }
    #expect(pool.workerCount <= 2)
    // The pool must outlive its workers' last look at it.
    retained.withLock { $0.append(pool) }
  }

  @Test func workersAreThereBeforeTheFirstCall() {
    let pool = ThreadPool()
    pool.prepare(threads: 1)
    #expect(pool.workerCount == 0)
    pool.prepare(threads: 64)
    #expect(pool.workerCount == min(64, ProcessorCount.default) - 1)
    retained.withLock { $0.append(pool) }
  }

  @Test func nestedCallsFinish() {
    let total = Counter()
    ThreadPool.shared.run(tiles: 8, threads: 4) { _ in
      ThreadPool.shared.run(tiles: 8, threads: 4) { _ in
        total.add(1)
      }
    }
    #expect(total.value == 64)
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add(_ number: Int) { count.wrappingAdd(number, ordering: .relaxed) }
}

@Test func leavesAProcessor() {
  func status() -> String? {
    try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
  }
  func mask() -> Substring? {
    status()?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
  }
  guard ProcessorPlace.current != nil, ProcessorCount.affinityCount(status: status()) ?? 1 > 1
  else { return }
  let before = mask()
  // The system may move a thread back at any time.
  let hasMoved = (0..<100).contains { _ in
    let place = ProcessorPlace.current ?? 0
    ProcessorPlace.leave(place)
    return ProcessorPlace.current != place
  }
  #expect(hasMoved)
  ProcessorPlace.leave(-1)
  ProcessorPlace.leave(.max)
  #expect(mask() == before)
}

private let retained = Mutex<[ThreadPool]>([])

/// Also run under the thread sanitizer.
struct ConcurrencyTests {
  @Test func sixteenCallersAtOnce() {
    let total = Counter()
    onThreads(16) { _ in
      for _ in 0..<2000 {
        ThreadPool.shared.run(tiles: 7, threads: 4) { tile in total.add(tile) }
      }
    }
    #expect(total.value == 16 * 2000 * 21)
  }

  @Test func sixteenProductsAtOnce() throws {
    var noise = Noise()
    let a = try MemorySlice(noise.values(200 * 300))
    let b = try MemorySlice(noise.values(300 * 250))
    let results = try (0..<16).map { _ in try MemorySlice([Float](repeating: 0, count: 50_000)) }
    onThreads(16) { index in
      gemm(
        Matrix(a, rows: 200, columns: 300), Matrix(b, rows: 300, columns: 250),
        into: Matrix(results[index], rows: 200, columns: 250), threads: 3)
    }
    #expect(results.allSatisfy { $0.values() == results[0].values() })
  }
}

/// Runs the body on so many threads of their own at once.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let finished = DispatchSemaphore(value: 0)
  for index in 0..<count {
    Thread {
      body(index)
      finished.signal()
    }.start()
  }
  for _ in 0..<count { finished.wait() }
}
