import ArgumentParser
import Glibc
import NestorSupport

/// The run of a program from its command line to its exit status.
package enum ProgramRun {
  /// Runs the program and ends the process with one of ``ExitStatus``.
  package static func run<Command: AsyncParsableCommand>(_ type: Command.Type) async -> Never {
    // A reader that has gone away, as with `nestor list | head -1`, is no reason to die in the middle of a change.
    signal(SIGPIPE, SIG_IGN)
    do {
      // Completion asks for live names, which takes an asynchronous parser.
      var command = try await type.asyncParseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      ProgramEnd.exit(ExitStatus.success.rawValue)
    } catch let error as NestorError {
      ErrorReport.show(error)
      ProgramEnd.exit(ExitStatus(error).rawValue)
    } catch is CancellationError {
      ProgramEnd.exit(ExitStatus.interrupted.rawValue)
    } catch {
      ProgramEnd.prepare()
      type.exit(withError: error)
    }
  }
}
