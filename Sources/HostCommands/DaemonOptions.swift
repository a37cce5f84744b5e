import ArgumentParser
import CommandLineKit
import HostSetup
import NestorSupport

/// Which daemon a command speaks with.
struct DaemonOptions: ParsableArguments, Sendable {
  @Option(name: .long, help: "lxd or incus (default: NESTOR_ENGINE, or the one that is here).") var engine: DaemonKind?
  @Option(name: .long, help: "The daemon's project (default: its own default).") var project: String?
  @Option(name: .long, help: "The client's name for another machine; what needs the host itself is checked here.")
  var remote: String?

  /// Finds the daemon and asks it for its version.
  func connect() async throws -> ContainerDaemon {
    try await ContainerDaemon.connect(engine, remote: remote, project: project)
  }

  /// What does the work, with its progress on `line`.
  func provisioner(_ line: ProgressLine) async throws -> Provisioner {
    Provisioner(daemon: try await connect(), report: line.handler)
  }
}

extension DaemonKind: ExpressibleByArgument {}
