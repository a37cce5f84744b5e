import NestorSupport
import Processes

/// The boot loaders of a Debian disk: GRUB's boot sector and core for BIOS, and for UEFI the loaders that Debian has signed,
/// which start with Secure Boot too.
struct BootLoaders: Sendable {
  /// The packages that hold them, which the installed system need not have.
  static let packages = ["grub-common", "grub-pc-bin", "grub-efi-amd64-signed", "shim-signed"]

  /// GRUB's first sector.
  let sector: [UInt8]
  /// What belongs behind it: all that GRUB needs to find the kernel.
  let core: [UInt8]
  /// Path and bytes of the files of UEFI's partition.
  let efiFiles: [(path: String, bytes: [UInt8])]

  /// Takes them out of the packages in a folder; the tree of the new system lends its libraries.
  init(packagesIn folder: String, root: String) async throws {
    // Below the new root, since GRUB's program wants the new system's libraries.
    let place = "/.grub"
    let inside = root + place
    for name in try FileTree.names(in: folder) {
      try await Program("dpkg-deb", package: "dpkg").run(["-x", "\(folder)/\(name)", inside])
    }
    let modules = "\(place)/usr/lib/grub/i386-pc"
    try FileTree.write(Array(DebianImageFiles.grubStart.utf8), to: "\(inside)/start.cfg")
    try await Program("chroot", package: "coreutils").run([
      root, "\(place)/usr/bin/grub-mkimage", "-O", "i386-pc", "-d", modules, "-p", "/boot/grub", "-c",
      "\(place)/start.cfg", "-o", "\(place)/core.img", "biosdisk", "part_msdos", "ext2", "search_label", "linux",
      "normal", "configfile", "boot", "minicmd", "ls", "serial", "terminal", "echo", "test",
    ])
    sector = try FileTree.read("\(root)\(modules)/boot.img")
    core = try FileTree.read("\(inside)/core.img")
    efiFiles = [
      // Where firmware looks that has no entry of its own for the disk; shim then starts what lies beside it, and GRUB
      // reads the file that is built into it as its first.
      ("EFI/BOOT/BOOTX64.EFI", try FileTree.read("\(inside)/usr/lib/shim/shimx64.efi.signed")),
      ("EFI/BOOT/grubx64.efi", try FileTree.read("\(inside)/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed")),
      ("EFI/debian/grub.cfg", Array(DebianImageFiles.grubStart.utf8)),
    ]
    try FileTree.remove(inside)
  }
}
