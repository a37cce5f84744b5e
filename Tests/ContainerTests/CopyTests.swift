import Foundation
import TestSupport
import Testing

extension ContainerTier {
  /// A container that is copied with its guests.
  @Suite("Copies")
  struct CopyTests {
    @Test("a copy of a container is told to be one, and its guests become others on the same host", .notInGate)
    func copied() async throws {
      try await ContainerLab.with("copy") { lab in
        let launch = try await lab.host(lab.launchWords("lab"))
        try #require(launch.status == 0, "\(launch)")
        try await lab.lxc("exec", "lab", "--", "nestor", "run", "tiny", "web", "--wait", "--timeout", "300")
        let before = try await facts(lab, "lab")
        try await lab.lxc("stop", "lab", "--timeout", "120")
        try await lab.lxc("copy", "lab", "lab2")
        try await lab.lxc("storage", "volume", "copy", "nestor/nestor-lab", "nestor/nestor-lab2")
        try await lab.lxc("config", "device", "set", "lab2", "images", "source", "nestor-lab2")
        for name in ["lab", "lab2"] { try await lab.lxc("start", name) }
        for name in ["lab", "lab2"] { try await waitForGuest(lab, name) }
        #expect(try await facts(lab, "lab2") == before, "it woke as its twin")
        try await lab.lxc("exec", "lab", "--", "touch", "/var/lib/nestor/images/mark")
        try await lab.lxc("exec", "lab2", "--", "test", "!", "-e", "/var/lib/nestor/images/mark")

        let list = try await lab.lxc("exec", "lab2", "--", "sh", "-c", "nestor list 2>&1")
        #expect(list.contains("this container is a copy of 'lab'") && list.contains("of others there: web;"), "\(list)")
        #expect(try await !lab.lxc("exec", "lab", "--", "sh", "-c", "nestor list 2>&1").contains("copy"))
        let doctor = try await lab.lxc("exec", "lab2", "--", "sh", "-c", "nestor doctor -q; true")
        #expect(doctor.split(separator: "\n").contains("copied"), "\(doctor)")

        try await lab.lxc("exec", "lab2", "--", "sh", "-c", "nestor stop --force web && nestor renew --copied")
        try await lab.lxc("exec", "lab2", "--", "nestor", "start", "web", "--wait", "--timeout", "300")
        let after = try await facts(lab, "lab2")
        #expect(after.count == before.count && zip(after, before).allSatisfy(!=), "\(after), \(before)")
        #expect(try await facts(lab, "lab") == before)
        #expect(try await !lab.lxc("exec", "lab2", "--", "sh", "-c", "nestor list 2>&1").contains("copy"))

        // A guest of the one becomes one of the other, without a file between them.
        try await lab.lxc("exec", "lab2", "--", "nestor", "delete", "--force", "web")
        try await lab.lxc("exec", "lab", "--", "nestor", "stop", "--force", "web")
        let moved = try await lab.shell("lxc exec lab -- nestor export web - | lxc exec lab2 -- nestor import-guest -")
        #expect(moved.status == 0 && moved.output == "web\n", "\(moved)")
        try await lab.lxc("exec", "lab", "--", "nestor", "delete", "web")
        try await lab.lxc("exec", "lab2", "--", "nestor", "start", "web", "--wait", "--timeout", "300")
        #expect(try await facts(lab, "lab2") == before)
      }
    }

    /// What tells the guest of a container from another: its UUID, its MAC address, its agent's key.
    private func facts(_ lab: ContainerLab, _ container: String) async throws -> [String] {
      try await lab.lxc(
        "exec", container, "--", "sh", "-c",
        """
        virsh domuuid web; nestor nic list web -q; tail -n 1 /var/lib/nestor/guests/*/private/agent.key
        nestor exec web -- cat /sys/class/net/eth0/address
        """
      ).split(separator: "\n").map(String.init)
    }

    private func waitForGuest(_ lab: ContainerLab, _ container: String) async throws {
      try await Patience.until("the guest of \(container)") {
        let state = try await lab.lxc("exec", container, "--", "sh", "-c", "nestor exec web -- uname -n 2>&1; true")
        return state == "web\n"
      }
    }
  }
}
