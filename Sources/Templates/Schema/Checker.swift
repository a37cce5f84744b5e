import NestorSupport

/// Checks located nodes against their types, fills in parameters, and collects all problems and places.
struct Checker: Sendable {
  /// Gives a scalar its meaning, parameters filled in.
  let scalars: ScalarReader
  var problems: [TemplateError] = []
  /// Where each value stands, by its key path: `disks[0].path`.
  var locations: [String: SourceLocation] = [:]
  /// Whether a required parameter that was not given was met, so that the value cannot be judged.
  var metUnknown = false

  init(scalars: ScalarReader) {
    self.scalars = scalars
  }

  /// The checked value; `nil` for null and for a wrong value, whose problem is then noted.
  mutating func check(_ node: LocatedNode, as type: ValueType, path: String) -> CheckedValue? {
    locations[path] = node.location
    switch type {
    case .list(let element): return checkList(node, of: element, path: path)
    case .map(let table): return checkMap(node, table: table, path: path).map { .map($0) }
    case .textMap(let rule): return checkTextMap(node, keys: rule, path: path)
    case .tableMap(let rule, let table): return checkTableMap(node, keys: rule, table: table, path: path)
    case .either(let types): return checkEither(node, of: types, path: path)
    default: return checkScalar(node, as: type)
    }
  }

  /// Checks a map against a table; unknown keys are problems.
  mutating func checkMap(_ node: LocatedNode, table: KeyTable, path: String) -> CheckedMap? {
    guard case .mapping(let entries) = node.content else {
      mismatch(node, expected: "a map of \(table.subject)")
      return nil
    }
    var map = CheckedMap(location: node.location)
    let before = problems.count
    let unknownBefore = metUnknown
    metUnknown = false
    for entry in entries {
      let keyPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      guard let key = table[entry.key] else {
        refuse(entry, table: table)
        continue
      }
      locations[keyPath] = entry.value.location
      if entry.value.isNull { continue }
      map.keyLocations[entry.key] = entry.keyLocation
      map.valueLocations[entry.key] = entry.value.location
      if let value = check(entry.value, as: key.type, path: keyPath) { map.values[entry.key] = value }
    }
    map.isIncomplete = metUnknown
    metUnknown = metUnknown || unknownBefore
    // What depends on several keys is judged only when each of them is good.
    if problems.count == before, !map.isIncomplete { problems += table.check(map) }
    return map
  }

  private mutating func refuse(_ entry: LocatedNode.Entry, table: KeyTable) {
    if let refusal = table.refused[entry.key] {
      problems.append(TemplateError(refusal.message, at: entry.keyLocation, hint: refusal.hint))
      return
    }
    // Comparing words is slow work, done only for as many mistakes as are shown.
    let isShown = problems.count < TemplateErrors.maximumCount
    problems.append(
      TemplateError(
        "Unknown key \(entry.key.quoted) in \(table.subject)", at: entry.keyLocation,
        hint: isShown ? NearestName.hint(for: entry.key, among: table.keys.map(\.name)) : nil))
  }

  private mutating func checkList(_ node: LocatedNode, of element: ValueType, path: String) -> CheckedValue? {
    guard case .sequence(let nodes) = node.content else {
      mismatch(node, expected: "a list")
      return nil
    }
    guard nodes.count <= ValueType.maximumCount else {
      problems.append(
        TemplateError(
          "The list has \(nodes.count) entries; at most \(ValueType.maximumCount) are read", at: node.location))
      return nil
    }
    var values: [CheckedValue] = []
    for (index, node) in nodes.enumerated() {
      if node.isNull {
        mismatch(node, expected: element.expectation)
      } else if let value = check(node, as: element, path: "\(path)[\(index)]") {
        values.append(value)
      }
    }
    return .list(values)
  }

  private mutating func checkTextMap(_ node: LocatedNode, keys rule: TextRule, path: String) -> CheckedValue? {
    guard case .mapping(let entries) = node.content else {
      mismatch(node, expected: "a map")
      return nil
    }
    var result: [String: String] = [:]
    for entry in entries {
      if let problem = rule.problem(entry.key) {
        problems.append(TemplateError("The key \(problem)", at: entry.keyLocation))
        continue
      }
      if entry.value.isNull { continue }
      if case .text(let text)? = check(entry.value, as: .text(.lines), path: "\(path).\(entry.key)") {
        result[entry.key] = text
      }
    }
    return .textMap(result)
  }

  private mutating func checkTableMap(
    _ node: LocatedNode, keys rule: TextRule, table: KeyTable, path: String
  ) -> CheckedValue? {
    guard case .mapping(let entries) = node.content else {
      mismatch(node, expected: "a map")
      return nil
    }
    var result: [(key: String, value: CheckedMap)] = []
    for entry in entries {
      if let problem = rule.problem(entry.key) {
        problems.append(TemplateError("The name \(problem)", at: entry.keyLocation))
        continue
      }
      if entry.value.isNull { continue }
      if let map = checkMap(entry.value, table: table, path: "\(path).\(entry.key)") {
        result.append((entry.key, map))
      }
    }
    return .tableMap(result)
  }

  private mutating func checkEither(_ node: LocatedNode, of types: [ValueType], path: String) -> CheckedValue? {
    var failures: [[TemplateError]] = []
    for type in types {
      var attempt = Checker(scalars: scalars)
      let value = attempt.check(node, as: type, path: path)
      if attempt.problems.isEmpty {
        locations.merge(attempt.locations) { _, new in new }
        metUnknown = metUnknown || attempt.metUnknown
        return value
      }
      failures.append(attempt.problems)
    }
    // A problem inside a value of the right kind says more than "expected this or that".
    for (type, failure) in zip(types, failures) where isKind(node, of: type) {
      problems += failure
      return nil
    }
    mismatch(node, expected: types.map(\.expectation).joined(separator: " or "))
    return nil
  }

  private func isKind(_ node: LocatedNode, of type: ValueType) -> Bool {
    switch (type, node.content) {
    case (.list, .sequence), (.map, .mapping): return true
    case (.integer, .scalar):
      if case .integer? = scalars.peek(node) { return true }
      return false
    case (.size, .scalar):
      guard case .text(let text)? = scalars.peek(node), let first = text.utf8.first else { return false }
      return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    default: return false
    }
  }

  mutating func mismatch(_ node: LocatedNode, expected: String) {
    var found = node.kindName
    if let value = scalars.peek(node) { found = value.kindName }
    problems.append(TemplateError("Expected \(expected), found \(found)", at: node.location))
  }
}
