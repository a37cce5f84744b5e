import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Moments of guests that run: what they hold, and that none harms another.
  @Suite("Snapshots")
  struct SnapshotTests {
    /// What a guest's state has to be at a moment.
    private struct Moment: Equatable {
      let memory: String
      let counter: Int
      let disk: String
    }

    /// A process that counts signals in its own memory, and the disk's first bytes and its checksum as a whole.
    private static let counter = "n=0; trap 'n=$((n+1)); echo $n >/tmp/count' USR1; while :; do sleep 0.05; done"

    @Test(
      "A tree of ten is gone back to in any order: memory, a process's state and the disk are exactly what they were")
    func tree() async throws {
      try await Lab.with("snapshot-tree", network: true) { lab in
        let template = try lab.template("small", "extends: tiny\ndisks: [{size: 8MiB}]\n")
        try await lab.succeed("run", template, "web", "--wait", "--timeout", "240", timeout: 250)
        try await inGuest(
          lab, "setsid sh -c '\(Self.counter.replacing("'", with: "'\\''"))' >/dev/null 2>&1 & echo $! >/tmp/pid")
        var random = SeededGenerator(seed: SeededGenerator.seed(for: "snapshots"))
        var moments: [String: Moment] = [:]
        for number in 1...10 {
          if let parent = moments.keys.sorted().randomElement(using: &random) {
            try await lab.succeed("snapshot", "revert", "web", parent)
          }
          try await inGuest(
            lab,
            "echo \(number) >/tmp/state; dd if=/dev/urandom of=/dev/vda bs=4096 count=64 seek=$((\(number) * 64)) conv=fsync 2>/dev/null"
          )
          try await count(lab)
          let name = "moment-\(number)"
          moments[name] = try await moment(lab)
          try await lab.succeed("snapshot", "create", "web", name)
        }
        #expect(Set(moments.values.map(\.disk)).count == 10, "each moment's disk is another")
        for _ in 0..<30 {
          try await goBack(lab, to: try #require(moments.keys.sorted().randomElement(using: &random)), moments)
        }
        try await forget(lab, moments, &random)
      }
    }

    /// Deletes one in the middle, one with all that came after it, and all but two; the others stay whole.
    private func forget(
      _ lab: Lab, _ moments: [String: Moment], _ random: inout SeededGenerator
    ) async throws {
      var moments = moments
      let rows = try await lab.succeed("snapshot", "list", "web", "--format", "json").json([SnapshotRow].self)
      let parents = Set(rows.compactMap(\.parent)).sorted()
      let middle = try #require(parents.randomElement(using: &random))
      #expect(try await lab.succeed("snapshot", "delete", "web", middle).output == "\(middle)\n")
      moments[middle] = nil
      let rest = try await lab.succeed("snapshot", "list", "web", "--format", "json").json([SnapshotRow].self)
      #expect(Set(rest.map(\.name)) == Set(moments.keys))
      for name in moments.keys.sorted() { try await goBack(lab, to: name, moments) }
      if let parent = Set(rest.compactMap(\.parent)).sorted().randomElement(using: &random) {
        let gone = Set(try await lab.succeed("snapshot", "delete", "web", parent, "--children").lines)
        #expect(gone.count > 1 && gone.contains(parent) && gone.isSubset(of: Set(moments.keys)))
        moments = moments.filter { !gone.contains($0.key) }
      }
      let trial = try await lab.succeed("snapshot", "prune", "web", "--keep", "2", "--dry-run").lines
      #expect(try await lab.succeed("snapshot", "prune", "web", "--keep", "2").lines == trial)
      moments = moments.filter { !trial.contains($0.key) }
      let last = try await lab.succeed("snapshot", "list", "web", "-q").lines
      #expect(Set(last) == Set(moments.keys) && last.count <= 2)
      for name in last { try await goBack(lab, to: name, moments) }
      try await lab.succeed("delete", "--force", "web")
      try await lab.expectNothingLeft()
    }

    private func goBack(_ lab: Lab, to name: String, _ moments: [String: Moment]) async throws {
      try await lab.succeed("snapshot", "revert", "web", name)
      #expect(try await moment(lab) == moments[name], "\(name)")
      // The process lives on from there, too.
      try await count(lab)
      #expect(try await moment(lab).counter == (moments[name]?.counter ?? 0) + 1)
    }

    @discardableResult
    private func inGuest(_ lab: Lab, _ line: String) async throws -> String {
      try await lab.succeed("exec", "web", "--", "sh", "-c", line).output
    }

    private func count(_ lab: Lab) async throws {
      try await inGuest(
        lab,
        "old=$(cat /tmp/count 2>/dev/null); kill -USR1 $(cat /tmp/pid); while [ \"$(cat /tmp/count 2>/dev/null)\" = \"$old\" ]; do sleep 0.02; done"
      )
    }

    private func moment(_ lab: Lab) async throws -> Moment {
      let lines = try await inGuest(lab, "cat /tmp/state /tmp/count; sha256sum </dev/vda").split(separator: "\n")
      try #require(lines.count == 3, "\(lines)")
      return Moment(memory: String(lines[0]), counter: try #require(Int(lines[1])), disk: String(lines[2]))
    }

    @Test("Several guests are kept at one moment and go back together; one that cannot be kept leaves none behind")
    func together() async throws {
      try await Lab.with("snapshots-together", network: true) { lab in
        for guest in ["web", "db"] { try await lab.succeed("run", "tiny", guest) }
        for guest in ["web", "db"] {
          try await lab.succeed("wait", guest, "--for", "agent", "--timeout", "240", timeout: 250)
          try await lab.succeed("exec", guest, "--", "sh", "-c", "echo before >/tmp/state")
        }
        try await lab.succeed("snapshot", "create", "web", "both", "--with", "db")
        #expect(try await lab.succeed("list", "--format", "json").output.contains("paused") == false, "both run on")
        let twice = try await lab.nestor("snapshot", "create", "db", "both", "--with", "web")
        #expect(twice.status == 75 && twice.errors.contains("has a snapshot 'both' already"), "\(twice)")
        for guest in ["web", "db"] { try await lab.succeed("exec", guest, "--", "rm", "/tmp/state") }
        try await lab.succeed("snapshot", "revert", "web", "both", "--with", "db")
        for guest in ["web", "db"] {
          #expect(try await lab.succeed("exec", guest, "--", "cat", "/tmp/state").output == "before\n")
        }
        try await lab.succeed("snapshot", "create", "db", "alone")
        let missing = try await lab.nestor("snapshot", "revert", "db", "alone", "--with", "web")
        #expect(missing.status != 0 && missing.errors.contains("guest 'web' has no snapshot 'alone'"), "\(missing)")
        try await lab.succeed("snapshot", "revert", "web", "both", "--paused")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("paused"))
        try await lab.succeed("stop", "--force", "web")
        try await lab.succeed("snapshot", "create", "web", "off")
        try await lab.succeed("snapshot", "revert", "web", "off", "--running")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
        let raw = try lab.template("raw", "extends: tiny\ndisks: [{size: 8MiB, format: raw}]\n")
        try await lab.succeed("create", raw, "raw")
        let none = try await lab.nestor("snapshot", "create", "web", "three", "--with", "raw")
        #expect(none.status == 69 && none.errors.contains("is not qcow2"), "\(none)")
        #expect(try await !lab.succeed("snapshot", "list", "web", "-q").lines.contains("three"))
        try await lab.succeed("delete", "--force", "web", "db", "raw")
        try await lab.expectNothingLeft()
      }
    }
  }
}
