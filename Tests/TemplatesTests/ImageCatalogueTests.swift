import Templates
import Testing

@Suite("The catalogue of images")
struct ImageCatalogueTests {
  private static func entry(_ name: String, _ rest: String = "") -> String {
    "  \(name):\n    base: https://\(name).example.org/\n    path: a/disk.img\n    checksums: a/SUMS\n\(rest)"
  }

  private func load(_ files: [String: String], _ folders: [String]) throws -> ImageCatalogue {
    let fixture = try TemplateFixture(files)
    defer { withExtendedLifetime(fixture) {} }
    return try ImageCatalogue(TemplateLibrary(searchPath: folders.map { "\(fixture.scratch.path)/\($0)" }))
  }

  @Test("The images of all folders count together, and the first folder that has one wins")
  func joined() throws {
    let catalogue = try load(
      [
        "a/images/catalogue.yaml": "images:\n" + Self.entry("web", "    description: mine\n    form: single\n"),
        "b/images/catalogue.yaml": "images:\n" + Self.entry("web") + Self.entry("db", "    format: raw\n"),
      ], ["none", "a", "b"])
    #expect(catalogue.entries.map(\.name) == ["db", "web"])
    #expect(catalogue["web"]?.description == "mine" && catalogue["web"]?.form == .single)
    #expect(catalogue["db"]?.format == .raw && catalogue["db"]?.base == "https://db.example.org/")
    #expect(try load(["a/images/catalogue.yaml": ""], ["a"]).entries == [])
  }

  @Test(
    "What makes no sense is an error at its place",
    arguments: [
      ("images:\n  web:\n    base: https://e.org/\n    path: x\n", 3, "needs 'checksums'"),
      ("images:\n  web:\n    base: file:///etc/\n    path: x\n    checksums: y\n", 3, "an address such as"),
      ("images:\n  web:\n    base: https://e.org\n    path: x\n    checksums: y\n", 3, "with a slash at its end"),
      ("images:\n  web:\n    base: https://e.org/\n    path: /x\n    checksums: y\n", 4, "the rest of an address"),
      ("images:\n  web:\n    base: https://e.org/\n    path: \"x\\ny\"\n    checksums: y\n", 4, ""),
      ("images:\n  ../web:\n    base: https://e.org/\n", 2, "an image's name"),
      ("images:\n  web:\n    colour: red\n", 3, "Unknown key 'colour'"),
      ("images:\n  web:\n    form: md5\n", 3, "one of gnu, bsd, single"),
      ("image: x\n", 1, "Unknown key 'image'"), ("images: [\n", 2, ""), ("- a\n", 1, "a map"),
    ])
  func wrong(_ text: String, _ line: Int, _ part: String) throws {
    let errors = #expect(throws: TemplateErrors.self) { try load(["a/images/catalogue.yaml": text], ["a"]) }
    let problem = try #require(errors?.problems.first { part.isEmpty || "\($0)".contains(part) }, "\(errors as Any)")
    #expect(problem.location?.line == line, "\(problem)")
  }
}
