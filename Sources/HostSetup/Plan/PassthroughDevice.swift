import Probes

/// A device of the host that a container is given, and why.
package struct PassthroughDevice: Sendable, Equatable {
  /// The device's name in the profile.
  package let name: String
  /// Its path on both sides.
  package let path: String
  /// The kernel's module whose feature it is.
  package let module: String
  /// Its permissions inside, in octal. The group inside is root unless the container's own rules say otherwise.
  package let mode: String
  /// Whether nothing works without it.
  package let isFatal: Bool
  /// What it is for, as a sentence.
  package let reason: String

  /// The devices that every container gets; the smallest set with which guests have all that Nestor offers.
  package static let standard = [
    PassthroughDevice(
      name: "kvm", path: "/dev/kvm", module: "kvm", mode: "0666", isFatal: false,
      // QEMU's user is no member of root's group, and which number its own group has differs between containers.
      reason: "guests run at the processor's speed; without it they are emulated, some ten times slower"),
    PassthroughDevice(
      name: "tun", path: "/dev/net/tun", module: "tun", mode: "0666", isFatal: true,
      reason: "guests are connected to bridges by taps"),
    PassthroughDevice(
      name: "vhost-net", path: "/dev/vhost-net", module: "vhost_net", mode: "0660", isFatal: false,
      reason: "the kernel moves guests' packets itself, which takes less processor time than QEMU needs for it"),
    PassthroughDevice(
      name: "vhost-vsock", path: "/dev/vhost-vsock", module: "vhost_vsock", mode: "0660", isFatal: false,
      reason: "guests can have a vsock; without it nestor speaks with them over virtio-serial, a few sessions at a time"
    ),
    PassthroughDevice(
      name: "vsock", path: "/dev/vsock", module: "vsock", mode: "0666", isFatal: false,
      reason: "programs can ask for their own vsock address"),
  ]

  package static let vhostSCSI = PassthroughDevice(
    name: "vhost-scsi", path: "/dev/vhost-scsi", module: "vhost_scsi", mode: "0660", isFatal: true,
    reason: "guests can have disks that the kernel serves by vhost-scsi")

  /// What an extra of ``HostChoices/extras`` hands in; hugepages is no device.
  static func devices(for extra: String) -> [PassthroughDevice] {
    if extra == "vhost-scsi" { return [vhostSCSI] }
    guard extra == "vfio" || extra.hasPrefix("vfio-") else { return [] }
    let container = PassthroughDevice(
      name: "vfio", path: "/dev/vfio/vfio", module: "vfio_pci", mode: "0660", isFatal: true,
      reason: "guests can have PCI devices of the host")
    guard let group = Int(extra.dropFirst("vfio-".count)) else { return [container] }
    return [
      container,
      PassthroughDevice(
        name: "vfio-\(group)", path: "/dev/vfio/\(group)", module: "vfio_pci", mode: "0660", isFatal: true,
        reason: "the devices of IOMMU group \(group), which have to be bound to vfio-pci on the host"),
    ]
  }

  /// Whether the word names something that can be handed in on request.
  static func isExtra(_ word: String) -> Bool {
    word == "hugepages" || word == "vhost-scsi" || word == "vfio"
      || (word.hasPrefix("vfio-") && UInt16(word.dropFirst(5)) != nil)
  }

  /// What a person does on the host where the device is missing.
  func remedy(_ root: SystemRoot) -> String {
    let isGroup = path.hasPrefix("/dev/vfio/") && path != "/dev/vfio/vfio"
    // A group's file comes when its devices are bound, not with the module.
    return isGroup
      ? "bind the group's devices to vfio-pci: driverctl set-override 0000:BB:DD.F vfio-pci"
      : DeviceRemedy(path: path, module: module, root: root).text
  }

  /// The device as a profile describes it, see
  /// <https://documentation.ubuntu.com/lxd/stable-5.0/reference/devices_unix_char/>.
  var object: JSONValue {
    JSONValue([
      "type": "unix-char", "source": path, "path": path, "mode": mode,
      // A device that comes later, with its module, is handed in then.
      "required": "false",
    ])
  }
}
