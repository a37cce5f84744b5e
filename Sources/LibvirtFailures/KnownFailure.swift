/// Messages of libvirt and QEMU that do not name their cause, with what cures them.
enum KnownFailure {
  private static let hints: [(part: String, hint: String)] = [
    (
      "trusted.libvirt.security",
      "an unprivileged container may not set this attribute: put remember_owner = 0 into /etc/libvirt/qemu.conf and restart libvirtd, or run: nestor doctor --fix"
    ),
    (
      "Failed to chown device",
      "this libvirt cannot make a private /dev in a container: put namespaces = [] into /etc/libvirt/qemu.conf and restart libvirtd, or run: nestor doctor --fix"
    ),
    (
      "vhost_set_owner failed",
      "AppArmor keeps QEMU from /dev/vhost-vsock: add the line '/dev/vhost-vsock rw,' to /etc/apparmor.d/local/abstractions/libvirt-qemu, or run: nestor doctor --fix"
    ),
    (
      "unable to set non-blocking mode: Bad file descriptor",
      "AppArmor keeps QEMU from /dev/vhost-vsock: add the line '/dev/vhost-vsock rw,' to /etc/apparmor.d/local/abstractions/libvirt-qemu, or run: nestor doctor --fix"
    ),
    (
      "No file descriptor supplied via SCM_RIGHTS",
      "AppArmor keeps QEMU from /dev/vhost-vsock: add the line '/dev/vhost-vsock rw,' to /etc/apparmor.d/local/abstractions/libvirt-qemu, or run: nestor doctor --fix"
    ),
    ("guest cid: Address already in use", "another guest on this host has that CID; choose another"),
    (
      "command 'block-commit': Could not open",
      "libvirt before 12.1 has AppArmor forbid that for a guest that is off: start it, and delete the snapshot while it runs; in a container one that runs may have to be restarted before: nestor restart"
    ),
    (
      ".qcow2': Permission denied",
      "AppArmor may keep QEMU from that file: nestor doctor says so, and --fix mends it; in a container, kernels may give a running guest only the first change of its rules: nestor restart it, and run this again"
    ),
    ("Could not access KVM kernel module", "QEMU may not open /dev/kvm: see nestor doctor"),
    ("failed to initialize kvm", "QEMU may not open /dev/kvm: see nestor doctor"),
    (
      "invalid argument: could not find capabilities for domaintype=kvm",
      "there is no usable /dev/kvm: see nestor doctor"
    ),
    ("is not active", "start it first"),
    ("libvirt's library cannot be loaded", "install libvirt: apt-get install libvirt-daemon-system"),
    ("Failed to connect socket to", "is libvirt running? scripts/setup start, or systemctl start libvirtd"),
    ("the connection to libvirtd was lost", "libvirtd ended or was restarted; its guests live on: run this again"),
    ("client socket is closed", "libvirtd ended or was restarted; its guests live on: run this again"),
    ("Cannot recv data", "libvirtd ended or was restarted; its guests live on: run this again"),
    ("authentication unavailable", "run as root, or as a member of group libvirt"),
    ("Cannot create user runtime directory", "set XDG_RUNTIME_DIR to a folder of your own"),
    ("Error while writing VM state", "the disk may be full: free some space; nestor doctor shows where it is short"),
    ("No space left on device", "free some space; nestor doctor shows where it is short"),
    ("unable to map backing store for guest RAM", "the huge pages do not suffice: see /proc/meminfo"),
    (
      "cannot limit locked memory",
      "the container may not lock so much: on the host, lxc or incus config set NAME limits.kernel.memlock unlimited"
    ),
    ("cannot set up guest memory", "the memory left on the host does not suffice for this guest"),
    ("already exists with uuid", "another guest has that name; see: nestor list"),
    ("internal snapshot for disk", "every disk that the guest writes to has to be qcow2 for a snapshot"),
    (
      "Specified qdisc kind is unknown",
      "the host's kernel cannot limit rates so: it needs sch_htb, sch_sfq, sch_ingress, cls_u32, cls_fw and act_police"
    ),
    (
      "deletion of external disk snapshot with multiple children",
      "delete those that were made after it before, or with it: --children"
    ),
    (
      "is not the same as disk image currently used by VM",
      "it had another disk at that moment: stop it, and delete the snapshot while it is off"
    ),
    (
      "conversion of the nvram template",
      "the file of the guest's firmware variables, named by nestor xml, is gone: nestor start makes a new one"
    ),
    ("network is not active", "start it: nestor network start NAME"),
    (
      "No more available PCI slots",
      "the guest was started with room for so many devices only: stop it first, or give its template more hotplugSlots"
    ),
  ]

  static func hint(for message: String) -> String? {
    hints.first { message.contains($0.part) }?.hint
  }

  /// Whether the message says that no daemon answers.
  static func isUnreachable(_ message: String) -> Bool {
    ["Failed to connect socket", "Cannot recv data", "client socket is closed"].contains { message.contains($0) }
  }
}
