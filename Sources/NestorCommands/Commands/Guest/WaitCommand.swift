import ArgumentParser
import CommandLineKit
import NestorCore

struct WaitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until guests have reached a state.",
    discussion: """
      --for takes one of

        running        its CPUs run
        off            it is off
        agent          its agent answers, so that nestor exec and cp work
        ready          it is up: its console says so in the words that its template names, or else its agent does, which
                       asks systemd
        ip             it got an address from one of libvirt's networks
        ssh            an SSH server answers at its address
        cloud-init     cloud-init is done; its errors are the command's
        console:TEXT   a line of its console holds TEXT
        file:PATH      the path is there in the guest
        port:N         somebody in the guest listens on TCP port N, be it on its loopback only
        command:LINE   LINE, run by the guest's shell, ends with success

      and prints what showed it: the console's line, the address. When the time is over the exit status is 124, and the
      error says how far the guest came and what its console printed last. A guest that goes off ends the wait at once.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments
  @Option(name: .customLong("for"), help: "What to wait for, one of those above.") var goal =
    "ready"
  @Option(
    name: .long,
    help: "How long to wait, in seconds; else 300, or for ready what its template says (ready: timeout:).",
    transform: TimeLimit.duration)
  var timeout: Duration?

  func run() async throws {
    let goal = try WaitGoal(parsing: goal)
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(readOnly: true, line: line)
    let timeout = timeout
    let isOne = guests.names.count == 1
    let results = await Batch.run(guests.names.uniqued(), width: guests.names.count) { name in
      let sign = try await hypervisor.guest(name).wait(for: goal, timeout: timeout)
      line.clear()
      Terminal.print((isOne ? sign : "\(name): \(sign)") + "\n")
    }
    line.end()
    try results.report()
  }
}
