import CommandLineKit
import NestorCore
import NestorSupport

extension PrunableImage: TableRow {
  /// The headings.
  public static var columns: [String] { ["KIND", "SIZE", "NAME"] }

  /// The row.
  public var cells: [String] { [kind.rawValue, SizeText.short(size), name] }
}
