import Yams

/// A file of user-data for cloud-init, <https://docs.cloud-init.io/en/latest/explanation/format.html>.
package struct UserData: Sendable, Equatable {
  /// The whole file, as it was written.
  package let text: String
  /// The keys of its top level; none where the file is something other than plain `#cloud-config`.
  package let keys: [String]

  /// Reads a file of at most 1 MiB.
  ///
  /// - Throws: ``TemplateErrors`` at the line and column where it is not UTF-8, begins with no word that cloud-init knows,
  ///   or is `#cloud-config` and no YAML map. cloud-init itself would pass over such a file with a line in its log.
  package init(contentsOf path: String) throws(TemplateErrors) {
    do throws(TemplateError) {
      text = try TemplateFile.read(path, what: "user-data")
    } catch {
      throw TemplateErrors([error])
    }
    keys = try Self.check(text, file: path)
  }

  /// How the forms begin that cloud-init knows.
  private static let beginnings = [
    "#cloud-config", "#!", "#include", "#cloud-boothook", "#part-handler", "## template: jinja", "Content-Type:",
    "MIME-Version:",
  ]

  private static func check(_ text: String, file: String) throws(TemplateErrors) -> [String] {
    let firstLine = text.utf8.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let start = String(Substring(firstLine))
    guard beginnings.contains(where: { start.hasPrefix($0) }) else {
      throw TemplateErrors([
        TemplateError(
          "cloud-init does not know what this user-data is", at: SourceLocation(file: file, line: 1, column: 1),
          hint: "the first line is '#cloud-config' before YAML, or '#!' and a program before a script")
      ])
    }
    // The other words that begin like this one name other forms.
    guard start == "#cloud-config" || start.hasPrefix("#cloud-config ") else { return [] }
    guard let root = try YAMLReader.compose(text, file: file) else { return [] }
    guard case .mapping(let mapping) = root else {
      let place = SourceLocation(file: file, line: root.mark?.line ?? 1, column: root.mark?.column ?? 1)
      throw TemplateErrors([TemplateError("#cloud-config is a map of keys, and this is none", at: place)])
    }
    return mapping.keys.compactMap { $0.scalar?.string }
  }
}
