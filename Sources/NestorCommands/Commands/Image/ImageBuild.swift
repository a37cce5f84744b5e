import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages

extension ImageCommand {
  struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "build", abstract: "Make an image.",
      discussion: """
        tiny: Debian's cloud kernel and a busybox initramfs, from Debian's packages by apt. Up in seconds even without
        KVM; for first steps and tests.

        debian: a disk with Debian, cloud-init and an SSH server, by mmdebstrap; takes some three minutes. Only
        a user that the guest's template names can log in; the agent needs no login: nestor exec.

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
      case .tiny:
        let hypervisor = try await hypervisor(rebuilding: recipe.rawValue, line)
        (image, isNew) = try await builder.buildTiny(rebuild: rebuild) {
          try await hypervisor?.requireUnused(recipe.rawValue)
        }
      case .debian: (image, isNew) = try await buildDebian(builder, line)
      }
      line.end()
      if !isNew { Terminal.note("image '\(image.name)' is there already; --rebuild makes it anew") }
      Terminal.print(image.name + "\n")
    }

    private func buildDebian(_ builder: ImageBuilder, _ line: ProgressLine) async throws -> (image: Image, isNew: Bool)
    {
      let name = name ?? recipe.rawValue
      let hypervisor = try await hypervisor(rebuilding: name, line)
      return try await builder.buildDebian(name, suite: suite ?? "bookworm", rebuild: rebuild) {
        try await hypervisor?.requireUnused(name)
      }
    }

    /// Only an image that is there already, and is no kernel, can be in the way of guests, and only they make libvirt needed.
    private func hypervisor(rebuilding name: String, _ line: ProgressLine) async throws -> Hypervisor? {
      let store = ImageStore(.fromEnvironment())
      guard rebuild, try store.holds(name), (try? store.image(name))?.record.kind != .kernel else { return nil }
      return try await connection.hypervisor(line: line)
    }
  }
}
