import NestorCore
import Testing

@Suite("Deadlines")
struct DeadlineTests {
  @Test("What is done in time comes back, what fails throws its own error, what takes too long is nil and is cancelled")
  func limit() async throws {
    #expect(try await Deadline(seconds: 1_200).limit { 7 } == 7)
    await #expect(throws: Failure.self) { try await Deadline(seconds: 1_200).limit { throw Failure() } }
    let begun = ContinuousClock.now
    let late = try await Deadline(seconds: 0.05).limit {
      try await Task.sleep(for: .seconds(1_200))
      return 1
    }
    #expect(late == nil && begun.duration(to: .now) < .seconds(400))
  }

  @Test("A caller that is cancelled hears of that and not of the time")
  func cancelled() async {
    let task = Task { try await Deadline(seconds: 60).limit { try await Task.sleep(for: .seconds(60)) } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(
    "No number of seconds, however odd, ends the program",
    arguments: [0, -1, .infinity, -.infinity, .nan, 1e300, -1e300, .greatestFiniteMagnitude, 1e18, 9.3e18, 0.001])
  func odd(_ seconds: Double) async throws {
    let deadline = Deadline(seconds: seconds)
    #expect(deadline.secondsLeft >= 0 && deadline.secondsLeft.isFinite)
    if seconds > 1 { #expect(try await deadline.limit { 1 } == 1) }
    if seconds < 0 || seconds.isNaN { #expect(deadline.secondsLeft == 0) }
  }

  private struct Failure: Error {}
}
