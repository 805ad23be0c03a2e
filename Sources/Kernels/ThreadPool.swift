import Synchronization

/// Work that is cut into tiles.
///
/// It lies on its caller's stack while threads compute it: a run allocates nothing, as it would for
/// the captures of a closure that other threads call.
package protocol TiledWork: ~Copyable, Sendable {
  /// - Parameter slot: a number in `0..<threads` that no other thread of this call has, by which
  ///   the tile finds scratch of its own.
  func compute(_ tile: Int, slot: Int)
}

extension TiledWork where Self: ~Copyable {
  fileprivate static func compute(_ tile: Int, slot: Int, at address: UnsafeRawPointer) {
    unsafe address.assumingMemoryBound(to: Self.self).pointee.compute(tile, slot: slot)
  }
}

private struct ClosureWork: TiledWork {
  let body: @Sendable (Int, Int) -> Void

  func compute(_ tile: Int, slot: Int) { body(tile, slot) }
}

/// The process's worker threads.
///
/// Work comes as tiles whose number and extents the caller fixed beforehand, so results do not
/// depend on who computes which. The calling thread always takes part and can finish alone;
/// workers only help, so any number of callers may be inside at once, tiles may call `run`
/// themselves, and nothing waits for a thread that has not started. Each thread begins with a run
/// of neighbouring tiles of its own, the same for every call of as many tiles: what a step wrote
/// is in the cache of the core whose next step reads it. Who has finished takes from the others.
/// Between the steps of a run a worker spins for some microseconds, then it sleeps.
///
/// A worker that wakes on its caller's processor moves to another: a virtual machine's processors
/// that are halted look taken to some systems, which then leave both on one for seconds.
package final class ThreadPool: Sendable {
  package static let shared = ThreadPool()

  /// No call uses more threads than this, its own included.
  package static let threadLimit = 256

  @safe
  private struct State {
    /// Those of no call at present, with the workers that helped their last one.
    var jobs: [Unmanaged<Job>] = unsafe []
    var workerCount = 0
  }

  private let state = Locked(State())

  package init() {}

  /// How many workers have been started so far.
  package var workerCount: Int { state.withLock { $0.workerCount } }

  /// Calls `body` once for every tile in `0..<tiles`, on at most `threads` threads.
  package func run(tiles: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    run(tiles: tiles, threads: threads, slots: { tile, _ in body(tile) })
  }

  /// Calls `slots` once for every tile with the tile and the thread's slot; see `TiledWork`.
  package func run(tiles: Int, threads: Int, slots body: @Sendable (Int, Int) -> Void) {
    guard min(threads, tiles) > 1 else {
      for tile in 0..<max(tiles, 0) { body(tile, 0) }
      return
    }
    withoutActuallyEscaping(body) { run(ClosureWork(body: $0), tiles: tiles, threads: threads) }
  }

  /// Computes every tile in `0..<tiles`, on at most `threads` threads.
  package func run<Work: TiledWork & ~Copyable>(
    _ work: borrowing Work, tiles: Int, threads: Int
  ) {
    let helpers = min(threads, tiles, Self.threadLimit) - 1
    guard helpers > 0 else {
      for tile in 0..<max(tiles, 0) { work.compute(tile, slot: 0) }
      return
    }
    unsafe withUnsafePointer(to: work) { address in
      let reference = unsafe state.withLock { unsafe $0.jobs.popLast() } ?? Job.make()
      let job = unsafe reference.takeUnretainedValue()
      unsafe job.prepare(Work.self, at: address, tiles: tiles, shares: helpers + 1)
      job.log = WorkLog.active
      if job.workers.count < helpers { hire(helpers, for: job) }
      let hired = min(job.workers.count, helpers)
      // Of more threads than processors some share one anyway.
      let place = helpers < ProcessorCount.default ? ProcessorPlace.current : nil
      for index in 0..<hired {
        unsafe job.workers[index].assign(reference, slot: index + 1, besides: place)
      }
      job.compute(slot: 0)
      for index in 0..<hired { job.workers[index].dismiss() }
      job.log = nil
      state.withLock { unsafe $0.jobs.append(reference) }
    }
  }

  /// Starts the workers that a call on so many threads would need, and waits a moment until they
  /// are there, so that the first call need not. The caller sleeps in between: a worker that waits
  /// for its processor can run there, and leave it.
  package func prepare(threads: Int) {
    let count = min(threads, ProcessorCount.default)
    guard count > 1, workerCount < count - 1 else { return }
    let arrived = Atomic<Int>(0)
    let start = monotonicNanoseconds()
    run(tiles: count, threads: count) { _ in
      arrived.wrappingAdd(1, ordering: .relaxed)
      while arrived.load(ordering: .relaxed) < count {
        let waited = monotonicNanoseconds() - start
        if waited > 500_000 { return }
        if waited > 40_000 { sleepThread(nanoseconds: 40_000) }
      }
    }
  }

  /// Workers of jobs that nobody is inside, or new ones.
  private func hire(_ count: Int, for job: Job) {
    state.withLock { state in
      for index in unsafe state.jobs.indices {
        let other = unsafe state.jobs[index].takeUnretainedValue()
        while job.workers.count < count, let worker = other.workers.popLast() {
          job.workers.append(worker)
        }
      }
      while job.workers.count < count, let worker = makeWorker(&state, limit: count) {
        job.workers.append(worker)
      }
    }
  }

  /// A new worker, unless there are as many as any call so far has asked for.
  private func makeWorker(_ state: inout State, limit: Int) -> Worker? {
    guard state.workerCount < limit else { return nil }
    let worker = Worker()
    guard worker.start() else { return nil }
    state.workerCount += 1
    return worker
  }
}

/// One call's tiles and the workers that help with them.
///
/// The calling thread alone writes the plain fields, before it assigns workers and after the
/// last of them has finished. Workers stay for the next call: they are the calling threads'
/// neighbours, and need not be looked for.
///
/// Jobs are reused and never freed, one for each call that was inside at the same time, and
/// workers hold them unmanaged: where a field is handed from thread to thread by an atomic, the
/// optimiser may count its reference after the other thread has it.
@safe
private final class Job: @unchecked Sendable {
  /// More threads than this share shares.
  private static let shareLimit = 32

  /// All free while nobody is inside.
  var workers: [Worker] = []
  /// Told what each thread did.
  var log: WorkLog?
  /// What is computed, and where it lies on its caller's stack while somebody is inside.
  private var type: any (TiledWork & ~Copyable).Type = ClosureWork.self
  private var address: UnsafeRawPointer?
  private var shareCount = 1
  private let shares = (0..<Job.shareLimit).map { _ in Share() }

  static func make() -> Unmanaged<Job> { unsafe .passRetained(Job()) }

  func prepare(
    _ type: any (TiledWork & ~Copyable).Type, at address: UnsafeRawPointer, tiles: Int,
    shares count: Int
  ) {
    self.type = type
    unsafe self.address = address
    shareCount = min(count, Self.shareLimit)
    for index in 0..<shareCount {
      shares[index].set(tiles * index / shareCount..<tiles * (index + 1) / shareCount)
    }
  }

  func compute(slot: Int) {
    guard let address = unsafe address else { return }
    guard let log else {
      unsafe compute(slot: slot, at: address)
      return
    }
    let begin = ContinuousClock.now
    unsafe compute(slot: slot, at: address)
    log.add(WorkLog.Span(thread: slot, begin: begin, end: .now))
  }

  private func compute(slot: Int, at address: UnsafeRawPointer) {
    let own = slot % shareCount
    for index in 0..<shareCount {
      let share = shares[own + index < shareCount ? own + index : own + index - shareCount]
      while let tile = share.take() {
        unsafe type.compute(tile, slot: slot, at: address)
      }
    }
  }
}

/// Keeps neighbours in memory off the cache lines of what lies beside it.
private struct Padding: Sendable {
  private let words: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
}

/// Neighbouring tiles that one thread begins with; alone on its cache lines.
private final class Share: Sendable {
  private let before = Padding()
  private let next = Atomic<Int>(0)
  private let end = Atomic<Int>(0)
  private let after = Padding()

  func set(_ tiles: Range<Int>) {
    next.store(tiles.lowerBound, ordering: .relaxed)
    end.store(tiles.upperBound, ordering: .relaxed)
  }

  func take() -> Int? {
    let end = end.load(ordering: .relaxed)
    // A look first, so that empty shares stay where they are.
    if next.load(ordering: .relaxed) >= end { return nil }
    let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return tile < end ? tile : nil
  }
}

/// A thread that helps one job at a time.
@safe
private final class Worker: @unchecked Sendable {
  private enum Phase {
    static let free = 0
    static let assigned = 1
    static let running = 2
  }

  private let before = Padding()
  private let phase = Atomic<Int>(Phase.free)
  /// Written by the job's caller before `phase` says so.
  private var job: Unmanaged<Job>?
  private var slot = 0
  /// The caller's processor; −1 where it does not matter.
  private let callerPlace = Atomic<Int>(-1)
  private let after = Padding()
  /// Where the worker and its job's caller wait for each other.
  private let assigned = Gate()
  private let finished = Gate()
  /// Of the worker's own.
  private var lastMove: ContinuousClock.Instant?

  func start() -> Bool {
    startThread { [self] in
      while true {
        assigned.wait(spinning: 60) {
          phase.load(ordering: .sequentiallyConsistent) == Phase.assigned
        }
        leaveCaller()
        guard move(from: Phase.assigned, to: Phase.running),
          let job = unsafe job?.takeUnretainedValue()
        else { continue }
        job.compute(slot: slot)
        phase.store(Phase.free, ordering: .sequentiallyConsistent)
        finished.open()
      }
    }
  }

  /// Goes to another processor than its caller's, though not at once where it just did.
  private func leaveCaller() {
    let place = callerPlace.load(ordering: .relaxed)
    guard place >= 0, place == ProcessorPlace.current else { return }
    let now = ContinuousClock.now
    if let lastMove, now - lastMove < .milliseconds(1) { return }
    lastMove = now
    ProcessorPlace.leave(place)
  }

  /// Gives a free worker of the job its part in a call, beside a caller on that processor.
  func assign(_ job: Unmanaged<Job>, slot: Int, besides place: Int?) {
    callerPlace.store(place ?? -1, ordering: .relaxed)
    unsafe self.job = job
    self.slot = slot
    phase.store(Phase.assigned, ordering: .sequentiallyConsistent)
    assigned.open()
  }

  /// Takes the assignment back, or waits for its end where the worker has begun it.
  func dismiss() {
    if move(from: Phase.assigned, to: Phase.free) { return }
    finished.wait(spinning: 100) {
      phase.load(ordering: .sequentiallyConsistent) == Phase.free
    }
  }

  private func move(from old: Int, to new: Int) -> Bool {
    phase.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing).exchanged
  }
}
