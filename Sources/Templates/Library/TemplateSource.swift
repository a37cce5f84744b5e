/// A template file that has been read, but not yet joined with what it extends.
struct TemplateSource: Sendable {
  /// A template that this one names under `extends`.
  struct Parent: Sendable {
    var name: String
    var location: SourceLocation
  }

  var name: String
  var file: String
  /// The document, without `extends`.
  var root: LocatedNode
  var parents: [Parent]

  /// Reads a file.
  ///
  /// - Throws: ``TemplateErrors``.
  init(file: String) throws(TemplateErrors) {
    let text: String
    do throws(TemplateError) {
      text = try TemplateFile.read(file)
    } catch {
      throw TemplateErrors([error])
    }
    try self.init(text: text, file: file)
  }

  /// Takes a file's text.
  ///
  /// - Throws: ``TemplateErrors``.
  init(text: String, file: String) throws(TemplateErrors) {
    self.file = file
    name = Self.name(of: file)
    var root = try YAMLReader.read(text, file: file)
    if root.isNull { root.content = .mapping([]) }
    guard case .mapping(var entries) = root.content else {
      throw TemplateErrors([
        TemplateError(
          "A template is a map of keys, not \(root.kindName)", at: root.location, hint: "write lines of 'key: value'")
      ])
    }
    parents = []
    if let index = entries.firstIndex(where: { $0.key == "extends" }) {
      parents = try Self.parents(in: entries[index].value)
      entries.remove(at: index)
      root.content = .mapping(entries)
    }
    self.root = root
  }

  /// A file's name as a template: the last part of its path without `.yaml`.
  static func name(of file: String) -> String {
    let last = FilePath.lastPart(of: file)
    return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
  }

  private static func parents(in node: LocatedNode) throws(TemplateErrors) -> [Parent] {
    if node.isNull { return [] }
    var checker = Checker(scalars: .literal)
    let value = checker.check(node, as: TemplateKeys.extends.type, path: "extends")
    guard checker.problems.isEmpty else { throw TemplateErrors(checker.problems) }
    switch (value, node.content) {
    case (.text(let name)?, _): return [Parent(name: name, location: node.location)]
    case (.list(let names)?, .sequence(let nodes)):
      return zip(names, nodes).compactMap { value, node in
        value.text.map { Parent(name: $0, location: node.location) }
      }
    default: return []
    }
  }
}
