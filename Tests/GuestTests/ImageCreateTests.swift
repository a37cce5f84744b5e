import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Images of guests' disks.
  @Suite("Images of guests")
  struct ImageCreateTests {
    @Test(
      "An image of a guest has its systems without what makes a machine of them, and that is not on its disk any more")
    func systems() async throws {
      try await Lab.with("image-create") { lab in
        let template = try lab.plainTemplate("plain", "disks: [{size: \(SystemsDisk.size)}, {size: 1MiB}]")
        try await lab.succeed("create", template, "web")
        let disk = try await Self.disk(lab)
        try await SystemsDisk.make(lab, "\(lab.folder)/raw")
        try await Self.convert(lab, "\(lab.folder)/raw", "raw", to: disk, "qcow2")
        let before = try await lab.shell("sha256sum \(disk)").output

        let made = try await lab.succeed("image", "create", "base", "--from", "web")
        #expect(made.output == "base\n")
        for words in [
          "without vdb of guest 'web'", "without the kernel", "its /home, on LABEL=none, is not on this disk",
        ] {
          #expect(made.errors.contains(words), "\(made)")
        }
        #expect(!made.errors.contains("mysql"), "nothing is removed there: \(made)")
        #expect(try await lab.shell("sha256sum \(disk)").output == before, "the guest's own disk is left alone")
        let image = try await lab.succeed("image", "info", "base").output
        #expect(
          image.contains("A system on ext4, A system on btrfs, A system on xfs, from guest 'web'\n")
            && image.contains("608 MiB"), "\(image)")
        let file = "\(lab.state)/images/base/disk.qcow2"
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        try await Self.convert(lab, file, "qcow2", to: "\(lab.folder)/seen", "raw")
        try await SystemsDisk.check(lab, "\(lab.folder)/seen")
        try await lab.succeed("delete", "web")
        try await lab.succeed("image", "delete", "base")
        try await lab.expectNothingLeft()
      }
    }

    @Test("An image can be of a snapshot, replaces one that has no guests, and is kept by prune")
    func snapshot() async throws {
      try await Lab.with("image-of-snapshot") { lab in
        try await lab.succeed("create", try lab.plainTemplate("plain", "disks: [{size: 32MiB}]"), "web")
        let disk = try await Self.disk(lab)
        try await Self.makeSystem(lab, disk, "first")
        try await lab.succeed("snapshot", "create", "web", "then")
        try await Self.makeSystem(lab, "\(lab.folder)/other.qcow2", "second")
        try await Self.convert(lab, "\(lab.folder)/other.qcow2", "qcow2", to: "\(lab.folder)/second", "raw")
        // What the snapshot holds stays where it is.
        try #require(
          try await lab.shell("qemu-io -f qcow2 -c 'write -s \(lab.folder)/second 0 32M' \(disk)").status == 0)

        let then = try await lab.succeed("image", "create", "base", "--from", "web/then", "--description", "as it was")
        #expect(try await Self.texts(lab) == ["kept first"], "\(then)")
        let row = try await lab.succeed("image", "info", "base").output
        #expect(row.contains("DESCRIPTION:  as it was\nFROM:         web/then\n"), "\(row)")
        let again = try await lab.nestor("image", "create", "base", "--from", "web")
        #expect(again.status == 75 && again.errors.contains("there is an image 'base' already"), "\(again)")
        try await lab.succeed("create", try lab.plainTemplate("over", "disks: [{image: base}]"), "user")
        let used = try await lab.nestor("image", "create", "base", "--from", "web", "--replace")
        #expect(used.status == 75 && used.errors.contains("image 'base' is in use"), "\(used)")
        #expect(try await Self.texts(lab) == ["kept first"])
        try await lab.succeed("delete", "user")
        try await lab.succeed("image", "create", "base", "--from", "web", "--replace")
        #expect(try await Self.texts(lab) == ["kept second"])
        #expect(try await !lab.succeed("image", "prune").output.contains("base"))
        try await lab.succeed("delete", "web")
        try await lab.succeed("image", "delete", "base")
        try await lab.expectNothingLeft()
      }
    }

    @Test("What a guest wrote on btrfs is not on the image's disk once it is removed", .notInGate)
    func written() async throws {
      try await Lab.with("image-of-btrfs") { lab in
        // It has the modules in its memory.
        let template = try lab.template("large", "image: tiny\nmemory: 256MiB\ndisks: [{size: 200MiB}]\n")
        try await lab.succeed("create", template, "web")
        let made = try await lab.shell(
          """
          cd \(lab.folder) && truncate -s 200M raw && mkfs.btrfs -q raw
          qemu-img convert -f raw -O qcow2 raw \(try await Self.disk(lab))
          zstd -dc \(lab.state)/images/tiny/filesystems | cpio -id --quiet
          """)
        try #require(made.status == 0, "\(made)")
        try await lab.succeed("start", "web")
        try await lab.succeed("wait", "web", "--for", "agent", "--timeout", "240")
        try await lab.succeed("cp", "-r", "\(lab.folder)/lib/modules", "web:/tmp/")
        try await lab.succeed(
          "exec", "web", "--", "sh", "-c",
          """
          set -e
          cp -r /tmp/modules /lib/
          modprobe btrfs
          mount -t btrfs /dev/vda /mnt
          cd /mnt
          mkdir -p etc/ssh home/me var/log/journal/one usr/lib/systemd
          echo NAME=It >etc/os-release
          echo 'gone key' >etc/ssh/ssh_host_ed25519_key
          echo 'gone id' >etc/machine-id
          sync
          echo 'gone log' >var/log/messages
          echo 'gone history' >home/me/.bash_history
          echo 'kept it' >etc/issue
          cd /
          umount /mnt
          """)
        try await lab.succeed("stop", "--force", "web")
        try await lab.succeed("image", "create", "base", "--from", "web")
        #expect(try await Self.texts(lab) == ["kept it"])
        try await lab.succeed("delete", "web")
        try await lab.succeed("image", "delete", "base")
        try await lab.expectNothingLeft()
      }
    }

    @Test("No image is made of what cannot be one, and nothing of it is left")
    func refusals() async throws {
      try await Lab.with("image-refused") { lab in
        try await lab.succeed("create", try lab.plainTemplate("plain", "disks: [{size: 32MiB}]"), "web")
        let disk = try await Self.disk(lab)
        let filled = try await lab.shell(
          "printf LUKS >\(lab.folder)/luks && qemu-io -f qcow2 -c 'write -s \(lab.folder)/luks 0 512' \(disk)")
        try #require(filled.status == 0, "\(filled)")
        let before = try lab.files()
        func refuse(_ arguments: [String], _ status: Int32, _ words: String) async throws {
          let result = try await lab.nestor(["image", "create"] + arguments)
          #expect(result.status == status && result.errors.contains(words), "\(result)")
          #expect(result.seconds < 60, "\(result)")
          #expect(try lab.files() == before, "\(arguments)")
          #expect(try await lab.domains() == ["web"], "\(arguments)")
        }
        try await refuse(["new", "--from", "web"], 69, "vda is an encrypted volume (LUKS)")
        try await refuse(
          ["tiny", "--from", "web", "--replace"], 65, "'tiny' is the image that such images are made by")
        try await refuse(["../new", "--from", "web"], 65, "an image cannot have this name")
        try await refuse(["new", "--from", "nobody"], 66, "no guest 'nobody'")
        try await refuse(["new", "--from", "web/never"], 66, "no snapshot 'never'")
        try await refuse(["new", "--from", "web/"], 64, "guest[/snapshot]")
        try await refuse(["new", "--from", "web", "--timeout", "0.2"], 124, "was not generalised within")
        // A file that cannot be removed must not stay without a word, nor hold the command up.
        try await Self.makeSystem(lab, disk, "fixed", flags: "0x80010")
        try await refuse(["new", "--from", "web"], 1, "in the system on vda: cannot empty etc/machine-id")

        try await lab.succeed("start", "web")
        let runs = try await lab.nestor("image", "create", "new", "--from", "web")
        #expect(runs.status == 75 && runs.errors.contains("or name a snapshot: --from web/SNAPSHOT"), "\(runs)")
        try await lab.succeed("delete", "--force", "web")
        try await lab.succeed("create", try lab.plainTemplate("bare"), "bare")
        let bare = try await lab.nestor("image", "create", "new", "--from", "bare")
        #expect(bare.status == 69 && bare.errors.contains("it has no disk of its own"), "\(bare)")
        try await lab.succeed("delete", "bare")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A full disk, ctrl-C and a kill leave neither an image nor the throw-away guest")
    func cutShort() async throws {
      try await Lab.with("image-cut-short") { lab in
        try await lab.succeed("create", try lab.plainTemplate("plain", "disks: [{size: 32MiB}]"), "web")
        try await Self.makeSystem(lab, try await Self.disk(lab), "it", megabytes: 8)
        let create = ["image", "create", "new", "--from", "web"]
        let before = try lab.files()
        let throwAway = "the throw-away guest"
        func isThere() async throws -> Bool { try await lab.domains().contains("nestor-image-new") }

        for signal in [SIGINT, SIGKILL] {
          let program = try lab.start(create)
          try await lab.until(throwAway) { try await isThere() }
          program.signal(signal)
          let result = try await program.wait()
          #expect(result.status == (signal == SIGINT ? 130 : 128 + SIGKILL), "\(result)")
          try await lab.until("libvirt to end it") { try await lab.domains() == ["web"] }
          if signal == SIGINT {
            #expect(result.errors.contains("no image is left"), "\(result)")
          } else {
            let left = try await lab.succeed("gc", "--yes").output
            #expect(left.contains("\(lab.state)/images/.new-new"), "\(left)")
          }
          #expect(try lab.files() == before, "\(signal)")
        }

        // A file system that libvirtd and the program see; it is full before the copy is through, then while the guest works.
        let images = "\(lab.state)/images"
        for (size, isFilled) in [("24m", false), ("120m", true)] {
          let tiny = try await TestImages.folder() + "/images/tiny"
          let mounted = try await lab.daemon.runInside([
            "sh", "-c", "mount -t tmpfs -o size=\(size),mode=711 none \(images) && cp -rL \(tiny) \(images)",
          ])
          try #require(mounted.status == 0, "\(mounted)")
          async let ended = lab.nestorInside("image", "create", "new", "--from", "web")
          if isFilled {
            try await lab.until(throwAway) { try await isThere() }
            _ = try await lab.daemon.runInside(["sh", "-c", "cat /dev/zero >\(images)/filler"])
          }
          let full = try await ended
          #expect(full.status == 73 && full.errors.contains("No space left"), "\(full)")
          #expect(try await lab.domains() == ["web"])
          let left = try await lab.daemon.runInside([
            "sh", "-c", "rm -f \(images)/filler; ls -A \(images); umount \(images)",
          ])
          #expect(left.output == "tiny\n", "\(left)")
        }
        try await lab.succeed("delete", "web")
        try await lab.expectNothingLeft()
      }
    }

    /// The disk of guest 'web'.
    static func disk(_ lab: Lab) async throws -> String {
      "\(lab.state)/guests/\(try await lab.uuid("web"))/disk0.qcow2"
    }

    /// Makes a qcow2 disk with a system that has two texts, one of them as its machine ID, whose inode has `flags` (0x10 keeps all from changing it); so much
    /// more that cannot be packed is in it.
    static func makeSystem(
      _ lab: Lab, _ disk: String, _ text: String, flags: String = "0x80000", megabytes: Int = 0
    ) async throws {
      let made = try await lab.shell(
        """
        set -e
        cd \(lab.folder)
        rm -rf tree && mkdir -p tree/etc tree/usr/lib/systemd
        echo NAME=It >tree/etc/os-release
        : >tree/usr/lib/systemd/systemd
        echo 'gone \(text)' >tree/etc/machine-id
        echo 'kept \(text)' >tree/etc/issue
        head -c \(megabytes)M /dev/urandom >tree/data
        rm -f system && truncate -s 32M system && mkfs.ext4 -q -d tree system
        debugfs -w -R 'sif /etc/machine-id flags \(flags)' system 2>/dev/null
        qemu-img convert -f raw -O qcow2 system \(disk)
        """)
      try #require(made.status == 0, "\(made)")
    }

    /// The texts on the image's disk.
    static func texts(_ lab: Lab) async throws -> [String] {
      try await convert(lab, "\(lab.state)/images/base/disk.qcow2", "qcow2", to: "\(lab.folder)/seen", "raw")
      return try await lab.shell("grep -aoE '(gone|kept) [a-z]+' \(lab.folder)/seen | sort -u").lines
    }

    private static func convert(
      _ lab: Lab, _ source: String, _ from: String, to target: String, _ format: String
    ) async throws {
      let result = try await lab.shell("qemu-img convert -f \(from) -O \(format) \(source) \(target)")
      try #require(result.status == 0, "\(result)")
    }
  }
}
