import CommandLineKit
import NestorSupport
import Testing

@Suite("Exit statuses")
struct ExitStatusTests {
  /// Written out, since scripts rely on them.
  private static let numbers: [NestorError.Code: Int32] = [
    .invalidArgument: 64, .invalidName: 65, .invalidTemplate: 65, .invalidParameter: 65, .invalidXML: 65,
    .corrupted: 65,
    .templateNotFound: 66, .notFound: 66, .unavailable: 69, .unsupported: 69, .noSpace: 73, .exists: 75, .busy: 75,
    .invalidState: 75, .permissionDenied: 77, .timedOut: 124, .interrupted: 130, .partial: 1, .failed: 1,
  ]

  @Test("Every kind of error has its status", arguments: NestorError.Code.allCases)
  func codes(_ code: NestorError.Code) {
    #expect(ExitStatus(NestorError(code, "x")).rawValue == Self.numbers[code])
  }

  @Test("What is no error of Nestor's is a failure, and a cancellation an interruption")
  func others() {
    struct Other: Error {}
    #expect(ExitStatus(Other()) == .failure && ExitStatus(CancellationError()) == .interrupted)
  }

  @Test("The table for the help names each status once, with a meaning")
  func table() {
    let lines = ExitStatus.table.split(separator: "\n")
    #expect(lines.count == ExitStatus.allCases.count)
    #expect(lines.compactMap { Int32($0.split(separator: " ")[0]) } == ExitStatus.allCases.map(\.rawValue))
    #expect(Set(ExitStatus.allCases.map(\.meaning)).count == ExitStatus.allCases.count)
    #expect(Set(ExitStatus.allCases.map(\.rawValue)) == Set(Self.numbers.values).union([0]))
  }

  @Test("An error's text is message, cause and hint, in colour only on request")
  func text() {
    let error = NestorError(.busy, "cannot start 'a'", cause: "it is busy", hint: "wait")
    #expect(ErrorReport.text(error) == "error: cannot start 'a': it is busy\n  hint: wait")
    #expect(ErrorReport.text(error, color: true).hasPrefix("\u{1b}[31merror:\u{1b}[0m cannot"))
    #expect(ErrorReport.text(CancellationError()) == "error: interrupted")
    // What somebody else wrote into a file cannot clear the terminal.
    let hostile = NestorError(.corrupted, "'\u{1b}[2Ja\u{202e}b'", cause: "\nline\tone\r\n\u{9b}31m")
    #expect(ErrorReport.text(hostile) == "error: '·[2Ja·b':\nline\tone··\u{b7}31m")
  }
}
