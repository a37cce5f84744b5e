import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// The Debian image; in one test, since making and booting it takes minutes.
  @Suite("A Debian guest")
  struct DebianTests {
    @Test(
      "The image is made, boots by BIOS, and cloud-init gives its guest name, network and agent; no guest loses its image"
    )
    func debian() async throws {
      let image = try await TestImages.debian()
      try await Lab.with("debian", network: true) { lab in
        try await killedBuild(lab)
        try FileManager.default.createSymbolicLink(
          atPath: "\(lab.state)/images/debian", withDestinationPath: image)
        let list = try await lab.succeed("image", "list")
        #expect(list.lines.contains { $0.hasPrefix("debian  disk    ") }, "\(list)")

        try lab.standInAgent("stand-in", seconds: 1000)
        try await lab.succeed("run", "debian", "web", "-P", "cpus=2", "-P", "disk=4GiB")
        try await used(lab)
        let uuid = try await lab.uuid("web")
        let xml = try await lab.virsh("dumpxml", "web")
        #expect(!xml.contains("<kernel>") && xml.contains("/seed.iso"))
        let line = try await lab.agentLine("stand-in", uuid)
        try await lab.until("the agent on the console", seconds: 400) { lab.console(uuid).contains(line) }
        let address = try await lab.succeed("wait", "web", "--for", "ip", "--timeout", "60").output
        #expect(address.hasPrefix("192.168.122."), "\(address)")
        #expect(try await lab.virsh("net-dhcp-leases", "default").contains(" web "), "its name is known to the network")
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    /// An image under a guest's disk is neither deleted nor replaced.
    private func used(_ lab: Lab) async throws {
      for arguments in [["delete", "debian"], ["build", "debian", "--rebuild"]] {
        let result = try await lab.nestor(["image"] + arguments)
        #expect(result.status == 75 && result.errors.contains("image 'debian' is in use"), "\(result)")
        #expect(result.errors.contains("nestor delete web"))
      }
      #expect(FileManager.default.fileExists(atPath: "\(lab.state)/images/debian/disk.qcow2"))
    }

    /// What works on the image's files ends with the program, so that nothing writes to what gc removes.
    private func killedBuild(_ lab: Lab) async throws {
      let program = try lab.start(["image", "build", "debian"])
      let folder = "\(lab.state)/images/.new-debian"
      try await lab.until("the start of the installation") {
        FileManager.default.fileExists(atPath: "\(folder)/.work/root/etc")
      }
      #expect(Self.processes(naming: folder) > 0)
      program.signal(SIGKILL)
      #expect(try await program.wait(timeout: 20).status == 128 + SIGKILL)
      try await lab.until("the end of the installation") { Self.processes(naming: folder) == 0 }
      let found = try await lab.succeed("gc", "--format", "json").json([Leftover].self)
      #expect(found.contains(Leftover(kind: "image", name: folder)), "\(found)")
      try await lab.succeed("gc", "--yes")
      try await lab.expectNothingLeft()
    }

    /// How many processes have a text in their arguments.
    private static func processes(naming text: String) -> Int {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return names.filter { Int($0) != nil }.count { name in
        let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
        return String(decoding: bytes, as: UTF8.self).contains(text)
      }
    }
  }
}
