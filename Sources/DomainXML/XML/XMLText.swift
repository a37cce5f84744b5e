/// Which characters and names XML 1.0 can carry (https://www.w3.org/TR/xml/#charsets).
enum XMLText {
  /// The first scalar of a string that XML cannot carry, not even as a character reference.
  static func firstInvalidScalar(in text: String) -> Unicode.Scalar? {
    var text = text
    // Nearly every value is printable ASCII: look at the bytes first and decode only what may be wrong.
    let suspicious = text.withUTF8 { bytes in
      for (index, byte) in bytes.enumerated() {
        if byte < 0x20 {
          if byte != 0x09, byte != 0x0A, byte != 0x0D { return true }
        } else if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE {
          return true
        }
      }
      return false
    }
    guard suspicious else { return nil }
    return text.unicodeScalars.first { !isAllowed($0) }
  }

  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD: true
    case 0..<0x20, 0xFFFE, 0xFFFF: false
    default: true
    }
  }

  /// Whether a string is a name, with at most one prefix.
  static func isQualifiedName(_ name: String) -> Bool {
    if isPlainASCIIName(name) { return true }
    var parts = 0
    for part in name.split(separator: ":", omittingEmptySubsequences: false) {
      parts += 1
      guard parts <= 2, isPlainName(part) else { return false }
    }
    return true
  }

  /// The short way for nearly every name: ASCII letters, and behind the first digits, hyphens and full stops.
  private static func isPlainASCIIName(_ name: String) -> Bool {
    var first = true
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
        if first { return false }
      default: return false
      }
      first = false
    }
    return !first
  }

  private static func isPlainName(_ name: Substring) -> Bool {
    var first = true
    for scalar in name.unicodeScalars {
      guard first ? isNameStart(scalar.value) : isNamePart(scalar.value) else { return false }
      first = false
    }
    return !first
  }

  private static func isNameStart(_ value: UInt32) -> Bool {
    switch value {
    case 0x41...0x5A, 0x61...0x7A, 0x5F: true
    case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F,
      0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
      true
    default: false
    }
  }

  private static func isNamePart(_ value: UInt32) -> Bool {
    switch value {
    case 0x30...0x39, 0x2D, 0x2E, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
    default: isNameStart(value)
    }
  }

  /// Whether a string is empty or all white space in XML's sense.
  static func isBlank(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  /// A string without the white space around it.
  static func trimmed(_ text: String) -> String {
    func blank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    guard let first = text.utf8.first, let last = text.utf8.last, blank(first) || blank(last) else { return text }
    let bytes = text.utf8.drop(while: blank)
    let end = bytes.lastIndex { !blank($0) }
    guard let end else { return "" }
    return String(text[bytes.startIndex...end])
  }
}
