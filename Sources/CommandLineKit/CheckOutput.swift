import ArgumentParser
import Glibc
import NestorSupport

/// Prints what checks found, and ends the program with 69 where one failed.
package enum CheckOutput {
  /// `command` is what fixes those that can be fixed.
  package static func show(_ results: [CheckResult], _ output: OutputOptions, fixedBy command: String) throws {
    if output.quiet {
      let faults = results.filter { $0.finding.verdict == .warn || $0.finding.verdict == .fail }
      Terminal.print(faults.map { "\($0.id)\n" }.joined())
    } else if output.format == .table {
      Terminal.print(DoctorReport(color: Terminal.showsColor(STDOUT_FILENO)).text(results))
      Terminal.note(DoctorReport.summary(results, fixedBy: command))
    } else {
      Terminal.print(try Renderer(output).text(results))
    }
    if results.contains(where: { $0.finding.verdict == .fail }) {
      throw ExitCode(ExitStatus.unavailable.rawValue)
    }
  }
}
