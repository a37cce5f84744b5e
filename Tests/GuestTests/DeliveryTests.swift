import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// How the agent comes to guests that boot in seconds.
  @Suite("The agent's way into a guest")
  struct DeliveryTests {
    @Test("A guest of the tiny image starts its agent, with its key, again whenever it ends, and a newer one later")
    func initramfs() async throws {
      try await Lab.with("delivery") { lab in
        try lab.standInAgent("first")
        let template = try lab.plainTemplate("it", "agent: {transport: serial}")
        try await lab.succeed("run", template, "it", "--wait")
        let uuid = try await lab.uuid("it")
        let first = try await lab.agentLine("first", uuid)
        try await lab.until("the agent's third start") {
          lab.console(uuid).components(separatedBy: first).count > 3
        }
        try await secrets(lab, uuid)

        try lab.standInAgent("second")
        try await lab.succeed("restart", "--force", "it")
        let second = try await lab.agentLine("second", uuid)
        #expect(second.hasSuffix(first.suffix(64)), "the key is the same")
        try await lab.until("the new agent") { lab.console(uuid).contains(second) }
        try await lab.succeed("delete", "--force", "it")
        try await lab.expectNothingLeft()
      }
    }

    /// Nobody but root sees the key: not in what libvirt tells, not in QEMU's arguments, not in libvirt's logs.
    private func secrets(_ lab: Lab, _ uuid: String) async throws {
      let file = try String(contentsOfFile: "\(lab.state)/guests/\(uuid)/private/agent.key", encoding: .utf8)
      let key = try #require(file.split(separator: "\n").last?.dropFirst(4))
      #expect(key.count == 64)
      let xml = try await lab.virsh("dumpxml", "--security-info", "it")
      #expect(xml.contains("org.nestor.agent.7") && !xml.contains(key))
      let arguments = try await lab.daemon.runInside(["cat", "/proc/\(try lab.qemu("it"))/cmdline"])
      #expect(arguments.status == 0 && arguments.output.contains("initramfs") && !arguments.output.contains(key))
      let logs = try await lab.daemon.runInside(["grep", "-rlF", String(key), "/var/log/libvirt", "/var/cache/libvirt"])
      #expect(logs.status == 1 && logs.output == "", "\(logs.output)")
    }

    /// The tiny image's kernel finds the seed beside a disk; its script is run by hand, as cloud-init would.
    @Test("A seed brings the agent to a guest without systemd, once; snapshots of such a guest work")
    func seed() async throws {
      try await Lab.with("seed") { lab in
        try lab.standInAgent("seeded", seconds: 1000)
        try await lab.emptyDiskImage("empty")
        let tiny = "\(lab.state)/images/tiny"
        let template = try lab.template(
          "it",
          """
          boot: {kernel: \(tiny)/kernel, initramfs: \(tiny)/initramfs, cmdline: console=ttyS0}
          memory: 128MiB
          disks: [{image: empty, size: 20MiB}]
          ready: {console: "nestor: up"}
          """)
        try await lab.succeed("run", template, "it", "--wait")
        let uuid = try await lab.uuid("it")
        try await lab.type(
          "modprobe isofs; mkdir /s; mount -o ro /dev/vdb /s && tail -n +2 /s/vendor-data >/tmp/hook; echo $(ls /s)",
          into: "it", until: "agent.key meta-data nestor-agent network-config user-data vendor-data")
        // The disk is as large as the template says, and the seed can be read by root alone.
        try await lab.type(
          "stat -c %a /s/agent.key; cat /sys/block/vda/size; echo end-$((1+1))", into: "it", until: "end-2")
        #expect(lab.console(uuid).contains("600\r\n40960\r\n"))
        try await lab.type("sh /tmp/hook; echo status-$?", into: "it", until: "status-0")
        // The image has the key's folder already, and it stays as it is.
        let line = try await lab.agentLine("seeded", uuid, folder: "755")
        try await lab.until("the agent") { lab.console(uuid).contains(line) }
        try await lab.type("sh /tmp/hook; echo again-$?; ps | grep -c '[n]estor-agent$'", into: "it", until: "again-0")
        try await lab.until("the number of agents") { lab.console(uuid).contains("again-0\r\n1\r\n") }
        #expect(lab.console(uuid).components(separatedBy: "seeded ").count == 2, "it was started once")

        try await lab.succeed("snapshot", "create", "it", "one")
        try await lab.succeed("snapshot", "revert", "it", "one")
        #expect(try await lab.virsh("domstate", "it").hasPrefix("running"))
        let used = try await lab.nestor("image", "delete", "empty")
        #expect(used.status == 75 && used.errors.contains("guests were made from it: it"), "\(used)")
        try await lab.succeed("delete", "--force", "it")
        try await lab.succeed("image", "delete", "empty")
        try await lab.expectNothingLeft()
      }
    }
  }
}
