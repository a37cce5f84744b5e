import Glibc
import GuestProtocol
import Synchronization

@testable import GuestAgent

/// A kernel that only remembers what it was asked for.
final class FakeKernel: KernelCalls {
  struct State {
    /// The calls so far, a line each.
    var calls: [String] = []
    var time: Int64 = 1_700_000_000_000_000_000
    var uptime: Int64 = 1_000_000_000_000
    /// What passes, in nanoseconds, while the time that has elapsed is read.
    var pace: Int64 = 0
    /// What passes, in nanoseconds, before the next settings of the clock are done.
    var delays: [Int64] = []
    var hostname = "origin"
    var frozen: Set<String> = []
    var addresses: [(interface: String, address: String)] = []
    /// The errno values with which calls fail, by their lines.
    var failures: [String: Int32] = [:]
  }

  let state = Mutex(State())

  var calls: [String] { state.withLock { $0.calls } }
  var frozen: Set<String> { state.withLock { $0.frozen } }

  func fail(_ call: String, _ number: Int32) {
    state.withLock { $0.failures[call] = number }
  }

  private func note(_ call: String) throws(KernelError) {
    let number = state.withLock { state in
      state.calls.append(call)
      return state.failures[call]
    }
    if let number { throw KernelError(call, number: number) }
  }

  func time() -> Int64 { state.withLock { $0.time } }

  func elapsed() -> Int64 {
    state.withLock { state in
      state.time += state.pace
      state.uptime += state.pace
      return state.uptime
    }
  }

  func uptime() -> Int64 { state.withLock { $0.uptime } }
  func hostname() -> String { state.withLock { $0.hostname } }
  func addresses() -> [(interface: String, address: String)] { state.withLock { $0.addresses } }
  func synchronise() { try? note("sync") }
  func power(_ action: PowerRequest.Action) throws(KernelError) { try note("power \(action)") }
  func signal(_ process: Int32, _ number: Int32) throws(KernelError) { try note("signal \(process) \(number)") }
  func reseed(_ bytes: [UInt8]) throws(KernelError) { try note("reseed \(bytes)") }
  func setLink(_ interface: String, isUp: Bool) throws(KernelError) { try note("link \(interface) \(isUp)") }

  func setMAC(_ interface: String, _ mac: [UInt8]) throws(KernelError) {
    try note("mac \(interface) \(mac)")
  }

  func setTime(_ nanoseconds: Int64) throws(KernelError) {
    try note("time \(nanoseconds)")
    state.withLock { state in
      if !state.delays.isEmpty { state.uptime += state.delays.removeFirst() }
      state.time = nanoseconds
    }
  }

  func setHostname(_ name: String) throws(KernelError) {
    try note("hostname \(name)")
    state.withLock { $0.hostname = name }
  }

  func freeze(_ folder: Int32, mountPoint: [UInt8]) throws(KernelError) {
    let path = String(decoding: mountPoint, as: UTF8.self)
    try note("freeze \(path)")
    state.withLock { _ = $0.frozen.insert(path) }
  }

  func thaw(_ folder: Int32, mountPoint: [UInt8]) throws(KernelError) {
    let path = String(decoding: mountPoint, as: UTF8.self)
    try note("thaw \(path)")
    state.withLock { _ = $0.frozen.remove(path) }
  }
}
