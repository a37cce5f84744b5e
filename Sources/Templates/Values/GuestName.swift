/// A guest's name: 1 to 63 letters, digits, dots, underscores and hyphens of ASCII, the first a letter or digit.
///
/// Such a name is safe in file names, on command lines, in XML and as a host name, and libvirt takes it.
package struct GuestName: Hashable, Sendable, CustomStringConvertible {
  /// The longest name, in characters.
  package static let maximumLength = 63

  package let text: String

  /// Checks a name.
  ///
  /// - Throws: ``TemplateError`` of kind `name`, without a place, that names the character and its position.
  package init(_ text: String) throws(TemplateError) {
    if let problem = Self.problem(in: text, called: "guest name") {
      throw problem
    }
    self.text = text
  }

  package var description: String { text }

  /// What is wrong with a name, or `nil`. `what` says what the name is of.
  static func problem(in text: String, called what: String) -> TemplateError? {
    let rule = "a name is 1 to \(maximumLength) letters, digits, '.', '_' or '-', and begins with a letter or digit"
    func error(_ message: String) -> TemplateError {
      TemplateError(message, at: nil, hint: rule, kind: .name)
    }
    if text.isEmpty { return error("The \(what) is empty") }
    for (index, scalar) in text.unicodeScalars.enumerated() {
      let isFirst = index == 0
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": continue
      case ".", "_", "-":
        if isFirst { return error("The \(what) \(text.quoted) begins with '\(scalar)'") }
      default:
        return error("The \(what) \(text.quoted) has \(name(of: scalar)) at position \(index + 1)")
      }
    }
    let length = text.unicodeScalars.count
    if length > maximumLength { return error("The \(what) \(text.quoted) has \(length) characters") }
    return nil
  }

  private static func name(of scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\0": return "a NUL character"
    case "\n": return "a line end"
    case "\t": return "a tab"
    case " ": return "a space"
    default: break
    }
    let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
    let isPrintable = scalar.value > 0x20 && !(0x7F..<0xA0).contains(scalar.value)
    return isPrintable && scalar.isASCII ? "the character '\(scalar)'" : "the character \(code)"
  }
}
