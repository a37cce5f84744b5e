/// A template with its parents joined, its parameters filled in and everything checked.
public struct ResolvedTemplate: Sendable {
  /// The template's name.
  public var name: String
  /// The file it was read from.
  public var file: String
  /// The guest that it describes.
  public var template: GuestTemplate
  /// The parameters that it and its parents declare.
  public var declaredParameters: [TemplateParameter]
  /// The value of each parameter, given or default, as text; parameters without value are left out.
  public var parameters: [String: String]
  /// All files that took part, the bottom one first, ``file`` last.
  public var files: [String]
  /// Where each written value stands, by its key path, such as `disks[0].path`.
  public var locations: [String: SourceLocation]

  /// Where a value is written: the place of `keyPath`, or of the nearest map or list around it that is written, or the
  /// beginning of the file for what is a default.
  public func location(of keyPath: String) -> SourceLocation {
    var path = keyPath[...]
    while !path.isEmpty {
      if let location = locations[String(path)] { return location }
      guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
      path = path[..<end]
    }
    return SourceLocation(file: file)
  }
}
