import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages
import Templates

/// The options of the commands that make images of disks from elsewhere.
struct ImageInputOptions: ParsableArguments, Sendable {
  @Option(name: .long, help: "The image's name (default: by what it is made from).") var name: String?
  @Option(name: .long, help: "The format that it is expected to have: qcow2 or raw (default: what its content shows).")
  var format: ImageFormat?
  @Option(
    name: .long, help: "The largest disk that is taken, also when it is unpacked.", transform: Self.size)
  var maxSize = ByteSize(bytes: ImageBuilder.defaultMaxSize)
  @OptionGroup var replacement: ImageReplaceOption

  var replace: Bool { replacement.replace }

  /// A size as it is written in templates.
  @Sendable static func size(_ text: String) throws -> ByteSize {
    do {
      return try ByteSize(parsing: text)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// The connection, where an image may be replaced: only one that is there already can have guests.
  func hypervisor(
    _ connection: ConnectionOptions, _ line: ProgressLine, _ name: String
  ) async throws -> Hypervisor? {
    guard replace, try ImageStore(.fromEnvironment()).holds(name) else { return nil }
    return try await connection.hypervisor(line: line)
  }
}

extension ImageFormat: ExpressibleByArgument {}
