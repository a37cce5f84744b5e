/// Looks at a YAML text before libyaml does, and refuses what could exhaust memory, time or stack.
///
/// The composer keeps what an alias names by reference, but hashing and freeing walk through every copy, so a few hundred
/// bytes of anchors on anchors ("billion laughs") would cost years and very deep aliases the stack. This check counts
/// what looks like an anchor or alias, in strings and comments too, so it never counts too few.
enum YAMLGuard {
  /// The most aliases in a file that has anchors.
  static let maximumAliases = 16
  /// The largest file with aliases, in bytes.
  static let maximumSizeWithAliases = 64 << 10
  /// The bound on nesting and aliases taken together, which bounds the depth of the composed tree.
  static let maximumDepth = 16_000

  /// Throws at the first character that is not allowed, or when aliases could explode.
  static func check(_ text: String, file: String) throws(TemplateError) {
    var line = 1
    var column = 1
    var longestLine = 0
    var openings = 0
    var anchors = 0
    var aliases = 0
    var lastAlias = SourceLocation(file: file)
    var previous: Unicode.Scalar = "\n"
    var pending: (mark: Unicode.Scalar, place: SourceLocation)?
    for scalar in text.unicodeScalars {
      if previous == "\r", scalar != "\n" {
        throw TemplateError(
          "A carriage return may stand only at the end of a line",
          at: SourceLocation(file: file, line: line, column: max(1, column - 1)),
          hint: "save the file with LF line ends")
      }
      if let problem = problem(with: scalar, isFirst: line == 1 && column == 1) {
        throw TemplateError(problem, at: SourceLocation(file: file, line: line, column: column))
      }
      if let mark = pending {
        if isAnchorCharacter(scalar) {
          if mark.mark == "&" {
            anchors += 1
          } else {
            aliases += 1
            lastAlias = mark.place
          }
        }
        pending = nil
      }
      switch scalar {
      case "[", "{": openings += 1
      case "&", "*":
        if startsToken(after: previous) {
          pending = (scalar, SourceLocation(file: file, line: line, column: column))
        }
      default: break
      }
      previous = scalar
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
        longestLine = max(longestLine, column)
      }
    }
    guard anchors > 0, aliases > 0 else { return }
    let (depth, overflow) = (openings + longestLine).multipliedReportingOverflow(by: aliases + 1)
    let isSmall = text.utf8.count <= maximumSizeWithAliases
    guard aliases <= maximumAliases, isSmall, !overflow, depth <= maximumDepth else {
      throw TemplateError(
        "Too many anchors and aliases: this file has \(aliases) of what looks like an alias", at: lastAlias,
        hint:
          "at most \(maximumAliases) are read, in a file of at most 64 KiB with short lines; use 'extends' and 'parameters'"
      )
    }
  }

  private static func isAnchorCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: scalar.value >= 0x80
    }
  }

  private static func startsToken(after scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "[", "{", ",", ":", "-", "?", "]", "}", "\"", "'", "\u{FEFF}": true
    default: scalar.properties.isWhitespace
    }
  }

  private static func problem(with scalar: Unicode.Scalar, isFirst: Bool) -> String? {
    switch scalar.value {
    case 0x2028, 0x2029, 0x85:
      // libyaml would end a line here, and no editor does: places would no longer be those that people see.
      let code = String(scalar.value, radix: 16, uppercase: true)
      return "A template cannot hold the line separator U+\(scalar.value < 0x100 ? "00" : "")\(code)"
    case 0x20...0x7E, 0x0A, 0x0D, 0x09, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
      return nil
    case 0xFEFF:
      return isFirst ? nil : "A byte order mark may stand only at the beginning"
    case 0: return "A template cannot hold a NUL character"
    default:
      return "A template cannot hold the control character U+\(String(scalar.value, radix: 16, uppercase: true))"
    }
  }
}
