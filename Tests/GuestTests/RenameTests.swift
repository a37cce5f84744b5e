import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Renames that were cut off, and those of others.
  @Suite("Renames")
  struct RenameTests {
    /// How far a program was with a rename when it was killed.
    private enum Moment: CaseIterable {
      case noted, renamed, oneForgotten, allForgotten, oneDefined, allDefined
    }

    @Test(
      "Whenever the program was killed, the next command that names the guest makes it whole, and no snapshot is lost")
    func killed() async throws {
      try await Lab.with("killed-rename") { lab in
        try await lab.makeGuestWithSnapshots("web")
        for moment in Moment.allCases {
          try await cutOff(lab, moment)
          switch moment {
          case .noted, .oneForgotten: try await lab.succeed("rename", "web", "www")
          case .renamed: try await lab.succeed("snapshot", "revert", "www", "two")
          default: try await lab.succeed("info", "www")
          }
          try await expectWhole(lab, "www", "\(moment)")
          try await lab.succeed("rename", "www", "web")
          try await expectWhole(lab, "web", "\(moment)")
        }
        // One that somebody took meanwhile stays, too.
        try await cutOff(lab, .oneDefined)
        try await lab.virsh("snapshot-create-as", "www", "four")
        try await lab.succeed("rename", "www", "web")
        let names = try await lab.succeed("snapshot", "list", "web", "-q").lines
        #expect(Set(names) == ["one", "two", "three", "four"], "\(names)")
        #expect(try await lab.virsh("snapshot-dumpxml", "web", "four").contains("<name>web</name>"))
        #expect(try await lab.virsh("snapshot-current", "--name", "web").hasPrefix("four"))
        // A disk that only a snapshot may have, of which libvirt does not know at the moment, is none that nobody has.
        let directory = "\(lab.state)/guests/\(try await lab.uuid("web"))"
        try #require(try await lab.shell("qemu-img create -q -f qcow2 \(directory)/disk-vdb.qcow2 1M").status == 0)
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(directory)/private/rename.json"))
        let careful = try await lab.succeed("gc")
        #expect(!careful.output.contains("disk-vdb") && careful.errors.contains("cannot be read"), "\(careful)")
        try FileManager.default.removeItem(atPath: "\(directory)/private/rename.json")
        #expect(try await lab.succeed("gc").output.contains("disk-vdb"))
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "A guest that virsh renamed keeps its name when it is reverted, and may be renamed once more, whoever made it"
    )
    func byVirsh() async throws {
      try await Lab.with("virsh-rename") { lab in
        try await lab.makeGuestWithSnapshots("web")
        try await lab.virsh("domrename", "web", "www")
        try await lab.succeed("snapshot", "revert", "www", "three")
        try await lab.succeed("snapshot", "revert", "www", "two")
        try await expectWhole(lab, "www", "by virsh")
        try await lab.succeed("delete", "www")

        // One that somebody made without Nestor.
        let disk = "\(lab.folder)/disk.qcow2"
        try #require(try await lab.shell("qemu-img create -q -f qcow2 \(disk) 8M").status == 0)
        let devices = """
          <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='\(disk)'/>
          <target dev='vda' bus='virtio'/></disk>
          """
        try await lab.virsh("define", try lab.domainFile("foreign", devices: devices))
        try await lab.virsh("snapshot-create-as", "foreign", "inside")
        try await lab.virsh("domrename", "foreign", "foreign-2")
        try await lab.succeed("rename", "foreign-2", "foreign-3")
        let snapshot = try await lab.virsh("snapshot-dumpxml", "foreign-3", "inside")
        #expect(snapshot.contains("<name>foreign-3</name>") && !snapshot.contains("foreign<"), "\(snapshot)")
        try await lab.virsh("snapshot-revert", "foreign-3", "inside")
        #expect(try await lab.domains() == ["foreign-3"])
        try await lab.virsh("undefine", "foreign-3", "--snapshots-metadata")
        try await lab.expectNothingLeft()
      }
    }

    /// Does what `nestor rename web www` does until a moment.
    private func cutOff(_ lab: Lab, _ moment: Moment) async throws {
      struct Note: Codable {
        let uri, from: String
        let snapshots: SnapshotNote
      }
      let note = Note(
        uri: lab.daemon.uri, from: "web", snapshots: try await lab.snapshotNote("web"))
      let file = "\(lab.state)/guests/\(try await lab.uuid("web"))/private/rename.json"
      try JSONEncoder().encode(note).write(to: URL(fileURLWithPath: file))
      if moment == .noted { return }
      try await lab.virsh("domrename", "web", "www")
      if moment == .renamed { return }
      for name in Lab.snapshotNames.reversed() {
        try await lab.virsh("snapshot-delete", "--metadata", "www", name)
        if moment == .oneForgotten { return }
      }
      if moment == .allForgotten { return }
      for text in note.snapshots.snapshots {
        try await lab.redefineSnapshot(
          "www", text.replacingOccurrences(of: "<name>web</name>", with: "<name>www</name>"))
        if moment == .oneDefined { return }
      }
    }

    /// The guest has this name, and its snapshots, which hold it, hang on each other as before.
    private func expectWhole(_ lab: Lab, _ guest: String, _ comment: String) async throws {
      #expect(try await lab.domains() == [guest], "\(comment)")
      try await lab.expectSnapshots(of: guest, comment)
      for name in Lab.snapshotNames {
        let snapshot = try await lab.virsh("snapshot-dumpxml", guest, name)
        #expect(snapshot.contains("<name>\(guest)</name>"), "\(comment): \(snapshot)")
        #expect(!snapshot.contains(guest == "web" ? "www" : "hostname=web"), "\(comment): \(snapshot)")
      }
      let uuid = try await lab.uuid(guest)
      #expect(!FileManager.default.fileExists(atPath: "\(lab.state)/guests/\(uuid)/private/rename.json"), "\(comment)")
      #expect(try await lab.virsh("dumpxml", guest).contains("hostname=\(guest)"), "\(comment)")
    }
  }
}
