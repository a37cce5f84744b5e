import NestorSupport

/// The parameters that a template and its parents declare, and the values given for them.
struct ParameterSet: Sendable {
  private(set) var declared: [TemplateParameter] = []
  /// Each declared parameter's value.
  private(set) var values: [String: ScalarValue] = [:]
  private(set) var problems: [TemplateError] = []
  private var types: [String: ValueType] = [:]
  /// Names whose declaration is wrong: a value for them is no further mistake.
  private var broken: Set<String> = []
  /// Names that were given a value, be it a wrong one: they are not missing.
  private var answered: Set<String> = []

  /// Reads the declarations under the merged `parameters` key, with their defaults.
  init(_ node: LocatedNode?, checker: inout Checker) {
    guard let node, !node.isNull else { return }
    guard case .mapping(let entries) = node.content else {
      checker.mismatch(node, expected: "a map")
      return
    }
    for entry in entries where !entry.value.isNull {
      let before = checker.problems.count
      let single = LocatedNode(content: .mapping([entry]), location: entry.keyLocation)
      let type = ValueType.tableMap(keys: ParameterKeys.name, ParameterKeys.table)
      let value = checker.check(single, as: type, path: "parameters")
      if checker.problems.count == before, case .tableMap(let maps)? = value, let map = maps.first?.value {
        declare(entry.key, map, entry.value)
      } else {
        discard(entry.key)
      }
    }
  }

  /// Notes that a parameter is there but cannot be used, so that its mistake is told only once.
  private mutating func discard(_ name: String) {
    broken.insert(name)
    values[name] = .unknown
  }

  private mutating func declare(_ name: String, _ map: CheckedMap, _ node: LocatedNode) {
    let type = map[ParameterKeys.type]
    let valueType: ValueType
    switch type {
    case .string: valueType = .text(.line)
    case .boolean: valueType = .boolean
    case .path: valueType = .path
    case .choice: valueType = .choice(map[ParameterKeys.choices])
    case .integer:
      let least = bound(node, "minimum", .integer(Int.min...Int.max))?.integer ?? Int.min
      let most = bound(node, "maximum", .integer(Int.min...Int.max))?.integer ?? Int.max
      guard inOrder(least, most, map) else { return discard(name) }
      valueType = .integer(least...most)
    case .size:
      let whole = ByteSize(bytes: 0)...ByteSize(bytes: .max)
      let least = bound(node, "minimum", .size(whole))?.size ?? whole.lowerBound
      let most = bound(node, "maximum", .size(whole))?.size ?? whole.upperBound
      guard inOrder(least, most, map) else { return discard(name) }
      valueType = .size(least...most)
    }
    types[name] = valueType
    let fallback = node["default"]?.value
    var defaultText: String?
    if let fallback, !fallback.isNull {
      var checker = Checker(scalars: .literal)
      let value = checker.check(fallback, as: valueType, path: "")
      problems += checker.problems.map { Self.prefixed($0, "The default of parameter '\(name)': ") }
      values[name] = value.map(Self.scalar) ?? .unknown
      defaultText = value.map(Self.scalar)?.text
    } else {
      let isRequired = map[ParameterKeys.required] ?? true
      values[name] = isRequired ? .unknown : .null
    }
    declared.append(
      TemplateParameter(
        name: name, type: type, description: map[ParameterKeys.description], defaultText: defaultText,
        choices: map[ParameterKeys.choices], minimum: map[ParameterKeys.minimum], maximum: map[ParameterKeys.maximum],
        isRequired: (fallback?.isNull ?? true) && map[ParameterKeys.required] ?? true, location: map.location))
  }

  private mutating func bound(_ node: LocatedNode, _ key: String, _ type: ValueType) -> CheckedValue? {
    guard let value = node[key]?.value, !value.isNull else { return nil }
    var checker = Checker(scalars: .literal)
    let result = checker.check(value, as: type, path: "")
    problems += checker.problems
    return result
  }

  private mutating func inOrder<Bound: Comparable>(_ least: Bound, _ most: Bound, _ map: CheckedMap) -> Bool {
    if least <= most { return true }
    problems.append(
      TemplateError("The minimum is greater than the maximum", at: map.place(of: ParameterKeys.minimum)))
    return false
  }

  /// Takes the values of `-P name=value`. Relative paths begin at the working folder.
  mutating func give(_ given: [String: String], template place: SourceLocation) {
    for (name, text) in given.sorted(by: { $0.key < $1.key }) {
      guard let type = types[name], let parameter = declared.first(where: { $0.name == name }) else {
        if broken.contains(name) { continue }
        let hint =
          NearestName.hint(for: name, among: declared.map(\.name))
          ?? (declared.isEmpty ? "this template has no parameters" : nil)
        problems.append(TemplateError("Unknown parameter \(name.quoted)", at: place, hint: hint, kind: .parameter))
        continue
      }
      let plain: Bool
      switch type {
      case .integer, .boolean: plain = true
      default: plain = false
      }
      var checker = Checker(scalars: ScalarReader(parameters: nil, folder: FilePath.workingFolder))
      let node = LocatedNode(content: .scalar(text, plain: plain), location: parameter.location)
      let value = checker.check(node, as: type, path: "")
      if value == nil, checker.problems.isEmpty { checker.mismatch(node, expected: type.expectation) }
      problems += checker.problems.map { problem in
        var problem = Self.prefixed(problem, "Parameter '\(name)': ")
        problem.kind = .parameter
        return problem
      }
      values[name] = value.map(Self.scalar) ?? .unknown
      answered.insert(name)
    }
  }

  /// A problem for each required parameter that was not given.
  var missing: [TemplateError] {
    declared.filter { $0.isRequired && !answered.contains($0.name) && values[$0.name] == .unknown }.map {
      let about = $0.description.isEmpty ? "" : ": \($0.description)"
      return TemplateError(
        "The parameter '\($0.name)' needs a value\(about)", at: $0.location, hint: "give -P \($0.name)=…",
        kind: .parameter)
    }
  }

  /// The values as text, for the record; a parameter without value is left out.
  var texts: [String: String] {
    values.compactMapValues(\.text)
  }

  private static func prefixed(_ problem: TemplateError, _ prefix: String) -> TemplateError {
    var result = problem
    result.message = prefix + problem.message
    return result
  }

  private static func scalar(_ value: CheckedValue) -> ScalarValue {
    switch value {
    case .text(let text): .text(text)
    case .integer(let number): .integer(number, text: String(number))
    case .size(let size): .size(size)
    case .boolean(let value): .boolean(value)
    case .list, .map, .textMap, .tableMap: .null
    }
  }
}
