import Foundation
import TestSupport
import Testing

/// A disk with a Linux system on each of ext4, btrfs and XFS, with a partition of the first one's, swap space and an EFI system
/// partition; in all files are texts to look for.
enum SystemsDisk {
  static let fileSystems = ["ext4", "btrfs", "xfs"]

  /// What an image must not have of a system.
  private static let gone = [
    "etc/machine-id", "etc/ssh/ssh_host_ed25519_key", "etc/ssh/ssh_host_ed25519_key.pub", "etc/nestor/agent.key",
    "usr/lib/nestor/nestor-agent", "var/lib/cloud/instances/one/user-data.txt", "var/lib/cloud/data/instance-id",
    "etc/netplan/50-cloud-init.yaml", "etc/systemd/network/10-cloud-init-eth0.network",
    "etc/NetworkManager/conf.d/99-cloud-init.conf", "etc/ssh/sshd_config.d/50-cloud-init.conf", "etc/krb5.keytab",
    "etc/iscsi/initiatorname.iscsi", "var/lib/systemd/random-seed", "var/lib/systemd/credential.secret",
    "var/lib/dhcp/dhclient.leases", "var/lib/NetworkManager/secret_key", "var/log/journal/one/system.journal",
    "var/log/auth.log", "var/log/auth.log.1", "var/log/apt/history.log.2.gz", "root/.bash_history",
    "home/me/.bash_history", "home/me/.local/share/fish/fish_history", "tmp/scratch", "var/tmp/.hidden",
    "var/crash/core",
  ]

  /// What it has to have still.
  private static let kept = [
    "etc/passwd", "etc/shadow", "etc/ssh/sshd_config", "etc/cloud/cloud.cfg", "etc/nestor/domains/mine.yaml",
    "etc/netplan/01-mine.yaml", "etc/systemd/network/lan.network", "home/me/.ssh/authorized_keys",
    "var/lib/cloud/scripts/per-boot/mine", "var/lib/postgres/data", "srv/data.1", "usr/bin/program.old",
  ]

  /// The size of the disk.
  static let size = "608MiB"

  private static let varPartition = "0f0e0d0c-0b0a-4908-8706-050403020100"

  /// Makes the disk.
  static func make(_ lab: Lab, _ disk: String) async throws {
    for name in fileSystems { try makeTree("\(lab.folder)/\(name)", name) }
    try prototype("\(lab.folder)/xfs").write(toFile: "\(lab.folder)/proto", atomically: true, encoding: .utf8)
    let made = try await lab.shell(
      """
      set -e
      cd \(lab.folder)
      # The first system has a partition for its /var.
      mv ext4/var var && mkdir ext4/var
      for part in ext4.32 var.32 btrfs.128 esp.32 xfs.320; do truncate -s ${part#*.}M ${part%.*}.part; done
      mkfs.ext4 -q -d ext4 ext4.part
      mkfs.ext4 -q -d var var.part
      mkfs.btrfs -q --rootdir btrfs btrfs.part
      mkfs.xfs -q -p proto xfs.part
      mkfs.vfat esp.part >mkfs.log
      mmd -i esp.part ::/loader && echo '<gone esp seed>' | mcopy -i esp.part - ::/loader/random-seed
      # A guest that sleeps on disk has its memory there.
      sed 's/SWAPSPACE2/S1SUSPEND\\x00/' ext4/swapfile >swap.part && truncate -s 4M swap.part
      truncate -s \(size.dropLast(2)) \(disk)
      sfdisk -q \(disk) <<'TABLE'
      label: gpt
      start=1MiB, size=32MiB
      start=33MiB, size=32MiB, uuid=\(varPartition)
      start=65MiB, size=4MiB, type=swap
      start=70MiB, size=128MiB
      start=200MiB, size=32MiB, type=uefi
      start=240MiB, size=320MiB
      TABLE
      for part in ext4.1 var.33 swap.65 btrfs.70 esp.200 xfs.240; do
        dd if=${part%.*}.part of=\(disk) bs=1M seek=${part#*.} conv=notrunc,sparse status=none
      done
      """)
    try #require(made.status == 0, "\(made)")
  }

  /// Looks at a disk that an image of it was made to.
  static func check(_ lab: Lab, _ disk: String) async throws {
    let found = try await lab.shell("grep -aoE '<(kept|gone) [^>]*>' \(disk) | sort -u")
    #expect(found.lines == fileSystems.flatMap { name in kept.map { "<kept \(name) \($0)>" } }.sorted(), "\(found)")
    let told = try await lab.shell(
      """
      cd \(lab.folder)
      dd if=\(disk) bs=1 skip=$((65 * 1048576 + 4086)) count=10 status=none
      echo
      look() {
        dd if=\(disk) of=seen.part bs=1M skip=$1 count=32 status=none
        shift
        e2fsck -fn seen.part >/dev/null 2>&1 || echo damaged
        for request; do
          debugfs -R "$request" seen.part 2>/dev/null | grep -v Fragment |
            grep -oE 'Mode: +[0-7]+|Size: [0-9]+|localhost|Generate.*|/[a-z_-]+/+$'
        done
      }
      look 1 'stat /etc/machine-id' 'cat /etc/hostname' 'cat /etc/iscsi/initiatorname.iscsi' 'ls -p /etc/nestor' \\
        'ls -p /usr/lib'
      look 33 'stat /log/auth.log' 'ls -p /log/journal'
      """)
    // The mark of the swap space, then mode, size and content of files, and the directories that are left: that of the agent is
    // not.
    #expect(
      told.lines == [
        "SWAPSPACE2", "Mode:  0444", "Size: 0", "localhost", "GenerateName=yes", "/domains//", "/systemd//",
        "Mode:  0640", "Size: 0",
      ], "\(told)")
  }

  private static func makeTree(_ root: String, _ name: String) throws {
    let manager = FileManager.default
    func write(_ path: String, _ text: String) throws {
      let file = "\(root)/\(path)"
      try manager.createDirectory(
        atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
      try text.write(toFile: file, atomically: false, encoding: .utf8)
    }
    if name == "btrfs" {
      // Its logs lie elsewhere, by a link that leads there in the system only.
      for path in ["srv/log", "var"] {
        try manager.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
      }
      try manager.createSymbolicLink(atPath: "\(root)/var/log", withDestinationPath: "/srv/log")
    }
    for path in gone {
      // What a link leads to is not there outside of the system.
      let real = name == "btrfs" ? path.replacingOccurrences(of: "var/log/", with: "srv/log/") : path
      try write(real, "<gone \(name) \(path)>\n")
    }
    for path in kept { try write(path, "<kept \(name) \(path)>\n") }
    try write("usr/lib/os-release", "NAME=It\nPRETTY_NAME=\"A system on \(name)\"\n")
    try write("usr/lib/systemd/systemd", "")
    try write("var/lib/dpkg/status", "")
    try write("etc/hostname", "web\n")
    try write("etc/fstab", "# <file system>\nUUID=1234 / auto defaults\nPARTUUID=12 /var/lib/mysql ext4 defaults 0 2\n")
    guard name == "ext4" else { return }
    // The last line has no end.
    try write(
      "etc/fstab",
      "LABEL=none /home ext4 defaults 0 2\n/swapfile none swap sw 0 0\nPARTUUID=\(varPartition) /var ext4 defaults 0 2")
    let page = String(repeating: "\0", count: 4086) + "SWAPSPACE2"
    try write("swapfile", page + String(repeating: "<gone memory>   ", count: 9728))
    try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: "\(root)/etc/machine-id")
    try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: "\(root)/var/log/auth.log")
  }

  /// The description of a tree that mkfs.xfs takes.
  private static func prototype(_ root: String) throws -> String {
    func entries(_ directory: String, _ indent: String) throws -> String {
      var text = ""
      for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
        let path = "\(directory)/\(name)"
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        text +=
          isDirectory.boolValue
          ? "\(indent)\(name) d--755 0 0\n" + (try entries(path, indent + " ")) + "\(indent)$\n"
          : "\(indent)\(name) ---644 0 0 \(path)\n"
      }
      return text
    }
    return "none\n0 0\nd--755 0 0\n" + (try entries(root, " ")) + "$\n"
  }
}
