// What the app does in a change callback: one read, reached in one of the ways in which Swift hands work on.
import Dispatch
import Glibc

func read(_ number: Int64, _ pattern: Int64) { library_read(number * 1000 + pattern) }

private let background = DispatchQueue(label: "org.lightleak.swiftapp.background", attributes: .concurrent)
private let serial = DispatchQueue(label: "org.lightleak.swiftapp.serial")

actor Album {
  func look(_ number: Int64, _ pattern: Int64) { read(number, pattern) }
  /// The new task inherits the actor and is enqueued on it.
  func lookLater(_ number: Int64, _ pattern: Int64) {
    Task {
      self.touch()
      read(number, pattern)
    }
  }
  private func touch() {}
}

/// An executor of the app's own: jobs reach it through no exported function of the runtime.
final class QueueExecutor: SerialExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    serial.async { job.runSynchronously(on: executor) }
  }
  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

actor Shelf {
  private let executor = QueueExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  func look(_ number: Int64, _ pattern: Int64) { read(number, pattern) }
  func lookLater(_ number: Int64, _ pattern: Int64) {
    Task {
      self.touch()
      read(number, pattern)
    }
  }
  private func touch() {}
}

@globalActor actor Desk { static let shared = Desk() }

private let album = Album()
private let shelf = Shelf()

@_cdecl("work_callback") public func callback(_ n: Int64, _ pattern: Int32) {
  let p = Int64(pattern)
  switch pattern {
  case 1: read(n, p)
  case 2: background.async { read(n, p) }
  case 3: background.async(qos: .utility, flags: .barrier) { read(n, p) }
  case 4: background.async(execute: DispatchWorkItem { read(n, p) })
  case 5: background.async(group: DispatchGroup()) { read(n, p) }
  case 6:
    let group = DispatchGroup()
    background.async(group: group) {}
    group.notify(queue: background) { read(n, p) }
  case 7: background.asyncAfter(deadline: .now() + .milliseconds(20)) { read(n, p) }
  case 10: Task { read(n, p) }
  case 11: Task { background.async { Task { read(n, p) } } }
  case 12: Task { @MainActor in read(n, p) }
  case 13: Task.detached(priority: .background) { read(n, p) }
  case 14: Task { @Desk in read(n, p) }
  case 20:
    Task {
      async let one: Void = read(n, p)
      async let two: Void = {
        try? await Task.sleep(nanoseconds: 1_000_000)
        read(n, p)
      }()
      _ = await (one, two)
      read(n, p)
    }
  case 21:
    Task {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            await Task.yield()
            read(n, p)
          }
        }
      }
      read(n, p)
    }
  case 22:
    Task {
      await withDiscardingTaskGroup { group in
        for _ in 0..<4 { group.addTask { read(n, p) } }
      }
      read(n, p)
    }
  case 23:
    Task {
      try? await Task.sleep(nanoseconds: 20_000_000)
      read(n, p)
    }
  case 24:
    Task {
      background.sync { read(n, p) }
      await MainActor.run { read(n, p) }
      await Task.yield()
      read(n, p)
    }
  case 30: Task { await album.look(n, p) }
  case 31: Task { await album.lookLater(n, p) }
  case 32: Task { await shelf.look(n, p) }
  case 33: Task { await shelf.lookLater(n, p) }
  case 40:
    Task {
      await withCheckedContinuation { library_stranger(Box($0).retained) { Box.take($0).resume() } }
      read(n, p)
    }
  case 50: waiting.yieldOne(n)
  case 51: waiting.yieldThree(n)
  case 52: waiting.resume(n)
  case 53: waiting.hand(n)
  case 54: waiting.handSlow(n)
  case 60: for _ in 0..<125 { Task { read(n, p) } }
  case 61: for i in 0..<125 { makeOne(n, p, i) }
  case 62: for _ in 0..<125 { background.async { read(n, p) } }
  default: break
  }
}

/// A task of one of five kinds; it reads once or twice.
private func makeOne(_ n: Int64, _ p: Int64, _ i: Int) {
  switch i % 5 {
  case 0: Task { read(n, p) }
  case 1:
    Task.detached {
      await Task.yield()
      read(n, p)
    }
  case 2:
    Task {
      async let one: Void = read(n, p)
      async let two: Void = read(n, p)
      _ = await (one, two)
    }
  case 3:
    Task {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<2 { group.addTask { read(n, p) } }
      }
    }
  default:
    Task {
      await album.look(n, p)
      Task { read(n, p) }
    }
  }
}

/// Work that no callback causes: tasks that read, from four threads.
@_cdecl("work_alone") public func alone(_ count: Int32) {
  DispatchQueue.concurrentPerform(iterations: 4) { _ in
    for i in 0..<Int(count) / 4 { makeOne(0, 0, i) }
  }
}

/// Tasks that do nothing, from the calling thread: for attaching and detaching under load.
@_cdecl("work_empty") public func empty(_ count: Int32) {
  for _ in 0..<count { Task {} }
}

/// Processor time of the calling thread for making a task that does nothing: the best of rounds, nanoseconds.
@_cdecl("work_cost") public func cost(_ count: Int32) -> Int64 {
  let round = 200
  var best = Int64.max
  for _ in 0..<max(1, Int(count) / round) {
    let start = library_cpu_ns()
    for _ in 0..<round { Task {} }
    best = min(best, (library_cpu_ns() - start) / Int64(round))
    usleep(1000)  // they have time to run
  }
  return best
}

/// Hands a continuation through C.
final class Box {
  private let continuation: CheckedContinuation<Void, Never>
  init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }
  var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }
  static func take(_ pointer: UnsafeMutableRawPointer) -> CheckedContinuation<Void, Never> {
    Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().continuation
  }
}
