import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Guests that get another name, and another identity; in one test, to boot less often.
  @Suite("Names and identities")
  struct IdentityTests {
    /// What tells a guest from another.
    private struct Identity {
      let uuid: String
      let mac: String
      let key: String

      init(of guest: String, in lab: Lab) async throws {
        uuid = try await lab.uuid(guest)
        let xml = try await lab.virsh("dumpxml", "--inactive", guest)
        mac = try #require(xml.firstMatch(of: /mac address='([^']*)'/).map { String($0.1) })
        key = try String(contentsOfFile: "\(lab.state)/guests/\(uuid)/private/agent.key", encoding: .utf8)
      }
    }

    @Test(
      "A guest has its memory, snapshots and address under another name, and with another identity all that is its own")
    func changed() async throws {
      try await Lab.with("identity", network: true) { lab in
        try await lab.succeed("run", "tiny", "web")
        let address = try await lab.succeed("wait", "web", "--for", "ip", "--timeout", "240").output
        try await lab.succeed("exec", "web", "--", "sh", "-c", "echo remembered >/tmp/state")
        try await lab.succeed("snapshot", "create", "web", "ready")
        for command in [["rename", "web", "www"], ["renew", "web"]] {
          let refused = try await lab.nestor(command)
          #expect(refused.status == 75 && refused.errors.contains("stop it: nestor stop web"), "\(refused)")
        }
        try await lab.succeed("stop", "--force", "web")
        try await renamed(lab, address)
        try await renewed(lab, address)
        try await otherKey(lab)
        // The first name is free, with what libvirt and the network keep by it.
        try await lab.succeed("run", "tiny", "web")
        try await lab.succeed("delete", "--force", "web", "www")
        try await lab.expectNothingLeft()
        #expect(try await !lab.virsh("net-dumpxml", "default").contains("<host "))
      }
    }

    /// The agent on a copy of a disk has its source's key until the seed's comes, and is waited for.
    private func otherKey(_ lab: Lab) async throws {
      let agentThatChanges = """
        #!/bin/sh
        cd /etc/nestor
        mv -f /usr/lib/nestor/real /usr/lib/nestor/nestor-agent
        sed "s/^key .*/key $(printf %064d 7)/" good >agent.key
        /usr/lib/nestor/nestor-agent &
        sleep 4
        cp good agent.key
        kill -9 $!
        """
      let swap = """
        cp /etc/nestor/agent.key /etc/nestor/good && cd /usr/lib/nestor && mv nestor-agent real &&
        cat >nestor-agent && chmod 755 nestor-agent && kill -9 $(pidof real nestor-agent)
        """
      let program = try lab.start(["exec", "-i", "www", "--", "sh", "-c", swap])
      program.type(agentThatChanges)
      program.closeInput()
      // It ends with the agent.
      _ = try await program.wait()
      #expect(try await lab.succeed("exec", "www", "--", "hostname").output == "www\n")
      #expect(try await lab.succeed("exec", "www", "--", "test", "!", "-e", "/usr/lib/nestor/real").output == "")
    }

    private func renamed(_ lab: Lab, _ address: String) async throws {
      let uuid = try await lab.uuid("web")
      let before = try await lab.succeed("xml", "web", "--diff").output
      #expect(try await lab.succeed("rename", "web", "www").output == "www\n")
      #expect(try await lab.domains() == ["www"])
      #expect(try await lab.uuid("www") == uuid)
      let network = try await lab.virsh("net-dumpxml", "default")
      #expect(network.contains("name='www' ip='\(address.dropLast())'") && !network.contains("'web'"), "\(network)")
      let after = try await lab.succeed("xml", "www", "--diff").output
      #expect(after.replacingOccurrences(of: "www", with: "web") == before)
      try await lab.succeed("start", "www")
      #expect(try await lab.succeed("wait", "www", "--for", "ip", "--timeout", "240").output == address)
      #expect(try await lab.succeed("exec", "www", "--", "hostname").output == "www\n")
      try await lab.succeed("snapshot", "revert", "www", "ready")
      #expect(try await lab.domains() == ["www"])
      #expect(try await lab.succeed("exec", "www", "--", "cat", "/tmp/state").output == "remembered\n")
      try await lab.succeed("stop", "--force", "www")
    }

    private func renewed(_ lab: Lab, _ address: String) async throws {
      try await lab.succeed("snapshot", "create", "www", "off")
      try await lab.succeed("set", "www", "--autostart", "yes")
      let before = try await Identity(of: "www", in: lab)
      let refused = try await lab.nestor("renew", "www")
      #expect(refused.status == 75 && refused.errors.contains("nestor renew --force www"), "\(refused)")
      #expect(try await Identity(of: "www", in: lab).key == before.key)

      #expect(try await lab.succeed("renew", "--force", "www").output == "www\n")
      let after = try await Identity(of: "www", in: lab)
      #expect(try await lab.domains() == ["www"])
      #expect(after.uuid != before.uuid && after.mac != before.mac)
      #expect(after.key.hasPrefix("guest \(after.uuid)\n") && after.key.suffix(65) != before.key.suffix(65))
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(lab.state)/guests") == [after.uuid])
      #expect(try await !lab.virsh("dumpxml", "--inactive", "www").contains(before.uuid))
      #expect(try await lab.virsh("dominfo", "www").contains(/Autostart: +enable/))
      #expect(try await lab.succeed("snapshot", "list", "www", "-q").output == "off\n")
      let network = try await lab.virsh("net-dumpxml", "default")
      // The old NIC has the old address leased still, which no server would give out.
      let kept = try #require(network.firstMatch(of: try Regex("mac='\(after.mac)' name='www' ip='([^']*)'")))
      #expect(kept[1].substring.map { "\($0)\n" } != address && !network.contains(before.mac), "\(network)")

      try await lab.succeed("snapshot", "revert", "www", "off")
      try await lab.succeed("start", "www")
      let now = try await lab.succeed("wait", "www", "--for", "ip", "--timeout", "240").output
      #expect(now == kept[1].substring.map { "\($0)\n" })
      let inside = try await lab.succeed("exec", "www", "--", "sh", "-c", "hostname; cat /sys/class/net/eth0/address")
      #expect(inside.output == "www\n\(after.mac)\n")
    }
  }
}
