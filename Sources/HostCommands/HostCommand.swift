import ArgumentParser
import CommandLineKit
import Glibc
import NestorSupport

/// `nestor-host`: prepares a host, and containers on it, for guests.
package struct HostCommand: AsyncParsableCommand {
  /// The program's name, help and subcommands.
  package static let configuration = CommandConfiguration(
    commandName: "nestor-host",
    abstract: "Prepare unprivileged LXD or Incus containers in which nestor runs guests.",
    discussion: """
      The first steps, on the host:

        nestor-host doctor               is everything here that guests need?
        nestor-host plan                 what would change, as a diff
        nestor-host apply                make the profile, and a storage pool and a network where there is none
        nestor-host launch lab           make the container lab with libvirt and nestor inside
        nestor-host shell lab            a shell in it; nestor works there
        nestor-host undo                 take away all that was made

      Every command can be run again, also one that was interrupted, and ends in the same state. NESTOR_ENGINE=lxd or
      incus chooses where both are there; LXD_DIR, LXD_SOCKET, INCUS_DIR and INCUS_SOCKET name another daemon.

      Exit status:
      \(ExitStatus.table)
      """,
    version: "nestor-host \(ProgramVersion.current)",
    groupedSubcommands: [
      CommandGroup(
        name: "The host",
        subcommands: [
          HostDoctorCommand.self, PlanCommand.self, ApplyCommand.self, VerifyCommand.self, UndoCommand.self,
        ]),
      CommandGroup(
        name: "Containers",
        subcommands: [
          LaunchCommand.self, PrepareCommand.self, ExecCommand.self, ShellCommand.self, ListCommand.self,
          DeleteCommand.self, ImageCommand.self,
        ]),
    ])

  package init() {}

  /// Runs the program and ends the process with one of ``ExitStatus``.
  package static func runProgram() async {
    await ProgramRun.run(HostCommand.self)
  }
}
