/// What looks after a guest's addresses, and the processes of it that matter.
enum NetworkManager: Equatable {
  /// systemd-networkd, told by networkctl(1).
  case networkd
  /// NetworkManager, told by nmcli(1).
  case networkManager
  /// busybox's DHCP clients, one for each card, told by signals.
  case udhcpc([Int32])
  /// ISC's DHCP clients, each of which can only be started again.
  case dhclient([Int32])
  /// dhcpcd(8), told by itself.
  case dhcpcd

  /// Finds out which one runs; nil for none that is known.
  init?(_ system: GuestSystem) {
    var processes: [String: [Int32]] = [:]
    for name in system.names(in: "/proc") {
      guard let process = Int32(name), process > 1 else { continue }
      processes[system.line("/proc/\(process)/comm"), default: []].append(process)
    }
    // The kernel keeps fifteen characters of a name.
    if processes["NetworkManager"] != nil {
      self = .networkManager
    } else if processes["systemd-network"] != nil {
      self = .networkd
    } else if let clients = processes["udhcpc"] {
      self = .udhcpc(clients)
    } else if let clients = processes["dhclient"] {
      self = .dhclient(clients)
    } else if processes["dhcpcd"] != nil {
      self = .dhcpcd
    } else {
      return nil
    }
  }
}
