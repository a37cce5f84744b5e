import CommandLineKit
import NestorCore

extension NICSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NIC", "MAC", "SOURCE", "MODEL", "LINK", "DEVICE", "ADDRESSES"] }

  /// The row.
  public var cells: [String] {
    [
      "\(index)", mac, source, model, isLinkUp ? "up" : "down", device ?? "-",
      addresses.isEmpty ? "-" : addresses.joined(separator: " "),
    ]
  }

  /// What `--quiet` prints.
  public var name: String { mac }
}
