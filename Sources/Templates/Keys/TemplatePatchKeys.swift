/// The keys of an entry of `xml`.
enum TemplatePatchKeys {
  static let set = Key(
    "set", Codec.optional(.text(.xpath)), default: nil,
    "The XPath of elements or attributes whose text becomes 'value'.")
  static let add = Key(
    "add", Codec.optional(.text(.xpath)), default: nil,
    "The XPath of elements to which the XML fragment 'value' is added.")
  static let remove = Key(
    "remove", Codec.optional(.text(.xpath)), default: nil, "The XPath of elements or attributes that are removed.")
  static let value = Key(
    "value", Codec.optional(.text(.lines)), default: nil, "The new text of 'set', or the XML fragment of 'add'.")
  static let position = Key(
    "position", Codec<TemplatePatch.Position>.choice, default: .last,
    "Where 'add' puts the fragment: inside as the last or first child, or before or after the element.")

  static let table = KeyTable(
    "an XML patch",
    [set.description, add.description, remove.description, value.description, position.description]
  ) { map in
    var problems: [TemplateError] = []
    let operations = [set, add, remove].filter { map.has($0) }
    if operations.isEmpty {
      problems.append(TemplateError("An XML patch needs 'set', 'add' or 'remove'", at: map.location))
    }
    for operation in operations.dropFirst() {
      problems.append(
        TemplateError(
          "An XML patch has one of 'set', 'add' and 'remove'", at: map.place(of: operation),
          hint: "make an entry of its own for each"))
    }
    guard operations.count == 1 else { return problems }
    if map.has(remove), map.has(value) {
      problems.append(TemplateError("'remove' takes no value", at: map.place(of: value)))
    }
    if !map.has(remove), !map.has(value) {
      problems.append(
        TemplateError("'\(operations[0].name)' needs a value", at: map.location, hint: "add 'value'"))
    }
    if map.has(position), !map.has(add) {
      problems.append(TemplateError("'position' belongs to 'add'", at: map.place(of: position)))
    }
    return problems
  }

  @Sendable static func build(_ map: CheckedMap) -> TemplatePatch {
    let xpathKey = map.has(set) ? set : map.has(add) ? add : remove
    let operation: TemplatePatch.Operation
    switch xpathKey.name {
    case set.name: operation = .set(value: map[value] ?? "")
    case add.name: operation = .add(value: map[value] ?? "", position: map[position])
    default: operation = .remove
    }
    return TemplatePatch(
      operation: operation, xpath: map[xpathKey] ?? "",
      location: map.valueLocations[xpathKey.name] ?? map.location,
      valueLocation: map.valueLocations[value.name] ?? map.location)
  }
}
