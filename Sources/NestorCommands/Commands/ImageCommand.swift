import ArgumentParser
import CommandLineKit
import NestorCore

struct ImageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image", abstract: "Make and look after images.",
    subcommands: [Build.self, List.self, Info.self, Delete.self], aliases: ["images"])

  struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "build", abstract: "Make an image.",
      discussion: """
        tiny: Debian's cloud kernel and a busybox initramfs, from Debian's packages by apt. Up in seconds even without
        KVM; for first steps and tests.

        debian: a disk with Debian, cloud-init and an SSH server, by mmdebstrap; takes some three minutes. Without
        user-data nobody can log in, but the agent needs no login: nestor exec.

        An image that is there already is left alone.
        """)

    enum Recipe: String, CaseIterable, ExpressibleByArgument {
      case tiny, debian
    }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "What to make: tiny or debian.") var recipe: Recipe
    @Option(name: .long, help: "Debian's suite: \(ImageBuilder.debianSuites.joined(separator: " or ")).") var suite:
      String?
    @Option(name: .long, help: "The image's name (default: debian); for debian only.") var name: String?
    @Flag(
      name: .long,
      help:
        "Make it anew where it is there already; a kernel's guests use it from their next start on, a disk must have none."
    ) var rebuild = false

    func validate() throws {
      guard recipe != .debian, suite != nil || name != nil else { return }
      throw ValidationError("--suite and --name are for the recipe debian.")
    }

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let builder = ImageBuilder(.fromEnvironment(), report: line.handler)
      let image: Image
      let isNew: Bool
      switch recipe {
      case .tiny: (image, isNew) = try await builder.buildTiny(rebuild: rebuild)
      case .debian: (image, isNew) = try await buildDebian(builder, line)
      }
      line.end()
      if !isNew { Terminal.note("image '\(image.name)' is there already; --rebuild makes it anew") }
      Terminal.print(image.name + "\n")
    }

    private func buildDebian(_ builder: ImageBuilder, _ line: ProgressLine) async throws -> (image: Image, isNew: Bool)
    {
      let name = name ?? recipe.rawValue
      // Only an image that is there already can have guests, and only they make libvirt needed.
      let orchestrator =
        rebuild && (try? ImageStore(.fromEnvironment()).image(name)) != nil
        ? try await connection.orchestrator(line: line) : nil
      return try await builder.buildDebian(name, suite: suite ?? "bookworm", rebuild: rebuild) {
        try await orchestrator?.requireUnused(name)
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the images.", aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    func run() async throws {
      let images = try ImageStore(.fromEnvironment()).list().map(ImageRow.init)
      Terminal.print(try Renderer(output).text(images))
    }
  }

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one image.")

    @OptionGroup var output: OutputOptions
    @Argument(help: "The image's name.", completion: .images) var name: String

    func run() async throws {
      let image = try ImageStore(.fromEnvironment()).image(name)
      Terminal.print(try Renderer(output).text(one: ImageRow(image)))
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete images that no guest uses.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The images' names.", completion: .images) var names: [String]

    func run() async throws {
      let orchestrator = try await connection.orchestrator()
      try GuestArguments.report(
        await Batch.run(names.uniqued()) { name in try await orchestrator.deleteImage(name) })
    }
  }
}

/// An image as a row.
private struct ImageRow: TableRow {
  static let columns = ["NAME", "KIND", "SIZE", "CREATED", "DESCRIPTION"]

  let name: String
  let kind: String
  let size: Int64
  let created: String
  let description: String
  let sources: [String]
  let directory: String
  let digest: String

  init(_ image: Image) {
    name = image.name
    kind = image.record.kind.rawValue
    size = image.size
    created = image.record.created
    description = image.record.description
    sources = image.record.sources
    directory = image.directory
    digest = image.digest
  }

  var cells: [String] { [name, kind, SizeText.short(UInt64(size)), created, description] }
}
