import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// The program, or libvirtd under it, is killed at many moments of its work.
  ///
  /// The moments are spread evenly over the time that the command took without a kill. NESTOR_KILL_MOMENTS says how
  /// many there are, ten unless it is set; in the gate five, and one where each takes seconds. The seed in NESTOR_TEST_SEED
  /// moves each within its part of the time.
  @Suite("Killed in the middle")
  struct KillTests {
    /// What the user does next.
    enum Next: String, CaseIterable {
      case run, delete, collect
    }

    /// What is killed.
    enum Victim: String, CaseIterable {
      case nestor, libvirtd
    }

    private static let isGate = ProcessInfo.processInfo.environment["NESTOR_TEST_GATE"] == "1"
    private static let count =
      ProcessInfo.processInfo.environment["NESTOR_KILL_MOMENTS"].flatMap { Int($0) } ?? (isGate ? 5 : 10)
    /// As many, or the one that the gate has time for.
    private static let slowCount = isGate ? 1 : count

    @Test("nestor run, killed at any moment, leaves nothing that the next run, delete or gc does not put in order")
    func run() async throws {
      try await Lab.with("kill-run") { lab in
        let template = try lab.plainTemplate()
        // The first start of a libvirtd also looks at QEMU, which no later one does.
        try await Self.clear(lab, template, "warm up", .run)
        let whole = try await lab.succeed("run", template, "victim").seconds
        try await lab.succeed("delete", "--force", "victim")
        for (index, moment) in Self.moments(whole) {
          try await Self.kill(lab, ["run", template, "victim"], after: moment)
          let next = Next.allCases[index % Next.allCases.count]
          let comment = "seed \(SeededGenerator.seed), run killed after \(moment) of \(whole) s, then \(next)"
          try await Self.clear(lab, template, comment, next)
        }
      }
    }

    @Test("nestor delete, killed at any moment, leaves nothing that the next run, delete or gc does not put in order")
    func delete() async throws {
      try await Lab.with("kill-delete") { lab in
        let template = try lab.plainTemplate()
        var whole = 0.0
        // The second time is the usual one.
        for _ in 1...2 {
          try await lab.succeed("run", template, "victim")
          whole = try await lab.succeed("delete", "--force", "victim").seconds
        }
        for (index, moment) in Self.moments(whole) {
          try await lab.succeed("run", template, "victim")
          try await Self.kill(lab, ["delete", "--force", "victim"], after: moment)
          let next = Next.allCases[index % Next.allCases.count]
          let comment = "seed \(SeededGenerator.seed), delete killed after \(moment) of \(whole) s, then \(next)"
          try await Self.clear(lab, template, comment, next)
        }
      }
    }

    @Test("nestor clone, killed at any moment, leaves the source running and nothing that gc does not take away")
    func clone() async throws {
      try await Lab.with("kill-clone", network: true) { lab in
        try await lab.succeed("run", "tiny", "source")
        try await lab.succeed("wait", "source", "--for", "agent", "--timeout", "240")
        try await lab.succeed("exec", "source", "--", "touch", "/tmp/alive")
        try await lab.succeed("clone", "source", "victim")
        try await lab.succeed("delete", "--force", "victim")
        let whole = try await lab.succeed("clone", "source", "victim").seconds
        try await lab.succeed("delete", "--force", "victim")
        for (index, moment) in Self.moments(whole, Self.slowCount) {
          let victim = Victim.allCases[index / 2 % Victim.allCases.count]
          let comment = "seed \(SeededGenerator.seed), \(victim) killed after \(moment) of \(whole) s of a clone"
          try await Self.kill(lab, ["clone", "source", "victim"], after: moment, victim)
          // Half of the time the next clone comes at once, and has to put everything in order by itself.
          if index % 2 == 0 {
            let whole = (try? await lab.nestor("info", "victim", "--format", "json"))?.output.contains("\"running\"")
            if whole != true { try await lab.nestor("gc", "--yes") }
            try await lab.nestor("delete", "--force", "victim")
          } else {
            let again = try await lab.nestor("clone", "source", "victim")
            // A copy that was finished before the kill is in the way.
            #expect([0, 75].contains(again.status), "\(comment): \(again)")
            let alive = try await lab.nestor("exec", "victim", "--", "test", "-e", "/tmp/alive")
            #expect(alive.status == 0, "\(comment): \(alive), after \(again)")
            try await lab.succeed("delete", "--force", "victim")
          }
          // Every command that takes the source's lock lets it run on.
          try await lab.succeed("snapshot", "create", "source", "after")
          try await lab.succeed("snapshot", "delete", "source", "after")
          let state = try await lab.virsh("domstate", "source")
          #expect(state.hasPrefix("running"), "\(comment): \(state)")
          #expect(try await lab.virsh("snapshot-list", "source", "--name").allSatisfy(\.isNewline), "\(comment)")
          try await lab.succeed("exec", "source", "--", "test", "-e", "/tmp/alive")
          #expect(try await lab.domains() == ["source"], "\(comment)")
        }
        try await lab.succeed("delete", "--force", "source")
        try await lab.expectNothingLeft()
      }
    }

    @Test("nestor rename and renew, killed at any moment, are whole after the next one, and no snapshot is lost")
    func identity() async throws {
      try await Lab.with("kill-identity") { lab in
        try await lab.succeed("create", try lab.plainTemplate(), "anna")
        for name in ["first", "second"] { try await lab.succeed("snapshot", "create", "anna", name) }
        var names = ["anna", "bert"]
        var whole = ["renew": try await lab.succeed("renew", "anna").seconds]
        whole["rename"] = try await lab.succeed("rename", "anna", "bert").seconds
        for (index, part) in Self.moments(1, Self.slowCount) {
          let verb = index % 2 == 0 ? "rename" : "renew"
          if verb == "rename" { names.reverse() }
          let command = verb == "rename" ? [verb] + names : [verb, names[1]]
          let moment = part * (whole[verb] ?? 1)
          let comment = "seed \(SeededGenerator.seed), \(verb) killed after \(moment) s"
          try await Self.kill(lab, command, after: moment)
          let again = try await lab.nestor(command)
          // A rename may have been through, with nothing left to do.
          #expect(again.status == 0 || verb == "rename" && again.status == 66, "\(comment): \(again)")
          // It may have been trying whether libvirt takes the new definition.
          try await lab.succeed("gc", "--yes")
          #expect(try await lab.domains() == [names[1]], "\(comment)")
          let uuid = try await lab.uuid(names[1])
          #expect(try FileManager.default.contentsOfDirectory(atPath: "\(lab.state)/guests") == [uuid], "\(comment)")
          for name in ["first", "second"] {
            try await lab.succeed("snapshot", "revert", names[1], name)
            #expect(try await lab.domains() == [names[1]], "\(comment)")
          }
        }
        try await lab.succeed("delete", names[1])
        try await lab.expectNothingLeft()
      }
    }

    @Test("Exports and imports, whose nestor or libvirtd is killed at any moment, leave the guest and nothing else")
    func archives() async throws {
      try await Lab.with("kill-archives") { lab in
        // Nobody has its initramfs, so that an import makes an image of it.
        let tiny = "\(lab.state)/images/tiny"
        let own = try await lab.shell("cat \(tiny)/initramfs* >\(lab.folder)/own; echo >>\(lab.folder)/own")
        try #require(own.status == 0, "\(own)")
        let kernel = try FileManager.default.contentsOfDirectory(atPath: tiny).first { $0.hasPrefix("kernel") } ?? ""
        let template = try lab.template(
          "own",
          "boot: {kernel: \(tiny)/\(kernel), initramfs: \(lab.folder)/own}\nmemory: 96MiB\ndisks: [{size: 8MiB}]\n")
        try await lab.succeed("create", template, "web")
        let (archive, other) = ("\(lab.folder)/web.nestor", "\(lab.folder)/other.nestor")
        let commands = [["export", "web", other], ["import-guest", "--copy", "--name", "www", archive]]
        let exporting = try await lab.succeed("export", "web", archive).seconds
        let importing = try await lab.succeed("import-guest", "--copy", "--name", "www", archive).seconds
        try await lab.succeed("delete", "www")
        try await lab.succeed("image", "prune")
        let before = try lab.files()
        for (index, part) in Self.moments(1, Self.slowCount) {
          for (command, whole) in zip(commands, [exporting, importing]) {
            let (moment, victim) = (part * whole, Victim.allCases[index / 2 % Victim.allCases.count])
            let comment = "seed \(SeededGenerator.seed), \(victim) killed after \(moment) s of \(command[0])"
            try await Self.kill(lab, command, after: moment, victim)
            // What is there is whole, and else there is nothing.
            if FileManager.default.fileExists(atPath: other) {
              #expect(try await lab.shell("zstd -qt \(other)").status == 0, "\(comment)")
              try FileManager.default.removeItem(atPath: other)
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: lab.folder).filter { $0.contains("nestor") }
            #expect(names == ["web.nestor"], "\(comment): \(names)")
            if index % 2 == 0 {
              try await lab.succeed("gc", "--yes")
              let domains = try await lab.domains()
              // One that was whole when the program was killed is no garbage.
              if domains != ["web"] { try await lab.succeed("delete", "www") }
            } else {
              let again = try await lab.nestor(commands[1])
              #expect([0, 75].contains(again.status), "\(comment): \(again)")
              try await lab.succeed("delete", "www")
            }
            #expect(try await lab.domains() == ["web"], "\(comment)")
            try await lab.succeed("image", "prune")
            try await lab.succeed("gc", "--yes")
            let files = try lab.files()
            #expect(files == before, "\(comment): \(Set(files).symmetricDifference(before))")
          }
        }
        let check = try await lab.shell("zstd -t \(archive) && qemu-img check \(lab.state)/guests/*/disk0.qcow2")
        #expect(check.status == 0, "\(check)")
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test("Making an image of a guest, whose nestor or libvirtd is killed at any moment, leaves the image or nothing")
    func images() async throws {
      try await Lab.with("kill-images") { lab in
        try await lab.succeed("create", try lab.plainTemplate("plain", "disks: [{size: 32MiB}]"), "web")
        try await ImageCreateTests.makeSystem(lab, try await ImageCreateTests.disk(lab), "it")
        let before = try lab.files()
        let create = ["image", "create", "base", "--from", "web"]
        let whole = try await lab.nestor(create)
        try #require(whole.status == 0, "\(whole)")
        for (index, moment) in Self.moments(whole.seconds, Self.slowCount) {
          try await lab.succeed("image", "delete", "base")
          let victim = Victim.allCases[index % Victim.allCases.count]
          let comment = "seed \(SeededGenerator.seed), \(victim) killed after \(moment) of \(whole.seconds) s"
          try await Self.kill(lab, create, after: moment, victim)
          // Where libvirtd was killed nobody ends the guest that does the work, but itself when it is through.
          try await lab.until("the end of the guest") { try await lab.domains() == ["web"] }
          if index / 2 % 2 == 0 { try await lab.succeed("gc", "--yes") }
          // What has the name is whole.
          if try await lab.succeed("image", "list", "-q").lines.contains("base") {
            #expect(try await ImageCreateTests.texts(lab) == ["kept it"], "\(comment)")
            try await lab.succeed("image", "delete", "base")
          }
          try await lab.succeed("image", "create", "base", "--from", "web")
          #expect(try await ImageCreateTests.texts(lab) == ["kept it"], "\(comment)")
        }
        try await lab.succeed("image", "delete", "base")
        try await lab.succeed("gc", "--yes")
        #expect(try lab.files() == before)
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    /// What is done to snapshots when something is killed.
    private enum Work: String, CaseIterable {
      case create, revert, delete

      var arguments: [String] { ["snapshot", rawValue, "web", self == .revert ? "first" : "third"] }
    }

    @Test("Work on snapshots, whose nestor or libvirtd is killed at any moment, loses no guest and no other snapshot")
    func snapshots() async throws {
      try await Lab.with("kill-snapshots", network: true) { lab in
        try await lab.succeed("run", "tiny", "web")
        try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
        for name in ["first", "second"] {
          try await Self.note(lab, name)
          try await lab.succeed("snapshot", "create", "web", name)
        }
        var whole: [Work: Double] = [:]
        for work in Work.allCases { whole[work] = try await lab.nestor(work.arguments).seconds }
        for (index, part) in Self.moments(1, Self.slowCount) {
          let work = Work.allCases[index % Work.allCases.count]
          let victim = Victim.allCases[index / Work.allCases.count % Victim.allCases.count]
          let moment = part * (whole[work] ?? 1)
          let comment = "seed \(SeededGenerator.seed), \(victim) killed after \(moment) s of \(work)"
          try await Self.note(lab, "third")
          if work == .delete { try await lab.succeed("snapshot", "create", "web", "third") }
          try await Self.kill(lab, work.arguments, after: moment, victim)
          try await Self.whole(lab, comment, memory: work == .create ? "third" : nil)
        }
        try await lab.succeed("stop", "--force", "web")
        let disk = "\(lab.state)/guests/\(try await lab.uuid("web"))/memory.qcow2"
        let check = try await lab.shell("qemu-img check \(disk)")
        // Clusters that nobody uses are no loss; 3 says that there are such.
        #expect([0, 3].contains(check.status), "\(check)")
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    private static func note(_ lab: Lab, _ text: String) async throws {
      try await lab.succeed("exec", "web", "--", "sh", "-c", "echo \(text) >/tmp/state")
    }

    /// The guest runs, or does once the next command about it was given, and has `memory` still; each snapshot holds what
    /// it held.
    private static func whole(_ lab: Lab, _ comment: String, memory: String?) async throws {
      let probe = try await lab.nestor("snapshot", "create", "web", "probe")
      try #require(probe.status == 0, "\(comment): \(probe)")
      try await lab.succeed("snapshot", "delete", "web", "probe")
      let state = try await lab.virsh("domstate", "web")
      #expect(state.hasPrefix("running"), "\(comment): \(state)")
      if let memory {
        let kept = try await lab.nestor("exec", "web", "--", "cat", "/tmp/state")
        #expect(kept.output == "\(memory)\n", "\(comment): \(kept), after \(probe)")
      }
      let names = try await lab.succeed("snapshot", "list", "web", "-q").lines
      #expect(names == ["first", "second"] || names == ["first", "second", "third"], "\(comment): \(names)")
      for name in names {
        try await lab.succeed("snapshot", "revert", "web", name)
        #expect(try await lab.succeed("exec", "web", "--", "cat", "/tmp/state").output == "\(name)\n", "\(comment)")
      }
      if names.contains("third") { try await lab.succeed("snapshot", "delete", "web", "third") }
    }

    /// Numbered moments within the time that a command takes: one in each part of equal length. One alone has any number,
    /// so that its test tries another variant with each seed.
    private static func moments(_ whole: Double, _ count: Int = Self.count) -> [(index: Int, seconds: Double)] {
      var generator = SeededGenerator()
      print("NESTOR_TEST_SEED=\(SeededGenerator.seed): \(count) moments over \(whole) s")
      let first = count == 1 ? Int.random(in: 0..<12, using: &generator) : 0
      return (0..<count).map { index in
        let part = (Double(index) + Double.random(in: 0..<1, using: &generator)) / Double(count)
        return (first + index, (part * whole * 1000).rounded() / 1000)
      }
    }

    private static func kill(
      _ lab: Lab, _ arguments: [String], after seconds: Double, _ victim: Victim = .nestor
    ) async throws {
      let program = try lab.start(arguments)
      try await Task.sleep(for: .seconds(seconds))
      switch victim {
      case .nestor:
        program.signal(SIGKILL)
        let result = try await program.wait()
        #expect([0, 128 + SIGKILL].contains(result.status), "\(result)")
      case .libvirtd:
        try await lab.daemon.restart(killing: true)
        let result = try await program.wait()
        #expect(result.status == 0 || result.errors.contains("error: "), "\(result)")
      }
    }

    /// Does what a user would do next, and expects that it brings order.
    private static func clear(_ lab: Lab, _ template: String, _ comment: String, _ next: Next) async throws {
      switch next {
      case .run:
        let run = try await lab.nestor("run", template, "victim")
        #expect(run.status == 0, "\(comment): \(run)")
        let state = try await lab.virsh("domstate", "victim")
        #expect(state.hasPrefix("running"), "\(comment): \(state)")
        let uuid = try await lab.uuid("victim")
        let folders = try lab.files().filter { $0.hasPrefix("state/guests/") && $0.split(separator: "/").count == 3 }
        #expect(folders == ["state/guests/\(uuid)"], "\(comment)")
        let deletion = try await lab.nestor("delete", "--force", "victim")
        #expect(deletion.status == 0, "\(comment): \(deletion)")
      case .delete:
        let deletion = try await lab.nestor("delete", "--force", "victim")
        // It may not have come to be, or be gone already.
        #expect([0, 66].contains(deletion.status), "\(comment): \(deletion)")
      case .collect:
        let collection = try await lab.nestor("gc", "--yes")
        #expect(collection.status == 0, "\(comment): \(collection)")
        // A guest that was whole when the program was killed is no garbage.
        if try await lab.domains() == ["victim"] {
          let info = try await lab.succeed("info", "victim", "--format", "json").json(GuestDetails.self)
          // libvirt goes on with a start that nobody waits for, and calls that paused.
          #expect(["running", "shut off", "paused"].contains(info.status), "\(comment): \(info.status)")
          try await lab.succeed("delete", "--force", "victim")
        }
      }
      try await lab.expectNothingLeft(comment)
      let rest = try await lab.succeed("gc")
      #expect(rest.output.split(separator: "\n").count <= 1, "\(comment): \(rest)")
    }
  }
}
