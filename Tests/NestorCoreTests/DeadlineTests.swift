import NestorCore
import Testing

@Suite("Deadlines")
struct DeadlineTests {
  @Test("What is done in time comes back, what fails throws its own error, what takes too long is nil and is cancelled")
  func limit() async throws {
    #expect(try await Deadline(after: .seconds(1_200)).limit { 7 } == 7)
    await #expect(throws: Failure.self) { try await Deadline(after: .seconds(1_200)).limit { throw Failure() } }
    let begun = ContinuousClock.now
    let late = try await Deadline(after: .milliseconds(50)).limit {
      try await Task.sleep(for: .seconds(1_200))
      return 1
    }
    #expect(late == nil && begun.duration(to: .now) < .seconds(400))
  }

  @Test("A caller that is cancelled hears of that and not of the time")
  func cancelled() async {
    let task = Task { try await Deadline(after: .seconds(60)).limit { try await Task.sleep(for: .seconds(60)) } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("The time that is left is never less than none")
  func left() async throws {
    #expect(Deadline(after: .seconds(-1)).left == .zero && Deadline(after: .zero).left == .zero)
    #expect(Deadline(after: .seconds(1_200)).left > .seconds(600))
    #expect(try await Deadline(after: .seconds(1_200_000_000)).limit { 1 } == 1)
  }

  private struct Failure: Error {}
}
