import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Guests that get another identity.
  @Suite("Renewals")
  struct RenewTests {
    /// What tells a guest from another.
    private struct Identity {
      let uuid: String
      let mac: String
      let key: String
    }

    private func identity(_ lab: Lab) async throws -> Identity {
      let uuid = try await lab.uuid("web")
      let xml = try await lab.virsh("dumpxml", "--inactive", "web")
      let value = { (pattern: String) in
        xml.firstMatch(of: try Regex("\(pattern)='([^']*)'")).flatMap { $0[1].substring.map(String.init) }
      }
      return Identity(
        uuid: uuid, mac: try #require(try value("mac address")),
        key: try String(contentsOfFile: "\(lab.state)/guests/\(uuid)/private/agent.key", encoding: .utf8))
    }

    @Test(
      "A guest that is renewed has an identity of its own, its old name and address, and all but what holds the old one"
    )
    func renewed() async throws {
      try await Lab.with("renew", network: true) { lab in
        try await lab.succeed("run", "tiny", "web")
        let address = try await lab.succeed("wait", "web", "--for", "ip", "--timeout", "240").output
        let running = try await lab.nestor("renew", "web")
        #expect(running.status == 75 && running.errors.contains("stop it: nestor stop web"), "\(running)")
        try await lab.succeed("snapshot", "create", "web", "memory")
        try await lab.succeed("stop", "--force", "web")
        try await lab.succeed("snapshot", "create", "web", "off")
        try await lab.succeed("set", "web", "--autostart", "yes")
        let before = try await identity(lab)
        let refused = try await lab.nestor("renew", "web")
        #expect(refused.status == 75 && refused.errors.contains("nestor renew --force web"), "\(refused)")
        #expect(try await identity(lab).key == before.key)

        #expect(try await lab.succeed("renew", "--force", "web").output == "web\n")
        let after = try await identity(lab)
        #expect(try await lab.domains() == ["web"])
        #expect(after.uuid != before.uuid && after.mac != before.mac)
        #expect(after.key.hasPrefix("guest \(after.uuid)\n") && after.key.suffix(65) != before.key.suffix(65))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(lab.state)/guests") == [after.uuid])
        #expect(try await !lab.virsh("dumpxml", "--inactive", "web").contains(before.uuid))
        #expect(try await lab.virsh("dominfo", "web").contains(/Autostart: +enable/))
        #expect(try await lab.succeed("snapshot", "list", "web", "-q").output == "off\n")
        let network = try await lab.virsh("net-dumpxml", "default")
        // Its old NIC has the old address leased still, which no server would give out.
        let kept = try #require(network.firstMatch(of: try Regex("mac='\(after.mac)' name='web' ip='([^']*)'")))
        #expect(kept[1].substring.map { "\($0)\n" } != address && !network.contains(before.mac), "\(network)")

        try await lab.succeed("snapshot", "revert", "web", "off")
        try await lab.succeed("start", "web")
        let now = try await lab.succeed("wait", "web", "--for", "ip", "--timeout", "240").output
        #expect(now == kept[1].substring.map { "\($0)\n" })
        let inside = try await lab.succeed("exec", "web", "--", "sh", "-c", "hostname; cat /sys/class/net/eth0/address")
        #expect(inside.output == "web\n\(after.mac)\n")
        #expect(try await identity(lab).uuid == after.uuid)
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
        #expect(try await !lab.virsh("net-dumpxml", "default").contains("<host "))
      }
    }

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
        // What cannot be gone on with is told, and nothing is taken away.
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(lab.state)/renewal-web2"))
        let unreadable = try await lab.nestor("renew", "web2")
        #expect(unreadable.status == 75 && unreadable.errors.contains("could not be ended"), "\(unreadable)")
        #expect(unreadable.errors.components(separatedBy: "its note cannot be read").count == 2, "\(unreadable)")
        let directory = "\(lab.state)/guests/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        #expect(try await !lab.succeed("gc").output.contains(directory))
        try FileManager.default.removeItem(atPath: "\(lab.state)/renewal-web2")
        #expect(try await lab.succeed("gc", "--yes").output.contains(directory))
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
