import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Copies of guests that begin with their source's disks and with nothing else of it.
  @Suite("Full and linked clones")
  struct DiskCloneTests {
    @Test(
      "Copies have their source's disks, now or at a moment, and are guests of their own; what one writes no other sees"
    )
    func copies() async throws {
      try await Lab.with("disk-clones", network: true) { lab in
        let template = try lab.template("small", "extends: tiny\ndisks: [{size: 8MiB}]\n")
        try await lab.succeed("run", template, "web", "--wait", "--timeout", "240")
        try await write(lab, "web", "first")
        try await lab.succeed("snapshot", "create", "web", "moment")
        try await write(lab, "web", "second")
        try await refuse(lab, ["web", "copy", "--full"], 75, "nestor stop web")
        try await lab.succeed("stop", "--force", "web")
        // A guest that is off has no memory to run on from, so that is what suits.
        #expect(try await lab.succeed("clone", "web", "full").output == "full\n")
        let made = try await lab.succeed("clone", "web", "--linked", "--from", "moment", "--count", "2")
        #expect(made.lines == ["web-1", "web-2"])
        try await lab.succeed("clone", "web", "web-3", "--linked", "--from", "moment")
        try await linked(lab)
        try await distinct(lab, ["web", "full", "web-1", "web-2", "web-3"])
        for guest in ["full", "web-1"] { try await lab.succeed("start", guest) }
        for (guest, text) in [("full", "second"), ("web-1", "first")] {
          try await expect(lab, guest, text)
          try await write(lab, guest, "third")
        }
        try await lab.succeed("delete", "--force", "full", "web-1")
        try await lab.succeed("start", "web", "web-2")
        for (guest, text) in [("web", "second"), ("web-2", "first")] { try await expect(lab, guest, text) }
        let again = try await lab.nestor("run", template, "web-2")
        #expect(again.status == 75 && again.errors.contains("it was made as a copy of 'web'"), "\(again)")
        try await lab.succeed("delete", "--force", "web", "web-2", "web-3")
        let pruned = try await lab.succeed("image", "prune", "--format", "json").output
        #expect(pruned.contains("web-moment"), "without guests nobody needs it")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "Raw disks are copied, damaged ones and those of others are refused, and nothing is left of a copy that failed")
    func files() async throws {
      try await Lab.with("disk-clone-files") { lab in
        let template = try lab.plainTemplate("raw", "disks: [{size: 4MiB, format: raw}, {size: 4MiB}]\n")
        try await lab.succeed("create", template, "raw")
        let disk = "\(lab.state)/guests/\(try await lab.uuid("raw"))/disk0.raw"
        #expect(FileManager.default.contents(atPath: disk)?.count == 4 << 20, "raw is what a guest sees of it")
        try #require(
          try await lab.shell("yes raw | head -c 300000 | dd of=\(disk) bs=4096 seek=7 conv=notrunc").status == 0)
        try await lab.succeed("clone", "raw", "copy", "--linked")
        let copy = "\(lab.state)/guests/\(try await lab.uuid("copy"))"
        #expect(try await lab.shell("cmp \(disk) \(copy)/disk0.raw").status == 0)
        #expect(try await lab.virsh("dumpxml", "copy").contains("\(copy)/disk1.qcow2"))
        try await refuse(lab, ["raw", "late", "copy"], 75, "guest 'copy' exists already")
        try await refuse(lab, ["raw", "late", "--warm"], 75, "has no memory to go on from")
        try await refuse(lab, ["raw", "late", "--from", "never"], 66, "has no snapshot 'never'")
        try await refuse(lab, ["raw", "late", "--full", "--linked"], 64, "--linked")
        let outside = try lab.plainTemplate("outside", "disks: [{path: \(disk), format: raw}]\n")
        try await lab.succeed("create", outside, "outside")
        try await refuse(lab, ["outside", "late"], 69, "nestor image import")
        // The second of three cannot be made, and the others go with it.
        try Data("no disk".utf8).write(to: URL(fileURLWithPath: disk.replacing("disk0.raw", with: "disk1.qcow2")))
        let images = try await lab.succeed("image", "list", "-q").lines
        for kind in ["--full", "--linked"] { try await refuse(lab, ["raw", "--count", "3", kind], 1, "disk1.qcow2") }
        #expect(try await lab.succeed("image", "list", "-q").lines == images)
        try await lab.succeed("delete", "--force", "raw", "copy", "outside")
        try await lab.succeed("image", "prune")
        try await lab.expectNothingLeft()
      }
    }

    private func write(_ lab: Lab, _ guest: String, _ text: String) async throws {
      try await lab.succeed("exec", guest, "--", "sh", "-c", "echo \(text) >/dev/vda; sync")
    }

    private func expect(_ lab: Lab, _ guest: String, _ text: String) async throws {
      try await lab.succeed("wait", guest, "--for", "agent", "--timeout", "240")
      let told = try await lab.succeed("exec", guest, "--", "sh", "-c", "read a </dev/vda; echo $a; hostname")
      #expect(told.lines == [text, guest])
    }

    private func refuse(_ lab: Lab, _ arguments: [String], _ status: Int32, _ words: String) async throws {
      let domains = try await lab.domains()
      let result = try await lab.nestor(["clone"] + arguments)
      #expect(result.status == status && result.errors.contains(words), "\(result)")
      #expect(try await lab.domains() == domains)
    }

    /// What lies under the disks of linked copies, and that it stays as long as they are there.
    private func linked(_ lab: Lab) async throws {
      let rows = try await lab.succeed("image", "list", "--format", "json").json([ImageLine].self)
      #expect(rows.filter { $0.name.hasPrefix("web") }.map(\.name) == ["web-moment"], "one serves them all")
      #expect(rows.first { $0.name == "web-moment" }?.guests == ["web-1", "web-2", "web-3"])
      let copy = "\(lab.state)/guests/\(try await lab.uuid("web-1"))/disk0.qcow2"
      let told = try await lab.shell("qemu-img info --output=json \(copy)")
      #expect(told.output.contains("\"\(lab.state)/images/web-moment/disk.qcow2\""), "\(told)")
      let full = "\(lab.state)/guests/\(try await lab.uuid("full"))/disk0.qcow2"
      let alone = try await lab.shell("qemu-img info --output=json \(full)")
      #expect(alone.status == 0 && !alone.output.contains("backing") && !alone.output.contains("moment"), "\(alone)")
      let refused = try await lab.nestor("image", "delete", "web-moment")
      #expect(refused.status == 75 && refused.errors.contains("web-1, web-2, web-3"), "\(refused)")
    }

    private func distinct(_ lab: Lab, _ guests: [String]) async throws {
      var seen: Set<String> = []
      let source = try await lab.uuid("web")
      for guest in guests {
        let xml = try await lab.virsh("dumpxml", guest)
        let uuid = try await lab.uuid(guest)
        let mac = try #require(xml.firstMatch(of: /<mac address='([^']*)'/)?.1)
        let key = try String(contentsOfFile: "\(lab.state)/guests/\(uuid)/private/agent.key", encoding: .utf8)
        for fact in [uuid, String(mac), key] { #expect(seen.insert(fact).inserted, "\(guest): \(fact)") }
        #expect(guest == "web" || !xml.contains(source), "\(guest)")
      }
    }
  }
}
