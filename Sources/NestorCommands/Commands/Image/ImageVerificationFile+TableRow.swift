import CommandLineKit
import NestorImages

extension ImageVerification.File: TableRow {
  /// The headings.
  public static var columns: [String] { ["FILE", "STATE"] }

  /// The row.
  public var cells: [String] { [name, problem ?? "good"] }
}
