/// Settings in a file of shell that a service reads, such as those in /etc/default: of two lines the last one holds.
struct ShellSettings: Sendable, Equatable {
  /// The file.
  private(set) var text: String

  init(_ text: String) {
    self.text = text
  }

  /// The value of a variable, without its quotes; nil where no line sets it.
  subscript(name: String) -> String? {
    let line = text.split(whereSeparator: \.isNewline).last { $0.drop(while: \.isWhitespace).hasPrefix("\(name)=") }
    guard let line, let equals = line.firstIndex(of: "=") else { return nil }
    let value = line[line.index(after: equals)...]
    guard let quote = value.first, quote == "\"" || quote == "'" else {
      return String(value.prefix { !$0.isWhitespace && $0 != "#" })
    }
    return String(value.dropFirst().prefix { $0 != quote })
  }

  /// Appends the settings that do not hold yet, with a comment before them.
  mutating func set(_ settings: [(name: String, value: String)], comment: String) {
    let missing = settings.filter { self[$0.name] != $0.value }
    guard !missing.isEmpty else { return }
    if !text.isEmpty && !text.hasSuffix("\n") { text += "\n" }
    text += "\n# \(comment)\n" + missing.map { "\($0.name)=\($0.value)\n" }.joined()
  }
}
