import CommandLineKit
import NestorCore

/// A network with all that is known of it.
struct NetworkDetails: TableRow {
  static let columns = [
    "Name", "UUID", "Status", "Autostart", "Made by", "Reach", "Bridge", "Subnets", "Gateways", "DHCP", "Reserved",
    "Domain", "MTU", "Guests",
  ]

  let info: NetworkInfo

  init(_ info: NetworkInfo) {
    self.info = info
  }

  var name: String { info.name }

  var cells: [String] {
    func list(_ texts: [String]) -> String { texts.isEmpty ? "-" : texts.joined(separator: " ") }
    return [
      info.name, info.uuid, info.isActive ? "running" : "stopped", info.autostart ? "yes" : "no",
      info.isOurs ? "nestor" : "others", info.reach, info.bridge ?? "-", list(info.subnets), list(info.gateways),
      list(info.ranges), list(info.reservations.map { "\($0.name ?? $0.mac ?? "?")=\($0.address)" }),
      info.domain ?? "-", info.mtu.map { "\($0)" } ?? "-", list(info.guests),
    ]
  }
}
