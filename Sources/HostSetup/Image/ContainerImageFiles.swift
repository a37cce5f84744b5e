import NestorImages
import NestorSupport

/// The packages and files that make a Debian system an image for containers.
enum ContainerImageFiles {
  /// A text file; all belong to root and can be read by everybody.
  typealias File = (path: String, text: String)

  /// What an image's folder holds in the end.
  static let results: Set = ["metadata.tar.gz", "rootfs.squashfs"]

  /// The packages besides those that every Debian system has: libvirt and QEMU, the libraries of Nestor's programs, what
  /// these programs run, and what makes the container a system that one can work in.
  static let packages = [
    "libvirt-daemon-system", "libvirt-daemon-driver-qemu", "libvirt-clients", "qemu-system-x86", "qemu-utils",
    "seabios", "ovmf", "swtpm", "swtpm-tools", "dnsmasq-base", "iptables", "nftables",
    "libvirt0", "libxml2", "libsodium23", "libstdc++6",
    "cpio", "curl", "e2fsprogs", "kmod", "xorriso", "xz-utils", "zstd", "openssh-client",
    "systemd-sysv", "systemd-resolved", "udev", "dbus", "apparmor", "cloud-init", "ca-certificates", "iproute2",
    "iputils-ping", "netbase", "procps",
  ]

  /// Units that only cost time in a container.
  static let disabledUnits = [
    "apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer", "e2scrub_reap.service",
  ]

  /// Symbolic links and where they lead.
  static let links: [(path: String, target: String)] = [
    ("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf"),
    // Whatever the package would decide at its first start: guests need the network at once.
    ("/etc/libvirt/qemu/networks/autostart/default.xml", "../default.xml"),
  ]

  /// The text files.
  static let all: [File] = [
    ("/etc/hostname", "nestor\n"),
    ("/etc/cloud/cloud.cfg.d/90-nestor.cfg", cloudInit),
    DebianImageParts.waitForNetwork,
  ]

  /// The daemon's templates below hand its settings over as files, which both daemons and every cloud-init know.
  ///
  /// Without this locale cloud-init's own step for it fails. See
  /// <https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html>.
  private static let cloudInit = """
    datasource_list: [NoCloud, LXD, None]
    locale: C.UTF-8
    ssh_genkeytypes: [ed25519]
    no_ssh_fingerprints: true
    ssh: {emit_keys_to_console: false}

    """

  /// The folders that Nestor's images lie in, as tmpfiles.d(5) makes them; lines that fill them follow.
  static let imageFolders = """
    d /var/lib/nestor 0711 root root -
    d /var/lib/nestor/images 0711 root root -

    """

  /// virt-aa-helper leaves the device out of a guest's profile when the guest wakes or a vsock is plugged in.
  static let appArmorRules = """

    # QEMU needs it for vsock, and libvirt forgets it on restore and hot-plug.
    /dev/vhost-vsock rw,

    """

  /// libvirt's own names for files in which disks go on from a snapshot are none that its virt-aa-helper may look into.
  static let appArmorHelperRules = """

    # The disks of guests, to find what they are laid over.
    /var/lib/nestor/guests/*/* r,

    """

  /// What libvirt needs to be told in an unprivileged container, see <https://libvirt.org/drvqemu.html>.
  static func qemuSettings(libvirt version: String) -> String {
    var text = """

      # An unprivileged container may not set extended attributes of the kind trusted.*, in which owners are remembered.
      remember_owner = 0

      """
    if major(version) < 10 {
      text += """
        # This libvirt wants to own the devices in a guest's private /dev, which an unprivileged container does not allow.
        namespaces = []

        """
    }
    return text
  }

  /// The first number of a version such as `9.0.0-4+deb12u2`; an unknown one counts as new.
  private static func major(_ version: String) -> Int {
    Int(version.prefix { $0.isNumber }) ?? .max
  }

  /// The image's description and the templates of files that each container gets filled in.
  static func metadata(suite: String, created: Int) -> [File] {
    var templates = ["/etc/hostname": "hostname.tpl", "/etc/hosts": "hosts.tpl"]
    for name in seedTemplates.keys { templates["/var/lib/cloud/seed/nocloud-net/\(name)"] = "\(name).tpl" }
    let rows = templates.sorted { $0.key < $1.key }.map { path, file in
      "  \(path): {when: [create, copy], template: \(file)}\n"
    }
    let description = """
      architecture: x86_64
      creation_date: \(created)
      properties:
        description: Debian \(suite) with libvirt, QEMU and Nestor
        os: debian
        release: \(suite)
        architecture: amd64
      templates:

      """
    return [
      ("/metadata.yaml", description + rows.joined()),
      ("/templates/hostname.tpl", "{{ container.name }}\n"),
      (
        "/templates/hosts.tpl",
        "127.0.0.1 localhost\n127.0.1.1 {{ container.name }}\n::1 localhost ip6-localhost ip6-loopback\n"
      ),
    ] + seedTemplates.sorted { $0.key < $1.key }.map { ("/templates/\($0.key).tpl", $0.value) }
  }

  /// cloud-init's seed: settings with either of the two names that the daemons have for them.
  private static let seedTemplates = [
    "meta-data": "instance-id: {{ container.name }}\nlocal-hostname: {{ container.name }}\n",
    "user-data": setting("user-data", default: "#cloud-config\n{}\n"),
    "vendor-data": setting("vendor-data", default: "#cloud-config\n{}\n"),
    "network-config": setting(
      "network-config", default: "version: 2\nethernets:\n  eth0: {dhcp4: true}\n"),
  ]

  private static func setting(_ name: String, default text: String) -> String {
    let (new, old) = ("config_get(\"cloud-init.\(name)\", \"\")", "config_get(\"user.\(name)\", \"\")")
    return "{% if \(new) != \"\" %}{{ \(new) }}{% elif \(old) != \"\" %}{{ \(old) }}{% else %}\(text){% endif %}\n"
  }
}
