import Foundation
import TestSupport
import Testing

extension GuestTier {
  /// What holds over every transport, over virtio-serial ports and, inside a guest, over vsock's loopback.
  @Suite("Transports")
  struct ScenarioTests {
    @Test("All scenarios pass over virtio-serial ports and over vsock, where only the right peer is served", .notInGate)
    func transports() async throws {
      try await Lab.with("transports") { lab in
        let template = try lab.template(
          "talker", "image: tiny\nmemory: 768MiB\nready: {console: \"nestor: up\"}\nagent: {transport: serial}\n")
        try await lab.succeed("run", template, "web")
        try await lab.succeed("wait", "web", "--for", "agent")
        try await ports(lab)
        try await vsock(lab)
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    private func ports(_ lab: Lab) async throws {
      let folder = try await "\(lab.state)/guests/\(lab.uuid("web"))/private"
      let sockets = (0..<8).map { "\(folder)/port-\($0)" }
      let command = [TestImages.channelCheck, "ports", "\(folder)/agent.key"] + sockets
      expectPassed(try await lab.shell(command.joined(separator: " ")))
    }

    private func vsock(_ lab: Lab) async throws {
      try await lab.succeed("cp", TestImages.channelCheck, "web:/bin/channel-check")
      let started = try await lab.nestor(
        "exec", "web", "--", "sh", "-c",
        """
        modprobe vsock_loopback &&
        setsid /usr/lib/nestor/nestor-agent --no-ports --vsock-port 2000 --peer-cid 1 </dev/null >/tmp/log 2>&1 &
        for try in $(seq 100); do grep -q "serves the guest" /tmp/log && exit 0; sleep 0.1; done; cat /tmp/log; exit 1
        """)
      try #require(started.status == 0, "\(started)")
      let check = ["exec", "web", "--", "channel-check", "vsock", "1"]
      expectPassed(try await lab.nestor(check + ["2000", "/etc/nestor/agent.key"]))
      // The guest's own agent serves its host and nobody else, whatever key he has.
      let stranger = try await lab.nestor(check + ["1024", "/etc/nestor/agent.key"])
      #expect(stranger.status == 1 && !stranger.output.contains("PASS"), "\(stranger)")
      let forger = try await lab.nestor(
        "exec", "web", "--", "sh", "-c",
        """
        sed "s/^key .*/key $(printf %064d 7)/" /etc/nestor/agent.key >/tmp/key
        channel-check vsock 1 2000 /tmp/key
        """)
      #expect(!forger.output.contains("PASS") && forger.output.contains("does not have the guest's key"), "\(forger)")
    }

    private func expectPassed(_ result: ProgramResult) {
      #expect(result.status == 0 && result.lines.last?.hasSuffix(" passed, 0 failed") == true, "\(result)")
      #expect(result.lines.count > 10, "\(result)")
    }
  }
}
