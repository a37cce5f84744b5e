import CommandLineKit
import NestorCore

extension NetworkLease: TableRow {
  /// The headings.
  public static var columns: [String] { ["ADDRESS", "MAC", "NAME", "GUEST", "RESERVED", "EXPIRES"] }

  /// The row.
  public var cells: [String] {
    [address, mac ?? "-", hostname ?? "-", guest ?? "-", isReserved ? "yes" : "no", expires ?? "-"]
  }

  /// What `--quiet` prints.
  public var name: String { address }
}
