import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages
import NestorSupport
import Templates

extension ImageCommand {
  struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pull", abstract: "Download an image of a distribution, or one from an address of your own.",
      discussion: """
        nestor image catalogue lists the names. The download is compared with its checksum before anything else looks at
        it. One that was cut off goes on when the same is pulled again. curl does it, so http_proxy, https_proxy and
        no_proxy count.

          nestor image pull debian-12
          nestor image pull debian-12 --mirror http://mirror.lan/debian-cloud/
          nestor image pull https://example.org/lab.qcow2.xz --sha256 5f70…
        """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var input: ImageInputOptions
    @Argument(help: "A name in the catalogue, or an http or https address.", completion: .catalogue) var source: String
    @Option(name: .long, help: "The SHA-256 that the download has.") var sha256: String?
    @Option(name: .long, help: "The SHA-512 that the download has.") var sha512: String?
    @Option(name: .long, help: "The address of a file with its checksum, as sha256sum or sha512sum write it.")
    var checksums: String?
    @Option(
      name: .long,
      help: "An address that stands for the base in the catalogue; the checksums still come from the base itself.")
    var mirror: String?
    @Flag(name: .long, help: "Take what comes, whatever it is, without a checksum.") var noVerify = false

    func validate() throws {
      let given = [sha256 != nil, sha512 != nil, checksums != nil, noVerify].filter { $0 }.count
      guard given <= 1 else {
        throw ValidationError("--sha256, --sha512, --checksums and --no-verify do not go together")
      }
    }

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      var request = PullRequest(source)
      request.name = input.name
      request.checksum = try sha256.map { try Checksum($0, .sha256) } ?? sha512.map { try Checksum($0, .sha512) }
      request.checksums = checksums
      request.mirror = mirror
      request.allowsUnverified = noVerify
      request.format = input.format
      request.maxSize = input.maxSize.bytes
      request.replaces = input.replace
      let builder = ImageBuilder(.fromEnvironment(), report: line.handler) { message in
        line.clear()
        ErrorReport.warn(message)
      }
      let name = try builder.name(request)
      let hypervisor = try await input.hypervisor(connection, line, name)
      let (image, isNew) = try await builder.pull(request) { try await hypervisor?.requireUnused(name) }
      line.end()
      if !isNew { Terminal.note("image '\(image.name)' is there already; --replace makes it anew") }
      Terminal.print(image.name + "\n")
    }
  }
}
