import CommandLineKit
import Glibc
import HostSetup
import NestorSupport

/// Puts the daemon's client in the place of this program, so that terminal, signals and exit status are its own.
struct ClientHandover {
  private let daemon: ContainerDaemon

  init(_ daemon: ContainerDaemon) {
    self.daemon = daemon
  }

  /// Runs a command in a container; comes back with an error alone.
  func exec(_ name: String, _ command: [String]) throws -> Never {
    guard let program = ClientProgram.path(daemon.kind) else {
      throw NestorError(.unavailable, "there is no program \(daemon.kind.program)")
    }
    let words =
      [program, "exec", daemon.target(name)] + (daemon.project.map { ["--project", $0] } ?? []) + ["--"] + command
    // The client does what others do with a broken pipe.
    signal(SIGPIPE, SIG_DFL)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    execv(program, &arguments)
    let failure = SystemError("execv \(program)")
    for argument in arguments { free(argument) }
    throw failure.explained("cannot run \(program)")
  }
}
