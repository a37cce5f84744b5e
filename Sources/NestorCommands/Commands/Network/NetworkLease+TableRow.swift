import CommandLineKit
import NestorCore

extension NetworkLease: TableRow {
  /// The headings.
  package static var columns: [String] { ["ADDRESS", "MAC", "NAME", "GUEST", "RESERVED", "EXPIRES"] }

  package var cells: [String] {
    [address, mac ?? "-", hostname ?? "-", guest ?? "-", isReserved ? "yes" : "no", expires ?? "-"]
  }

  /// What `--quiet` prints.
  package var name: String { address }
}
