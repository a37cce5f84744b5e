import Testing

@testable import GuestAgent

@Suite("The file systems to freeze") struct MountTableTests {
  static let types = """
    nodev\tsysfs
    nodev\ttmpfs
    nodev\tproc
    nodev\toverlay
    nodev\tnfs4
    \text4
    \txfs
    \tbtrfs
    \tvfat
    \tiso9660
    \tfuseblk

    """

  /// As a cloud image with some more disks has it.
  static let list = """
    22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw
    23 28 0:22 / /proc rw,nosuid shared:14 - proc proc rw
    28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard
    29 28 0:24 / /run rw,nosuid shared:2 - tmpfs tmpfs rw,size=1k
    60 28 254:15 / /boot/efi rw,relatime shared:30 master:3 - vfat /dev/vda15 rw,fmask=0022
    61 28 254:16 / /data\\040disk rw,relatime shared:31 - xfs /dev/vdb rw
    62 61 0:45 /@home /data\\040disk/home rw - btrfs /dev/vdc rw,subvol=/@home
    63 28 0:45 / /srv rw - btrfs /dev/vdc rw,subvol=/
    64 28 254:1 /var /mnt/bind rw - ext4 /dev/vda1 rw
    65 28 254:32 / /media/seed ro - iso9660 /dev/vdd ro
    66 28 254:48 / /media/readable ro - ext4 /dev/vde rw
    67 28 0:50 / /net rw - nfs4 server:/x rw
    68 28 254:64 / /win rw - fuseblk /dev/vdf rw
    69 28 0:51 / /merged rw - overlay overlay rw
    70 28 7:0 / /image rw - ext4 /dev/loop0 rw
    nonsense
    71 28 1:2 / /short rw - ext4

    """

  static func table(_ list: String = MountTableTests.list) -> MountTable {
    MountTable(mountInfo: Array(list.utf8), fileSystems: Array(types.utf8))
  }

  private func paths(_ mounts: [MountTable.Mount]) -> [String] {
    mounts.map { String(decoding: $0.mountPoint, as: UTF8.self) }
  }

  @Test("have a disk that can be written, each counts once, and what lies on another comes before it")
  func selection() {
    let table = Self.table()
    #expect(table.mounts.count == 15)
    #expect(paths(table.freezable) == ["/image", "/media/readable", "/srv", "/data disk", "/boot/efi", "/"])
  }

  @Test("come before those that they are mounted on even where they were mounted before")
  func moved() {
    let list = """
      28 1 254:1 / / rw - ext4 /dev/vda1 rw
      29 31 254:2 / /a/b rw - ext4 /dev/vdb rw
      31 28 254:3 / /a rw - ext4 /dev/vdc rw

      """
    #expect(paths(Self.table(list).freezable) == ["/a/b", "/a", "/"])
  }

  @Test("end even where the list claims that mounts lie in each other")
  func circle() {
    let list = """
      1 1 254:1 / / rw - ext4 /dev/vda1 rw
      2 3 254:2 / /a rw - ext4 /dev/vdb rw
      3 2 254:3 / /b rw - ext4 /dev/vdc rw

      """
    #expect(Set(paths(Self.table(list).freezable)) == ["/", "/a", "/b"])
  }

  @Test("are found by where they are mounted, and by what lies on them")
  func lookup() {
    let table = Self.table()
    #expect(table.mount(at: Array("/data disk//".utf8))?.type == "xfs")
    #expect(table.mount(at: Array("/".utf8))?.type == "ext4")
    #expect(table.mount(at: Array("/nowhere".utf8)) == nil)
    #expect(table.mount(at: []) == nil)
    #expect(table.mount(of: "/run/nestor/frozen")?.type == "tmpfs")
    #expect(table.mount(of: "/running")?.type == "ext4")
  }

  @Test("are not those without a disk, on a disk that cannot be written, or served by a program")
  func obstacles() throws {
    let table = Self.table()
    for (path, word) in [("/run", "tmpfs"), ("/media/seed", "read-only"), ("/win", "program"), ("/net", "nfs4")] {
      let mount = try #require(table.mount(at: Array(path.utf8)))
      #expect(table.obstacle(mount)?.contains(word) == true)
    }
  }
}
