import ArgumentParser
import CommandLineKit
import NestorSupport
import Templates

/// The keys of a template's device that have no option of their own.
struct TemplateKeyOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("option")],
    help: ArgumentHelp(
      "Any other key that the device has in a template, such as cache=none for a disk; again for more.",
      valueName: "key=value"))
  var others: [String] = []

  /// What was given: by the command's own options, and by these.
  func all(_ named: TemplateOption?...) throws -> [TemplateOption] {
    try named.compactMap(\.self)
      + others.map { text in
        guard let (key, value) = text.keyAndValue else {
          throw NestorError(.invalidArgument, "-o takes KEY=VALUE, not '\(text)'", hint: "for example: -o cache=none")
        }
        return TemplateOption(key, value, name: "-o \(key)")
      }
  }
}

extension TemplateOption {
  /// An option's value; nil for one that was not given.
  init?(_ key: String, given value: String?, name: String? = nil) {
    guard let value else { return nil }
    self.init(key, value, name: name)
  }
}
