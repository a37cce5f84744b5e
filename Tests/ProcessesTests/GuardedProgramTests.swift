import NestorSupport
import NestorTestSupport
import Testing

@testable import Processes

@Suite("Guarded programs")
struct GuardedProgramTests {
  private let scratch: ScratchState

  init() throws {
    scratch = try ScratchState()
  }

  @Test("A guarded program's lines are handed on, and its last ones are the cause when it fails")
  func guarded() async throws {
    let lines = Lines()
    let error = await #expect(throws: NestorError.self) {
      try await Program("sh", package: "dash").runGuarded(["-c", "echo one >&2; echo two >&2; exit 3"]) {
        lines.add($0)
      }
    }
    #expect(error?.cause == "one; two" && lines.all == ["one", "two"])
    try await Program("sh", package: "dash").runGuarded(["-c", "echo three >&2"]) { lines.add($0) }
    #expect(lines.all == ["one", "two", "three"])
  }

  @Test("A guarded program that is cancelled ends with all that it started", .timeLimit(.minutes(20)))
  func cancelled() async throws {
    let sign = "\(scratch.folder)/alive"
    let lines = Lines()
    let task = Task {
      try await Program("sh", package: "dash").runGuarded(
        ["-c", "(while :; do touch \(sign); sleep 0.05; done) & echo up >&2; sleep 1000"]
      ) { lines.add($0) }
    }
    while lines.all.isEmpty || !FileTree.exists(sign) { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    _ = await task.result
    // What is gone makes no more signs: the file stays away once it is removed, for far longer than the loop's pause.
    try await Task.sleep(for: .milliseconds(200))
    try FileTree.remove(sign)
    try await Task.sleep(for: .milliseconds(400))
    #expect(!FileTree.exists(sign))
  }

  @Test("A guarded program that is not there is named with its package")
  func missing() async throws {
    let error = await #expect(throws: NestorError.self) {
      try await Program("no-such-program", package: "none").runGuarded([]) { _ in }
    }
    #expect(error?.code == .unavailable && error?.hint == "install it: apt-get install none")
  }
}
