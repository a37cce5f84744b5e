import NestorSupport
import Testing

@testable import NestorCore

@Suite("Waiting for a guest")
struct WaitTests {
  @Test("until it is up ends when its template says, unless told otherwise")
  func timeout() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await guest.withLock(to: "change") { locked in
      try locked.makeDirectory()
      try await locked.write(
        GuestRecord(stage: .complete, template: "t", readyLine: "up", readyTimeout: .seconds(1)))
    }
    for (timeout, seconds) in [(nil, 1), (.zero, 0)] as [(Duration?, Int)] {
      let error = await #expect(throws: NestorError.self) { try await guest.wait(for: .ready, timeout: timeout) }
      #expect(error?.code == .timedOut)
      #expect(error?.message == "guest 'web' did not get there in \(seconds) s: waiting for its system to be up")
    }
  }
}
