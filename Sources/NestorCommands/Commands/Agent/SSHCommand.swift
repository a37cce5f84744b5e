import ArgumentParser
import Glibc
import NestorCore
import NestorSupport

struct SSHCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ssh", abstract: "Log in to a guest's SSH server, without a network.",
    usage: "nestor ssh NAME [-u USER] [-- SSH-ARGUMENT…]",
    discussion: """
      Runs ssh(1), whose connection goes over vsock to the server that systemd 256 and later has there, or through the
      guest's agent to its port 22. What stands behind -- goes to ssh: options, a command.

        nestor ssh web
        nestor ssh web -u debian -- -i ~/.ssh/lab uptime
      """)

  @OptionGroup var connection: ConnectionOptions
  @Option(name: .shortAndLong, help: "The user in the guest.") var user = "root"
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Argument(parsing: .postTerminator, help: "Arguments of ssh.") var arguments: [String] = []

  func run() async throws {
    let guest = try await connection.hypervisor(readOnly: true).guest(name)
    let settings = try SSHSettings(guest, connect: connection.connect)
    let options = settings.lines.flatMap { ["-o", $0.joined(separator: "=")] }
    let words = ["ssh"] + options + ["-l", user] + Self.order(arguments, host: settings.host)
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    execvp("ssh", &pointers)
    throw SystemError("run ssh").explained("cannot log in to guest '\(name)'", hint: "apt-get install openssh-client")
  }

  /// ssh wants its options, then the host, then the command: the host comes where the first word is no option's.
  static func order(_ arguments: [String], host: String) -> [String] {
    // The letters of ssh(1)'s options that take a value of their own.
    let valued = Set("BbcDEeFIiJLlmOoPpQRSWw")
    var index = 0
    while index < arguments.count, arguments[index].hasPrefix("-"), arguments[index].count > 1 {
      let letters = arguments[index].dropFirst()
      let takesNext = letters.count >= 1 && letters.firstIndex(where: { valued.contains($0) }) == letters.indices.last
      index += takesNext ? 2 : 1
    }
    index = min(index, arguments.count)
    return Array(arguments[..<index]) + [host] + Array(arguments[index...])
  }
}
