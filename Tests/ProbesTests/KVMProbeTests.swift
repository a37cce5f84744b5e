import Glibc
import NestorSupport
import Testing

@testable import Probes

@Suite("KVM probe")
struct KVMProbeTests {
  /// The probe's loop in Swift, to judge its results by something else than the machine code under test.
  private func loop(rounds: UInt64) -> UInt64 {
    var value: UInt64 = 0x6e65_7374_6f72_2121
    var round = rounds
    while round > 0 {
      let sum = value &* 0x2545_f491 &+ round
      value = sum &<< 13 | sum &>> 51
      round &-= 1
    }
    return value
  }

  private var deviceOpens: Bool { opens("/dev/kvm") }

  @Test("says what opening the device says, and decides within the limit")
  func decides() throws {
    let clock = ContinuousClock()
    let begin = clock.now
    let result = KVMProbe().run()
    let time = clock.now - begin
    #expect(time < result.limit + .seconds(10))
    guard deviceOpens else {
      guard case .unavailable = result.status else {
        Issue.record("the device does not open, yet the probe says \(result.status)")
        return
      }
      #expect(result.comparison == nil)
      return
    }
    #expect(result.apiVersion == 12)
    let comparison = try #require(result.comparison)
    #expect(comparison.insideValue == loop(rounds: comparison.rounds))
    #expect(comparison.outsideValue == comparison.insideValue)
    switch result.status {
    case .usable:
      #expect(comparison.ratio <= 20)
      #expect(comparison.insideNanoseconds >= 1_000_000)
    case .tooSlow:
      #expect(comparison.ratio > 20)
      #expect(result.timedOut || comparison.insideNanoseconds >= 40_000_000)
    default:
      Issue.record("the device opens, yet the probe says \(result.status)")
    }
  }

  @Test("gives the same verdict each time")
  func repeats() {
    let first = KVMProbe().run().status
    for _ in 0..<3 { #expect(KVMProbe().run().status == first) }
  }

  @Test(
    "comes back when KVM does not, and calls that too slow", .enabled(if: opens("/dev/kvm"), "needs /dev/kvm"),
    .timeLimit(.minutes(2)))
  func hanging() {
    let clock = ContinuousClock()
    let begin = clock.now
    let result = KVMProbe(timeLimit: .seconds(4), firstRounds: .max).run()
    let time = clock.now - begin
    #expect(result.status == .tooSlow)
    #expect(result.timedOut)
    #expect(result.begunRounds == .max)
    #expect(result.comparison == nil)
    #expect(time >= .seconds(4))
  }

  @Test("keeps the comparisons that were done before the limit", .enabled(if: opens("/dev/kvm"), "needs /dev/kvm"))
  func keepsFinished() throws {
    // No ratio and no time is good enough, so it goes on to ever longer loops.
    var probe = KVMProbe(timeLimit: .seconds(4), maximumRatio: 0, firstRounds: 8, lastRounds: .max)
    probe.decisionTime = .seconds(3600)
    let result = probe.run()
    let comparison = try #require(result.comparison)
    #expect(result.timedOut)
    #expect(result.status == .tooSlow)
    #expect(result.begunRounds >= comparison.rounds)
    #expect(comparison.insideValue == loop(rounds: comparison.rounds))
    #expect(comparison.outsideValue == comparison.insideValue)
  }

  @Test("tells a missing device, a file that is no device, and another device apart")
  func tellsApart() {
    #expect(
      KVMProbe(devicePath: "/nonexistent/kvm").run().status
        == .unavailable(.noDevice(SystemError("open /nonexistent/kvm", number: ENOENT))))
    #expect(
      KVMProbe(devicePath: "/dev/null").run().status
        == .unavailable(.notKVM(SystemError("KVM_GET_API_VERSION /dev/null", number: ENOTTY))))
    let directory = KVMProbe(devicePath: "/").run().status
    #expect(directory == .unavailable(.failed(SystemError("open /", number: EISDIR))))
  }

  @Test("does not trap on senseless settings")
  func senselessSettings() {
    let result = KVMProbe(
      devicePath: "", timeLimit: .seconds(-1), maximumRatio: .nan, firstRounds: 0, lastRounds: 0
    ).run()
    guard case .unavailable = result.status else {
      Issue.record("an empty path gave \(result.status)")
      return
    }
  }
}

/// Whether this process can open a file to read and write.
func opens(_ path: String) -> Bool {
  let descriptor = open(path, O_RDWR | O_CLOEXEC)
  guard descriptor >= 0 else { return false }
  close(descriptor)
  return true
}
