import Testing

@testable import Libvirt

@Suite("A time that libvirt is told")
struct DurationTests {
  @Test(
    "is rounded up to whole seconds and milliseconds, and never beyond their numbers",
    arguments: [
      (.zero, 0, 0), (.seconds(-3), 0, 0), (.milliseconds(-1), 0, 0), (.nanoseconds(1), 1, 1),
      (.milliseconds(900), 1, 900),
      (.seconds(2), 2, 2_000), (.seconds(2) + .nanoseconds(1), 3, 2_001),
      (.seconds(Int64.max) + .nanoseconds(1), .max, .max),
    ] as [(Duration, UInt32, UInt64)])
  func units(time: Duration, seconds: UInt32, milliseconds: UInt64) {
    #expect(time.wholeSeconds == seconds && time.wholeMilliseconds == milliseconds)
  }

  @Test("is at least a second where the guest agent is waited for, since 0 is not to wait")
  func agentTimeout() {
    #expect([AgentTimeout.limit(.milliseconds(900)), .limit(.zero), .limit(.seconds(-2))].map(\.number) == [1, 1, 1])
    #expect(AgentTimeout.limit(.seconds(30)).number == 30 && AgentTimeout.noWait.number == 0)
  }
}
