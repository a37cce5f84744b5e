import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// One guest, from its first start to its end.
  @Suite("A guest's life")
  struct LifeCycleTests {
    @Test(
      "One command makes, starts and awaits a guest; every other command then finds it as it is, until it is deleted")
    func life() async throws {
      try await Lab.with("life", network: true) { lab in
        let uuid = try await firstRun(lab)
        try await looks(lab, uuid)
        try await again(lab, uuid)
        try await waits(lab)
        try await pauses(lab)
        try await saves(lab)
        try await snapshots(lab)
        try await panics(lab)
        try await restarts(lab, uuid)
        try await ends(lab, uuid)
      }
    }

    private func firstRun(_ lab: Lab) async throws -> String {
      let run = try await lab.succeed("run", "tiny", "web", "--wait")
      #expect(run.output == "web\n", "only the name goes to standard output")
      #expect(run.errors.contains("web: nestor: up web, Linux "), "the guest's own line: \(run)")
      let warnings = run.errors.split(separator: "\n").filter { $0.hasPrefix("warning:") }
      let details = try await lab.succeed("info", "web", "--format", "json").json(GuestDetails.self)
      #expect(warnings.count == (details.accelerator == "tcg" ? 1 : 0), "\(run)")
      return details.uuid
    }

    private func looks(_ lab: Lab, _ uuid: String) async throws {
      let table = try await lab.succeed("list")
      #expect(table.lines.count == 2)
      #expect(table.lines.first == "NAME  STATUS   CPUS  MEMORY   TEMPLATE")
      #expect(table.lines.last == "web   running  1     128 MiB  tiny")
      let rows = try await lab.succeed("list", "--format", "json").json([GuestRow].self)
      #expect(
        rows == [
          GuestRow(name: "web", uuid: uuid, status: "running", cpus: 1, memory: 134_217_728, template: "tiny")
        ])
      #expect(try await lab.succeed("ls", "-q").output == "web\n")
      let yaml = try await lab.succeed("list", "--format", "yaml").output
      #expect(yaml.contains("- cpus: 1\n") && yaml.contains("  name: web\n"), "\(yaml)")

      let details = try await lab.succeed("info", "web", "--format", "json").json(GuestDetails.self)
      #expect(details.name == "web" && details.status == "running")
      #expect(details.parameters == ["memory": "128MiB", "cpus": "1", "network": "default"])
      #expect(details.disks.map(\.target) == ["vda"])
      #expect(details.disks.first?.source == "\(lab.state)/guests/\(uuid)/memory.qcow2")
      #expect(details.interfaces.first?.source == "network default")
      #expect(details.consoleLog == "\(lab.state)/guests/\(uuid)/console.log")
      #expect(details.directory == "\(lab.state)/guests/\(uuid)")
      #expect(try await lab.succeed("info", "web").output.contains("Status:       running\n"))

      let xml = try await lab.succeed("xml", "web").output
      #expect(xml.contains("<uuid>\(uuid)</uuid>") && xml.contains("id='"))
      #expect(xml.contains("template=") && xml.contains("urn:nestor:guest:1"))
      #expect(!xml.contains("stage="), "nothing of the mark that says half made is left")
      let later = try await lab.succeed("xml", "web", "--inactive").output
      #expect(!later.contains("<domain type='qemu' id='") && later.contains("<uuid>\(uuid)</uuid>"))
      let difference = try await lab.succeed("xml", "web", "--diff").output
      #expect(
        difference.split(separator: "\n").contains { $0.hasPrefix("+") && $0.contains("<emulator>") }, "\(difference)")

      let log = try await lab.succeed("logs", "web").output
      #expect(log.contains("nestor: up web"))
      let last = try await lab.succeed("logs", "web", "--tail", "1000").lines
      #expect(last.contains { $0.hasPrefix("nestor: up web, Linux ") })
      #expect(!last.contains { $0.contains("\u{1b}") })
      let none = try await lab.nestor("logs", "web", "--previous")
      #expect(none.status != 0 && none.errors.contains("no earlier console log"), "\(none)")
    }

    private func again(_ lab: Lab, _ uuid: String) async throws {
      let id = try await lab.virsh("domid", "web")
      let twice = try await lab.succeed("run", "tiny", "web")
      #expect(twice.output == "web\n")
      #expect(try await lab.virsh("domid", "web") == id, "the guest runs on, untouched")
      #expect(try await lab.uuid("web") == uuid)
      let other = try await lab.nestor("run", "tiny", "web", "-P", "memory=256MiB")
      #expect(other.status == 75, "\(other)")
      #expect(other.errors.contains("'web' exists already") && other.errors.contains("with other parameters"))
      let deletion = try await lab.nestor("delete", "web")
      #expect(deletion.status == 75 && deletion.errors.contains("is running"), "\(deletion)")
      #expect(try await lab.virsh("domid", "web") == id)
      // Without a vsock there are the sockets of the agent's ports as well.
      #expect(try lab.files().filter { !$0.contains("/private/port-") } == Self.files(uuid))
    }

    private static func files(_ uuid: String) -> [String] {
      [
        "", "/console.log", "/initramfs", "/kernel", "/memory.qcow2", "/private", "/private/agent.key",
        "/private/delivery.json",
      ].map { "state/guests/\(uuid)\($0)" }
    }

    private func waits(_ lab: Lab) async throws {
      #expect(try await lab.succeed("wait", "web", "--for", "running").output == "running\n")
      #expect(try await lab.succeed("wait", "web").output.hasPrefix("nestor: up web, Linux "))
      let address = try await lab.succeed("wait", "web", "--for", "ip").output
      #expect(address.hasPrefix("192.168.122."), "\(address)")
      let details = try await lab.succeed("info", "web", "--format", "json").json(GuestDetails.self)
      #expect(details.interfaces.first?.addresses == [address.trimmingCharacters(in: .newlines) + "/24"])
      let late = try await lab.nestor("wait", "web", "--for", "console:no such words", "--timeout", "1.5")
      #expect(late.status == 124, "\(late)")
      #expect(late.errors.contains("waiting for 'no such words' on its console"))
      #expect(late.errors.contains("nestor: up web, Linux "), "the console's last lines: \(late)")
      #expect((1.5..<10).contains(late.seconds))
      let stranger = try await lab.nestor("wait", "wep", "--timeout", "1")
      #expect(stranger.status == 66 && stranger.errors.contains("did you mean 'web'?"), "\(stranger)")
      let nonsense = try await lab.nestor("wait", "web", "--for", "godot")
      #expect(nonsense.status == 64, "\(nonsense)")
    }

    private func pauses(_ lab: Lab) async throws {
      for _ in 1...2 {
        try await lab.succeed("suspend", "web")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("paused"))
      }
      #expect(try await lab.succeed("list").lines.last?.contains("  paused  ") == true)
      let deaf = try await lab.nestor("stop", "web", "--timeout", "2")
      #expect(deaf.status == 75 && deaf.errors.contains("nestor resume web"), "\(deaf)")
      for _ in 1...2 {
        try await lab.succeed("resume", "web")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
      }
    }

    /// The shell's variable lives in the guest's memory alone.
    private func saves(_ lab: Lab) async throws {
      try await lab.type("kept=$((6*7)); echo now-$kept", into: "web", until: "now-42")
      try await lab.succeed("save", "web")
      #expect(try await lab.succeed("list").lines.last?.contains("  saved  ") == true)
      try await lab.succeed("save", "web")
      let woken = try await lab.succeed("start", "web", "--wait", "--timeout", "240")
      #expect(woken.output == "web\n")
      try await lab.type("echo then-$kept", into: "web", until: "then-42")
    }

    /// What was written after a snapshot is gone after the return to it, what was there before is not.
    private func snapshots(_ lab: Lab) async throws {
      try await lab.type("echo early-$((1+1)) >/tmp/early; cat /tmp/early", into: "web", until: "early-2")
      let made = try await lab.succeed("snapshot", "create", "web", "one", "--description", "before the change")
      #expect(made.output == "one\n")
      let twice = try await lab.nestor("snapshot", "create", "web", "one")
      #expect(twice.status == 75 && twice.errors.contains("has a snapshot 'one' already"), "\(twice)")
      try await lab.type("echo late-$((2+2)) >/tmp/late; cat /tmp/late", into: "web", until: "late-4")
      #expect(try await lab.succeed("snapshot", "create", "web", "two").output == "two\n")

      let rows = try await lab.succeed("snapshot", "list", "web", "--format", "json").json([SnapshotRow].self)
      #expect(rows.map(\.name) == ["one", "two"] && rows.map(\.state) == ["running", "running"])
      #expect(rows.map(\.isCurrent) == [false, true] && rows.map(\.parent) == [nil, "one"])
      #expect(rows.first?.description == "before the change")
      #expect(try await images(lab) == ["one", "two"], "libvirt and the disk agree")

      try await lab.succeed("snapshot", "revert", "web", "one")
      #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
      try await lab.type(
        "cat /tmp/early; cat /tmp/late || echo back-$((5*5))", into: "web", until: "back-25")
      let missing = try await lab.nestor("snapshot", "revert", "web", "tow")
      #expect(missing.status == 66 && missing.errors.contains("did you mean 'two'?"), "\(missing)")
      for name in ["one", "two"] { try await lab.succeed("snapshot", "delete", "web", name) }
      #expect(try await lab.succeed("snapshot", "list", "web", "-q").output == "")
      #expect(try await images(lab) == [])
    }

    private func images(_ lab: Lab) async throws -> [String] {
      let uuid = try await lab.uuid("web")
      let disk = "\(lab.state)/guests/\(uuid)/memory.qcow2"
      let table = try await lab.daemon.runInside(["qemu-img", "snapshot", "-U", "-l", disk])
      try #require(table.status == 0, "\(table.errors)")
      return table.output.split(separator: "\n").dropFirst(2).map { String($0.split(separator: " ")[1]) }
    }

    /// A file that is too large for its memory is refused; a kernel that panics ends it, as every command says at once.
    private func panics(_ lab: Lab) async throws {
      let large = try await lab.nestor(
        "exec", "web", "--", "sh", "-c", "dd if=/dev/zero of=/tmp/large bs=1M count=64; rm /tmp/large")
      #expect(large.errors.contains("No space left on device"), "\(large)")
      let last = try await lab.nestor("exec", "web", "--", "sh", "-c", "echo c >/proc/sysrq-trigger; sleep 600")
      #expect(last.status == 69 && last.errors.contains("was lost"), "\(last)")
      try await lab.until("the end of the guest") {
        try await lab.succeed("list").lines.last?.contains("  crashed  ") == true
      }
      let next = try await lab.nestor("exec", "web", "--", "true")
      #expect(
        next.status == 75 && next.errors.contains("it crashed") && next.errors.contains("Kernel panic - not"), "\(next)"
      )
      #expect(next.errors.contains("nestor logs web"), "\(next)")
      try await lab.succeed("start", "web", "--wait", "--timeout", "240")
    }

    private func restarts(_ lab: Lab, _ uuid: String) async throws {
      let stopped = try await lab.succeed("stop", "web")
      #expect(stopped.output == "web\n")
      #expect(try await lab.virsh("domstate", "web").hasPrefix("shut off"))
      #expect(try await lab.succeed("wait", "web", "--for", "off").output == "off\n")
      try await lab.succeed("stop", "web")
      let waiting = try await lab.nestor("wait", "web", "--timeout", "30")
      #expect(waiting.status == 75 && waiting.errors.contains("is not running"), "\(waiting)")
      try await lab.succeed("start", "web")
      #expect(try await lab.succeed("logs", "web", "--previous").output.contains("nestor: up web"))
      let id = try await lab.virsh("domid", "web")
      try await lab.succeed("start", "web")
      #expect(try await lab.virsh("domid", "web") == id)
      try await lab.succeed("restart", "web", "--force")
      #expect(try await lab.virsh("domid", "web") != id)
      #expect(try await lab.uuid("web") == uuid)
    }

    private func ends(_ lab: Lab, _ uuid: String) async throws {
      let deleted = try await lab.succeed("delete", "--force", "web")
      #expect(deleted.output == "web\n")
      try await lab.expectNothingLeft()
      let again = try await lab.nestor("delete", "web")
      #expect(again.status == 66, "\(again)")
      try await lab.expectNothingLeft()
    }
  }
}
