/// All keys of a template's top level.
enum TemplateKeys {
  static let extends = KeyDescription(
    name: "extends",
    type: .either([.text(extendsRule), .list(.text(extendsRule))]), fallback: .array([]),
    documentation: "The template that this one builds on, or a list of them, the later over the earlier.")
  static let parameters = KeyDescription(
    name: "parameters", type: .tableMap(keys: ParameterKeys.name, ParameterKeys.table), fallback: .object([]),
    documentation: "Values that are given with -P NAME=VALUE and stand for ${NAME}.")

  private static let extendsRule = TextRule("a template's name, or a path with '/' or '.yaml'", pattern: "^.+$") {
    !$0.isEmpty
  }

  static let refused: [String: (message: String, hint: String)] = [
    "name": (
      "A template has no 'name': the file's name is its name", "leave it out; the guest is named when it is made"
    ),
    "direct": ("'direct' cards (macvtap) do not work in an unprivileged container", "use 'networks' with 'bridge'"),
  ]

  static let table = KeyTable(
    "the template", [GuestKeys.description.description, extends, parameters] + GuestKeys.keys.dropFirst(),
    refused: refused, check: GuestKeys.check)
}
