import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages
import NestorSupport

extension ImageCommand {
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check that an image's files are what they were when it was made.",
      discussion: "Compares sizes and SHA-256 with the image's record, and has qemu-img check a disk's structure.")

    @OptionGroup var output: OutputOptions
    @Argument(help: "The image's name.", completion: .images) var name: String

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let image = try ImageStore(.fromEnvironment()).image(name)
      let verification = try await ImageVerification(image, report: line.handler)
      line.end()
      Terminal.print(try Renderer(output).text(verification.files))
      guard verification.isGood else {
        throw NestorError(
          .corrupted, "image '\(name)' is not what it was when it was made",
          hint:
            "guests over it may be damaged as well; make it anew: nestor image delete \(name), then pull, import or build"
        )
      }
    }
  }
}
