import ArgumentParser
import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorCore
import NestorSupport

struct ConnectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect", abstract: "Join standard input and output with a port or socket of a guest.",
    usage: "nestor connect NAME [HOST:]PORT|PATH",
    discussion: """
      What ssh's ProxyCommand wants, see `nestor ssh-config`. A guest whose port 22 is also served over vsock, as systemd
      256 and later does, is reached there.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Argument(help: "A port of the guest, HOST:PORT as it sees it, or a unix socket's path.") var target: String

  func run() async throws {
    let rule = try ForwardRule(parsing: "0:\(target)")
    let agent = try await connection.hypervisor(readOnly: true).guest(name).agent
    if rule.target.isSSHServer, let server = try await agent.vsockSSHServer() {
      try await BlockingWork.run {
        Result { try SocketBridge.join(server, input: STDIN_FILENO, output: STDOUT_FILENO) }
      }.get()
      return
    }
    try await agent.withSession { session in
      try session.connect(to: rule.target, input: STDIN_FILENO, output: STDOUT_FILENO)
    }
  }
}

extension ForwardTarget {
  /// Whether it is where a guest's SSH server listens.
  fileprivate var isSSHServer: Bool { path.isEmpty && host == "localhost" && port == 22 }
}
