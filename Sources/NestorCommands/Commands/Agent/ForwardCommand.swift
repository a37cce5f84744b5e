import ArgumentParser
import CommandLineKit
import Glibc
import GuestClient
import GuestProtocol
import NestorCore
import NestorSupport

struct ForwardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward", abstract: "Listen here, and connect to ports and sockets of a guest.",
    usage: "nestor forward NAME [ADDRESS:]PORT:[HOST:]PORT… ",
    discussion: """
      Each rule says where to listen, then what to connect to in the guest; the guest needs no network, and what listens
      only on its loopback is reached too. Without an address it listens on 127.0.0.1; a path on either side is a unix socket.

        nestor forward web 8080:80                    http://127.0.0.1:8080 is the guest's port 80
        nestor forward db 5432:/run/postgresql/.s.PGSQL.5432
        nestor forward web 0.0.0.0:8080:10.0.0.7:80   for others too, to a host that the guest reaches

      Runs until it is interrupted, and over restarts of the guest.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Argument(help: "Rules, [ADDRESS:]PORT:[HOST:]PORT.") var rules: [String]

  func run() async throws {
    let rules = try rules.map { try ForwardRule(parsing: $0).rule }
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(readOnly: true, line: line)
    let forwarder = try SharedForwarder(rules)
    for (address, rule) in zip(forwarder.addresses, self.rules) { Terminal.note("listening on \(address) for \(rule)") }
    var wasReady = false
    while true {
      do {
        try await hypervisor.guest(name).agent.withSession(timeout: .seconds(wasReady ? 3600 : 30)) { session in
          line.end()
          try forwarder.run(over: session) { event in
            if case .failed(let address, let error) = event { ErrorReport.warn("a connection to \(address): \(error)") }
          }
        }
      } catch let error as NestorError where error.code == .unavailable {
        wasReady = true
        ErrorReport.warn("\(error.message): \(error.cause ?? ""); connecting again")
      }
    }
  }
}
