import CommandLineKit
import NestorSupport
import Testing

@testable import NestorCommands

@Suite("Parameters on the command line")
struct ParameterTests {
  @Test("NAME=VALUE is cut at its first sign, and everything behind it is the value")
  func values() throws {
    #expect(
      try TemplateOptions.values(of: ["memory=1GiB", "cmdline=a=b c=d", "empty=", "ü= x "])
        == ["memory": "1GiB", "cmdline": "a=b c=d", "empty": "", "ü": " x "])
    #expect(try TemplateOptions.values(of: []) == [:])
  }

  @Test("What is no NAME=VALUE, or is there twice, is a mistake of the command line")
  func refused() {
    for given in [["memory"], ["=1"], [""], ["a=1", "a=2"]] {
      let error = #expect(throws: NestorError.self) { try TemplateOptions.values(of: given) }
      #expect(error?.code == .invalidArgument, "\(given)")
    }
  }

  @Test("A time limit is a number of seconds that a clock can count")
  func timeLimits() throws {
    for (text, seconds) in [("0", 0), ("1.5", 1.5), ("90", 90), ("1e3", 1000), ("31536000", 31_536_000)] {
      #expect(try TimeLimit.duration(text) == .seconds(seconds))
    }
    for text in ["", "x", "-1", "nan", "inf", "-inf", "1e300", "1e19", "31536001", " 1"] {
      #expect(throws: (any Error).self, "\(text)") { try TimeLimit.duration(text) }
    }
  }
}
