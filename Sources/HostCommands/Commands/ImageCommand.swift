import ArgumentParser
import CommandLineKit
import Glibc
import HostSetup
import NestorSupport

struct ImageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image", abstract: "Make the image of containers in which guests run.", subcommands: [Build.self])

  struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "build", abstract: "Make an image with libvirt, QEMU and nestor inside.",
      discussion: """
        Installs Debian by mmdebstrap, as root, which takes some three minutes, puts the programs and templates in, and
        imports the image under the alias nestor, where nestor-host launch finds it: a launch then needs no network. With
        --output it is made as a folder instead, which other machines can import or launch from.

          nestor-host image build
          nestor-host image build --suite trixie --output ./nestor-image
          nestor-host launch lab --image ./nestor-image
        """)

    @OptionGroup var daemon: DaemonOptions
    @Option(name: .long, help: "Debian's suite: \(ContainerImage.suites.joined(separator: " or ")).") var suite =
      "bookworm"
    @Option(
      name: .long, help: "Make the image as this folder and import nothing.", completion: .directory)
    var output: String?
    @Option(name: .long, help: "The alias under which the image is imported.") var alias = "nestor"
    @Option(
      name: .long,
      help: ArgumentHelp(
        "An image for guests that is put inside, such as /var/lib/nestor/images/tiny; may be repeated (default: a tiny"
          + " image that is made for it).",
        valueName: "folder"), completion: .directory)
    var guestImage: [String] = []
    @Flag(name: .long, help: "Put no image for guests inside.") var noGuestImage = false
    @Option(name: .long, help: "The folder of the programs nestor and nestor-agent (default: that of this program).")
    var programs: String?
    @Option(name: .long, help: "The folder of the templates (default: the one that came with the programs).")
    var domains: String?
    @Flag(name: .long, help: "Make the folder anew where it is there already.") var rebuild = false

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let image = ContainerImage(
        suite: suite, payload: try Payload(programs: programs, domains: domains),
        guestImages: noGuestImage ? [] : guestImage.isEmpty ? nil : guestImage,
        report: line.handler)
      if let output {
        try await image.build(into: output, replacing: rebuild)
        line.end()
        return Terminal.print("\(output)\n")
      }
      // Whether the daemon answers is better known before the minutes than after.
      let daemon = try await daemon.connect()
      let folder = "/var/tmp/nestor-image-\(getpid())"
      defer { try? FileTree.remove(folder) }
      try await image.build(into: folder, replacing: true)
      line.handler(ProgressReport("image", "importing"))
      _ = try await daemon.importImage(folder, alias: alias)
      line.end()
      Terminal.print("\(alias)\n")
    }
  }
}
