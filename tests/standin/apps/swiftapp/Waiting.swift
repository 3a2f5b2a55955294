// Tasks that are older than any callback: they wait for values that callbacks give them, or read on their own.
import Glibc

final class Waiting: @unchecked Sendable {
  private var lock = pthread_mutex_t()
  private var one: AsyncStream<Int64>.Continuation?
  private var three: AsyncStream<Int64>.Continuation?
  private var number: CheckedContinuation<Int64, Never>?
  private var task: CheckedContinuation<Task<Int64, Never>, Never>?

  private func locked<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    return body()
  }

  func start() {
    pthread_mutex_init(&lock, nil)
    let (one, oneEnd) = AsyncStream<Int64>.makeStream()
    let (three, threeEnd) = AsyncStream<Int64>.makeStream()
    locked {
      self.one = oneEnd
      self.three = threeEnd
    }
    Task.detached { for await n in one { read(n, 50) } }
    Task.detached {
      for await n in three {
        read(n, 51)
        // Meanwhile the next values wait in the buffer.
        try? await Task.sleep(nanoseconds: 20_000_000)
      }
    }
    Task.detached {
      while true { read(await withCheckedContinuation { c in self.locked { self.number = c } }, 52) }
    }
    Task.detached {
      while true {
        let task = await withCheckedContinuation { c in self.locked { self.task = c } }
        read(await task.value, 53)
      }
    }
    Task.detached {
      // It polls for the task instead of being resumed with it: only the wait for its value links the two.
      while true {
        try? await Task.sleep(nanoseconds: 2_000_000)
        if let task = self.locked({ defer { self.left = nil }; return self.left }) { read(await task.value, 54) }
      }
    }
    Task.detached {
      while true {
        try? await Task.sleep(nanoseconds: 15_000_000)
        read(0, 55)
      }
    }
  }

  private var left: Task<Int64, Never>?

  func yieldOne(_ n: Int64) { _ = locked { one }?.yield(n) }
  func yieldThree(_ n: Int64) {
    let end = locked { three }
    for _ in 0..<3 { _ = end?.yield(n) }
  }
  func resume(_ n: Int64) {
    locked { () -> CheckedContinuation<Int64, Never>? in
      defer { number = nil }
      return number
    }?.resume(returning: n)
  }
  func hand(_ n: Int64) {
    let made = later(n)
    locked { () -> CheckedContinuation<Task<Int64, Never>, Never>? in
      defer { task = nil }
      return task
    }?.resume(returning: made)
  }
  func handSlow(_ n: Int64) {
    let made = later(n)
    locked { left = made }
  }

  private func later(_ n: Int64) -> Task<Int64, Never> {
    Task {
      try? await Task.sleep(nanoseconds: 10_000_000)
      return n
    }
  }
}

let waiting = Waiting()

@_cdecl("work_start") public func start() { waiting.start() }
