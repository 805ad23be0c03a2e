import Synchronization

/// The process's worker threads.
///
/// Work comes as tiles whose number and extents the caller fixed beforehand, so results do not
/// depend on who computes which. The calling thread always takes part and can finish alone;
/// workers only help, so any number of callers may be inside at once, tiles may call `run`
/// themselves, and nothing waits for a thread that has not started. Between the steps of a run a
/// worker spins for some microseconds, then it sleeps.
package final class ThreadPool: Sendable {
  package static let shared = ThreadPool()

  /// No call uses more threads than this, its own included.
  package static let threadLimit = 256

  @safe
  private struct State {
    var idle: [Worker] = []
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

  /// Calls `slots` once for every tile with the tile and a number in `0..<threads` that no other
  /// thread of this call has, by which the body finds scratch of its own.
  package func run(tiles: Int, threads: Int, slots body: @Sendable (Int, Int) -> Void) {
    let helpers = min(threads, tiles, Self.threadLimit) - 1
    guard helpers > 0 else {
      for tile in 0..<max(tiles, 0) { body(tile, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let reference = unsafe state.withLock { unsafe $0.jobs.popLast() } ?? Job.make()
      let job = unsafe reference.takeUnretainedValue()
      job.prepare(tiles: tiles, body: body)
      hire(helpers, for: job)
      job.work(slot: 0)
      dismiss(job)
      job.clear()
      state.withLock { unsafe $0.jobs.append(reference) }
    }
  }

  private func hire(_ count: Int, for job: Job) {
    state.withLock { state in
      for _ in 0..<count {
        guard let worker = state.idle.popLast() ?? makeWorker(&state, limit: count) else { return }
        job.hired.append(Hire(worker: worker, ticket: 0))
      }
    }
    for index in job.hired.indices {
      job.hired[index].ticket = job.hired[index].worker.assign(job, slot: index + 1)
    }
  }

  /// A new worker, unless there are as many as any call so far has asked for.
  private func makeWorker(_ state: inout State, limit: Int) -> Worker? {
    guard state.workerCount < limit else { return nil }
    let worker = Worker()
    guard worker.start(whenFree: { [unowned self] worker in release(worker) }) else { return nil }
    state.workerCount += 1
    return worker
  }

  private func release(_ worker: Worker) { state.withLock { $0.idle.append(worker) } }

  /// Takes back the workers that have not begun and waits for those that have.
  private func dismiss(_ job: Job) {
    var begun = 0
    for hire in job.hired {
      if hire.worker.withdraw(hire.ticket) { release(hire.worker) } else { begun += 1 }
    }
    job.waitFor(begun)
  }
}

/// One call's tiles and the workers that help with them.
///
/// The calling thread alone writes the plain fields, before it assigns workers and after the
/// last of them has reported.
///
/// Jobs are reused and never freed, one for each call that was inside at the same time: a worker
/// may still be leaving one when its call is over. And workers hold them unmanaged: where a field
/// is handed from thread to thread by an atomic, the optimiser may count its reference after the
/// other thread has it.
private final class Job: @unchecked Sendable {
  var hired: [Hire] = []
  private var tiles = 0
  private var body: (@Sendable (Int, Int) -> Void)?
  private let next = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let gate = Gate()

  static func make() -> Unmanaged<Job> { unsafe .passRetained(Job()) }

  func prepare(tiles: Int, body: @escaping @Sendable (Int, Int) -> Void) {
    self.tiles = tiles
    self.body = body
    next.store(0, ordering: .relaxed)
    finished.store(0, ordering: .relaxed)
  }

  func clear() {
    body = nil
    hired.removeAll(keepingCapacity: true)
  }

  // Not inlined, so that it has let go of the body when the worker reports.
  @inline(never)
  func work(slot: Int) {
    guard let body else { return }
    while true {
      let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if tile >= tiles { return }
      body(tile, slot)
    }
  }

  @inline(never)
  func report() {
    finished.wrappingAdd(1, ordering: .releasing)
    gate.open()
  }

  func waitFor(_ count: Int) {
    gate.wait(spinning: 100) { finished.load(ordering: .acquiring) >= count }
  }
}

/// A worker and which of its assignments is meant: by the time a call looks back, a worker may
/// have finished and taken another call's job.
private struct Hire {
  let worker: Worker
  var ticket: Int
}

/// A thread that helps one job at a time.
@safe
private final class Worker: @unchecked Sendable {
  private static let free = 0
  private static let running = -1

  /// `free`, `running`, or the ticket of an assignment that waits to begin.
  private let phase = Atomic<Int>(Worker.free)
  private let gate = Gate()
  /// Written by whoever hired this worker before `phase` says so.
  private var job: Unmanaged<Job>?
  private var slot = 0
  private var lastTicket = 0

  func start(whenFree release: @escaping @Sendable (Worker) -> Void) -> Bool {
    startThread { [self] in
      while true {
        gate.wait(spinning: 60) { phase.load(ordering: .acquiring) > Worker.free }
        let ticket = phase.load(ordering: .acquiring)
        guard ticket > Worker.free, move(from: ticket, to: Worker.running),
          let job = unsafe job?.takeUnretainedValue()
        else { continue }
        job.work(slot: slot)
        phase.store(Worker.free, ordering: .releasing)
        // Free before it reports, so that the caller's next step finds it.
        release(self)
        job.report()
      }
    }
  }

  /// Gives a free worker a job; only who took it from the idle ones may.
  func assign(_ job: Job, slot: Int) -> Int {
    unsafe self.job = .passUnretained(job)
    self.slot = slot
    lastTicket += 1
    let ticket = lastTicket
    phase.store(ticket, ordering: .releasing)
    gate.open()
    return ticket
  }

  /// Takes the assignment back; false when the worker has begun it.
  func withdraw(_ ticket: Int) -> Bool {
    guard move(from: ticket, to: Worker.running) else { return false }
    phase.store(Worker.free, ordering: .releasing)
    return true
  }

  private func move(from old: Int, to new: Int) -> Bool {
    phase.compareExchange(expected: old, desired: new, ordering: .acquiring).exchanged
  }
}
