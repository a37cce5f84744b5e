import CommandLineKit
import NestorCore

extension SnapshotSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NAME", "CREATED", "STATE", "PARENT", "CURRENT", "DESCRIPTION"] }

  /// The row.
  public var cells: [String] { [name, created, state, parent ?? "-", isCurrent ? "yes" : "", description ?? ""] }
}
