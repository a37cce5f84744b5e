import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Synchronization
import Testing

@testable import GuestAgent

@Suite("A guest's clock") struct ClockTests {
  @Test("is set, and how far it was behind comes back")
  func set() throws {
    let guest = try FakeGuest()
    let session = try AgentPair(system: guest.system).session()
    #expect(try session.setClock(1_700_000_060_000_000_005) == .nanoseconds(60_000_000_005))
    #expect(try session.setClock(1_600_000_000_000_000_000) == .nanoseconds(-100_000_060_000_000_005))
    #expect(guest.kernel.time() == 1_600_000_000_000_000_000)
  }

  @Test(
    "is not set to a time that makes no sense",
    arguments: [
      0, -1, Int64.min, Int64.max, 1_577_836_799_999_999_999, 7_258_118_400_000_000_000,
    ])
  func absurd(time: Int64) throws {
    let guest = try FakeGuest()
    let session = try AgentPair(system: guest.system).session()
    #expect { try session.setClock(time) } throws: { ($0 as? OperationFailure)?.error.code == .invalid }
    #expect(guest.kernel.calls.isEmpty)
  }

  @Test("stays as it is when the kernel refuses, and the client hears why")
  func refused() throws {
    let guest = try FakeGuest()
    guest.kernel.fail("time 1700000060000000000", EPERM)
    let session = try AgentPair(system: guest.system).session()
    #expect { try session.setClock(1_700_000_060_000_000_000) } throws: {
      ($0 as? OperationFailure)?.error.number == EPERM
    }
  }

  @Test("of a guest that believes in an absurd time gives no absurd offset")
  func overflow() throws {
    let guest = try FakeGuest()
    guest.kernel.state.withLock { $0.time = .min }
    #expect(
      try AgentPair(system: guest.system).session().setClock(1_700_000_000_000_000_000) == .nanoseconds(Int64.max))
  }
}
