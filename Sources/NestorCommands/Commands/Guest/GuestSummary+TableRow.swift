import CommandLineKit
import NestorCore
import NestorSupport

extension GuestSummary: TableRow {
  /// The headings.
  package static var columns: [String] { ["NAME", "STATUS", "CPUS", "MEMORY", "TEMPLATE"] }

  package var cells: [String] {
    [name, status.rawValue, "\(cpus)", SizeText.short(memory), template ?? "-"]
  }
}
