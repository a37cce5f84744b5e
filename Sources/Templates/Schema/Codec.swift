/// How a checked value becomes a Swift value, and how a default is written in a template.
struct Codec<Value: Sendable>: Sendable {
  var type: ValueType
  var read: @Sendable (CheckedValue) -> Value?
  var write: @Sendable (Value) -> JSONValue
}

extension Codec where Value == String {
  static func text(_ rule: TextRule = .line) -> Codec {
    Codec(type: .text(rule), read: { $0.text }, write: { .string($0) })
  }

  static let path = Codec(type: .path, read: { $0.text }, write: { .string($0) })

  /// A text that keeps the rule, or else the path of a file, which then begins with '/'.
  static func textOrPath(_ rule: TextRule) -> Codec {
    Codec(type: .either([.text(rule), .path]), read: { $0.text }, write: { .string($0) })
  }
}

extension Codec where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> Codec {
    Codec(type: .integer(range), read: { $0.integer }, write: { .integer($0) })
  }
}

extension Codec where Value == Bool {
  static let boolean = Codec(type: .boolean, read: { $0.boolean }, write: { .boolean($0) })
}

extension Codec where Value == ByteSize {
  static func size(_ range: ClosedRange<ByteSize>) -> Codec {
    Codec(type: .size(range), read: { $0.size }, write: { .string($0.description) })
  }
}

extension Codec where Value == [String: String] {
  static func textMap(keys: TextRule) -> Codec {
    Codec(
      type: .textMap(keys: keys),
      read: { value in
        guard case .textMap(let map) = value else { return nil }
        return map
      },
      write: { map in .object(map.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }) })
  }
}

extension Codec where Value: CaseIterable & RawRepresentable<String> {
  static var choice: Codec {
    Codec(
      type: .choice(Value.allCases.map(\.rawValue)), read: { $0.text.flatMap(Value.init(rawValue:)) },
      write: { .string($0.rawValue) })
  }
}

extension Codec {
  /// A value that may be missing.
  static func optional<Wrapped: Sendable>(_ codec: Codec<Wrapped>) -> Codec where Value == Wrapped? {
    Codec(
      type: codec.type, read: { value in codec.read(value).map { .some($0) } },
      write: { $0.map(codec.write) ?? .null })
  }

  /// A list of values of one type.
  static func list<Element: Sendable>(_ codec: Codec<Element>) -> Codec where Value == [Element] {
    Codec(
      type: .list(codec.type),
      read: { value in
        guard case .list(let elements) = value else { return nil }
        return elements.compactMap(codec.read)
      },
      write: { .array($0.map(codec.write)) })
  }

  /// A list of values of one type, where one value stands for a list of it alone.
  static func oneOrMore<Element: Sendable>(_ codec: Codec<Element>) -> Codec where Value == [Element] {
    let list = list(codec)
    return Codec(
      type: .either([list.type, codec.type]), read: { list.read($0) ?? codec.read($0).map { [$0] } },
      write: list.write)
  }

  /// A map with the keys of a table; its default is that of its keys.
  static func record(_ table: KeyTable, _ build: @escaping @Sendable (CheckedMap) -> Value) -> Codec {
    Codec(
      type: .map(table),
      read: { value in
        guard case .map(let map) = value else { return nil }
        return build(map)
      },
      write: { _ in table.fallback })
  }
}

extension CheckedValue {
  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  var boolean: Bool? {
    guard case .boolean(let value) = self else { return nil }
    return value
  }

  var size: ByteSize? {
    guard case .size(let value) = self else { return nil }
    return value
  }
}
