import CommandLineKit
import NestorCore

extension GarbageCollector.Leftover: TableRow {
  /// The headings.
  public static var columns: [String] { ["KIND", "NAME"] }

  /// The row.
  public var cells: [String] { [kind.rawValue, name] }
}
