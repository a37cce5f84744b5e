import Glibc
import Testing

@testable import Templates

@Suite("The JSON Schema")
struct TemplateSchemaTests {
  @Test("is in step with domains/schema.json; NESTOR_WRITE_SCHEMA=1 writes it anew")
  func inStep() throws {
    let file = RepositoryFolder.path + "/domains/schema.json"
    if getenv("NESTOR_WRITE_SCHEMA") != nil { try RepositoryFolder.write(TemplateSchema.json(), to: file) }
    #expect(try RepositoryFolder.read(file) == TemplateSchema.json())
  }

  @Test("is the same each time, and documents every key of the table")
  func documents() throws {
    let text = TemplateSchema.json()
    #expect(text == TemplateSchema.json())
    for key in TemplateKeys.table.allKeys {
      #expect(text.contains("\"\(key.name)\": {"), "\(key.name)")
      #expect(!key.documentation.isEmpty)
      #expect(key.documentation.hasSuffix("."), "\(key.name)")
    }
  }

  @Test("writes JSON text as RFC 8259 wants it")
  func quoting() {
    let value = JSONValue.object([JSONValue.Member("a\"\\\n\u{1}é", .array([.null, .boolean(true), .integer(-1)]))])
    #expect(value.text() == "{\n  \"a\\\"\\\\\\n\\u0001é\": [null, true, -1]\n}")
  }
}

extension KeyTable {
  /// The keys of the table and of all tables in it.
  var allKeys: [KeyDescription] {
    keys.flatMap { [$0] + ($0.type.table?.allKeys ?? []) }
  }
}

extension ValueType {
  /// The table of a map, or of a list's or map's entries.
  var table: KeyTable? {
    switch self {
    case .map(let table), .tableMap(_, let table): table
    case .list(let element): element.table
    default: nil
    }
  }
}
