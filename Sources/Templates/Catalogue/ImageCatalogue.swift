import Glibc

/// The images of distributions that Nestor knows where to download.
///
/// A catalogue is the file `images/catalogue.yaml` in a folder of templates. Those of all folders count together; an image
/// that several of them name is that of the first.
package struct ImageCatalogue: Sendable, Equatable {
  /// The images, sorted by name.
  package let entries: [CatalogueEntry]

  /// Reads the catalogues of a library's folders; a folder without one is passed over.
  ///
  /// - Throws: ``TemplateErrors`` with the mistakes of the first file that has any.
  package init(_ library: TemplateLibrary) throws(TemplateErrors) {
    var known: [String: CatalogueEntry] = [:]
    for folder in library.searchPath {
      let file = "\(folder)/images/catalogue.yaml"
      guard access(file, F_OK) == 0 else { continue }
      for entry in try Self.read(file) where known[entry.name] == nil { known[entry.name] = entry }
    }
    entries = known.values.sorted { $0.name < $1.name }
  }

  /// The image of a name.
  package subscript(name: String) -> CatalogueEntry? {
    entries.first { $0.name == name }
  }

  private static func read(_ file: String) throws(TemplateErrors) -> [CatalogueEntry] {
    let text: String
    do throws(TemplateError) {
      text = try TemplateFile.read(file)
    } catch {
      throw TemplateErrors([error])
    }
    let root = try YAMLReader.read(text, file: file)
    guard !root.isNull else { return [] }
    var checker = Checker(scalars: .literal)
    let map = checker.checkMap(root, table: CatalogueKeys.table, path: "")
    guard checker.problems.isEmpty else { throw TemplateErrors(checker.problems) }
    guard case .tableMap(let images)? = map?.values["images"] else { return [] }
    return images.map { name, map in
      CatalogueEntry(
        name: name, description: map[CatalogueKeys.description], base: map[CatalogueKeys.base],
        path: map[CatalogueKeys.path], checksums: map[CatalogueKeys.checksums], form: map[CatalogueKeys.form],
        format: map[CatalogueKeys.format])
    }
  }
}
