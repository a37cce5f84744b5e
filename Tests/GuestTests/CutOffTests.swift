import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// What a program that was killed noted of its work, found by the next one: sooner, or too late.
  @Suite("Work that was cut off")
  struct CutOffTests {
    @Test("A guest that was on its way back goes there, unless it may have been used since")
    func revert() async throws {
      try await Lab.with("cut-off-revert") { lab in
        try await lab.succeed("run", try lab.plainTemplate(), "web", "--wait")
        try await lab.succeed("exec", "web", "--", "sh", "-c", "echo then >/tmp/state")
        try await lab.succeed("snapshot", "create", "web", "moment")
        let uuid = try await lab.uuid("web")

        // Somebody paused it: whether before or after the kill, going back is what was asked for.
        try await lab.succeed("exec", "web", "--", "sh", "-c", "echo now >/tmp/state")
        try await lab.virsh("suspend", "web")
        try note(lab, uuid, "running", "{\"revert\":{\"_0\":\"moment\",\"_1\":\"running\"}}")
        let resumed = try await lab.succeed("resume", "web")
        #expect(resumed.errors.contains("it goes there now"), "\(resumed)")
        #expect(try await lab.succeed("exec", "web", "--", "cat", "/tmp/state").output == "then\n")

        // It was stopped: that is no state in which anything but a user leaves it.
        try await lab.succeed("stop", "--force", "web")
        try note(lab, uuid, "running", "{\"revert\":{\"_0\":\"moment\",\"_1\":\"running\"}}")
        let started = try await lab.succeed("start", "web")
        #expect(started.errors.contains("go there again: nestor snapshot revert web moment"), "\(started)")
        try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
        #expect(try await lab.nestor("exec", "web", "--", "cat", "/tmp/state").status != 0, "it booted")

        // A long time has gone by.
        try await lab.succeed("exec", "web", "--", "sh", "-c", "echo later >/tmp/state")
        try await lab.virsh("suspend", "web")
        try note(lab, uuid, "running", "{\"revert\":{\"_0\":\"moment\",\"_1\":\"running\"}}", age: 3600)
        let late = try await lab.succeed("resume", "web")
        #expect(late.errors.contains("go there again"), "\(late)")
        #expect(try await lab.succeed("exec", "web", "--", "cat", "/tmp/state").output == "later\n")

        // It never left.
        try await lab.succeed("snapshot", "create", "web", "other")
        try note(lab, uuid, "running", "{\"revert\":{\"_0\":\"moment\",\"_1\":\"running\"}}")
        let stayed = try await lab.succeed("resume", "web")
        #expect(stayed.errors.contains("may not have arrived"), "\(stayed)")
        #expect(try await lab.succeed("exec", "web", "--", "cat", "/tmp/state").output == "later\n")
        #expect(try notes(lab) == [])

        // What cannot be read is said, and in nobody's way.
        try "{".write(toFile: "\(lab.folder)/run/unfinished-web", atomically: true, encoding: .utf8)
        #expect(try await lab.succeed("resume", "web").errors.contains("cannot be read"))
        #expect(try notes(lab) == [])
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test("Guests that stood still for one moment run on, and a snapshot that not all of them have goes")
    func standstill() async throws {
      try await Lab.with("cut-off-standstill") { lab in
        try await lab.succeed("run", try lab.plainTemplate(), "web", "db", "--wait")
        try await lab.succeed("snapshot", "create", "web", "half")
        for guest in ["web", "db"] {
          try await lab.virsh("suspend", guest)
          try note(lab, try await lab.uuid(guest), "running", "{\"pause\":{\"_0\":\"half\"}}", of: guest)
        }
        // A command that fails for a reason of its own brings order all the same.
        let failed = try await lab.nestor("snapshot", "revert", "web", "none", "--with", "db")
        #expect(failed.status == 66 && failed.errors.contains("'web' was left standing still"), "\(failed)")
        #expect(failed.errors.contains("snapshot 'half' of guest 'web' was interrupted, and is gone"), "\(failed)")
        for guest in ["web", "db"] {
          #expect(try await lab.virsh("domstate", guest).hasPrefix("running"))
          #expect(try await lab.succeed("snapshot", "list", guest, "-q").lines == [])
        }
        #expect(try notes(lab) == [])

        // All have the one whose moment is whole; of another, the last that asks for it forgets it.
        for (moment, isWhole) in [("whole", true), ("torn", false)] {
          let path = "\(lab.folder)/run/moment-\(moment)"
          if !isWhole { try "".write(toFile: path, atomically: true, encoding: .utf8) }
          for guest in ["web", "db"] {
            try await lab.succeed("snapshot", "create", guest, moment)
            try await lab.virsh("suspend", guest)
            try note(
              lab, try await lab.uuid(guest), "running", "{\"pause\":{\"_0\":\"\(moment)\"}}", of: guest,
              moment: moment
            )
          }
          for guest in ["web", "db"] {
            if !isWhole { #expect(FileManager.default.fileExists(atPath: path)) }
            let resumed = try await lab.succeed("resume", guest)
            #expect(resumed.errors.contains("runs on now"), "\(resumed)")
            #expect(try await lab.succeed("snapshot", "list", guest, "-q").lines == ["whole"])
          }
          #expect(!FileManager.default.fileExists(atPath: path))
        }
        try await lab.succeed("snapshot", "delete", "db", "whole")

        try await expectRunningOn(lab)
        try await expectWaiting(lab)

        // One that is off may have nothing else left of its memory.
        try await lab.succeed("snapshot", "create", "db", "last")
        try await lab.succeed("stop", "--force", "db")
        try note(lab, try await lab.uuid("db"), "running", "{\"pause\":{\"_0\":\"last\"}}", of: "db")
        let kept = try await lab.succeed("start", "db")
        #expect(kept.errors.contains("guest 'db' is off; its snapshot 'last'"), "\(kept)")
        #expect(try await lab.succeed("snapshot", "list", "db", "-q").lines == ["last"])
        try await lab.succeed("delete", "--force", "web", "db")
        try await lab.expectNothingLeft()
      }
    }

    /// Also what takes no lock, or changes nothing itself, lets a guest run on that was left standing still.
    private func expectRunningOn(_ lab: Lab) async throws {
      for words in [
        ["exec", "web", "--", "true"], ["ps", "web"], ["info", "web"], ["snapshot", "list", "web"], ["list"], ["gc"],
      ] {
        try await lab.virsh("suspend", "web")
        try note(lab, try await lab.uuid("web"), "running", "{\"pause\":{}}")
        let result = try await lab.nestor(words)
        #expect(result.status == 0 && result.errors.contains("'web' was left standing still"), "\(result)")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("running"), "\(words)")
        #expect(try notes(lab) == [], "\(words)")
      }
      // Another guest had the name, or another libvirt has it: the note is not about this one.
      try await lab.virsh("suspend", "web")
      try note(lab, UUID().uuidString.lowercased(), "running", "{\"pause\":{}}")
      #expect(try await lab.succeed("info", "web").output.contains("paused"))
      #expect(try await lab.nestor("exec", "web", "--", "true").errors.contains("nestor resume web"))
      #expect(try notes(lab) == ["unfinished-web"])
      try await lab.succeed("resume", "web")
    }

    /// A guest that stands still for a program which lives is left to that, and who talks to the guest waits.
    private func expectWaiting(_ lab: Lab) async throws {
      var lock = open("\(lab.folder)/run/locks/guest-web", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      defer { close(lock) }
      try #require(flock(lock, LOCK_EX) == 0)
      try await lab.virsh("suspend", "web")
      try note(lab, try await lab.uuid("web"), "running", "{\"pause\":{\"_0\":\"moment\"}}")
      #expect(try await lab.succeed("info", "web").output.contains("snapshot 'moment' of it is taken"))
      let early = try await lab.nestor("exec", "--connect-timeout", "1", "web", "--", "true")
      #expect(early.status != 0 && early.errors.contains("snapshot 'moment' of it is taken"), "\(early)")
      var waiting = try lab.start(["exec", "web", "--", "echo", "there"])
      waiting.closeInput()
      #expect(try await lab.virsh("domstate", "web").hasPrefix("paused"))
      #expect(try notes(lab) == ["unfinished-web"])
      try await lab.virsh("resume", "web")
      try FileManager.default.removeItem(atPath: "\(lab.folder)/run/unfinished-web")
      let result = try await waiting.wait()
      #expect(result.status == 0 && result.output == "there\n" && result.errors == "", "\(result)")

      // It ends in the middle: who waits by then ends its work.
      try await lab.virsh("suspend", "web")
      try note(lab, try await lab.uuid("web"), "running", "{\"pause\":{}}")
      waiting = try lab.start(["exec", "web", "--", "echo", "there"])
      waiting.closeInput()
      try await Task.sleep(for: .seconds(1))
      close(lock)
      lock = -1
      let last = try await waiting.wait()
      #expect(last.status == 0 && last.output == "there\n", "\(last)")
      #expect(last.errors.contains("'web' was left standing still"), "\(last)")
    }

    /// Writes what a program notes before it begins.
    private func note(
      _ lab: Lab, _ uuid: String, _ status: String, _ kind: String, of guest: String = "web", age: Double = 0,
      moment: String? = nil
    ) throws {
      let begun = Date().timeIntervalSince1970 - age
      let more = moment.map { ",\"moment\":\"\($0)\"" } ?? ""
      try "{\"uuid\":\"\(uuid)\",\"status\":\"\(status)\",\"kind\":\(kind),\"begun\":\(begun)\(more)}".write(
        toFile: "\(lab.folder)/run/unfinished-\(guest)", atomically: true, encoding: .utf8)
    }

    private func notes(_ lab: Lab) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(lab.folder)/run").filter { $0.hasPrefix("unfinished-") }
    }
  }
}
