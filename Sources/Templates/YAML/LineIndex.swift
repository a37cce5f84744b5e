/// Knows the lines of a text, to keep places inside it.
struct LineIndex {
  private let text: String
  private let lines: [Substring.UnicodeScalarView]

  init(_ text: String) {
    self.text = text
    // libyaml ends a line at each of these, and takes CR LF for one.
    var lines: [Substring.UnicodeScalarView] = []
    let scalars = text.unicodeScalars[...]
    var start = scalars.startIndex
    var index = start
    while index < scalars.endIndex {
      let next = scalars.index(after: index)
      switch scalars[index] {
      case "\r" where next < scalars.endIndex && scalars[next] == "\n": index = next
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(scalars[start..<index])
        index = next
        start = next
      default: index = next
      }
    }
    lines.append(scalars[start..<scalars.endIndex])
    self.lines = lines
  }

  /// The nearest place inside the text: libyaml reports an unexpected end one line behind the last.
  func clamp(_ place: SourceLocation) -> SourceLocation {
    var result = place
    result.line = min(max(place.line, 1), lines.count)
    if result.line < place.line {
      result.column = lines[result.line - 1].count + 1
    } else {
      result.column = min(max(place.column, 1), lines[result.line - 1].count + 1)
    }
    return result
  }

  /// The character at a place.
  func scalar(at place: SourceLocation) -> Unicode.Scalar? {
    guard place.line >= 1, place.line <= lines.count, place.column >= 1 else { return nil }
    return lines[place.line - 1].dropFirst(place.column - 1).first
  }
}
