extension String {
  /// The text with control characters and line ends shown as `?`, cut at 500 characters: a message stays one line and
  /// cannot move a terminal's cursor, whatever a file's author wrote.
  var singleLine: String {
    let limit = 500
    var result = String.UnicodeScalarView()
    for (index, scalar) in unicodeScalars.enumerated() {
      if index == limit {
        result.append(contentsOf: "…".unicodeScalars)
        break
      }
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: result.append("?")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text in quotes for a message, cut at 60 characters.
  var quoted: String {
    let text = unicodeScalars.count > 60 ? String(String.UnicodeScalarView(unicodeScalars.prefix(57))) + "…" : self
    return "'" + text.singleLine + "'"
  }
}
