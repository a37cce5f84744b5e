/// What tells one container from another, as far as its inside knows: its host name, and the MAC addresses that LXD or Incus
/// gave its NICs.
///
/// Neither is changed by a restart. A rename changes the name alone, another NIC the addresses alone; `lxc copy` gives the
/// copy another name and other addresses. See https://documentation.ubuntu.com/lxd/en/latest/reference/instance_options/
/// (volatile.*.hwaddr).
package struct ContainerIdentity: Sendable, Equatable, Codable {
  package let hostname: String
  /// In lower case, sorted.
  package let macAddresses: [String]

  package init(hostname: String, macAddresses: [String]) {
    self.hostname = hostname
    self.macAddresses = macAddresses
  }

  /// That of the LXD or Incus container that this is; nil elsewhere, where both may change at any time, and in one without
  /// a NIC.
  package init?(root: SystemRoot = .machine) {
    let container = ContainerProbe(root: root).run()
    guard container.guestInterface != nil || container.manager == "lxc",
      let hostname = root.value("/proc/sys/kernel/hostname"), !hostname.isEmpty
    else { return nil }
    let macs = root.names("/sys/class/net").filter { Self.isOwn($0, root) }
      .compactMap { root.value("/sys/class/net/\($0)/address")?.lowercased() }
    guard !macs.isEmpty else { return nil }
    self.init(hostname: hostname, macAddresses: Set(macs).sorted())
  }

  /// Whether this is a copy of a container that was so before.
  package func isCopy(of earlier: Self) -> Bool {
    hostname != earlier.hostname && Set(macAddresses).isDisjoint(with: earlier.macAddresses)
  }

  /// Whether an interface is a NIC of the container's: an Ethernet one that is no bridge, and no guest's tap.
  private static func isOwn(_ name: String, _ root: SystemRoot) -> Bool {
    let directory = "/sys/class/net/\(name)"
    // ARPHRD_ETHER, see linux/if_arp.h.
    return root.number("\(directory)/type", as: Int.self) == 1
      && !["bridge", "tun_flags", "macvtap"].contains { root.exists("\(directory)/\($0)") }
  }
}
