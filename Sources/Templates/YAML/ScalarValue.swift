/// A scalar as YAML 1.2's core schema reads it, or as a parameter gave it.
///
/// `yes`, `no`, `on` and `off` are plain text, as YAML 1.2 has it, and numbers are decimal.
enum ScalarValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  /// A decimal integer as written; `nil` when it does not fit.
  case integer(Int?, text: String)
  /// A number with a fraction or an exponent.
  case number(String)
  case text(String)
  case size(ByteSize)
  /// An absolute path that a parameter gave.
  case path(String)
  /// A required parameter that was not given; whatever is made of it cannot be judged.
  case unknown

  init(text: String, plain: Bool) {
    guard plain else {
      self = .text(text)
      return
    }
    if Self.isNull(text) {
      self = .null
    } else if ["true", "True", "TRUE"].contains(text) {
      self = .boolean(true)
    } else if ["false", "False", "FALSE"].contains(text) {
      self = .boolean(false)
    } else if Self.isInteger(text) {
      self = .integer(Int(text), text: text)
    } else if Self.isNumber(text) {
      self = .number(text)
    } else {
      self = .text(text)
    }
  }

  static func isNull(_ text: String) -> Bool {
    ["", "~", "null", "Null", "NULL"].contains(text)
  }

  static func isInteger(_ text: String) -> Bool {
    var digits = text.utf8[...]
    if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func isNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first, "0123456789+-.".utf8.contains(first), text.utf8.count <= 64 else { return false }
    return text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) } && Double(text) != nil
  }

  /// The scalar as text; `nil` for null and for what is not known.
  var text: String? {
    switch self {
    case .null, .unknown: nil
    case .boolean(let value): value ? "true" : "false"
    case .integer(_, let text), .number(let text), .text(let text), .path(let text): text
    case .size(let size): size.description
    }
  }

  /// What it is, for a message.
  var kindName: String {
    switch self {
    case .null: "nothing"
    case .boolean(let value): "the boolean \(value)"
    case .integer(_, let text): "the integer \(text.quoted)"
    case .number(let text): "the number \(text.quoted)"
    case .text(let text): "the text \(text.quoted)"
    case .size(let size): "the size \(size)"
    case .path(let path): "the path \(path.quoted)"
    case .unknown: "a missing parameter"
    }
  }
}
