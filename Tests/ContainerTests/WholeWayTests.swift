import Foundation
import TestSupport
import Testing

extension ContainerTier {
  /// The whole way, on a daemon that has objects of others: plan, apply, launch, a guest, undo.
  @Suite("From plan to undo")
  struct WholeWayTests {
    private struct Row: Decodable {
      let name, status, prepared: String
      let addresses: [String]
    }

    @Test("a container is made in which a guest answers, and undo leaves the daemon as it was")
    func whole() async throws {
      try await ContainerLab.with("whole") { lab in
        let before = try await lab.objects()
        let plan = try await lab.host(["plan"] + ContainerLab.ownObjects)
        #expect(plan.status == 0, "\(plan)")
        for title in ["storage pool nestor", "network nestorbr0", "profile nestor"] {
          #expect(plan.output.contains("--- /dev/null\n+++ \(title)\n"), "\(plan)")
        }
        #expect(try await lab.objects() == before)
        let apply = try await lab.host(["apply"] + ContainerLab.ownObjects)
        #expect(apply.status == 0, "\(apply)")
        let again = try await lab.succeed("plan")
        #expect(again.output == "", "\(again)")

        let launch = try await lab.host(lab.launchWords("lab"))
        try #require(launch.status == 0, "\(launch)")
        try await Self.expectUnprivileged(lab)
        let second = try await lab.host(lab.launchWords("lab") + ["-q"])
        #expect(second.status == 0, "\(second)")
        try await Self.runGuest(lab)
        try await Self.startTogether(lab, rounds: 1)
        try await Self.restart(lab)
        try await Self.runGuestOnTheBridge(lab)
        try await Self.undo(lab)
        #expect(try await lab.objects() == before)
        #expect(try await lab.succeed("undo").output == "")
      }
    }

    private static func expectUnprivileged(_ lab: ContainerLab) async throws {
      let map = try await lab.succeed("exec", "lab", "--", "cat", "/proc/1/uid_map")
      let numbers = map.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
      #expect(numbers.count == 3 && numbers[0] == 0 && numbers[1] >= 65536, "\(map)")
      let list = try await lab.succeed("list", "--format", "json")
      let rows = try list.json([Row].self)
      #expect(rows.map(\.name) == ["lab"])
      #expect(rows.map(\.prepared) == ["ready"])
      #expect(rows.first?.addresses.contains { $0.hasPrefix("10.57.") } == true, "\(list)")
    }

    private static func runGuest(_ lab: ContainerLab) async throws {
      try await lab.succeed("exec", "lab", "--", "nestor", "run", "tiny", "--wait", "--timeout", "300")
      let answer = try await lab.succeed("exec", "lab", "--", "nestor", "exec", "tiny", "--", "uname", "-n")
      #expect(answer.output == "tiny\n")
      let status = try await lab.host("exec", "lab", "--", "nestor", "exec", "tiny", "--", "sh", "-c", "exit 42")
      #expect(status.status == 42)
      let verify = try await lab.succeed("verify", "lab")
      #expect(verify.output.contains("PASS  lab/unprivileged"), "\(verify)")
      #expect(verify.output.contains("PASS  lab/network"), "\(verify)")
      #expect(!verify.output.contains("FAIL"), "\(verify)")
    }

    /// Guests that two programs start and end together, for each of which control groups are made and removed.
    private static func startTogether(_ lab: ContainerLab, rounds: Int) async throws {
      let halves = [(1...4), (5...8)].map { $0.map { "g\($0)" } }
      for round in 1...rounds {
        for words in [["run", "tiny"], ["delete", "--force"]] {
          let programs = try halves.map { try lab.start(["exec", "lab", "--", "nestor"] + words + $0) }
          for program in programs { program.closeInput() }
          for (program, names) in zip(programs, halves) {
            let result = try await program.wait()
            #expect(result.status == 0 && result.lines == names, "round \(round): \(result)")
          }
        }
      }
    }

    /// The container's stop saves the guest, and its start wakes it where it was, with the right time.
    private static func restart(_ lab: ContainerLab) async throws {
      let guest = ["exec", "lab", "--", "nestor", "exec", "tiny", "--"]
      let state = guest + ["sh", "-c", "cat /tmp/state /proc/sys/kernel/random/boot_id"]
      let note = try await lab.host(guest + ["sh", "-c", "echo kept >/tmp/state"])
      #expect(note.status == 0, "\(note)")
      let before = try await lab.host(state)
      #expect(before.output.hasPrefix("kept\n"), "\(before)")
      try await lab.lxc("stop", "lab", "--timeout", "120")
      // Far longer than what is allowed below, so that the clock of a guest that nobody told is seen to be behind.
      try await Task.sleep(for: .seconds(10))
      try await lab.lxc("start", "lab")
      let launch = try await lab.host(lab.launchWords("lab") + ["-q"])
      #expect(launch.status == 0, "\(launch)")
      let after = try await lab.host(state)
      #expect(after.output == before.output, "\(after)")
      let begun = Date().timeIntervalSince1970
      let clock = try await lab.host(guest + ["date", "+%s"])
      let time = try #require(Double(clock.lines.first ?? ""), "\(clock)")
      #expect(time > begun - 5 && time < Date().timeIntervalSince1970 + 5, "\(clock)")
    }

    /// A container that is there gets the bridge, and keeps its address; a guest on it has one of LXD's.
    private static func runGuestOnTheBridge(_ lab: ContainerLab) async throws {
      let before = try await lab.succeed("list", "--format", "json").json([Row].self)
      for _ in 1...2 {
        let bridged = try await lab.host(lab.launchWords("lab") + ["--bridge", "-q"])
        #expect(bridged.status == 0, "\(bridged)")
      }
      try await lab.succeed(
        "exec", "lab", "--", "nestor", "run", "tiny", "out", "-P", "network=lan", "--wait", "--timeout", "300")
      let found = try await lab.succeed("exec", "lab", "--", "nestor", "wait", "out", "--for", "ip", "--timeout", "240")
      let address = found.output.trimmingCharacters(in: .whitespacesAndNewlines)
      let after = try await lab.succeed("list", "--format", "json").json([Row].self)
      #expect(after.first?.addresses.count == 1 && before.first?.addresses.count == 1, "\(before), \(after)")
      #expect(address.hasPrefix("10.57.") && after.first?.addresses != [address], "\(found)")
      // The daemon's own bridge, on the host, is its neighbour.
      let gateway = address.split(separator: ".").dropLast().joined(separator: ".") + ".1"
      try await lab.succeed("exec", "lab", "--", "nestor", "exec", "out", "--", "ping", "-c", "1", "-W", "10", gateway)
      try await lab.succeed("exec", "lab", "--", "nestor", "delete", "--force", "out")
    }

    private static func undo(_ lab: ContainerLab) async throws {
      let all = try await lab.objects()
      for words in [["undo"], ["delete", "lab"]] {
        let refused = try await lab.host(words)
        #expect(refused.status == 75)
        #expect(refused.errors.contains("the container lab holds a guest: tiny"), "\(refused)")
      }
      #expect(try await lab.objects() == all)
      let undo = try await lab.succeed("undo", "--force")
      #expect(
        undo.lines.map { $0.split(separator: " ").first } == [
          "container", "storage", "image", "profile", "network", "storage",
        ], "\(undo)")
    }

    @Test("eight guests that are started at once all start, again and again", .notInGate)
    func together() async throws {
      try await ContainerLab.with("together") { lab in
        let launch = try await lab.host(lab.launchWords("lab"))
        try #require(launch.status == 0, "\(launch)")
        try await Self.startTogether(lab, rounds: 20)
      }
    }

    @Test("a deleted container's images are there for the next of its name", .notInGate)
    func volume() async throws {
      try await ContainerLab.with("volume") { lab in
        let first = try await lab.host(lab.launchWords("lab"))
        try #require(first.status == 0, "\(first)")
        try await lab.succeed("exec", "lab", "--", "touch", "/var/lib/nestor/images/mark")
        try await lab.succeed("delete", "lab")
        let second = try await lab.host(lab.launchWords("lab"))
        try #require(second.status == 0, "\(second)")
        try await lab.succeed("exec", "lab", "--", "test", "-e", "/var/lib/nestor/images/mark")
        try await lab.succeed("delete", "lab", "--volume")
        #expect(try await !lab.lxc("storage", "volume", "list", "nestor", "--format", "csv").contains("nestor-lab"))
      }
    }

    @Test("a container that was there gets what it lacks, and its old settings back", .notInGate)
    func prepared() async throws {
      try await ContainerLab.with("prepared") { lab in
        try await lab.lxc(
          "image", "import", "\(lab.image)/metadata.tar.gz", "\(lab.image)/rootfs.squashfs", "--alias", "theirs",
          "--quiet")
        try await lab.lxc(
          "launch", "theirs", "old", "--storage", "theirs", "--network", "theirbr0", "--profile", "theirs", "--quiet")
        let before = try await lab.lxc("config", "show", "old")
        let words = [
          "prepare", "old", "--programs", ContainerLab.programs, "--pool", "theirs", "--network", "theirbr0",
        ]
        let running = try await lab.host(words)
        #expect(running.status == 75)
        #expect(running.errors.contains("has to be restarted"), "\(running)")
        #expect(try await lab.lxc("config", "show", "old") == before)
        let prepared = try await lab.host(words + ["--restart"])
        #expect(prepared.status == 0, "\(prepared)")
        #expect(try await lab.succeed("exec", "old", "--", "nestor", "list", "-q").output == "")
        try await lab.succeed("undo")
        let after = try await lab.lxc("config", "show", "old")
        // What LXD keeps for itself changes with every start.
        let own = { (text: String) in text.split(separator: "\n").filter { !$0.contains("volatile.") } }
        #expect(own(after) == own(before))
      }
    }
  }
}
