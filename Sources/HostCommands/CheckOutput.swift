import ArgumentParser
import CommandLineKit
import Glibc
import NestorSupport

/// Prints what checks found, and ends the program with 69 where one failed.
enum CheckOutput {
  static func show(_ results: [CheckResult], _ output: OutputOptions) throws {
    if output.quiet {
      let faults = results.filter { $0.finding.verdict == .warn || $0.finding.verdict == .fail }
      Terminal.print(faults.map { "\($0.id)\n" }.joined())
    } else if output.format == .table {
      Terminal.print(DoctorReport(color: Terminal.showsColor(STDOUT_FILENO)).text(results))
      Terminal.note(DoctorReport.summary(results, fixedBy: "nestor-host prepare"))
    } else {
      Terminal.print(try Renderer(output).text(results))
    }
    if results.contains(where: { $0.finding.verdict == .fail }) {
      throw ExitCode(CommandLineKit.ExitStatus.unavailable.rawValue)
    }
  }
}
