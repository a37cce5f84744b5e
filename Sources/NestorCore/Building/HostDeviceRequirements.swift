import DomainXML
import Glibc
import NestorSupport
import Probes

/// What few guests need of the machine: huge pages, devices passed through, vhost-scsi, a switch's socket.
///
/// It is looked at before a start, since QEMU's and libvirt's own messages about these do not say what to do, and a switch
/// that is not there would let QEMU wait for ever.
struct HostDeviceRequirements: Sendable {
  /// Something that is not there, and how to get it.
  struct Obstacle: Equatable {
    let cause: String
    let hint: String
  }

  /// Where /proc, /sys and /dev lie.
  let root: SystemRoot

  init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// The first thing that a guest needs and that is not there; nil for almost all guests.
  func obstacle(to definition: DomainDefinition) -> Obstacle? {
    if let pages = definition.memoryBacking?.hugePages,
      let obstacle = hugePages(pages.first?.size, for: definition.memory)
    {
      return obstacle
    }
    for card in definition.devices.interfaces {
      if case .vhostUser(let path, isServer: false) = card.source, let obstacle = socket(path) { return obstacle }
    }
    for device in definition.devices.hostDevices {
      switch device.source {
      case .pci(let address): if let obstacle = passthrough(address.description) { return obstacle }
      case .vhostSCSI: if let obstacle = vhostSCSI() { return obstacle }
      case .other: break
      }
    }
    return nil
  }

  private func hugePages(_ size: MemorySize?, for memory: MemorySize) -> Obstacle? {
    guard let bytes = size?.bytes ?? defaultPageSize, bytes > 0 else {
      return Obstacle(cause: "this kernel has no huge pages", hint: "leave 'hugePages' out of its template")
    }
    let pool = HugePagesProbe(root: root).run().pools.first { $0.pageKiB == bytes / 1024 }
    let needed = memory.bytes / bytes + (memory.bytes % bytes == 0 ? 0 : 1)
    guard let pool else {
      return Obstacle(
        cause: "this kernel has no huge pages of \(SizeText.short(bytes))",
        hint: "see /sys/kernel/mm/hugepages for the sizes that it has")
    }
    guard pool.free < needed else { return nil }
    return Obstacle(
      cause: "it needs \(needed) huge pages of \(SizeText.short(bytes)), and \(pool.free) of \(pool.total) are free",
      hint: "on the host: echo \(pool.total + needed - pool.free) >"
        + " /sys/kernel/mm/hugepages/hugepages-\(pool.pageKiB)kB/nr_hugepages")
  }

  /// In bytes, see https://docs.kernel.org/admin-guide/mm/hugetlbpage.html.
  private var defaultPageSize: UInt64? {
    let lines = root.lines("/proc/meminfo")
    let words = lines.first { $0.hasPrefix("Hugepagesize:") }?.split(separator: " ")
    return words.flatMap { $0.count > 1 ? UInt64($0[1]) : nil }.map { $0 << 10 }
  }

  private func socket(_ path: String) -> Obstacle? {
    guard root.isSocket(path) else {
      return Obstacle(
        cause: "its card's switch does not listen at \(path)",
        hint: "start the switch first, such as Open vSwitch with DPDK: QEMU would wait for it without end")
    }
    return nil
  }

  private func passthrough(_ address: String) -> Obstacle? {
    let device = "/sys/bus/pci/devices/\(address)"
    guard root.exists(device) else {
      return Obstacle(cause: "there is no PCI device \(address)", hint: "lspci -D lists those that there are")
    }
    guard let group = target(of: "\(device)/iommu_group") else {
      return Obstacle(
        cause: "the PCI device \(address) is in no IOMMU group",
        hint: "on the host: turn the IOMMU on in the firmware, and boot with intel_iommu=on (Intel)")
    }
    guard target(of: "\(device)/driver") == "vfio-pci" else {
      let driver = target(of: "\(device)/driver").map { "to \($0)" } ?? "to no driver"
      return Obstacle(
        cause: "the PCI device \(address) is bound \(driver), not to vfio-pci",
        hint: "on the host, if it can do without: driverctl set-override \(address) vfio-pci")
    }
    guard root.exists("/dev/vfio/\(group)") else {
      return Obstacle(
        cause: "/dev/vfio/\(group), the group of the PCI device \(address), is not here",
        hint: "have it handed to this container, on the host: nestor-host apply --with vfio-\(group)")
    }
    return nil
  }

  private func vhostSCSI() -> Obstacle? {
    guard !root.exists("/dev/vhost-scsi") else { return nil }
    return Obstacle(
      cause: "/dev/vhost-scsi is not here",
      hint:
        "have it handed to this container, on the host: nestor-host apply --with vhost-scsi; else: modprobe vhost_scsi")
  }

  /// The last part of where a symbolic link leads.
  private func target(of path: String) -> String? {
    guard let text = realpath(root.path(path), nil) else { return nil }
    defer { free(text) }
    return String(cString: text).split(separator: "/").last.map(String.init)
  }
}
