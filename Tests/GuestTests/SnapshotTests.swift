import Foundation
import Glibc
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

    /// A process that counts signals in its own memory; its file is there as a whole or not at all.
    private static let counter =
      "n=0; trap 'n=$((n+1)); echo $n >/tmp/next; mv /tmp/next /tmp/count' USR1; while :; do sleep 0.05; done"

    @Test(
      "A tree of ten is gone back to in any order: memory, a process's state and the disk are exactly what they were",
      .notInGate)
    func tree() async throws {
      try await Lab.with("snapshot-tree", network: true) { lab in
        let template = try lab.template("small", "extends: tiny\ndisks: [{size: 8MiB}]\n")
        try await lab.succeed("run", template, "web", "--wait", "--timeout", "240")
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
          try await lab.succeed("wait", guest, "--for", "agent", "--timeout", "240")
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

    @Test("A disk that is too full for a snapshot leaves the guest running, and the earlier snapshots whole")
    func diskFull() async throws {
      try await Lab.with("snapshot-full", network: true) { lab in
        try await lab.succeed("create", "tiny", "web")
        let disk = "\(lab.state)/guests/\(try await lab.uuid("web"))/memory.qcow2"
        // The file alone moves to a small file system, in libvirtd's namespace: Nestor needs none of what is in it.
        let moved = try await lab.daemon.runInside([
          "sh", "-ec",
          """
          mkdir /run/small
          mount -t tmpfs -o size=300m tmpfs /run/small
          cp \(disk) /run/small/disk
          mount --bind /run/small/disk \(disk)
          """,
        ])
        try #require(moved.status == 0, "\(moved.errors)")
        try await lab.succeed("start", "web", "--wait", "--timeout", "240")
        try await inGuest(lab, "echo first >/tmp/state")
        try await lab.succeed("snapshot", "create", "web", "first")
        try await inGuest(lab, "echo second >/tmp/state")
        let filled = try await lab.daemon.runInside([
          "sh", "-c", "head -c 1G /dev/zero >/run/small/filler 2>/dev/null; truncate -s -8M /run/small/filler",
        ])
        try #require(filled.status == 0, "\(filled.errors)")
        let full = try await lab.nestor("snapshot", "create", "web", "second")
        #expect(full.status == 1, "\(full)")
        #expect(full.errors.contains("cannot take a snapshot of guest 'web'"), "\(full)")
        #expect(full.errors.contains("the disk may be full: free some space"), "\(full)")
        #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
        #expect(try await inGuest(lab, "cat /tmp/state") == "second\n")
        #expect(try await lab.succeed("snapshot", "list", "web", "-q").lines == ["first"])
        try await lab.succeed("snapshot", "revert", "web", "first")
        #expect(try await inGuest(lab, "cat /tmp/state") == "first\n")
        let emptied = try await lab.daemon.runInside(["rm", "/run/small/filler"])
        #expect(emptied.status == 0)
        // What the failure left in the file is no obstacle.
        try await lab.succeed("snapshot", "create", "web", "second")
        try await inGuest(lab, "rm /tmp/state")
        for name in ["first", "second"] {
          try await lab.succeed("snapshot", "revert", "web", name)
          #expect(try await inGuest(lab, "cat /tmp/state") == "first\n")
        }
        try await lab.succeed("stop", "--force", "web")
        let check = try await lab.daemon.runInside(["qemu-img", "check", disk])
        // 3 says that there are clusters that nobody uses.
        #expect([0, 3].contains(check.status), "\(check.errors)")
        _ = try await lab.daemon.runInside(["umount", disk])
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "A snapshot that its disk does not hold any more is told of when another is deleted, and can be deleted itself")
    func torn() async throws {
      try await Lab.with("snapshot-torn") { lab in
        try await lab.succeed("create", try lab.plainTemplate("small", "disks: [{size: 8MiB}]"), "a")
        for name in ["one", "two", "three"] { try await lab.succeed("snapshot", "create", "a", name) }
        let disk = "\(lab.state)/guests/\(try await lab.uuid("a"))/disk0.qcow2"
        try #require(try await lab.shell("qemu-img snapshot -d two \(disk)").status == 0)
        let deleted = try await lab.succeed("snapshot", "delete", "a", "three")
        #expect(deleted.errors.contains("snapshot 'two' of guest 'a' was not whole before this: \(disk)"), "\(deleted)")
        #expect(try await lab.succeed("snapshot", "list", "a", "-q").lines.sorted() == ["one", "two"])
        let two = try await lab.succeed("snapshot", "delete", "a", "two")
        #expect(!two.errors.contains("not whole"), "\(two)")
        #expect(try await lab.shell("qemu-img snapshot -l \(disk)").output.contains("one"))
        try await lab.succeed("delete", "a")
        try await lab.expectNothingLeft()
      }
    }

    @Test("An image that only a snapshot's disk lies on is kept, and can be deleted with that snapshot")
    func neededImage() async throws {
      try await Lab.with("snapshot-image") { lab in
        let made = try await lab.shell(
          "qemu-img create -q -f qcow2 \(lab.folder)/data.qcow2 8M && nestor image import \(lab.folder)/data.qcow2 --name data"
        )
        try #require(made.status == 0, "\(made)")
        try await lab.succeed("create", try lab.template("small", "extends: tiny\ndisks: [{size: 8MiB}]\n"), "a")
        try await lab.succeed("snapshot", "create", "a", "without")
        try await lab.succeed("disk", "add", "a", "--image", "data")
        try await lab.succeed("snapshot", "create", "a", "with")
        try await lab.succeed("snapshot", "revert", "a", "without")
        let refused = try await lab.nestor("image", "delete", "data")
        #expect(refused.status == 75 && refused.errors.contains("guests were made from it: a"), "\(refused)")
        // By this address it is another machine's libvirt, whose guests say nothing of the images here.
        let relay = "\(lab.folder)/relay"
        let script = """
          #!/usr/bin/env python3
          import os, socket, threading
          peer = socket.socket(socket.AF_UNIX)
          peer.connect("\(lab.daemon.folder)/run/libvirt-sock")
          def send():
              while data := os.read(0, 65536):
                  peer.sendall(data)
              os._exit(0)
          threading.Thread(target=send, daemon=True).start()
          while data := peer.recv(65536):
              os.write(1, data)
          """
        try Data(script.utf8).write(to: URL(fileURLWithPath: relay))
        chmod(relay, 0o755)
        let elsewhere = "qemu+ext://elsewhere/system?command=\(relay)"
        let remote = try await lab.nestor("image", "delete", "data", "--connect", elsewhere)
        #expect(remote.status == 69 && remote.errors.contains("over a connection to another machine"), "\(remote)")
        try await lab.succeed("snapshot", "revert", "a", "with")
        try await lab.succeed("snapshot", "revert", "a", "without")
        try await lab.succeed("snapshot", "delete", "a", "with")
        try await lab.succeed("image", "delete", "data")
        try await lab.succeed("delete", "a")
        try await lab.expectNothingLeft()
      }
    }
  }
}
