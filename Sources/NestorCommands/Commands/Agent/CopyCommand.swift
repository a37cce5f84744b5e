import ArgumentParser
import CommandLineKit
import Glibc
import GuestClient
import GuestProtocol
import NestorCore

struct CopyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cp", abstract: "Copy files into a guest, out of it, or between guests.",
    usage: "nestor cp [-r] SOURCE… DESTINATION",
    discussion: """
      NAME:PATH is a path in a guest, relative ones begin at root's home; - is standard input or output; anything else is a
      path here, and ./a:b one with a colon in it. As with cp(1), a destination that is a folder takes the sources under
      their own names. Modes, times, links, hard links and holes are kept; every file's checksum is compared, and a file has its name
      only once all of it is there.

        nestor cp site.tar web:/srv/
        nestor cp -r web:/var/log ./web-logs
        nestor cp web1:/etc/app.conf web2:/etc/
        dmesg | nestor cp - web:/root/host.txt
      """)

  @OptionGroup var connection: ConnectionOptions
  @Flag(name: .shortAndLong, help: "Copy folders with all that is in them.") var recursive = false
  @Flag(name: .customLong("keep-owners"), help: "Give files to the same user and group numbers.") var keepOwners = false
  @Argument(help: "What to copy, and last where to.") var paths: [String]

  func validate() throws {
    guard paths.count >= 2 else {
      throw ValidationError("name what to copy and where to: nestor cp SOURCE… DESTINATION")
    }
  }

  func run() async throws {
    let destination = try GuestPath(parsing: paths[paths.count - 1])
    let sources = try paths.dropLast().map { try GuestPath(parsing: $0) }
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(readOnly: true, line: line)
    var options = CopyOptions()
    options.isRecursive = recursive
    options.keepsOwners = keepOwners
    let copier = Copier(hypervisor: hypervisor, line: line, options: options)
    try await copier.copy(sources, to: destination)
  }
}
