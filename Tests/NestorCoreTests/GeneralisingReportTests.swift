import Testing

@testable import NestorCore

@Suite("What is said of a disk that was generalised")
struct GeneralisingReportTests {
  private func report(_ text: String) -> GeneralisingReport {
    GeneralisingReport(Array(text.utf8) + [UInt8](repeating: 0, count: 100))
  }

  @Test("has the verdict, the systems that were found, and the warnings")
  func whole() {
    let report = report("done\nwarning its /home is not there\nsystem Debian\nsystem Fedora Linux 41\n")
    #expect(report.verdict == .done)
    #expect(report.systems == ["Debian", "Fedora Linux 41"])
    #expect(report.warnings == ["its /home is not there"])
    #expect(self.report("failed cannot empty its logs\nsystem It\n").verdict == .failed("cannot empty its logs"))
    #expect(self.report("refused no system\n").verdict == .refused("no system"))
  }

  @Test("has no verdict where none was written", arguments: ["", "d", "system Debian\ndone\n", "\ndone\n"])
  func cutShort(_ text: String) {
    #expect(report(text).verdict == nil)
    #expect(GeneralisingReport(Array(text.utf8)).verdict == nil)
  }

  @Test("shows what a hostile disk says without what moves a cursor, and only so much of it")
  func hostile() {
    let warnings = String(repeating: "warning \(String(repeating: "x", count: 5000))\n", count: 500)
    let report = report("done\nsystem \u{1b}[2Jroot\u{7}\nfailed late\n\(warnings)")
    #expect(report.systems == ["root"] && report.verdict == .done)
    #expect(report.warnings == Array(repeating: String(repeating: "x", count: 300), count: 98))
  }
}
