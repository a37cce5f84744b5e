import Foundation
import TestSupport
import Testing

extension GuestTier {
  /// Guests that Nestor did not make, and guests that somebody else changes.
  @Suite("Guests of others")
  struct ForeignGuestTests {
    @Test("A guest made with virsh is listed, started, stopped and deleted, and keeps its disk")
    func foreign() async throws {
      try await Lab.with("foreign") { lab in
        let disk = "\(lab.folder)/disk.img"
        #expect(FileManager.default.createFile(atPath: disk, contents: Data(count: 1 << 20)))
        let name = "their own & <odd> 'one'"
        try await lab.virsh(
          "define",
          try lab.domainFile(
            name, devices: "<disk type='file'><source file='\(disk)'/><target dev='vda' bus='virtio'/></disk>"))
        let rows = try await lab.succeed("list", "--format", "json").json([GuestRow].self)
        #expect(rows.map(\.name) == [name] && rows.map(\.template) == [nil] && rows.map(\.status) == ["shut off"])
        #expect(try await lab.succeed("list").lines.last?.hasSuffix("  -") == true)
        #expect(try await lab.succeed("start", name).output == name + "\n")
        #expect(try await lab.succeed("info", name, "--format", "json").json(GuestDetails.self).directory == nil)
        let logs = try await lab.nestor("logs", name)
        #expect(logs.status == 69 && logs.errors.contains("nestor did not make it"), "\(logs)")
        let ready = try await lab.nestor("wait", name, "--timeout", "20")
        #expect(ready.status == 69 && ready.errors.contains("--for console:TEXT"), "\(ready)")
        let difference = try await lab.nestor("xml", name, "--diff")
        #expect(difference.status == 69, "\(difference)")
        let run = try await lab.nestor("run", try lab.plainTemplate(), "a", name)
        #expect(run.status == 65, "\(run)")
        #expect(try await lab.nestor("delete", name).status == 75)
        try await lab.succeed("stop", "--force", name)
        try await lab.succeed("delete", name)
        try await lab.expectNothingLeft()
        #expect(FileManager.default.contents(atPath: disk)?.count == 1 << 20, "the disk was not Nestor's to delete")
      }
    }

    @Test("What virsh did to Nestor's guests is taken as it is: undefined ones leave files that gc finds")
    func undefined() async throws {
      try await Lab.with("undefined") { lab in
        let template = try lab.plainTemplate()
        try await lab.succeed("create", template, "a", "b")
        let uuid = try await lab.uuid("a")
        try await lab.virsh("undefine", "a")
        #expect(try await lab.succeed("list", "-q").output == "b\n")
        #expect(try await lab.nestor("start", "a").status == 66)
        let found = try await lab.succeed("gc", "--format", "json").json([Leftover].self)
        #expect(found == [Leftover(kind: "files", name: "\(lab.state)/guests/\(uuid)")])
        #expect(try lab.files().contains("state/guests/\(uuid)"), "nothing is removed without --yes")
        try await lab.succeed("gc", "--yes")
        #expect(try !lab.files().contains("state/guests/\(uuid)"))
        #expect(try await lab.succeed("gc", "--format", "json").json([Leftover].self) == [])
        try await lab.succeed("run", template, "b")
        try await lab.virsh("destroy", "b")
        #expect(try await lab.succeed("list").lines.last?.contains("  shut off  ") == true)
        try await lab.succeed("delete", "b")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A guest that does not act on ACPI stays on when the time is over, with status 124; --force pulls the plug")
    func deaf() async throws {
      try await Lab.with("deaf") { lab in
        let template = try lab.plainTemplate("deaf", "boot: {cmdline: acpi=off}")
        try await lab.succeed("run", template, "deaf")
        let stopped = try await lab.nestor("stop", "deaf", "--timeout", "2.5")
        #expect(stopped.status == 124 && stopped.output == "", "\(stopped)")
        #expect(
          stopped.errors.contains("still running after 2 s") && stopped.errors.contains("nestor stop --force deaf"))
        #expect((2.5..<15).contains(stopped.seconds))
        #expect(try await lab.virsh("domstate", "deaf").hasPrefix("running"))
        let forced = try await lab.succeed("stop", "--force", "deaf")
        #expect(forced.output == "deaf\n")
        #expect(try await lab.virsh("domstate", "deaf").hasPrefix("shut off"))
        try await lab.succeed("delete", "deaf")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A guest that another program holds is waited for, and one that goes off ends who waits for it to be up")
    func held() async throws {
      try await Lab.with("held") { lab in
        let template = try lab.plainTemplate("silent", "boot: {cmdline: panic=0 init=/none}")
        try await lab.succeed("run", template, "a")
        let waiting = try lab.start(["wait", "a", "--for", "console:never", "--timeout", "100"])
        let off = try lab.start(["wait", "a", "--for", "off", "--timeout", "100"])
        try await lab.until("both waits are connected") {
          try await lab.clients() >= 2
        }
        try await lab.virsh("destroy", "a")
        let ended = try await waiting.wait()
        #expect(ended.status == 75 && ended.errors.contains("went off while it was waited for"), "\(ended)")
        let reached = try await off.wait()
        #expect(reached.status == 0 && reached.output == "off\n", "\(reached)")
        try await lab.succeed("delete", "a")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "Who waits for another nestor is let go at the first ctrl-C, and nothing has changed",
      arguments: ["create", "revert"])
    func interruptedWait(verb: String) async throws {
      try await Lab.with("interrupted-wait") { lab in
        try await lab.succeed("create", try lab.template("small", "extends: tiny\ndisks: [{size: 8MiB}]\n"), "a")
        try await lab.succeed("snapshot", "create", "a", "first")
        let path = "\(lab.folder)/run/locks/guest-a"
        let holder = try lab.startShell("exec flock \(path) sh -c 'echo held; cat'")
        try await lab.until("the lock is held") { holder.output == "held\n" }
        let waiting = try lab.start(["snapshot", verb, "a", verb == "create" ? "second" : "first"])
        try await lab.until("it listens to ctrl-C") { waiting.hears(SIGINT) }
        // Then it gets to the lock, mostly.
        try await Task.sleep(for: .seconds(1))
        waiting.signal(SIGINT)
        let ended = try await waiting.wait()
        #expect(ended.status == 130 && ended.output.isEmpty && ended.errors.contains("ending as soon as"), "\(ended)")
        holder.closeInput()
        _ = try await holder.wait()
        #expect(try await lab.succeed("snapshot", "list", "a", "-q").lines == ["first"])
        try await lab.succeed("delete", "a", "--force")
      }
    }
  }
}
