import CommandLineKit
import NestorCore

extension NICSummary: TableRow {
  /// The headings.
  package static var columns: [String] { ["NIC", "MAC", "SOURCE", "MODEL", "LINK", "DEVICE", "ADDRESSES"] }

  package var cells: [String] {
    [
      "\(index)", mac, source, model, isLinkUp ? "up" : "down", device ?? "-",
      addresses.isEmpty ? "-" : addresses.joined(separator: " "),
    ]
  }

  /// What `--quiet` prints.
  package var name: String { mac }
}
