/// The keys of a parameter's declaration.
enum ParameterKeys {
  static let type = Key("type", Codec<ParameterType>.choice, default: .string, "The type of its values.")
  static let description = Key("description", .text(), default: "", "What it is for; shown by help and completion.")
  static let fallback = Key(
    "default", Codec.optional(.text()), default: nil, "The value when none is given; without it a value is required.")
  static let choices = Key(
    "choices", Codec.list(.text()), default: [], "The values that a parameter of type choice can have.")
  static let minimum = Key("minimum", Codec.optional(.text()), default: nil, "The least integer or size.")
  static let maximum = Key("maximum", Codec.optional(.text()), default: nil, "The greatest integer or size.")
  static let required = Key(
    "required", Codec.optional(.boolean), default: nil,
    "false lets a parameter without default be left out; the keys that refer to it then have their defaults.")

  static let table = KeyTable(
    "a parameter",
    [
      type.description, description.description, fallback.description, choices.description, minimum.description,
      maximum.description, required.description,
    ]
  ) { map in
    var problems: [TemplateError] = []
    let type = map[type]
    if type == .choice, map[choices].isEmpty {
      problems.append(TemplateError("A parameter of type choice needs 'choices'", at: map.place(of: choices)))
    }
    if type != .choice, map.has(choices) {
      problems.append(
        TemplateError(
          "'choices' belongs to the type choice, not \(type.rawValue)", at: map.place(of: choices),
          hint: "write 'type: choice'"))
    }
    if type != .integer, type != .size {
      for key in [minimum, maximum] where map.has(key) {
        problems.append(
          TemplateError(
            "'\(key.name)' belongs to the types integer and size, not \(type.rawValue)", at: map.place(of: key)))
      }
    }
    if map[required] == true, map.has(fallback) {
      problems.append(
        TemplateError(
          "A parameter with a default cannot be required", at: map.place(of: required),
          hint: "leave 'required' out, or write 'default: null' to drop an inherited default"))
    }
    return problems
  }

  static let name = TextRule(
    "a parameter's name: a letter, then letters, digits, '_' or '-', at most 63",
    pattern: "^[A-Za-z][A-Za-z0-9_-]{0,62}$", accepts: ScalarReader.isName)
}
