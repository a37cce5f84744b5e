import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Guests that leave in an archive, and come back or become others.
  @Suite("Archives")
  struct ArchiveTests {
    @Test("A guest that comes back is the one that left, and a copy that is passed on by a pipe is another; both boot")
    func journey() async throws {
      try await Lab.with("archives", network: true) { lab in
        let template = try lab.template("small", "extends: tiny\ndisks: [{size: 8MiB}, {size: 1MiB, format: raw}]\n")
        try await lab.succeed("create", template, "web")
        let uuid = try await lab.uuid("web")
        let directory = "\(lab.state)/guests/\(uuid)"
        let written = try await lab.shell(
          "echo first >\(lab.folder)/text; dd if=\(lab.folder)/text of=\(directory)/disk1.raw conv=notrunc"
            + " && qemu-io -f qcow2 -c 'write -s \(lab.folder)/text 0 512' \(directory)/disk0.qcow2")
        try #require(written.status == 0, "\(written)")
        let key = try String(contentsOfFile: "\(directory)/private/agent.key", encoding: .utf8)
        let archive = "\(lab.folder)/web.nestor"
        #expect(try await lab.succeed("export", "web", archive).output == "\(archive)\n")
        // Tools that everybody has look into it.
        let checked = try await lab.shell(
          "mkdir \(lab.folder)/x; cd \(lab.folder)/x; tar --zstd -xf \(archive); sha256sum -c SHA256SUMS")
        #expect(checked.status == 0 && checked.output.contains("disks/disk0.qcow2: OK"), "\(checked)")
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()

        // What a network keeps for it stays through an import that fails, and is the guest's then.
        let mac =
          try String(contentsOfFile: "\(lab.folder)/x/domain.xml", encoding: .utf8)
          .firstMatch(of: /<mac address="([^"]*)"/).map { String($0.1) } ?? ""
        let kept = "<host mac='\(mac)' ip='192.168.122.77'/>"
        try await lab.virsh("net-update", "default", "add", "ip-dhcp-host", kept, "--live", "--config")
        let half = try await lab.shell("head -c 5000000 \(archive) | nestor import-guest -")
        #expect(half.status == 65 && half.errors.contains("it is damaged"), "\(half)")
        try await lab.expectNothingLeft()
        #expect(try await lab.virsh("net-dumpxml", "default").contains("ip='192.168.122.77'"))

        #expect(try await lab.succeed("import-guest", archive).output == "web\n")
        let piped = try await lab.shell("nestor export web - | nestor import-guest - --copy --name www")
        #expect(piped.status == 0 && piped.output == "www\n" && piped.errors == "", "\(piped)")
        #expect(try await lab.uuid("web") == uuid)
        #expect(try String(contentsOfFile: "\(directory)/private/agent.key", encoding: .utf8) == key)
        try await lab.succeed("start", "web", "www")
        var macs: [String] = []
        for guest in ["web", "www"] {
          try await lab.succeed("wait", guest, "--for", "agent", "--timeout", "240")
          let told = try await lab.succeed(
            "exec", guest, "--", "sh", "-c",
            "hostname; cat /sys/class/net/eth0/address; read a </dev/vda; read b </dev/vdb; echo $a $b")
          #expect(told.lines.count == 3 && told.lines[0] == guest && told.lines[2] == "first first", "\(told)")
          macs.append(told.lines[1])
          let address = try await lab.succeed("wait", guest, "--for", "ip", "--timeout", "120").output
          #expect((address == "192.168.122.77\n") == (guest == "web"), "\(address)")
          #expect(try await lab.virsh("dumpxml", guest).contains("<mac address='\(told.lines[1])'/>"))
        }
        #expect(Set(macs).count == 2)
        let again = try await lab.nestor("import-guest", archive, "--name", "third")
        #expect(again.status == 75 && again.errors.contains("guest 'web' is this guest"), "\(again)")
        try await lab.succeed("delete", "--force", "web", "www")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A full disk, a reader that goes and ctrl-C leave neither an archive nor a guest, and hurt none")
    func cutShort() async throws {
      try await Lab.with("cut-archives") { lab in
        try await lab.succeed("create", try lab.plainTemplate("plain", "disks: [{size: 8MiB}]"), "web")
        let archive = "\(lab.folder)/web.nestor"
        try await lab.succeed("export", "web", archive)
        let before = try lab.files()
        func expectAsBefore(_ comment: String) async throws {
          #expect(try await lab.domains() == ["web"], "\(comment)")
          #expect(try lab.files() == before, "\(comment)")
        }
        // File systems that are gone with the program which mounted them.
        func full(_ directory: String, _ size: String, _ command: String) async throws -> ProgramResult {
          try await lab.shell(
            "mkdir -p \(directory); unshare -m sh -c 'mount -t tmpfs -o size=\(size) none \(directory) && cd \(directory)"
              + " && \(command); status=$?; ls -A; exit $status'")
        }
        let small = try await full("\(lab.folder)/small", "2m", "nestor export web it.nestor")
        #expect(small.status == 73 && small.output == "" && small.errors.contains("No space left"), "\(small)")
        let little = try await full(
          "\(lab.state)/guests", "4m", "nestor import-guest --copy --name www \(archive)")
        #expect(little.status == 73 && little.output == "" && little.errors.contains("No space left"), "\(little)")
        try await expectAsBefore("a full disk")

        let gone = try await lab.shell("nestor export web - | head -c 1000 >/dev/null")
        #expect(gone.errors.contains("cannot export guest 'web': whoever reads what zstd writes has gone"), "\(gone)")
        // It does not wait for what sends the archive, which has that guest.
        let same = try await lab.shell("nestor export web - | nestor import-guest - --copy")
        #expect(same.status == 75 && same.errors.contains("guest 'web' exists already") && same.seconds < 60, "\(same)")
        try await expectAsBefore("a pipe that ends")

        // Each waits for the other end of its pipe, which nobody but this test has open.
        let pipe = "\(lab.folder)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let ends = open(pipe, O_RDWR | O_CLOEXEC)
        defer { close(ends) }
        let export = try lab.startShell("exec nestor export web - >\(pipe)")
        try await lab.until("the pipe to be full") {
          var state = pollfd(fd: ends, events: Int16(POLLOUT), revents: 0)
          return poll(&state, 1, 0) == 0
        }
        export.signal(SIGINT)
        let exported = try await export.wait()
        // What the pipe holds is nobody's now.
        var rest = [UInt8](repeating: 0, count: 1 << 20)
        #expect(read(ends, &rest, rest.count) > 0)
        #expect(exported.status == 130 && exported.errors.contains("was not exported"), "\(exported)")
        let arriving = try lab.startShell(
          "head -c 5000000 \(archive) >\(pipe) & exec nestor import-guest --copy --name www \(pipe)")
        try await lab.until("the guest's first files") { try lab.files().count > before.count + 4 }
        arriving.signal(SIGINT)
        let arrived = try await arriving.wait()
        #expect(arrived.status == 130 && arrived.errors.contains("no guest was imported"), "\(arrived)")
        try await expectAsBefore("ctrl-C")
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A guest with devices of all kinds goes through an archive, and one of its snapshots instead of itself")
    func devices() async throws {
      try await Lab.with("archived-devices") { lab in
        let rich = try lab.plainTemplate(
          "rich",
          """
          cpus: 2
          graphics: vnc
          watchdog: {model: i6300esb}
          channels: [org.example.0]
          guestAgent: true
          smbios: {oemStrings: ["a/b"]}
          memoryBacking: {source: memfd, shared: true}
          disks: [{size: 4MiB, iothread: true}, {size: 4MiB, bus: scsi, serial: data}]
          networks: [{network: lab, mtu: 1400, link: down, bandwidth: {inbound: {average: 1MiB}}, filter: clean-traffic}]
          """)
        try await lab.succeed("create", rich, "web")
        let disk = "\(lab.state)/guests/\(try await lab.uuid("web"))/disk0.qcow2"
        func write(_ number: Int) async throws {
          try #require(try await lab.shell("qemu-io -f qcow2 -c 'write -P \(number) 0 64k' \(disk)").status == 0)
        }
        try await write(1)
        try await lab.succeed("snapshot", "create", "web", "one")
        try await write(2)
        let (now, then) = ("\(lab.folder)/now.nestor", "\(lab.folder)/then.nestor")
        let warned = try await lab.succeed("export", "web", now)
        #expect(warned.errors.contains("without its snapshots (one)"), "\(warned)")
        try await lab.succeed("export", "web", then, "--from", "one")
        for (archive, guest, number) in [(now, "now", 2), (then, "then", 1)] {
          try await lab.succeed("import-guest", "--copy", "--name", guest, archive)
          let copy = "\(lab.state)/guests/\(try await lab.uuid(guest))/disk0.qcow2"
          let read = try await lab.shell(
            "qemu-io -f qcow2 -c 'read -P \(number) 0 64k' \(copy); qemu-img snapshot -l \(copy)")
          #expect(read.output.hasPrefix("read 65536") && !read.output.contains("one"), "\(guest): \(read)")
          let xml = try await lab.virsh("dumpxml", guest)
          for part in [
            "type='vnc'", "i6300esb", "org.example.0", "<entry>a/b</entry>", "memfd", "iothread='1'", "clean-traffic",
          ] {
            #expect(xml.contains(part), "\(guest): \(part)")
          }
        }
        try await lab.succeed("delete", "web", "now", "then")
        try await lab.expectNothingLeft()
      }
    }

    @Test("The variables of a UEFI guest's firmware come along, and those of a guest that is gone stay as they are")
    func firmware() async throws {
      try await Lab.with("uefi-archives") { lab in
        try await lab.succeed("create", try lab.plainTemplate("uefi", "firmware: uefi"), "web")
        // libvirt makes the file at the first start.
        try await lab.virsh("start", "web")
        try await lab.virsh("destroy", "web")
        let (variables, archive) = ("\(lab.daemon.folder)/lib/qemu/nvram", "\(lab.folder)/web.nestor")
        let marked = try await lab.shell("printf mine | dd of=\(variables)/web_VARS.fd bs=1 seek=4000 conv=notrunc")
        try #require(marked.status == 0, "\(marked)")
        let bytes = FileManager.default.contents(atPath: "\(variables)/web_VARS.fd")
        try await lab.succeedInside("export", "web", archive)
        // A guest that writes a qcow2 header there, over a file of the machine, gets nothing of that into an archive.
        let evil = try await lab.shell(
          """
          cd '\(lab.folder)' && echo secret >secret && qemu-img create -q -f qcow2 -b "$PWD/secret" -F raw evil 540672 \
            && dd if=evil of=\(variables)/web_VARS.fd bs=512 count=1 conv=notrunc
          """)
        try #require(evil.status == 0, "\(evil)")
        try await lab.succeedInside("export", "web", "\(lab.folder)/evil.nestor")
        let same = try await lab.shell(
          "tar --zstd -xOf '\(lab.folder)/evil.nestor' nvram | cmp - \(variables)/web_VARS.fd")
        #expect(same.status == 0, "\(same)")
        try await lab.succeedInside("delete", "web")
        #expect(try FileManager.default.contentsOfDirectory(atPath: variables) == [])

        try Data("of another".utf8).write(to: URL(fileURLWithPath: "\(variables)/web_VARS.fd"))
        let refused = try await lab.nestorInside("import-guest", archive)
        #expect(refused.status == 75 && refused.errors.contains("nvram/web_VARS.fd holds"), "\(refused)")
        #expect(FileManager.default.contents(atPath: "\(variables)/web_VARS.fd") == Data("of another".utf8))
        try await lab.expectNothingLeft()

        try await lab.succeedInside("import-guest", archive, "--name", "www")
        #expect(FileManager.default.contents(atPath: "\(variables)/www_VARS.fd") == bytes)
        try await lab.succeedInside("start", "www")
        #expect(try await lab.virsh("domstate", "www").hasPrefix("running"))
        try await lab.succeedInside("delete", "--force", "www")
        #expect(try FileManager.default.contentsOfDirectory(atPath: variables) == ["web_VARS.fd"])

        // As a later libvirt keeps them.
        let unpacked = try await lab.shell(
          "mkdir '\(lab.folder)/x' && cd '\(lab.folder)/x' && tar --zstd -xf '\(archive)' && mv nvram raw")
        try #require(unpacked.status == 0, "\(unpacked)")
        func repack(_ making: String) async throws {
          let done = try await lab.shell(
            """
            cd '\(lab.folder)/x' && \(making) && sed -i '/ nvram$/d' SHA256SUMS && sha256sum nvram >>SHA256SUMS \
              && names=$(tar --zstd -tf '\(archive)') && tar --zstd --format=ustar --owner=0 --group=0 -cf '\(archive)' $names
            """)
          try #require(done.status == 0, "\(done)")
        }
        try await repack("qemu-img convert -f raw -O qcow2 raw nvram")
        try await lab.succeedInside("import-guest", archive, "--name", "www")
        #expect(FileManager.default.contents(atPath: "\(variables)/www_VARS.fd") == bytes)
        try await lab.succeedInside("delete", "www")
        try await repack("qemu-img create -q -f qcow2 nvram 65M")
        let large = try await lab.nestorInside("import-guest", archive, "--name", "www")
        #expect(large.status == 65 && large.errors.contains("'nvram' is a disk of more than 64 MiB"), "\(large)")
        try await lab.expectNothingLeft()
      }
    }
  }
}
