import NestorSupport

extension Checker {
  mutating func checkScalar(_ node: LocatedNode, as type: ValueType) -> CheckedValue? {
    guard case .scalar(let written, let plain) = node.content else {
      mismatch(node, expected: type.expectation)
      return nil
    }
    let scalar: ScalarValue
    do throws(TemplateError) {
      scalar = try scalars.value(of: written, plain: plain, at: node.location)
    } catch {
      problems.append(error)
      return nil
    }
    switch scalar {
    case .null: return nil
    case .unknown:
      metUnknown = true
      return nil
    default: break
    }
    switch type {
    case .text(let rule): return checkText(scalar, rule: rule, node: node)
    case .integer(let range): return checkInteger(scalar, range: range, node: node)
    case .size(let range): return checkSize(scalar, range: range, node: node)
    case .boolean: return checkBoolean(scalar, node: node)
    case .choice(let words): return checkChoice(scalar, words: words, node: node)
    case .path: return checkPath(scalar, node: node)
    case .list, .map, .textMap, .tableMap, .either: return nil
    }
  }

  private mutating func fail(_ message: String, _ node: LocatedNode, hint: String? = nil) -> CheckedValue? {
    problems.append(TemplateError(message, at: node.location, hint: hint))
    return nil
  }

  private mutating func checkText(_ scalar: ScalarValue, rule: TextRule, node: LocatedNode) -> CheckedValue? {
    guard let text = scalar.text else { return nil }
    guard text.utf8.count <= ScalarReader.maximumLength else {
      return fail("The text has more than \(ScalarReader.maximumLength) bytes", node)
    }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09: continue
      case 0x0A:
        if !rule.allowsLines { return fail("The text \(text.quoted) may not have several lines", node) }
      case 0..<0x20, 0x7F, 0xFFFE, 0xFFFF:
        let code = String(scalar.value, radix: 16, uppercase: true)
        return fail("The text \(text.quoted) holds the control character U+\(code)", node)
      default: continue
      }
    }
    if let problem = rule.problem(text) { return fail("Expected \(rule.expectation): \(problem)", node) }
    return .text(text)
  }

  private mutating func checkInteger(
    _ scalar: ScalarValue, range: ClosedRange<Int>, node: LocatedNode
  ) -> CheckedValue? {
    guard case .integer(let value, let text) = scalar else {
      var hint: String?
      if case .text(let text) = scalar, ScalarValue.isInteger(text) {
        let isWritten = node.content.text == text
        hint = isWritten ? "leave the quotes out" : "give the parameter 'type: integer'"
      }
      return fail("Expected \(ValueType.integer(range).expectation), found \(scalar.kindName)", node, hint: hint)
    }
    guard let value, range.contains(value) else {
      let isNegative = text.hasPrefix("-")
      let bound = isNegative ? "the least is \(range.lowerBound)" : "the most is \(range.upperBound)"
      let isBelow = value.map { $0 < range.lowerBound } ?? isNegative
      return fail(
        "The number \(text.quoted) is too \(isBelow ? "small" : "large")", node,
        hint: isBelow ? "the least is \(range.lowerBound)" : bound)
    }
    return .integer(value)
  }

  private mutating func checkSize(
    _ scalar: ScalarValue, range: ClosedRange<ByteSize>, node: LocatedNode
  ) -> CheckedValue? {
    let size: ByteSize
    switch scalar {
    case .size(let value): size = value
    case .integer(_, let text), .number(let text), .text(let text):
      do throws(ByteSizeError) {
        size = try ByteSize(parsing: text)
      } catch {
        return fail("Expected a size: \(error)", node, hint: error.hint)
      }
    default: return fail("Expected a size such as 512MiB, found \(scalar.kindName)", node)
    }
    if size < range.lowerBound {
      return fail("The size \(size) is too small", node, hint: "the least is \(range.lowerBound)")
    }
    if size > range.upperBound {
      return fail("The size \(size) is too large", node, hint: "the most is \(range.upperBound)")
    }
    return .size(size)
  }

  private mutating func checkBoolean(_ scalar: ScalarValue, node: LocatedNode) -> CheckedValue? {
    if case .boolean(let value) = scalar { return .boolean(value) }
    var hint: String?
    if case .text(let text) = scalar {
      switch text.lowercased() {
      case "yes", "on", "y", "true": hint = "write true"
      case "no", "off", "n", "false": hint = "write false"
      default: break
      }
    }
    return fail("Expected true or false, found \(scalar.kindName)", node, hint: hint)
  }

  private mutating func checkChoice(_ scalar: ScalarValue, words: [String], node: LocatedNode) -> CheckedValue? {
    guard let text = scalar.text else { return nil }
    if words.contains(text) { return .text(text) }
    let nearest = NearestName.suggestion(for: text, among: words)
    return fail("Expected \(ValueType.choice(words).expectation), found \(scalar.kindName)", node, hint: nearest)
  }

  private mutating func checkPath(_ scalar: ScalarValue, node: LocatedNode) -> CheckedValue? {
    guard let text = scalar.text else { return nil }
    if text.isEmpty { return fail("Expected a path, found an empty text", node) }
    guard text.utf8.count <= 4095 else { return fail("The path is longer than 4095 bytes", node) }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      return fail("The path \(text.quoted) holds a control character", node)
    }
    if text == "~" || text.hasPrefix("~/") {
      return fail("A '~' is not expanded in \(text.quoted)", node, hint: "write the path from '/'")
    }
    return .text(FilePath.resolve(text, in: scalars.folder ?? FilePath.folder(of: node.location.file)))
  }
}
