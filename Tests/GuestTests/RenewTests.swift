import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Renewals that were cut off, and what they give up.
  @Suite("Renewals")
  struct RenewTests {
    /// How far a program was with a renewal when it was killed.
    private enum Moment: CaseIterable {
      case noted, moved, forgotten, defined, oneSnapshot, allSnapshots
    }

    @Test("Whenever the program was killed, the next command makes the guest whole, and nothing is lost")
    func killed() async throws {
      try await Lab.with("killed-renewal") { lab in
        try await lab.makeGuestWithSnapshots("web")
        for moment in Moment.allCases {
          let uuid = try await cutOff(lab, moment)
          switch moment {
          case .noted: try await lab.succeed("snapshot", "revert", "web", "two")
          case .moved: try await lab.succeed("info", "web")
          // Which finds the guest that it would make.
          case .forgotten: try await lab.succeed("create", try lab.plainTemplate(), "web")
          case .defined: #expect(try await lab.succeed("list", "-q").output == "web\n")
          case .oneSnapshot: try await lab.succeed("gc", "--yes")
          case .allSnapshots: try await lab.succeed("rename", "web", "web2")
          }
          let name = moment == .allSnapshots ? "web2" : "web"
          #expect(try await lab.domains() == [name], "\(moment)")
          #expect(try await lab.uuid(name) == uuid, "\(moment)")
          try await lab.expectSnapshots(of: name, "\(moment)")
          let key = try String(contentsOfFile: "\(lab.state)/guests/\(uuid)/private/agent.key", encoding: .utf8)
          #expect(key.hasPrefix("guest \(uuid)\n"), "\(moment)")
          #expect(!FileManager.default.fileExists(atPath: "\(lab.state)/renewal-web"), "\(moment)")
        }
        // What virsh does after the kill is kept, too.
        try await lab.succeed("rename", "web2", "web")
        _ = try await cutOff(lab, .noted)
        try await lab.virsh("snapshot-create-as", "web", "four")
        try await lab.virsh("autostart", "web")
        try await lab.succeed("rename", "web", "web2")
        let names = try await lab.succeed("snapshot", "list", "web2", "-q").lines
        #expect(Set(names) == ["one", "two", "three", "four"], "\(names)")
        #expect(try await lab.virsh("dominfo", "web2").contains(/Autostart: +enable/))
        // What cannot be gone on with is told, and nothing is taken away.
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(lab.state)/renewal-web2"))
        let unreadable = try await lab.nestor("renew", "web2")
        #expect(unreadable.status == 75 && unreadable.errors.contains("was begun and is not ended"), "\(unreadable)")
        #expect(unreadable.errors.components(separatedBy: "its note cannot be read").count == 2, "\(unreadable)")
        let directory = "\(lab.state)/guests/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let careful = try await lab.succeed("gc")
        #expect(!careful.output.contains(directory) && careful.errors.contains("renewal-web2"), "\(careful)")
        let aside = "\(lab.state)/renewal-web3.12.new"
        try Data().write(to: URL(fileURLWithPath: aside))
        try FileManager.default.removeItem(atPath: "\(lab.state)/renewal-web2")
        let collected = try await lab.succeed("gc", "--yes")
        #expect(collected.output.contains(directory) && collected.output.contains(aside), "\(collected)")
        try await lab.succeed("delete", "web2")
        try await lab.expectNothingLeft()
      }
    }

    /// Does what `nestor renew web` does until a moment; returns the UUID that the guest gets.
    private func cutOff(_ lab: Lab, _ moment: Moment) async throws -> String {
      struct Note: Codable {
        let uri, name, old, new, xml: String
        let autostart: Bool
        let snapshots: SnapshotNote
      }
      let old = try await lab.uuid("web")
      let new = UUID().uuidString.lowercased()
      let xml = try await lab.virsh("dumpxml", "--inactive", "--security-info", "web")
      let note = Note(
        uri: lab.daemon.uri, name: "web", old: old, new: new, xml: xml, autostart: false,
        snapshots: try await lab.snapshotNote("web"))
      try JSONEncoder().encode(note).write(to: URL(fileURLWithPath: "\(lab.state)/renewal-web"))
      if moment == .noted { return new }
      try FileManager.default.moveItem(
        atPath: "\(lab.state)/guests/\(old)", toPath: "\(lab.state)/guests/\(new)")
      if moment == .moved { return new }
      try await lab.virsh("undefine", "web", "--snapshots-metadata")
      if moment == .forgotten { return new }
      let path = "\(lab.folder)/domain.xml"
      try xml.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
      try await lab.virsh("define", path)
      if moment == .defined { return new }
      for text in note.snapshots.snapshots {
        try await lab.redefineSnapshot("web", text.replacingOccurrences(of: old, with: new))
        if moment == .oneSnapshot { break }
      }
      return new
    }
  }
}
