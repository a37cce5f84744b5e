import CLibvirt
import Testing

@testable import Libvirt

@Suite("Why a domain is as it is")
struct DomainReasonTests {
  @Test(
    "is told in words",
    arguments: [
      (VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_DESTROYED.rawValue, "destroyed"),
      (VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_SHUTDOWN.rawValue, "shutdown"),
      (VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_CRASHED.rawValue, "crashed"),
      (VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_SAVED.rawValue, "saved"),
      (VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT.rawValue, "from snapshot"),
      (VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED.rawValue, "booted"),
      (VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR.rawValue, "I/O error"),
      (VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED.rawValue, "panicked"),
    ])
  func reasons(state: virDomainState, reason: UInt32, text: String) {
    #expect(DomainState(Int32(state.rawValue), Int32(reason)).reasonText == text)
  }

  @Test("is nil where libvirt does not say, and a number where this version does not know it")
  func unknownReasons() {
    #expect(DomainState(Int32(VIR_DOMAIN_RUNNING.rawValue), 0).reasonText == nil)
    #expect(DomainState(Int32(VIR_DOMAIN_RUNNING.rawValue), 4711).reasonText == "reason 4711")
    #expect(DomainState(99, -1).reasonText == "reason -1")
    #expect(DomainState(99, 0).status == .unknown(99))
  }

  @Test("is told for each step of its life")
  func details() {
    func text(_ event: virDomainEventType, _ detail: UInt32) -> String {
      LifecycleEvent(event: Int32(event.rawValue), detail: Int32(detail)).detailText
    }
    #expect(text(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED.rawValue) == "destroyed")
    #expect(text(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SAVED.rawValue) == "saved")
    #expect(text(VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT.rawValue) == "from snapshot")
    #expect(text(VIR_DOMAIN_EVENT_SHUTDOWN, VIR_DOMAIN_EVENT_SHUTDOWN_GUEST.rawValue) == "by the guest")
    #expect(text(VIR_DOMAIN_EVENT_CRASHED, 4711) == "detail 4711")
    #expect(LifecycleEvent(event: 99, detail: 3).detailText == "detail 3")
    #expect(LifecycleEvent(event: 99, detail: 3).kind == .unknown(99))
  }

  @Test("and what happened decode to their numbers where a later libvirt brings new ones")
  func unknownNumbers() {
    #expect(WatchdogAction(99) == .unknown(99))
    #expect(IOErrorEvent.Action(-3) == .unknown(-3))
    #expect(AgentLifecycleEvent(state: 7, reason: 8).state == .unknown(7))
    #expect(AgentLifecycleEvent(state: 7, reason: 8).reason == .unknown(8))
    #expect(BlockJobKind(77) == .unknown(77))
    #expect(BlockJobEvent.Status(-1) == .unknown(-1))
    #expect(MetadataChange(12, namespace: nil) == .unknown(12))
    #expect(TrayEvent(alias: nil, reason: 5) == TrayEvent(alias: nil, reason: 5))
    #expect(TrayEvent(alias: nil, reason: 5).position == .unknown(5))
    #expect(JobKind(66) == .unknown(66))
    #expect(JobOperation(66) == .unknown(66))
    #expect(ClosingReason(66) == .unknown(66))
    #expect(CPUComparison(66) == .unknown(66))
    #expect(DiskError(66) == .unknown(66))
    #expect(Credential.Kind(66) == .unknown(66))
    #expect(Credential.Kind.unknown(66).number == 66)
    #expect(Credential.Kind.texts.allSatisfy { Credential.Kind($0.number) == $0 })
  }

  @Test("and numbers that make no sense do not trap")
  func nonsense() {
    #expect(MemoryDeviceEvent(alias: nil, kibibytes: .max).alias.isEmpty)
    let statistics = MemoryStatistics([
      virDomainMemoryStatStruct(tag: 6, val: 2), virDomainMemoryStatStruct(tag: 2, val: 3),
      virDomainMemoryStatStruct(tag: 4711, val: .max), virDomainMemoryStatStruct(tag: 0, val: .max),
    ])
    #expect(statistics.balloon == 2048)
    #expect(statistics.majorFaults == 3)
    #expect(statistics.others == [4711: .max])
    let info = InterfaceStatistics(
      virDomainInterfaceStatsStruct(
        rx_bytes: 1, rx_packets: 2, rx_errs: -1, rx_drop: 0, tx_bytes: -1, tx_packets: 3, tx_errs: 4, tx_drop: 5))
    #expect(info.received == .init(bytes: 1, packets: 2, errors: nil, drops: 0))
    #expect(info.sent == .init(bytes: nil, packets: 3, errors: 4, drops: 5))
  }
}
