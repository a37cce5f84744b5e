import ArgumentParser
import CommandLineKit
import Libvirt

/// `nestor`: drives libvirt guests inside a container.
package struct NestorCommand: AsyncParsableCommand {
  /// The program's name, help and subcommands.
  package static let configuration = CommandConfiguration(
    commandName: "nestor",
    abstract: "Run real machines inside an unprivileged container.",
    discussion: """
      A guest is made from a template, a YAML file that describes it. The first steps:

        nestor doctor                    is everything here that guests need?
        nestor image build tiny          make a small image (kernel and busybox)
        nestor run tiny --wait           make a guest from domains/tiny.yaml, start it, wait until it is up
        nestor list                      all guests
        nestor exec tiny -- uname -a     run a command in it, which needs no network
        nestor console tiny              its console; leave with ctrl-]
        nestor snapshot create tiny one  keep this moment, memory and all
        nestor delete --force tiny       stop it and take it away with its files

      Results go to standard output, everything else to standard error. LIBVIRT_DEFAULT_URI names another libvirt.

      Exit status:
      \(ExitStatus.table)
      """,
    version: "nestor \(ProgramVersion.current)",
    groupedSubcommands: [
      CommandGroup(
        name: "Guests",
        subcommands: [
          RunCommand.self, CreateCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self,
          SuspendCommand.self, ResumeCommand.self, SaveCommand.self, DeleteCommand.self, SnapshotCommand.self,
          CloneCommand.self, ExportCommand.self, ImportGuestCommand.self, RenameCommand.self, RenewCommand.self,
          SetCommand.self, EditCommand.self, NICCommand.self, DiskCommand.self,
        ]),
      CommandGroup(
        name: "Inside guests",
        subcommands: [
          ExecCommand.self, ShellCommand.self, CopyCommand.self, ForwardCommand.self, ConnectCommand.self,
          SSHCommand.self, SSHConfigCommand.self, SessionsCommand.self, SyncClockCommand.self,
        ]),
      CommandGroup(
        name: "Looking",
        subcommands: [
          ListCommand.self, InfoCommand.self, XMLCommand.self, LogsCommand.self, ConsoleCommand.self, WaitCommand.self,
          EventsCommand.self,
        ]),
      CommandGroup(
        name: "What guests are made of", subcommands: [ImageCommand.self, TemplateCommand.self, NetworkCommand.self]),
      CommandGroup(name: "This machine", subcommands: [DoctorCommand.self, GarbageCommand.self]),
    ])

  package init() {}

  /// Runs the program and ends the process with one of ``ExitStatus``.
  package static func runProgram() async {
    ProgramEnd.prepare { Connection.prepareForExit() }
    await ProgramRun.run(NestorCommand.self)
  }
}
