import CommandLineKit
import NestorCore
import NestorSupport

extension GuestSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NAME", "STATUS", "CPUS", "MEMORY", "TEMPLATE"] }

  /// The row.
  public var cells: [String] {
    [name, status.rawValue, "\(cpus)", SizeText.short(memory), template ?? "-"]
  }
}
