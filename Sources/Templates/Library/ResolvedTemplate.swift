/// A template with its parents joined, its parameters filled in and everything checked.
package struct ResolvedTemplate: Sendable {
  /// The template's name.
  package var name: String
  /// The file it was read from.
  package var file: String
  /// The guest that it describes.
  package var template: GuestTemplate
  /// The parameters that it and its parents declare.
  package var declaredParameters: [TemplateParameter]
  /// The value of each parameter, given or default, as text; parameters without value are left out.
  package var parameters: [String: String]
  /// All files that took part, the bottom one first, ``file`` last.
  package var files: [String]
  /// Where each written value stands, by its key path, such as `disks[0].path`.
  package var locations: [String: SourceLocation]

  /// The absolute path of ``file``.
  package var path: String { FilePath.resolve(file, in: FilePath.workingFolder) }

  /// Where a value is written: the place of `keyPath`, or of the nearest map or list around it that is written, or the
  /// beginning of the file for what is a default.
  package func location(of keyPath: String) -> SourceLocation {
    var path = keyPath[...]
    while !path.isEmpty {
      if let location = locations[String(path)] { return location }
      guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
      path = path[..<end]
    }
    return SourceLocation(file: file)
  }
}
