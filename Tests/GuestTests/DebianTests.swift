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
      "The image is made, boots by BIOS and by UEFI, and cloud-init gives its guests all that they were to have",
      .notInGate)
    func debian() async throws {
      let image = try await TestImages.debian()
      try await Lab.with("debian", network: true) { lab in
        try await killedBuild(lab)
        try FileManager.default.createSymbolicLink(
          atPath: "\(lab.state)/images/debian", withDestinationPath: image)
        let list = try await lab.succeed("image", "list")
        #expect(list.lines.contains { $0.hasPrefix("debian  disk    ") }, "\(list)")

        let key = "\(lab.folder)/id"
        let made = try await lab.shell("ssh-keygen -q -t ed25519 -N '' -f \(key)")
        try #require(made.status == 0, "\(made)")
        let userData = "\(lab.folder)/user-data"
        try """
        #cloud-config
        write_files: [{path: /etc/marker, content: from user-data}]
        runcmd: ["echo first boot >>/etc/boots"]

        """.write(toFile: userData, atomically: true, encoding: .utf8)
        for firmware in ["bios", "uefi"] {
          try await lab.succeed(
            "run", "debian", "by_\(firmware)", "-P", "firmware=\(firmware)", "-P", "disk=4GiB", "-P", "user=me",
            "-P", "sshKey=\(key).pub", "-P", "userData=\(userData)")
        }
        try await used(lab)
        for firmware in ["bios", "uefi"] {
          // Both boot at once, without KVM for some minutes.
          try await lab.succeed(
            "wait", "by_\(firmware)", "--for", "cloud-init", "--timeout", "900")
          try await hasAll(lab, "by_\(firmware)", firmware, key: key)
        }
        try await renamed(lab, key: key)
        try await copied(lab)
        try await imaged(lab, key: key)
        try await lab.expectNothingLeft()
      }
    }

    /// Under another name it boots from the same firmware's variables, with that host name; it is no first boot.
    private func renamed(_ lab: Lab, key: String) async throws {
      try await lab.succeed("exec", "by_uefi", "--", "sh", "-c", "echo mine >/home/me/file")
      try await lab.succeed("stop", "by_uefi", "--timeout", "600")
      // The firmware's variables lie where libvirtd is.
      try await lab.succeedInside("rename", "by_uefi", "renamed_uefi")
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(lab.daemon.folder)/lib/qemu/nvram")
      #expect(files == ["renamed_uefi_VARS.fd"])
      try await lab.succeed("start", "renamed_uefi")
      try await lab.succeed("wait", "renamed_uefi", "--for", "cloud-init", "--timeout", "900")
      try await hasAll(lab, "renamed_uefi", "uefi", key: key)
      let kept = try await lab.succeed("exec", "renamed_uefi", "--", "cat", "/home/me/file", "/etc/boots")
      #expect(kept.output == "mine\nfirst boot\n")
      let xml = try await lab.virsh("dumpxml", "renamed_uefi")
      #expect(xml.contains("/renamed_uefi_VARS.fd<") && !xml.contains("by_uefi"), "\(xml)")
      let facts = "cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub /sys/class/net/e*/address"
      let before = try await lab.succeed("exec", "renamed_uefi", "--", "sh", "-c", facts).lines

      // With another identity it is a first boot, of the same firmware's variables.
      try await lab.succeed("stop", "renamed_uefi", "--timeout", "600")
      try await lab.succeed("renew", "renamed_uefi")
      try await lab.succeed("start", "renamed_uefi")
      try await lab.succeed("wait", "renamed_uefi", "--for", "cloud-init", "--timeout", "900")
      try await hasAll(lab, "renamed_uefi", "uefi", key: key)
      let after = try await lab.succeed("exec", "renamed_uefi", "--", "sh", "-c", facts).lines
      #expect(before.count == 3 && after.count == 3 && zip(before, after).allSatisfy(!=), "\(before), \(after)")
      let boots = try await lab.succeed("exec", "renamed_uefi", "--", "cat", "/home/me/file", "/etc/boots")
      #expect(boots.output == "mine\nfirst boot\nfirst boot\n")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(lab.daemon.folder)/lib/qemu/nvram") == files)
      try await moved(lab, facts, after, key: key)
    }

    /// Out of an archive comes the machine that it was, with its disk, keys and firmware's variables.
    private func moved(_ lab: Lab, _ facts: String, _ before: [String], key: String) async throws {
      try await lab.succeed("stop", "renamed_uefi", "--timeout", "600")
      let archive = "\(lab.folder)/uefi.nestor"
      try await lab.succeedInside("export", "renamed_uefi", archive)
      try await lab.succeedInside("delete", "renamed_uefi")
      try await lab.succeedInside("import-guest", archive)
      try await lab.succeed("start", "renamed_uefi")
      try await lab.succeed("wait", "renamed_uefi", "--for", "cloud-init", "--timeout", "900")
      try await hasAll(lab, "renamed_uefi", "uefi", key: key)
      let after = try await lab.succeed("exec", "renamed_uefi", "--", "sh", "-c", facts).lines
      #expect(after == before)
      let boots = try await lab.succeed("exec", "renamed_uefi", "--", "cat", "/home/me/file", "/etc/boots")
      #expect(boots.output == "mine\nfirst boot\nfirst boot\n")
      try await lab.succeedInside("delete", "--force", "renamed_uefi")
    }

    /// Two copies run on from its memory, and share nothing that tells machines apart with it or with each other.
    private func copied(_ lab: Lab) async throws {
      let own = [
        "hostname", "cat /etc/machine-id", "cat /sys/class/net/e*/address", "cat /etc/ssh/ssh_host_ed25519_key.pub",
        "cat /etc/ssh/ssh_host_ecdsa_key.pub", "sha256sum </etc/nestor/agent.key", "head -c 16 /dev/urandom | md5sum",
      ]
      try await lab.succeed("clone", "by_bios", "anna", "bert")
      var (lines, addresses, boots): ([String], [String], Set<String>) = ([], [], [])
      for guest in ["by_bios", "anna", "bert"] {
        let told = try await lab.succeed(
          "exec", guest, "--", "sh", "-c",
          (own + ["cat /proc/sys/kernel/random/boot_id"]).joined(separator: "; "))
        try #require(told.lines.count == own.count + 1, "\(told)")
        lines += told.lines.dropLast()
        boots.formUnion(told.lines.suffix(1))
        addresses.append(try await lab.succeed("wait", guest, "--for", "ip", "--timeout", "120").output)
      }
      #expect(Set(lines).count == 3 * own.count, "\(lines)")
      #expect(boots.count == 1, "they run on from one boot")
      #expect(Set(addresses).count == 3, "\(addresses)")
      try await lab.succeed("delete", "--force", "bert")
      try await staysItself(lab, "anna")
      try await lab.succeed("delete", "--force", "anna")
    }

    /// An image of it makes another machine with what was installed, of which accounts and their keys are a part; its boot is
    /// a first boot, and may be by UEFI.
    private func imaged(_ lab: Lab, key: String) async throws {
      try await lab.succeed("exec", "by_bios", "--", "sh", "-c", "echo installed >/srv/file")
      let facts =
        "cat /etc/machine-id /etc/ssh/ssh_host_*.pub; journalctl -q -o cat -F _BOOT_ID | wc -l; cat /srv/file /etc/boots"
      let before = try await lab.succeed("exec", "by_bios", "--", "sh", "-c", facts).lines
      try await lab.succeed("stop", "by_bios", "--timeout", "600")
      let made = try await lab.succeed("image", "create", "base", "--from", "by_bios")
      #expect(made.output == "base\n" && !made.errors.contains("without"), "\(made)")
      #expect(
        try await lab.succeed("image", "info", "base").output.contains(
          "Debian GNU/Linux 12 (bookworm), from guest 'by_bios'"))
      try await lab.succeed("delete", "by_bios")
      let userData = "\(lab.folder)/second-user-data"
      try "#cloud-config\nruncmd: [\"echo first boot of the image >>/etc/boots\"]\n".write(
        toFile: userData, atomically: true, encoding: .utf8)
      try await lab.succeed(
        "run", "debian", "by_uefi", "-P", "firmware=uefi", "-P", "image=base", "-P", "userData=\(userData)")
      try await lab.succeed("wait", "by_uefi", "--for", "cloud-init", "--timeout", "900")
      try await hasAll(lab, "by_uefi", "uefi", key: key)
      let after = try await lab.succeed("exec", "by_uefi", "--", "sh", "-c", facts).lines
      // A machine ID and two host keys are others; then come the boots in the journal, and what the two files hold.
      try #require(before.count == 6 && after.count == 7, "\(before), \(after)")
      #expect(zip(before, after).prefix(3).allSatisfy(!=), "\(before), \(after)")
      #expect(
        Array(after.suffix(4)) == ["1", "installed", "first boot", "first boot of the image"], "\(before), \(after)")
      try await lab.succeedInside("delete", "--force", "by_uefi")
      try await lab.succeed("image", "delete", "base")
    }

    /// A copy's first restart is no first boot: what makes it itself stays, and what is done once is not done again.
    private func staysItself(_ lab: Lab, _ copy: String) async throws {
      let facts = """
        hostname; cat /etc/machine-id /etc/boots; cat /sys/class/net/e*/address; sha256sum /etc/nestor/agent.key
        sha256sum /etc/ssh/ssh_host_*; cat /var/lib/cloud/data/instance-id; ls /var/lib/cloud/instances
        """
      let before = try await lab.succeed("exec", copy, "--", "sh", "-c", facts).output
      let address = try await lab.succeed("wait", copy, "--for", "ip").output
      try await lab.succeed("restart", copy, "--timeout", "600")
      try await lab.succeed("wait", copy, "--for", "cloud-init", "--timeout", "900")
      let after = try await lab.succeed("exec", copy, "--", "sh", "-c", facts).output
      #expect(after == before)
      #expect(before.components(separatedBy: "first boot").count == 2, "\(before)")
      #expect(try await lab.succeed("wait", copy, "--for", "ip", "--timeout", "240").output == address)
    }

    /// Everything that the seed was to bring, as the agent that came with it tells, and by SSH.
    private func hasAll(_ lab: Lab, _ guest: String, _ firmware: String, key: String) async throws {
      let facts = try await lab.succeed(
        "exec", guest, "--", "sh", "-c",
        """
        hostname; cat /etc/marker; echo; [ -d /sys/firmware/efi ] && echo uefi || echo bios
        lsblk -bnro SIZE $(findmnt -no SOURCE /); id -un me; sudo -u me sudo -n id -un; passwd -S me | cut -d ' ' -f 2
        """)
      var lines = facts.lines
      try #require(lines.count == 7, "\(facts)")
      let size = try #require(UInt64(lines.remove(at: 3)), "\(facts)")
      #expect(size > 4_200_000_000, "the root file system has grown to the guest's disk")
      #expect(
        lines == [guest.replacingOccurrences(of: "_", with: "-"), "from user-data", firmware, "me", "root", "L"],
        "\(facts)")
      let address = try await lab.succeed("wait", guest, "--for", "ip", "--timeout", "240").output
      #expect(address.hasPrefix("192.168.122."), "\(address)")
      #expect(try await lab.virsh("net-dhcp-leases", "default").contains(" \(guest) "), "its name is known")
      let login = try await lab.succeed(
        "ssh", guest, "-u", "me", "--", "-i", key, "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=/dev/null", "id",
        "-un")
      #expect(login.output == "me\n", "\(login)")
    }

    /// An image under a guest's disk is neither deleted nor replaced.
    private func used(_ lab: Lab) async throws {
      for arguments in [["delete", "debian"], ["build", "debian", "--rebuild"]] {
        let result = try await lab.nestor(["image"] + arguments)
        #expect(result.status == 75 && result.errors.contains("image 'debian' is in use"), "\(result)")
        #expect(result.errors.contains("nestor delete by_bios by_uefi"))
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
      #expect(try await program.wait().status == 128 + SIGKILL)
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
