import CommandLineKit
import NestorCore
import NestorSupport

extension DiskSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["DISK", "BUS", "FORMAT", "SIZE", "ACCESS", "FOR", "SOURCE"] }

  /// The row.
  public var cells: [String] {
    [
      target, bus, format, size.map { SizeText.short($0) } ?? "-", isReadOnly ? "read" : "write",
      purpose ?? "guest", source ?? "-",
    ]
  }

  /// What `--quiet` prints.
  public var name: String { target }
}
