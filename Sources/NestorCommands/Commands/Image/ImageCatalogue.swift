import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages
import Templates

extension ImageCommand {
  struct Catalogue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "catalogue", abstract: "List the images that can be pulled by name.",
      discussion: """
        They come from images/catalogue.yaml in ~/.config/nestor/domains, in /etc/nestor/domains, and in the domains
        folder that comes with the program.
        """, aliases: ["catalog"])

    @OptionGroup var output: OutputOptions

    func run() async throws {
      Terminal.print(try Renderer(output).text(try ImageBuilder.catalogue().entries.map(Row.init)))
    }

    /// An image of the catalogue as a row.
    private struct Row: TableRow {
      static let columns = ["NAME", "DESCRIPTION", "FROM"]

      let name: String
      let description: String
      let url: String
      let checksums: String
      let format: String

      init(_ entry: CatalogueEntry) {
        name = entry.name
        description = entry.description
        url = entry.base + entry.path
        checksums = entry.base + entry.checksums
        format = entry.format.rawValue
      }

      var cells: [String] { [name, description, url] }
    }
  }
}
