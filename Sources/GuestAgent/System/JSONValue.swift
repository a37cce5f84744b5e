/// A value of a JSON document (RFC 8259), for the small files that other programs leave for the agent.
///
/// Strict and bounded: a document that is not JSON to its last byte, is deeper than ``maximumDepth`` or longer than
/// ``maximumSize`` is none. Of two members with the same name the last one counts.
enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  /// A number as it is written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  static let maximumDepth = 32
  static let maximumSize = 1 << 20

  /// Reads a document; nil where it is none.
  init?(_ bytes: [UInt8]) {
    guard bytes.count <= Self.maximumSize else { return nil }
    var parser = JSONParser(bytes)
    guard let value = parser.value(depth: 0), parser.isAtEnd else { return nil }
    self = value
  }

  /// A member of an object.
  subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { return members[name] }
    return nil
  }

  /// The texts in an array; others in it are left out.
  var strings: [String] {
    guard case .array(let elements) = self else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}
