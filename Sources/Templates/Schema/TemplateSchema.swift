/// The JSON Schema of templates, for editors and other programs.
///
/// It is made from the same table that decoding uses. It says less than Nestor checks: conditions between keys, and what
/// a parameter turns out to be, cannot be seen in it.
package enum TemplateSchema {
  /// The schema (<https://json-schema.org/draft/2020-12>) as JSON text that ends in a line end; the same each time.
  package static func json() -> String {
    document.text() + "\n"
  }

  private static let document: JSONValue = .object(
    [
      JSONValue.Member("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      JSONValue.Member("title", .string("A Nestor template")),
      JSONValue.Member("description", .string("A guest, described in YAML. 'base.yaml' shows every key.")),
    ] + members(of: TemplateKeys.table, references: true) + [
      JSONValue.Member(
        "$defs",
        .object([
          JSONValue.Member(
            "reference",
            .object([
              JSONValue.Member("description", .string("A text with a parameter in it, such as ${memory}.")),
              JSONValue.Member("type", .string("string")),
              JSONValue.Member("pattern", .string("\\$\\{[A-Za-z][A-Za-z0-9_-]*\\}")),
            ])),
          JSONValue.Member(
            "size",
            .object([
              JSONValue.Member("description", .string("A number of bytes with its unit, such as 512MiB or 2GiB.")),
              JSONValue.Member("type", .string("string")),
              JSONValue.Member("pattern", .string("^[0-9]+ ?(B|[KMGTPE](iB|B)?)$")),
            ])),
        ]))
    ])

  /// The members that describe a map of a table's keys.
  private static func members(of table: KeyTable, references: Bool) -> [JSONValue.Member] {
    let properties = table.keys.map { key in
      // What is declared under these two is read before there are any parameters.
      let references = references && key.name != "parameters" && key.name != "extends"
      return JSONValue.Member(key.name, property(key, references: references))
    }
    return [
      JSONValue.Member("type", .string("object")),
      JSONValue.Member("properties", .object(properties)),
      JSONValue.Member("additionalProperties", .boolean(false)),
    ]
  }

  private static func property(_ key: KeyDescription, references: Bool) -> JSONValue {
    var members = [JSONValue.Member("description", .string(key.documentation))]
    if let fallback = shown(key) { members.append(JSONValue.Member("default", fallback)) }
    members += value(of: key.type, references: references, isOptional: true)
    return .object(members)
  }

  /// The default, where it says something that the properties of a map do not say themselves.
  private static func shown(_ key: KeyDescription) -> JSONValue? {
    if case .map = key.type { return nil }
    return key.fallback == .null ? nil : key.fallback
  }

  private static func value(of type: ValueType, references: Bool, isOptional: Bool) -> [JSONValue.Member] {
    var alternatives = alternatives(of: type, references: references)
    if references, hasScalar(type) {
      alternatives.append([JSONValue.Member("$ref", .string("#/$defs/reference"))])
    }
    if isOptional { alternatives.append([JSONValue.Member("type", .string("null"))]) }
    if alternatives.count == 1 { return alternatives[0] }
    return [JSONValue.Member("anyOf", .array(alternatives.map { .object($0) }))]
  }

  private static func hasScalar(_ type: ValueType) -> Bool {
    switch type {
    case .list, .map, .textMap, .tableMap: false
    case .either(let types): types.contains(where: hasScalar)
    default: true
    }
  }

  private static func alternatives(of type: ValueType, references: Bool) -> [[JSONValue.Member]] {
    switch type {
    case .either(let types): return types.flatMap { alternatives(of: $0, references: references) }
    case .text(let rule):
      // A text need not be in quotes, whatever it looks like.
      var members = [JSONValue.Member("type", .array([.string("string"), .string("number"), .string("boolean")]))]
      if let pattern = rule.pattern { members.append(JSONValue.Member("pattern", .string(pattern))) }
      return [members]
    case .integer(let range):
      var members = [JSONValue.Member("type", .string("integer"))]
      if range.lowerBound != .min { members.append(JSONValue.Member("minimum", .integer(range.lowerBound))) }
      if range.upperBound != .max { members.append(JSONValue.Member("maximum", .integer(range.upperBound))) }
      return [members]
    case .size: return [[JSONValue.Member("$ref", .string("#/$defs/size"))]]
    case .boolean: return [[JSONValue.Member("type", .string("boolean"))]]
    case .choice(let words): return [[JSONValue.Member("enum", .array(words.flatMap(spellings)))]]
    case .path: return [[JSONValue.Member("type", .string("string")), JSONValue.Member("minLength", .integer(1))]]
    case .list(let element):
      return [
        [
          JSONValue.Member("type", .string("array")),
          JSONValue.Member("items", .object(value(of: element, references: references, isOptional: false))),
          JSONValue.Member("maxItems", .integer(ValueType.maximumCount)),
        ]
      ]
    case .map(let table): return [members(of: table, references: references)]
    case .textMap(let rule):
      return [map(keys: rule, values: value(of: .text(.lines), references: references, isOptional: true))]
    case .tableMap(let rule, let table):
      return [map(keys: rule, values: value(of: .map(table), references: references, isOptional: true))]
    }
  }

  private static func map(keys rule: TextRule, values: [JSONValue.Member]) -> [JSONValue.Member] {
    var members = [JSONValue.Member("type", .string("object"))]
    if let pattern = rule.pattern {
      members.append(JSONValue.Member("propertyNames", .object([JSONValue.Member("pattern", .string(pattern))])))
    }
    members.append(JSONValue.Member("additionalProperties", .object(values)))
    return members
  }

  /// A word, and the number that YAML readers take it for without quotes.
  private static func spellings(_ word: String) -> [JSONValue] {
    Double(word) == nil ? [.string(word)] : [.string(word), .number(word)]
  }
}
