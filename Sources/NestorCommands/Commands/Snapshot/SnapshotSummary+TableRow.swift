import CommandLineKit
import NestorCore

extension SnapshotSummary: TableRow {
  /// The headings.
  package static var columns: [String] { ["NAME", "CREATED", "STATE", "PARENT", "CURRENT", "DESCRIPTION"] }

  package var cells: [String] { [name, created, state, parent ?? "-", isCurrent ? "yes" : "", description ?? ""] }
}
