import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages
import NestorSupport
import Templates

extension ImageCommand {
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Make an image of a disk that somebody else made.",
      discussion: """
        The file is a qcow2 or a raw disk, also packed by gzip, xz or zstd; what it is shows from its content. It is
        copied. Refused are files that could make QEMU read others (backing files, external data, other formats),
        encrypted, damaged and oversized ones, and whatever is no disk.

          nestor image import lab.qcow2
          xz -dc disk.raw.xz | nestor image import - --name lab
        """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var input: ImageInputOptions
    @Argument(help: "The file, or - for standard input.", completion: .file()) var file: String

    func run() async throws {
      guard let name = input.name ?? (file == "-" ? nil : ImageName.suggestion(for: file)) else {
        throw NestorError(.invalidArgument, "the image needs a name", hint: "give one: --name NAME")
      }
      let line = ProgressLine()
      defer { line.end() }
      let hypervisor = try await input.hypervisor(connection, line, name)
      let image = try await ImageBuilder(.fromEnvironment(), report: line.handler).importImage(
        file == "-" ? .standardInput : .file(file), name: name, format: input.format, maxSize: input.maxSize.bytes,
        replacing: input.replace
      ) { try await hypervisor?.requireUnused(name) }
      line.end()
      Terminal.print(image.name + "\n")
    }
  }
}
