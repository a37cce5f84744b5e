/// Knows the lines of a text, to keep places inside it. A line ends at LF; ``YAMLGuard`` refuses what else libyaml takes
/// for an end.
struct LineIndex {
  private let lines: [Substring.UnicodeScalarView]

  init(_ text: String) {
    lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
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
