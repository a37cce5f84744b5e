import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Testing

@testable import GuestAgent

@Suite("Ending a guest") struct PowerTests {
  private func request(_ action: PowerRequest.Action, forced: Bool = false) -> PowerRequest {
    var request = PowerRequest()
    request.action = action
    request.isForced = forced
    return request
  }

  /// Asks, goes away, and waits until the agent has done what it said.
  private func calls(_ guest: FakeGuest, _ request: PowerRequest, expected: String) throws -> [String] {
    let pair = try AgentPair(system: guest.system)
    do {
      let session = try pair.session()
      try session.power(request)
    }
    #expect(eventually { guest.kernel.calls.contains(expected) })
    return guest.kernel.calls
  }

  @Test(
    "asks systemd by the signals of its targets",
    arguments: [
      (PowerRequest.Action.off, 38 as Int32), (.reboot, 39), (.halt, 37),
    ])
  func systemd(action: PowerRequest.Action, signal: Int32) throws {
    let guest = try FakeGuest()
    guest.folder("/run/systemd/system")
    let expected = "signal 1 \(signal)"
    #expect(try calls(guest, request(action), expected: expected) == ["signal 1 0", expected])
  }

  @Test(
    "asks busybox init by its signals",
    arguments: [
      (PowerRequest.Action.off, SIGUSR2), (.reboot, SIGTERM), (.halt, SIGUSR1),
    ])
  func busybox(action: PowerRequest.Action, signal: Int32) throws {
    let guest = try FakeGuest()
    try guest.write("/proc/1/cmdline", "/bin/init\0")
    symlink("/bin/busybox", guest.root + "/proc/1/exe")
    let expected = "signal 1 \(signal)"
    #expect(try calls(guest, request(action), expected: expected) == ["signal 1 0", expected])
  }

  @Test("runs the init's own program where there is no signal")
  func programs() throws {
    let guest = try FakeGuest()
    try guest.write("/proc/1/cmdline", "init\0[2]\0")
    symlink("/sbin/init", guest.root + "/proc/1/exe")
    try guest.program("/sbin/reboot", "echo rebooted >\(guest.root)/proof")
    let pair = try AgentPair(system: guest.system)
    do { try pair.session().power(request(.reboot)) }
    #expect(eventually { guest.text("/proof") == "rebooted\n" })
    #expect(throws: OperationFailure.self) { try pair.session().power(request(.off)) }
    #expect(guest.kernel.calls.isEmpty)
  }

  @Test("asks the kernel itself where a script has process 1, after writing what is dirty")
  func script() throws {
    let guest = try FakeGuest()
    try guest.write("/proc/1/cmdline", "/bin/sh\0/init\0")
    symlink("/bin/busybox", guest.root + "/proc/1/exe")
    #expect(try calls(guest, request(.off), expected: "power off") == ["sync", "power off"])
  }

  @Test("asks the kernel itself when forced, whatever the init is")
  func forced() throws {
    let guest = try FakeGuest()
    guest.folder("/run/systemd/system")
    #expect(try calls(guest, request(.halt, forced: true), expected: "power halt") == ["sync", "power halt"])
  }

  @Test("says so when process 1 may not be asked")
  func refused() throws {
    let guest = try FakeGuest()
    guest.folder("/run/systemd/system")
    guest.kernel.fail("signal 1 0", EPERM)
    let session = try AgentPair(system: guest.system).session()
    #expect { try session.power(request(.off)) } throws: { ($0 as? OperationFailure)?.error.number == EPERM }
    #expect(try !session.stat(Array("/no/such/path".utf8)).exists)
  }
}
