import Synchronization
import Testing

@testable import Libvirt

@Suite("The end of a program that hears events", .timeLimit(.minutes(20)))
struct RegistrationGateTests {
  @Test("waits for the call under way, and lets no other begin")
  func waits() async throws {
    let gate = RegistrationGate()
    let begun = Semaphore()
    let mayEnd = Semaphore()
    let hasEnded = Mutex(false)
    try #require(
      Libvirt.Thread.start(name: "registers") {
        gate.pass {
          begun.signal()
          mayEnd.wait()
          hasEnded.withLock { $0 = true }
        }
      })
    begun.wait()
    #expect(!gate.close(waiting: .milliseconds(50)))
    #expect(!hasEnded.withLock { $0 })
    #expect(gate.pass { true } == nil)
    mayEnd.signal()
    #expect(gate.close(waiting: .seconds(600)))
    #expect(hasEnded.withLock { $0 })
  }

  @Test("waits for nothing where all calls have ended, whatever they threw")
  func nothingUnderWay() throws {
    struct Failure: Error {}
    let gate = RegistrationGate()
    #expect(gate.pass { 7 } == 7)
    #expect(throws: Failure.self) { try gate.pass { throw Failure() } }
    #expect(gate.close(waiting: .zero))
    #expect(gate.pass { 7 } == nil)
  }

  @Test("refuses events to whoever asks then")
  func refused() async throws {
    await #expect(processExitsWith: .success) {
      let connection = try await Connection.open("test:///default")
      let before = try await connection.domainLifecycleEvents()
      Connection.prepareForExit()
      let other = try await connection.domain(named: "test")
      let error = await #expect(throws: LibvirtError.self) {
        _ = try await connection.domainLifecycleEvents(domain: other)
      }
      #expect(error?.code == .connectionInvalid)
      #expect(error?.message.contains("about to end") == true)
      withExtendedLifetime(before) {}
    }
  }
}
