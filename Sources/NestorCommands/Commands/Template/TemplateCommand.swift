import ArgumentParser

struct TemplateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Look at the templates that guests are made from.",
    discussion: """
      They are looked for in ~/.config/nestor/domains, in /etc/nestor/domains and in the domains folder beside the
      program, in this order; the first of a name wins. base.yaml names and explains every key.
      """,
    subcommands: [List.self, Check.self, Schema.self], aliases: ["templates"])
}
