import FoundationEssentials
import Yams

/// Turns results into the text that goes to standard output.
package struct Renderer: Sendable {
  private let format: OutputFormat
  private let quiet: Bool

  /// A renderer that does what the options say.
  package init(_ options: OutputOptions) {
    format = options.format
    quiet = options.quiet
  }

  package init(format: OutputFormat, quiet: Bool = false) {
    self.format = format
    self.quiet = quiet
  }

  /// The text of a list; a table, one JSON array, or one YAML sequence. Ends with a newline unless it is empty.
  package func text<Row: TableRow>(_ rows: [Row]) throws -> String {
    if quiet { return rows.map { $0.name + "\n" }.joined() }
    return switch format {
    case .table: Self.table([Row.columns] + rows.map(\.cells))
    case .json: try Self.json(rows)
    case .yaml: try Self.yaml(rows)
    }
  }

  /// The text of one result; as a table each column becomes a line with its heading in front.
  package func text<Row: TableRow>(one row: Row) throws -> String {
    if quiet { return row.name + "\n" }
    return switch format {
    case .table: Self.table(zip(Row.columns, row.cells).map { ["\($0):", $1] })
    case .json: try Self.json(row)
    case .yaml: try Self.yaml(row)
    }
  }

  /// One result as a single line of JSON; for streams of results.
  package static func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  /// One result as YAML; for streams of results.
  package static func yamlDocument(_ value: some Encodable) throws -> String { try yaml(value) }

  static func yaml(_ value: some Encodable) throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.sortKeys = true
    encoder.options.allowUnicode = true
    return try encoder.encode(value)
  }

  /// Columns as wide as their widest cell, two spaces between them, none at the end of a line.
  static func table(_ rows: [[String]]) -> String {
    // Measured as it will be shown: what is printed for a character may be more characters than one.
    let lines = rows.map { $0.map(printable) }
    let columns = lines.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in lines.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
    return lines.map { cells in
      var line = ""
      for (column, text) in cells.enumerated() {
        line += text
        if column < cells.count - 1 { line += String(repeating: " ", count: widths[column] - text.count + 2) }
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Text from elsewhere must not move the cursor, turn the line around or break the table: such characters show as a dot.
  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : "·" }))
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    // Joiners belong to words and emoji; the marks for a direction would write the rest of the line backwards.
    case .format: scalar.value == 0x200c || scalar.value == 0x200d
    default: true
    }
  }
}
