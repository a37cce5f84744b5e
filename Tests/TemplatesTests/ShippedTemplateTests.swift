import Templates
import Testing

@Suite("The templates that come with Nestor")
struct ShippedTemplateTests {
  static let folder = RepositoryFolder.path + "/domains"
  static let library = TemplateLibrary(searchPath: [folder])

  @Test("base.yaml describes the same guest as an empty template")
  func baseShowsTheDefaults() throws {
    #expect(try Self.library.load("base").template == GuestTemplate())
  }

  @Test("tiny.yaml takes its parameters")
  func tinyTakesParameters() throws {
    let tiny = try Self.library.load("tiny", parameters: ["memory": "256MiB", "cpus": "2"])
    #expect(tiny.template.memory == .mebibytes(256))
    #expect(tiny.template.cpus == 2)
    #expect(tiny.template.image == "tiny")
    #expect(tiny.template.networks.map(\.source) == [.network("default")])
    #expect(tiny.template.ready.console == "nestor: up")
    #expect(tiny.parameters == ["memory": "256MiB", "cpus": "2", "network": "default"])
    #expect(tiny.location(of: "networks[0].network") == SourceLocation(file: tiny.file, line: 30, column: 14))
  }
}
