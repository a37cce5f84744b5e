import FoundationEssentials

/// A value of JSON as the daemon's API speaks it; fields that nobody here knows survive a read and write.
///
/// See RFC 8259. Whole numbers that fit 64 bits stay exact.
package enum JSONValue: Sendable, Equatable {
  /// Nothing.
  case null
  /// A truth value.
  case bool(Bool)
  /// A whole number.
  case integer(Int64)
  /// Any other number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Names and values.
  case object([String: JSONValue])
}

extension JSONValue {
  /// Reads one document; throws a `DecodingError` where it is none.
  package init(parsing text: String) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  /// The document on one line, with the names of objects in order, so that equal values have equal texts.
  package func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// A field of an object; nil where this is none or the field is not there.
  package subscript(name: String) -> JSONValue? {
    if case .object(let fields) = self { fields[name] } else { nil }
  }

  /// The text, where it is one.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The whole number, where it is one.
  package var integer: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The truth value, where it is one.
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The list's values; none where this is no list.
  package var array: [JSONValue] {
    if case .array(let values) = self { values } else { [] }
  }

  /// The object's fields; none where this is no object.
  package var fields: [String: JSONValue] {
    if case .object(let fields) = self { fields } else { [:] }
  }

  /// The fields that are texts, as the daemon keeps settings.
  package var strings: [String: String] { fields.compactMapValues(\.string) }

  /// An object of texts.
  package init(_ strings: [String: String]) {
    self = .object(strings.mapValues { .string($0) })
  }
}

extension JSONValue: Codable {
  /// Reads any value.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Writes the value.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let fields): try container.encode(fields)
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  package init(stringLiteral value: String) { self = .string(value) }

  /// A truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// A whole number.
  package init(integerLiteral value: Int64) { self = .integer(value) }

  /// A list.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// An object; of two fields of one name the last stays.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
