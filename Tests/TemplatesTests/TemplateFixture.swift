import Templates
import Testing

/// One template file by itself.
struct TemplateFixture {
  let scratch: ScratchFolder
  let library: TemplateLibrary

  init(_ files: [String: String]) throws {
    scratch = try ScratchFolder()
    for (name, text) in files { try scratch.write(name, text) }
    library = TemplateLibrary(searchPath: [scratch.path])
  }

  /// Loads a text as the template `it`.
  static func load(_ text: String, parameters: [String: String] = [:]) throws -> ResolvedTemplate {
    try TemplateFixture(["it.yaml": text]).load("it", parameters: parameters)
  }

  func load(_ name: String, parameters: [String: String] = [:]) throws(TemplateErrors) -> ResolvedTemplate {
    // The folder goes away with its last owner.
    defer { withExtendedLifetime(scratch) {} }
    return try library.load(name, parameters: parameters)
  }

  /// What is wrong with a text, one line for each mistake, with places but without the folder.
  static func problems(_ text: String, parameters: [String: String] = [:]) throws -> [String] {
    try TemplateFixture(["it.yaml": text]).problems("it", parameters: parameters)
  }

  func problems(_ name: String, parameters: [String: String] = [:]) throws -> [String] {
    do throws(TemplateErrors) {
      _ = try load(name, parameters: parameters)
      return []
    } catch {
      return error.problems.map { $0.description.replacing(scratch.path + "/", with: "") }
    }
  }
}
