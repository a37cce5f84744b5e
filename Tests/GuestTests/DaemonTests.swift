import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// libvirtd goes away under a running guest.
  @Suite("libvirtd killed")
  struct DaemonTests {
    @Test("Events come as JSON, one object a line, while a guest starts and stops")
    func events() async throws {
      try await Lab.with("events") { lab in
        let template = try lab.plainTemplate()
        let watcher = try lab.start(["events", "--format", "json"])
        let chosen = try lab.start(["events", "b"])
        try await lab.until("the watchers are connected") { try await lab.clients() >= 2 }
        try await lab.succeed("run", template, "a")
        try await lab.succeed("create", template, "b")
        try await lab.succeed("delete", "--force", "a")
        try await lab.until("the events of a's end") { watcher.output.contains("\"undefined\"") }
        watcher.signal(SIGTERM)
        chosen.signal(SIGINT)
        let result = try await watcher.wait()
        #expect(result.status == 128 + SIGTERM || result.status == 130, "\(result)")
        let lines = try result.lines.map { try JSONDecoder().decode(EventLine.self, from: Data($0.utf8)) }
        let ofA = lines.filter { $0.guest == "a" }.map(\.event)
        #expect(ofA.contains("defined") && ofA.contains("started") && ofA.contains("stopped"), "\(ofA)")
        let order = ["defined", "started", "stopped", "undefined"].compactMap { ofA.firstIndex(of: $0) }
        #expect(order == order.sorted() && order.count == 4, "\(ofA)")
        #expect(lines.allSatisfy { $0.uuid.count == 36 && $0.time.hasSuffix("Z") })
        let other = try await chosen.wait()
        #expect(other.output.contains("  b  defined") && !other.output.contains("  a  "), "\(other)")
        try await lab.succeed("delete", "b")
        try await lab.expectNothingLeft()
      }
    }

    @Test("When libvirtd is killed and started again the guest lives, events reconnect and say so, waits end or go on")
    func killed() async throws {
      try await Lab.with("libvirtd-killed") { lab in
        try await lab.succeed("run", try lab.plainTemplate(), "a")
        let process = try lab.qemu("a")
        let watcher = try lab.start(["events", "--format", "json"])
        let waits = try ["running", "off", "console:never at all"].map { goal in
          try lab.start(["wait", "a", "--for", goal, "--timeout", "240"])
        }
        _ = try await waits[0].wait()
        try await lab.until("the watcher and two waits are connected") { try await lab.clients() >= 3 }

        try await lab.daemon.restart(killing: true)
        #expect(try lab.qemu("a") == process, "the guest's QEMU is the same")
        let rows = try await lab.succeed("list", "--format", "json").json([GuestRow].self)
        #expect(rows.map(\.status) == ["running"])
        try await lab.until("the watcher is connected again") { watcher.errors.contains("connected again") }
        #expect(watcher.errors.contains("the connection to libvirt was lost"))
        try await lab.succeed("suspend", "a")
        try await lab.until("an event after the restart") { watcher.output.contains("\"suspended\"") }
        try await lab.succeed("resume", "a")
        try await lab.succeed("stop", "--force", "a")
        for wait in waits.dropFirst() {
          let result = try await wait.wait()
          // Either it took up the wait again, and saw the guest go off, or it says why it cannot.
          let isReached = result.status == 0 && result.output == "off\n"
          let isExplained = result.status == 69 && result.errors.hasPrefix("error: cannot ")
          #expect(isReached || isExplained && result.errors.contains("hint: "), "\(result)")
        }
        watcher.signal(SIGINT)
        _ = try await watcher.wait()
        try await lab.succeed("delete", "a")
        try await lab.expectNothingLeft()
      }
    }

    @Test("Without a libvirtd every command says so at once, with what to do")
    func none() async throws {
      try await Lab.with("no-libvirtd") { lab in
        try await lab.daemon.endDaemon(killing: true)
        let template = try lab.plainTemplate()
        for arguments in [["list"], ["run", template, "a"], ["start", "a"], ["events"], ["gc"], ["wait", "a"]] {
          let result = try await lab.nestor(arguments)
          #expect(result.status == 69 && result.errors.contains("cannot connect to libvirt at "), "\(result)")
          #expect(result.errors.contains("hint: is libvirt running?"), "\(result)")
        }
        #expect(try lab.files() == [])
      }
    }
  }
}
