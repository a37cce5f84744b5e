import CommandLineKit
import NestorCore

extension NetworkInfo: TableRow {
  /// The headings.
  package static var columns: [String] { ["NAME", "STATUS", "REACH", "BRIDGE", "SUBNETS", "DOMAIN", "GUESTS"] }

  package var cells: [String] {
    [
      name, isActive ? "running" : "stopped", reach, bridge ?? "-",
      subnets.isEmpty ? "-" : subnets.joined(separator: " "), domain ?? "-", "\(guests.count)",
    ]
  }
}
