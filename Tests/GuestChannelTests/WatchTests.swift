import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Testing

@testable import GuestAgent

@Suite("Watching a guest's system") struct WatchTests {
  /// The states until one fits, with something done after each.
  private func states(
    _ guest: FakeGuest, cloudInit: Bool = false, until isLast: (SystemState) -> Bool,
    then action: (Int) throws -> Void = { _ in }
  ) throws -> [SystemState] {
    let session = try AgentPair(system: guest.system).session()
    var states: [SystemState] = []
    try session.watch(cloudInit: cloudInit) { state in
      states.append(state)
      try action(states.count)
      return !isLast(state)
    }
    // The session is as good as new.
    #expect(try session.report().hostname == "origin")
    return states
  }

  @Test("without systemd tells that it is ready once the agent runs")
  func noManager() throws {
    let guest = try FakeGuest()
    guest.folder("/run")
    let states = try states(guest, until: { _ in true })
    #expect(states.map(\.manager) == ["none"])
    #expect(states.map(\.isReady) == [true])
    #expect(states.map(\.cloudInit) == [""])
  }

  @Test("waits for an image's own init that says when it began and ended, and is told at once")
  func ownInit() throws {
    let guest = try FakeGuest()
    try guest.write("/run/nestor/starting", "")
    let began = Instant.now
    let states = try states(guest, until: \.isReady) { count in
      if count == 1 { try guest.write("/run/nestor/ready", "") }
    }
    #expect(states.map(\.isReady) == [false, true])
    #expect(Instant.now - began < WatchHandler.told)
  }

  @Test("reports systemd's state as it changes, and the failed units in the end")
  func systemd() throws {
    let guest = try FakeGuest()
    guest.folder("/run/systemd/system")
    try guest.write("/state", "initializing")
    try guest.program(
      "/usr/bin/systemctl",
      """
      case "$*" in
      is-system-running) cat \(guest.root)/state; exit 1;;
      "is-system-running --wait") echo no bus >&2; exit 1;;
      list-units*) echo "a.service loaded failed failed What it is"; echo "b.mount loaded failed failed Other";;
      esac
      """)
    let states = try states(guest, until: { $0.manager == "degraded" }) { count in
      try guest.write("/state", count == 1 ? "starting\n" : "degraded\n")
    }
    #expect(states.map(\.manager) == ["initializing", "starting", "degraded"])
    #expect(states.map(\.isReady) == [false, false, true])
    #expect(states.last?.failedUnits == ["a.service", "b.mount"])
    #expect(states.first?.failedUnits == [])
  }

  @Test("is told by systemctl when the start ends, without looking meanwhile")
  func waiter() throws {
    let guest = try FakeGuest()
    guest.folder("/run/systemd/system")
    try guest.write("/state", "starting\n")
    try guest.program(
      "/usr/bin/systemctl",
      """
      if [ "$2" = --wait ]; then : >\(guest.root)/waits; until [ -e \(guest.root)/end ]; do sleep 0.05; done
      else echo x >>\(guest.root)/looks; cat \(guest.root)/state; fi
      """)
    let began = Instant.now
    let states = try states(guest, until: \.isReady) { count in
      guard count == 1 else { return }
      try #require(eventually { guest.text("/waits") != nil }, "nobody waits")
      try guest.write("/state", "running\n")
      try guest.write("/end", "")
    }
    #expect(states.map(\.manager) == ["starting", "running"])
    // One that says that it starts, one that says that it runs, and on a slow machine those from time to time.
    let looks = (guest.text("/looks") ?? "").split(separator: "\n").count
    #expect(Double(looks) <= 2 + (Instant.now - began) / WatchHandler.told)
  }

  @Test("does not keep anyone waiting where systemd cannot be asked")
  func noSystemctl() throws {
    let guest = try FakeGuest()
    guest.folder("/run/systemd/system")
    #expect(try states(guest, until: { _ in true }).map(\.manager) == ["unknown"])
  }

  @Test("follows cloud-init from before its start to its end")
  func cloudInit() throws {
    let guest = try FakeGuest()
    guest.folder("/run")
    try guest.write("/etc/cloud/cloud.cfg", "")
    let status =
      "{\"v1\": {\"datasource\": null, \"init\": {\"errors\": [], \"finished\": null, \"start\": %}, \"stage\": null}}"
    let states = try states(guest, cloudInit: true, until: { $0.cloudInit == "error" }) { count in
      guest.folder("/run/cloud-init")
      switch count {
      case 1: try guest.write("/run/cloud-init/status.json", status.replacingFirst("%", with: "1700000000.5"))
      default:
        try guest.write(
          "/run/cloud-init/result.json", "{\"v1\": {\"datasource\": \"NoCloud\", \"errors\": [\"it \\\"broke\\\"\"]}}")
      }
    }
    #expect(states.map(\.cloudInit) == ["not started", "running", "error"])
    #expect(states.last?.cloudInitErrors == ["it \"broke\""])
  }

  @Test(
    "knows the states of cloud-init by its files",
    arguments: [
      ("/nothing", "", "none"), ("/run/cloud-init/disabled", "", "disabled"),
      ("/etc/cloud/cloud-init.disabled", "", "disabled"),
      ("/run/cloud-init/enabled", "", "not started"), ("/run/cloud-init/status.json", "{\"v1\"", "none"),
      ("/run/cloud-init/status.json", "{}", "not started"),
      ("/run/cloud-init/status.json", "{\"v1\":{\"init\":{\"start\":null}}}", "not started"),
      ("/run/cloud-init/result.json", "{\"v1\":{\"errors\":[]}}", "done"),
      ("/run/cloud-init/result.json", "[]", "done"),
    ])
  func cloudInitStates(path: String, text: String, expected: String) throws {
    let guest = try FakeGuest()
    try guest.write(path, text)
    #expect(CloudInitState(guest.system).name == expected)
  }

  @Test("tells what cloud-init went on without, each sentence once")
  func degraded() throws {
    let guest = try FakeGuest()
    try guest.write("/run/cloud-init/result.json", "{\"v1\": {\"datasource\": \"NoCloud\", \"errors\": []}}")
    try guest.write(
      "/run/cloud-init/status.json",
      """
      {"v1": {"stage": null, "datasource": "NoCloud",
        "init": {"errors": [], "recoverable_errors": {"WARNING": ["no such key", "too slow"]}},
        "init-local": {"errors": [], "recoverable_errors": {}},
        "modules-config": {"errors": [], "recoverable_errors": {"DEPRECATED": ["old key"], "WARNING": ["too slow"]}}}}
      """)
    let state = CloudInitState(guest.system)
    #expect(state.name == "degraded" && state.errors == ["no such key", "too slow", "old key"])
    try guest.write("/run/cloud-init/result.json", "{\"v1\": {\"errors\": [\"it broke\"]}}")
    let failed = CloudInitState(guest.system)
    #expect(failed.name == "error" && failed.errors == ["it broke"])
  }

  @Test("ends with the error of whoever watches, and the session goes on")
  func failing() throws {
    let guest = try FakeGuest()
    guest.folder("/run")
    let session = try AgentPair(system: guest.system).session()
    #expect(throws: SessionEnd.replaced) { try session.watch { _ in throw SessionEnd.replaced } }
    #expect(try session.report().hostname == "origin")
  }
}

extension String {
  fileprivate func replacingFirst(_ character: Character, with text: String) -> String {
    guard let index = firstIndex(of: character) else { return self }
    return self[..<index] + text + self[self.index(after: index)...]
  }
}
