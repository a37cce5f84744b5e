import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Guests that run on from the memory of another.
  @Suite("Warm clones")
  struct CloneTests {
    /// What tells one guest from another, and what they have in common.
    private struct Facts {
      let state: String
      let hostname: String
      let machineID: String
      let mac: String
      let random: String
    }

    @Test(
      "Copies run on with their source's memory, and share neither name nor address, key, ID nor random numbers with it"
    )
    func warm() async throws {
      try await withSource("warm-clones") { lab, address in
        #expect(try await lab.succeed("clone", "web", "anna", "bert").output == "anna\nbert\n")
        try await differ(lab, address)
        try await cancelled(lab)
        try await lab.succeed("delete", "--force", "web", "anna", "bert")
      }
    }

    @Test(
      "Copies of a moment are as it was, restart as themselves, and are refused where they could not live", .notInGate)
    func moments() async throws {
      try await withSource("clones-of-a-moment") { lab, _ in
        try await lab.succeed("clone", "web", "anna", "bert")
        try await restarts(lab)
        try await fromMoment(lab)
        try await refused(lab)
        try await lab.succeed("delete", "--force", "web", "anna", "bert", "web-1", "web-2", "web-4")
      }
    }

    @Test("A full disk leaves no copy, and the source as it was", .notInGate)
    func fullDisk() async throws {
      try await Lab.with("clones-full") { lab in
        // A small file system that libvirtd, QEMU and the program see.
        let guests = "\(lab.state)/guests"
        let mounted = try await lab.daemon.runInside([
          "sh", "-c", "mkdir -p \(guests) && mount -t tmpfs -o size=600m,mode=711 none \(guests)",
        ])
        try #require(mounted.status == 0, "\(mounted)")
        let template = try lab.plainTemplate("web", "agent: {enabled: true}")
        try await lab.succeedInside("run", template, "web", "--wait", "--timeout", "240")
        try await lab.succeedInside("exec", "web", "--", "sh", "-c", "echo remembered >/tmp/state")
        try await lab.succeedInside("snapshot", "create", "web", "one")
        func run(_ line: String) async throws -> String {
          let done = try await lab.daemon.runInside(["sh", "-c", line])
          try #require(done.status == 0, "\(done)")
          return done.output
        }
        func expectRefusal(_ arguments: [String], status: Int32) async throws {
          let before = try await run("find \(guests) | sort")
          _ = try await run("head -c 1G /dev/zero >\(guests)/filler 2>/dev/null; truncate -s -8M \(guests)/filler")
          let refused = try await lab.nestorInside(["clone"] + arguments)
          #expect(refused.status == status && refused.output == "", "\(refused)")
          #expect(refused.errors.contains("free some space"), "\(refused)")
          _ = try await run("rm \(guests)/filler")
          #expect(try await run("find \(guests) | sort") == before)
          #expect(try await lab.domains() == ["web"])
          #expect(try await lab.virsh("snapshot-list", "web", "--name").split(separator: "\n") == ["one"])
        }
        // As the memory is written, and as its copy is.
        try await expectRefusal(["web", "anna"], status: 1)
        try await expectRefusal(["web", "anna", "--from", "one"], status: 73)
        #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
        #expect(try await lab.succeedInside("exec", "web", "--", "cat", "/tmp/state").output == "remembered\n")
        try await lab.succeedInside("clone", "web", "anna")
        #expect(try await lab.succeedInside("exec", "anna", "--", "cat", "/tmp/state").output == "remembered\n")
        try await lab.succeedInside("delete", "--force", "anna")

        try await lab.succeedInside("stop", "--force", "web")
        try await expectRefusal(["web", "anna", "--full"], status: 73)
        try await lab.succeedInside("snapshot", "revert", "web", "one")
        #expect(try await lab.succeedInside("exec", "web", "--", "cat", "/tmp/state").output == "remembered\n")
        try await lab.succeedInside("delete", "--force", "web")
        _ = try await run("umount \(guests)")
        try await lab.expectNothingLeft()
      }
    }

    /// Runs `body` with a guest "web" that has something in its memory, and that guest's address.
    private func withSource(_ label: String, _ body: @Sendable (Lab, String) async throws -> Void) async throws {
      try await Lab.with(label, network: true) { lab in
        try await lab.succeed("run", "tiny", "web")
        try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
        let address = try await lab.succeed("wait", "web", "--for", "ip", "--timeout", "240").output
        try await lab.succeed(
          "exec", "web", "--", "sh", "-c",
          "echo remembered >/tmp/state; echo 00112233445566778899aabbccddeeff >/etc/machine-id")
        try await body(lab, address)
        try await lab.expectNothingLeft()
      }
    }

    @Test("A copy has read-only disks of its own, and the images under the disks of its moment are kept for it")
    func disks() async throws {
      try await Lab.with("clone-disks") { lab in
        for name in ["data", "more"] {
          let made = try await lab.shell(
            "qemu-img create -q -f qcow2 \(lab.folder)/\(name).qcow2 8M && nestor image import \(lab.folder)/\(name).qcow2 --name \(name)"
          )
          try #require(made.status == 0, "\(made)")
        }
        let template = try lab.plainTemplate(
          "disks", "disks: [{size: 8MiB}, {image: data, readOnly: true}]\nagent: {enabled: true}\n")
        try await lab.succeed("run", template, "web", "--wait")
        try await lab.succeed("clone", "web", "anna")
        try await hasOwnDisks(lab, "anna")
        // The guest goes back to a disk that was taken away since.
        try await lab.succeed("snapshot", "create", "web", "before")
        try await lab.succeed("disk", "remove", "web", "vdb")
        try await lab.succeed("disk", "add", "web", "--image", "more")
        try await lab.succeed("snapshot", "create", "web", "after")
        try await lab.succeed("snapshot", "revert", "web", "before")
        try await hasOwnDisks(lab, "web")
        try await lab.succeed("clone", "web", "bert", "--from", "after")
        try await lab.succeed("stop", "--force", "web")
        try await lab.succeed("snapshot", "delete", "web", "after")
        let refused = try await lab.nestor("image", "delete", "more")
        #expect(refused.status == 75 && refused.errors.contains("guests were made from it: bert"), "\(refused)")
        for kind in ["--full", "--linked"] {
          try await lab.succeed("clone", "web", "copy", kind)
          try await lab.succeed("start", "copy")
          try await lab.succeed("wait", "copy", "--for", "agent", "--timeout", "240")
          try await hasOwnDisks(lab, "copy")
          try await lab.succeed("delete", "--force", "copy")
        }
        try await lab.succeed("delete", "--force", "web", "anna", "bert")
        try await lab.succeed("image", "delete", "data", "more")
        try await lab.succeed("image", "prune")
        try await lab.expectNothingLeft()
      }
    }

    private func hasOwnDisks(_ lab: Lab, _ guest: String) async throws {
      let folder = "\(lab.state)/guests/\(try await lab.uuid(guest))/"
      let disks = try await lab.virsh("domblklist", guest).split(separator: "\n").filter { $0.hasPrefix(" vd") }
      #expect(disks.count >= 2 && disks.allSatisfy { $0.contains(folder) }, "\(disks)")
      #expect(try await lab.succeed("exec", guest, "--", "cat", "/sys/block/vdb/ro").output == "1\n")
    }

    private func differ(_ lab: Lab, _ address: String) async throws {
      var facts: [Facts] = []
      var keys: Set<String> = []
      var addresses = [address]
      for guest in ["web", "anna", "bert"] {
        facts.append(try await Self.facts(lab, guest))
        #expect(facts.last?.hostname == guest)
        let uuid = try await lab.uuid(guest)
        let xml = try await lab.virsh("dumpxml", guest)
        #expect(xml.contains("<mac address='\(facts.last?.mac ?? "")'/>") && !xml.contains("<link state='down'/>"))
        let key = try String(contentsOfFile: "\(lab.state)/guests/\(uuid)/private/agent.key", encoding: .utf8)
        #expect(key.hasPrefix("guest \(uuid)\n") && keys.insert(key.components(separatedBy: "\n")[1]).inserted)
        #expect(try await lab.virsh("snapshot-list", guest, "--name").allSatisfy(\.isNewline), "\(guest)")
        if guest != "web" {
          try await lab.until("the address of \(guest)") {
            try await lab.succeed("exec", guest, "--", "ip", "-4", "address", "show", "eth0").output.contains("inet ")
          }
          addresses.append(try await lab.succeed("wait", guest, "--for", "ip", "--timeout", "240").output)
        }
      }
      #expect(Set(facts.map(\.state)) == ["remembered"])
      #expect(Set(facts.map(\.machineID)).count == 3 && Set(facts.map(\.mac)).count == 3)
      #expect(Set(facts.map(\.random)).count == 3 && Set(addresses).count == 3, "\(addresses)")
      #expect(facts.first?.machineID == "00112233445566778899aabbccddeeff", "the source stays what it was")
    }

    private static func facts(_ lab: Lab, _ guest: String) async throws -> Facts {
      let told = try await lab.succeed(
        "exec", guest, "--", "sh", "-c",
        "cat /tmp/state; hostname; cat /etc/machine-id /sys/class/net/eth0/address; head -c 16 /dev/urandom | md5sum")
      let lines = told.lines
      try #require(lines.count == 5, "\(told)")
      return Facts(state: lines[0], hostname: lines[1], machineID: lines[2], mac: lines[3], random: lines[4])
    }

    /// A copy that boots anew has its own name and its own key.
    private func restarts(_ lab: Lab) async throws {
      try await lab.succeed("restart", "anna", "--force")
      try await lab.succeed("wait", "anna", "--for", "agent", "--timeout", "240")
      let told = try await lab.succeed("exec", "anna", "--", "sh", "-c", "hostname; test ! -e /tmp/state")
      #expect(told.output == "anna\n")
    }

    private func fromMoment(_ lab: Lab) async throws {
      try await lab.succeed("snapshot", "create", "web", "ready")
      try await lab.succeed("exec", "web", "--", "sh", "-c", "echo later >/tmp/state")
      let made = try await lab.succeed("clone", "web", "--count", "2", "--from", "ready")
      #expect(made.lines == ["web-1", "web-2"])
      for guest in made.lines {
        let state = try await lab.succeed("exec", guest, "--", "sh", "-c", "cat /tmp/state; hostname").lines
        #expect(state == ["remembered", guest])
      }
      #expect(try await lab.succeed("exec", "web", "--", "cat", "/tmp/state").output == "later\n")
      // The numbers that are free.
      let more = try await lab.succeed("clone", "web", "--count", "2", "--from", "ready")
      #expect(more.lines == ["web-3", "web-4"])
      try await lab.succeed("delete", "--force", "web-3")
      #expect(try await lab.succeed("snapshot", "list", "web", "-q").lines == ["ready"])
    }

    /// Ctrl-C takes back what was made, and the source goes on.
    private func cancelled(_ lab: Lab) async throws {
      let domains = try await lab.domains()
      let clone = try lab.start(["clone", "web", "carl", "dora"])
      try await lab.until("a copy") { try await lab.domains().count > domains.count }
      clone.signal(SIGINT)
      let result = try await clone.wait()
      #expect(result.status == 130 && result.errors.contains("no copy is left"), "\(result)")
      #expect(try await lab.domains() == domains)
      #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
      #expect(try await lab.succeed("snapshot", "list", "web", "-q").lines == [])
      let leases = try await lab.virsh("net-dumpxml", "default")
      #expect(!leases.contains("carl") && !leases.contains("dora"), "\(leases)")
    }

    /// An address that its system takes away with the link, and sets when that is up again, does not stay with a copy.
    private func likeNetworkd(_ lab: Lab, _ domains: [String]) async throws {
      let keeper = """
        : >/tmp/keeps
        while :; do
          if [ "$(cat /sys/class/net/eth0/carrier)" = 1 ]; then ip addr add 192.168.122.250/24 dev eth0
          else ip addr flush dev eth0; fi
          sleep 0.2
        done
        """
      // What is still in the command's process group soon after its end is ended with it.
      try await lab.succeed(
        "exec", "web", "--", "sh", "-c",
        "setsid sh -c \"$1\" </dev/null >/dev/null 2>&1 & until [ -e /tmp/keeps ]; do sleep 0.1; done", "sh", keeper)
      try await lab.until("the address") {
        try await lab.succeed("exec", "web", "--", "ip", "addr").output.contains("192.168.122.250/24")
      }
      let fixed = try await lab.nestor("clone", "web", "carl")
      #expect(
        fixed.status == 69 && fixed.errors.contains("guest 'carl' keeps 192.168.122.250/24 of its source"), "\(fixed)")
      #expect(fixed.errors.contains("whenever its link is up"), "\(fixed)")
      #expect(try await lab.domains() == domains)
    }

    /// A step inside a copy that does not end ends the clone.
    private func slow(_ lab: Lab, _ domains: [String]) async throws {
      try await lab.succeed(
        "exec", "web", "--", "sh", "-c",
        "mkdir -p /etc/ssh; printf '#!/bin/sh\\nexec sleep 1000\\n' >/bin/ssh-keygen; chmod +x /bin/ssh-keygen")
      let late = try await lab.nestor("clone", "web", "carl", "--timeout", "15")
      #expect(late.status == 124 && late.errors.contains("an identity of its own within 15 s"), "\(late)")
      #expect(try await lab.domains() == domains)
      #expect(try await lab.virsh("domstate", "web").hasPrefix("running"))
    }

    private func refused(_ lab: Lab) async throws {
      let domains = try await lab.domains()
      for (arguments, status, words) in [
        (["web", "carl", "bert"], 75, "guest 'bert' exists already"),
        (["web", "carl", "--from", "raedy"], 66, "did you mean 'ready'?"),
        (["nobody", "carl"], 66, "nobody"), (["web", "../x"], 65, "name"), (["web"], 64, "--count"),
      ] as [([String], Int32, String)] {
        let result = try await lab.nestor(["clone"] + arguments)
        #expect(result.status == status && result.errors.contains(words), "\(result)")
        #expect(try await lab.domains() == domains)
      }
      // Nobody asks for another address there, and the copy would speak with this one.
      let address = try await lab.succeed("wait", "web", "--for", "ip", "--timeout", "240").lines[0]
      try await lab.succeed("exec", "web", "--", "killall", "udhcpc")
      let fixed = try await lab.nestor("clone", "web", "carl")
      #expect(fixed.status == 69 && fixed.errors.contains("guest 'carl' keeps \(address)/24 of its source"), "\(fixed)")
      #expect(try await lab.domains() == domains)
      try await likeNetworkd(lab, domains)
      try await slow(lab, domains)
      try await lab.succeed("stop", "--force", "web")
      let off = try await lab.nestor("clone", "--warm", "web", "carl")
      #expect(off.status == 75 && off.errors.contains("does not run, so it has no memory"), "\(off)")
      #expect(try await lab.domains() == domains)
    }
  }
}
