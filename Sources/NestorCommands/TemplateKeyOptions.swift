import ArgumentParser
import NestorSupport
import Templates

/// The keys of a template's device that have no option of their own.
struct TemplateKeyOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("option")],
    help: ArgumentHelp(
      "Another key of the device in a template, such as bootOrder=1; again for more.", valueName: "key=value"))
  var others: [String] = []

  /// What was given: the options of the command, each under the key that it stands for, and these.
  func options(_ named: (key: String, value: String?)...) throws -> [TemplateOption] {
    try named.compactMap { key, value in value.map { TemplateOption(key, $0) } }
      + others.map { text in
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
          throw NestorError(.invalidArgument, "-o takes KEY=VALUE, not '\(text)'", hint: "for example: -o bootOrder=1")
        }
        return TemplateOption(
          String(text[..<sign]), String(text[text.index(after: sign)...]), name: "-o \(text[..<sign])")
      }
  }
}
