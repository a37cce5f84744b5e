import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport
import Templates

struct DiskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disk", abstract: "Add and remove disks of a guest.",
    discussion: "A guest that runs gets or loses the disk at once; the change stays over its next starts.",
    subcommands: [List.self, Add.self, Remove.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a guest's disks.", aliases: ["ls"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String

    func run() async throws {
      let guest = try await connection.hypervisor(readOnly: true).guest(guest)
      Terminal.print(try Renderer(output).text(try await guest.disks.list()))
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a disk to a guest, and print its name.",
      discussion: """
          nestor disk add web --size 10GiB
          nestor disk add web --image debian
          nestor disk add web --path /srv/data.img --format raw
          nestor disk add web --size 10GiB -o cache=none -o io=native
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Option(
      name: .long,
      help: "The size of a new, empty disk, or to which an image is grown (default: 10GiB, or the image's if larger).")
    var size: String?
    @Option(name: .long, help: "The image that it is laid over.", completion: .images) var image: String?
    @Option(name: .long, help: "A file that is there, which the guest changes in place.", completion: .file())
    var path: String?
    @Option(
      name: .long, help: "The format of the file: qcow2 or raw (default: qcow2).", completion: .list(["qcow2", "raw"]))
    var format: String?
    @Option(name: .long, help: "The serial number that the guest sees.") var serial: String?
    @Flag(name: .customLong("read-only"), help: "The guest can only read it.") var readOnly = false
    @OptionGroup var keys: TemplateKeyOptions

    func validate() throws {
      guard size != nil || image != nil || path != nil || !keys.others.isEmpty else {
        throw ValidationError("Name --size, --image or --path.")
      }
    }

    func run() async throws {
      let disk = try GuestTemplate.Disk(
        options: keys.all(
          TemplateOption("size", given: size), TemplateOption("image", given: image),
          TemplateOption("path", given: path), TemplateOption("format", given: format),
          TemplateOption("serial", given: serial), TemplateOption("readOnly", given: readOnly ? "true" : nil)))
      let guest = try await connection.hypervisor().guest(guest)
      Terminal.print(try await guest.disks.add(disk) + "\n")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a disk from a guest, with the file that nestor made for it.",
      aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The disk's name, such as vdb.") var disk: String
    @Flag(name: .customLong("keep-file"), help: "The file stays, until the guest is deleted.") var keepFile = false

    func run() async throws {
      let guest = try await connection.hypervisor().guest(guest)
      try await guest.disks.remove(disk, keepingFile: keepFile)
      Terminal.print(disk + "\n")
    }
  }
}

extension DiskSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["DISK", "BUS", "FORMAT", "SIZE", "ACCESS", "FOR", "SOURCE"] }

  /// The row.
  public var cells: [String] {
    [
      target, bus, format, size.map { SizeText.short($0) } ?? "-", isReadOnly ? "read" : "write",
      purpose ?? "guest", source ?? "-",
    ]
  }

  /// What `--quiet` prints.
  public var name: String { target }
}
