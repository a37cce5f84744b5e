/// The type of a key's value: what a template may write there.
indirect enum ValueType: Sendable {
  case text(TextRule)
  case integer(ClosedRange<Int>)
  case size(ClosedRange<ByteSize>)
  case boolean
  /// One of these words.
  case choice([String])
  /// A path; a relative one begins at the template's folder.
  case path
  case list(ValueType)
  case map(KeyTable)
  /// A map with keys of the user's choice.
  case textMap(keys: TextRule)
  /// A map with keys of the user's choice, each with a map of the table's keys.
  case tableMap(keys: TextRule, KeyTable)
  /// One of several types, told apart by the value.
  case either([ValueType])

  /// The longest list.
  static let maximumCount = 1024

  /// What is expected, for a message.
  var expectation: String {
    switch self {
    case .text(let rule): rule.expectation
    case .integer(let range):
      range.upperBound == Int.max ? "an integer" : "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .size: "a size such as 512MiB"
    case .boolean: "true or false"
    case .choice(let words): words.count == 1 ? "'\(words[0])'" : "one of \(words.joined(separator: ", "))"
    case .path: "a path"
    case .list: "a list"
    case .map, .textMap, .tableMap: "a map"
    case .either(let types): types.map(\.expectation).joined(separator: " or ")
    }
  }
}
