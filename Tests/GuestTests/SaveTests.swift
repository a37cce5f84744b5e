import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Guests that sleep on disk, and what those notice of it who talk to them.
  @Suite("Sleeping guests")
  struct SaveTests {
    @Test("A save that is cancelled leaves the guest running and no file")
    func cancelled() async throws {
      try await withLargeGuest("save-cancelled") { lab in
        var result = try await interruptedSave(lab)
        // Where a disk is quick, a save can be over before it is interrupted.
        for _ in 0..<20 where result.status == 0 {
          try await lab.succeed("start", "web")
          result = try await interruptedSave(lab)
        }
        #expect(result.status == 130 && result.errors.contains("guest 'web' was not saved"), "\(result)")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
        #expect(try await lab.virsh("dominfo", "web").contains(/Managed save: *no/))
        try await lab.succeed("exec", "web", "--", "test", "-s", "/mnt/full")
      }
    }

    private func interruptedSave(_ lab: Lab) async throws -> ProgramResult {
      let save = try lab.start(["save", "web"])
      try await lab.until("the save") {
        try await lab.shell("virsh -q domjobinfo web; virsh -q domstate web").output.contains(
          /Operation: *Save|shut off/)
      }
      save.signal(SIGINT)
      return try await save.wait()
    }

    /// Runs `body` with a guest "web" that has much in its memory.
    private func withLargeGuest(_ label: String, _ body: @Sendable (Lab) async throws -> Void) async throws {
      try await Lab.with(label, network: true) { lab in
        let template = try lab.template("large", "extends: tiny\nmemory: 640MiB\n")
        try await lab.succeed("run", template, "web", "--wait", "--timeout", "240")
        // What is all zeros would not be written; and an emulated guest copies pages faster than it makes them.
        let fill = """
          mount -t tmpfs -o size=400m none /mnt && head -c 10m /dev/zero | tr '\\0' x >/mnt/part &&
          for i in $(seq 35); do cat /mnt/part || exit; done >/mnt/full && date >/tmp/kept
          """
        try await lab.succeed("exec", "web", "--", "sh", "-c", fill)
        try await body(lab)
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A guest that woke or went back has the right time, and who talked to it hears of that", .notInGate)
    func save() async throws {
      try await withLargeGuest("save") { lab in
        let session = try lab.start(["exec", "web", "--", "sleep", "1000"])
        try await lab.until("the session") { try await lab.succeed("ps", "web").output.contains("sleep 1000") }
        try await lab.succeed("save", "web")
        let ended = try await session.wait()
        #expect(ended.status == 69 && ended.errors.contains("the connection to guest 'web' was lost"), "\(ended)")
        #expect(try await lab.virsh("dominfo", "web").contains(/Managed save: *yes/))
        try await Task.sleep(for: .seconds(4))
        try await lab.succeed("start", "web")
        try await hasTheTime(lab)
        try await lab.succeed("suspend", "web")
        try await Task.sleep(for: .seconds(4))
        try await lab.succeed("resume", "web")
        try await hasTheTime(lab)
        try await goesBack(lab)
      }
    }

    private func goesBack(_ lab: Lab) async throws {
      let full = try await resident(lab)
      try await lab.succeed("exec", "web", "--", "umount", "/mnt")
      // The guest tells of what it has freed.
      try await lab.until("the memory that the guest freed") { try await resident(lab) < full - (250 << 10) }
      try await lab.succeed("snapshot", "create", "web", "moment")
      let session = try lab.start(["exec", "web", "--", "sleep", "2000"])
      try await lab.until("the session") { try await lab.succeed("ps", "web").output.contains("sleep 2000") }
      try await lab.succeed("snapshot", "revert", "web", "moment")
      try await hasTheTime(lab)
      let ended = try await session.wait()
      #expect(ended.status == 69 && ended.errors.contains("web"), "\(ended)")
      try await lab.succeed("exec", "web", "--", "test", "-s", "/tmp/kept")
    }

    @Test("A guest that sleeps is neither kept nor changed; it wakes, boots or goes back, and then sleeps no more")
    func sleeping() async throws {
      try await Lab.with("sleeping") { lab in
        try await lab.succeed("run", try lab.plainTemplate(), "web", "--wait")
        try await lab.succeed("exec", "web", "--", "touch", "/tmp/then")
        try await lab.succeed("snapshot", "create", "web", "moment")
        try await lab.succeed("exec", "web", "--", "touch", "/tmp/later")
        try await lab.succeed("save", "web")
        for arguments in [
          ["snapshot", "create", "web", "torn"], ["disk", "add", "web", "--size", "8MiB"],
          ["disk", "remove", "web", "vda"], ["nic", "add", "web", "--bridge", "none"],
        ] {
          let result = try await lab.nestor(arguments)
          #expect(result.status == 75 && result.errors.contains("it sleeps, and wakes as it was"), "\(result)")
        }
        let changed = try await lab.succeed("set", "web", "--memory", "88MiB", "--format", "json")
        #expect(changed.output.contains("at the next start") && changed.output.contains("it sleeps"), "\(changed)")
        // The guest's name, or what libvirt knows it by.
        try await lab.succeed("snapshot", "revert", try await lab.uuid("web"), "moment")
        let files = try await lab.succeed("exec", "web", "--", "sh", "-c", "ls /tmp")
        #expect(files.output.contains("then") && !files.output.contains("later"), "\(files)")
        #expect(try await lab.virsh("dominfo", "web").contains(/Managed save: *no/), "its next start would wake it")

        try await lab.succeed("save", "web")
        try await lab.succeed("start", "web", "--force-boot")
        try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
        #expect(try await lab.nestor("exec", "web", "--", "test", "-e", "/tmp/then").status == 1, "it booted")
        try await cutOff(lab)
        try await damaged(lab)
        // A moment without memory: what it slept with since fits its disks no more.
        try await lab.succeed("stop", "--force", "web")
        try await lab.succeed("snapshot", "create", "web", "off")
        try await lab.succeed("start", "web")
        try await lab.succeed("save", "web")
        try await lab.succeed("snapshot", "revert", "web", "off")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("shut off"))
        #expect(try await lab.virsh("dominfo", "web").contains(/Managed save: *no/))
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A guest that others let stand still, and wake, gets the time from its own agent", .notInGate)
    func keepsTheTime() async throws {
      try await Lab.with("keeps-the-time") { lab in
        try await lab.succeed("run", try lab.plainTemplate(), "web", "--wait")
        try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
        for words in [["suspend", "resume"], ["managedsave", "start"]] {
          // A clock that was set just before is no excuse.
          try await lab.succeed("exec", "web", "--", "date", "-s", "2024-02-29 12:00:00")
          try await Task.sleep(for: .seconds(3))
          try await lab.succeed("sync-clock", "web")
          try await lab.virsh(words[0], "web")
          try await Task.sleep(for: .seconds(5))
          try await lab.virsh(words[1], "web")
          try await lab.until("right time after \(words[1])") { try await agreesWithRTC(lab) }
        }
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    /// What a libvirtd leaves that is killed while it writes the memory.
    private func cutOff(_ lab: Lab) async throws {
      try await lab.succeed("save", "web")
      let path = "\(lab.daemon.folder)/lib/qemu/save/web.save"
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      // Its first bytes say whether it is whole: LibvirtQemudSave, or Part.
      try file.write(contentsOf: Data("LibvirtQemudPart".utf8))
      try file.close()
      let started = try await lab.succeed("start", "web")
      #expect(started.errors.contains("was not saved to its end"), "\(started)")
      try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
    }

    /// Whether the guest's clock shows what its hardware clock does, which goes on while it stands still.
    private func agreesWithRTC(_ lab: Lab) async throws -> Bool {
      let script = "cat /sys/class/rtc/rtc0/since_epoch; date +%s"
      let told = try await lab.succeed("exec", "web", "--", "sh", "-c", script)
      let times = told.lines.compactMap { Int($0) }
      try #require(times.count == 2, "\(told)")
      return abs(times[0] - times[1]) <= 1
    }

    /// Memory that was damaged on the disk is kept until its owner gives it up.
    private func damaged(_ lab: Lab) async throws {
      try await lab.succeed("save", "web")
      let path = "\(lab.daemon.folder)/lib/qemu/save/web.save"
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      try file.truncate(atOffset: try file.seekToEnd() / 2)
      try file.close()
      for _ in 1...2 {
        let started = try await lab.nestor("start", "web")
        #expect(started.status != 0 && started.errors.contains("nestor start --force-boot web"), "\(started)")
        #expect(try await lab.succeed("list").output.contains(/web +saved/))
      }
      try await lab.succeed("start", "web", "--force-boot")
    }

    /// The memory in KiB that the guest's QEMU takes.
    private func resident(_ lab: Lab) async throws -> Int {
      // Inside, since other labs have a guest of this name, too.
      let told = try await lab.daemon.runInside(
        ["sh", "-c", "ps -o rss= -p $(pgrep -f '^[^ ]*qemu-system.* guest=web,')"]
      ).output
      return try #require(Int(told.trimmingCharacters(in: .whitespacesAndNewlines)), "\(told)")
    }

    private func hasTheTime(_ lab: Lab) async throws {
      let before = Date().timeIntervalSince1970
      let told = try await lab.succeed("exec", "web", "--", "date", "+%s").output
      let after = Date().timeIntervalSince1970
      let guest = try #require(Double(told.trimmingCharacters(in: .whitespacesAndNewlines)))
      #expect((before - 2...after + 1).contains(guest), "\(guest) is not between \(before) and \(after)")
    }
  }
}
