import NestorSupport
import Testing

@testable import CommandLineKit

@Suite("Results on standard output")
struct RendererTests {
  struct Row: TableRow {
    static let columns = ["NAME", "SIZE", "NOTE"]

    var name: String
    var size: Int
    var note: String?

    var cells: [String] { [name, "\(size)", note ?? ""] }
  }

  private static let rows = [
    Row(name: "web", size: 7, note: nil), Row(name: "database-1", size: 1234, note: "a/b: \"c\""),
  ]

  @Test("A table has columns as wide as they need to be, and no spaces at the end")
  func table() throws {
    #expect(
      try Renderer(format: .table).text(Self.rows) == """
        NAME        SIZE  NOTE
        web         7
        database-1  1234  a/b: "c"

        """)
    #expect(try Renderer(format: .table).text([Row]()) == "NAME  SIZE  NOTE\n")
    #expect(try Renderer(format: .table).text(one: Self.rows[0]) == "NAME:  web\nSIZE:  7\nNOTE:\n")
  }

  @Test("JSON and YAML have sorted keys, and the same text each time")
  func structured() throws {
    for _ in 1...5 {
      #expect(
        try Renderer(format: .json).text(Self.rows) == """
          [
            {
              "name" : "web",
              "size" : 7
            },
            {
              "name" : "database-1",
              "note" : "a/b: \\"c\\"",
              "size" : 1234
            }
          ]

          """)
      #expect(
        try Renderer(format: .yaml).text(Self.rows) == """
          - name: web
            size: 7
          - name: database-1
            note: 'a/b: "c"'
            size: 1234

          """)
    }
    #expect(try Renderer(format: .json).text([Row]()).split(whereSeparator: \.isWhitespace).joined() == "[]")
    #expect(try Renderer(format: .yaml).text([Row]()) == "[]\n")
    #expect(try Renderer.jsonLine(Self.rows[0]) == "{\"name\":\"web\",\"size\":7}\n")
  }

  @Test("Quiet prints names, whatever the format", arguments: OutputFormat.allCases)
  func quiet(_ format: OutputFormat) throws {
    #expect(try Renderer(format: format, quiet: true).text(Self.rows) == "web\ndatabase-1\n")
    #expect(try Renderer(format: format, quiet: true).text(one: Self.rows[0]) == "web\n")
    #expect(try Renderer(format: format, quiet: true).text([Row]()) == "")
  }

  @Test(
    "No text can break the table, move the cursor or end the program",
    arguments: [
      "a\nb", "a\r\nb", "\r\n\r\n\r\n\r\n\r\n", "\u{1b}[2J", "\u{0}", "\t", "\u{7f}", "\u{9b}31m", "\u{85}", "\u{2028}",
      "\u{2029}", "\u{202e}txt.exe", "e\u{301}", "👩‍👩‍👧", "\r\n\r\n\r\n\u{301}", "",
    ])
  func hostile(_ text: String) throws {
    let table = try Renderer(format: .table).text([
      Row(name: text, size: 1, note: text), Row(name: "x", size: 2, note: "y"),
    ])
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4, "\(table.debugDescription)")
    #expect(
      !table.unicodeScalars.contains {
        $0 != "\n" && [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
      })
    #expect(!table.unicodeScalars.contains("\u{202e}"))
    #expect(lines[1].contains("  1") && lines[2].hasPrefix("x"))
  }
}
