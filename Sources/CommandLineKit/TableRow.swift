/// A result that can be shown as a row of a table, or whole as JSON or YAML.
package protocol TableRow: Encodable, Sendable {
  /// The headings of the columns.
  static var columns: [String] { get }
  /// The text of each column.
  var cells: [String] { get }
  /// What `--quiet` prints.
  var name: String { get }
}
