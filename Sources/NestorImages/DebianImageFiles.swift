import Glibc

/// The files that make a Debian system an image for guests.
enum DebianImageFiles {
  /// The label by which the kernel finds the root file system; ext4 has room for 16 bytes.
  static let label = "nestor-root"

  /// What the kernel is told.
  static let commandLine = "root=LABEL=\(label) ro console=tty0 console=ttyS0,115200 quiet no_timer_check"

  /// The packages besides those that every Debian system has.
  static let packages = [
    "linux-image-cloud-amd64", "initramfs-tools", "zstd", "kmod", "systemd-sysv", "systemd-resolved", "udev", "dbus",
    "cloud-init", "cloud-guest-utils", "fdisk", "e2fsprogs", "openssh-server", "qemu-guest-agent", "sudo", "iproute2",
    "iputils-ping", "netbase", "ca-certificates",
    // GRUB's program needs it while the image is made.
    "libdevmapper1.02.1",
  ]

  /// Read when the initramfs is made, which then brings along what checks the file system.
  static let fileSystems = "LABEL=\(label) / ext4 defaults,errors=remount-ro 0 1\n"

  /// What the kernel loads from the initramfs: systemd only listens for SSH on a vsock that is there when it begins.
  static let earlyModules = "vmw_vsock_virtio_transport\n"

  /// Path and text of the others; all belong to root and can be read by everybody.
  static let all: [(path: String, text: String)] = [
    ("/etc/hostname", "debian\n"),
    ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"),
    ("/boot/grub/grub.cfg", grubMenu),
    ("/etc/cloud/cloud.cfg.d/90-nestor.cfg", cloudInit),
    ("/etc/systemd/network/90-later-card.network", laterCard),
    DebianImageParts.waitForNetwork,
  ]

  /// What GRUB's core does, before it can read any other file.
  static let grubStart = """
    search.fs_label \(label) root
    set prefix=($root)/boot/grub
    configfile /boot/grub/grub.cfg

    """

  /// Debian's kernel packages keep these two links on the newest kernel, so a guest that upgrades needs no GRUB of its own.
  private static let grubMenu = """
    linux /vmlinuz \(commandLine)
    initrd /initrd.img
    boot

    """

  /// RSA and DSA keys take an emulated processor half a minute, and nobody wants them on the console.
  private static let cloudInit = """
    datasource_list: [NoCloud, None]
    locale: C.UTF-8
    ssh_genkeytypes: [ed25519, ecdsa]
    no_ssh_fingerprints: true
    ssh: {emit_keys_to_console: false}

    """

  /// cloud-init sees to the cards of the first boot; one that is plugged in later asks for an address all the same.
  private static let laterCard = """
    [Match]
    Type=ether
    Kind=!*

    [Link]
    RequiredForOnline=no

    [Network]
    DHCP=yes

    """
}
