import ArgumentParser
import CommandLineKit
import Glibc
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
      let orchestrator = try await connection.orchestrator(readOnly: true)
      Terminal.print(try Renderer(output).text(try await orchestrator.disks(of: guest)))
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a disk to a guest, and print its name.",
      discussion: """
          nestor disk add web --size 10GiB
          nestor disk add web --image debian
          nestor disk add web --path /srv/data.img --format raw
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Option(name: .long, help: "The size of a new, empty disk, or to which an image is grown.") var size: String?
    @Option(name: .long, help: "The image that it is laid over.", completion: .images) var image: String?
    @Option(name: .long, help: "A file that is there, which the guest changes in place.", completion: .file())
    var path: String?
    @Option(name: .long, help: "The format of that file: qcow2 or raw.") var format: DiskFormat = .qcow2
    @Option(name: .long, help: "The serial number that the guest sees.") var serial: String?
    @Flag(name: .customLong("read-only"), help: "The guest can only read it.") var readOnly = false

    func validate() throws {
      guard path == nil ? size != nil || image != nil : size == nil && image == nil else {
        throw ValidationError("Name --size, --image or --path.")
      }
    }

    /// A path that begins at the root.
    private static func whole(_ path: String) throws -> String {
      guard !path.hasPrefix("/") else { return path }
      guard let folder = getcwd(nil, 0) else { throw SystemError("getcwd") }
      defer { free(folder) }
      return String(cString: folder) + "/" + path
    }

    func run() async throws {
      let bytes = try size.map { try ByteSize($0, option: "--size") }
      let source: GuestTemplate.Disk.Source =
        if let path {
          .path(try Self.whole(path))
        } else if let image {
          .image(image, size: bytes)
        } else {
          .empty(bytes ?? ByteSize(bytes: 0))
        }
      let orchestrator = try await connection.orchestrator()
      let disk = DiskDescription(source, format: format.value, serial: serial, isReadOnly: readOnly)
      Terminal.print(try await orchestrator.addDisk(disk, to: guest) + "\n")
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
      let orchestrator = try await connection.orchestrator()
      try await orchestrator.removeDisk(disk, from: guest, keepingFile: keepFile)
      Terminal.print(disk + "\n")
    }
  }
}

/// The format of a disk's file, as a word of the command line.
enum DiskFormat: String, CaseIterable, ExpressibleByArgument {
  case qcow2, raw

  var value: GuestTemplate.Disk.Format { self == .qcow2 ? .qcow2 : .raw }
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
