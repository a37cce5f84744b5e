import CommandLineKit
import NestorCore
import NestorSupport

extension DiskSummary: TableRow {
  /// The headings.
  package static var columns: [String] { ["DISK", "BUS", "FORMAT", "SIZE", "ACCESS", "FOR", "SOURCE"] }

  package var cells: [String] {
    [
      target, bus, format, size.map { SizeText.short($0) } ?? "-", isReadOnly ? "read" : "write",
      purpose ?? "guest", source ?? "-",
    ]
  }

  /// What `--quiet` prints.
  package var name: String { target }
}
